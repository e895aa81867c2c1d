"""The catalogue: what architects curate and engineers read."""
