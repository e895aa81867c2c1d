"""Addresses that the content names: which there are, and whether they still lead anywhere."""

from catalog.links.checking import AT_ONCE, OLDER_THAN, Checked, Report, check, named
from catalog.links.client import Answer, Guard, ask

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
