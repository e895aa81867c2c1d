"""The editor's workplace. Importing it is how Django finds every page."""

from catalog.admin import (
    accounts,
    category,
    comparison,
    guide,
    history,
    packs,
    snippet,
    stack,
    technology,
    version,
)

__all__ = [
    "accounts",
    "category",
    "comparison",
    "guide",
    "history",
    "packs",
    "snippet",
    "stack",
    "technology",
    "version",
]
