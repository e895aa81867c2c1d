"""Changes in sentences: a module for what each kind of row says, and `saying` for all together."""

from catalog.changes.words.conflicts import conflict_text
from catalog.changes.words.fields import of_field
from catalog.changes.words.saying import ThingSaid, What, say, summary

__all__ = ["ThingSaid", "What", "conflict_text", "of_field", "say", "summary"]
