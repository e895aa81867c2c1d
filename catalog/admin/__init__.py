"""The editor's workplace. Importing it is how Django finds every page."""

from catalog.admin import (
    accounts,
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
from catalog.admin.desk import index

__all__ = [
    "accounts",
    "category",
    "comparison",
    "guide",
    "history",
    "index",
    "links",
    "packs",
    "pending",
    "snippet",
    "stack",
    "technology",
    "version",
]
