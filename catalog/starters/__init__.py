"""Projects that stacks start: what is chosen, its versions, its files. See ARCHITECTURE.md."""
