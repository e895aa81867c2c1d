"""The first page of the admin, and the conditions that its counts share with the lists."""
