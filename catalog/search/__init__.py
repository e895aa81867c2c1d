"""The search: entries of what readers may see, and how a text is answered from them."""
