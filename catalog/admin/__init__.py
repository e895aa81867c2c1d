"""The editor's workplace. Importing it is how Django finds every page."""

from catalog.admin import (
    category,
    comparison,
    guide,
    history,
    links,
    packs,
    pending,
    snippet,
    stack,
    technology,
    version,
)

__all__ = [
    "category",
    "comparison",
    "guide",
    "history",
    "links",
    "packs",
    "pending",
    "snippet",
    "stack",
    "technology",
    "version",
]
