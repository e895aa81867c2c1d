"""Many things changed at once: what is offered above a list, what it would do, and doing it."""
