"""A comparison's cells edited as the table that readers see."""
