"""Projects that stacks start: what is chosen, its versions, its files. Pure but for `reading`."""
