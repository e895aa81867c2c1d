"""Comparison tables: `engine` answers a reader's question, the rest reads rows and writes HTML."""
