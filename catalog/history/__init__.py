"""What differs between two states of the guide: merged, said in words, and written."""
