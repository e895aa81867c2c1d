"""Addresses that the content names: which there are, and whether they still lead anywhere."""

from catalog.links.asking import Answer, ask
from catalog.links.checking import AT_ONCE, OLDER_THAN, Checked, Report, check
from catalog.links.guarding import Guard
from catalog.links.named import named

__all__ = [
    "AT_ONCE",
    "OLDER_THAN",
    "Answer",
    "Checked",
    "Guard",
    "Report",
    "ask",
    "check",
    "named",
]
