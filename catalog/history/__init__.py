"""What differs between two states of the guide: merged and written."""
