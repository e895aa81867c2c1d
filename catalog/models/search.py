"""What search reads: an entry for each thing, or row of a comparison, that readers may see.

All of it follows from content and can be made anew at any time (`manage.py search_rebuild`); no
edition records it.
"""

from django.db import models

from catalog.models import fields
from catalog.models.base import ByteOrder


class Entry(models.Model):
    """One thing that can be found. Its key follows from kind and slug, the same everywhere."""

    id = models.BigIntegerField(primary_key=True)
    thing = models.CharField(max_length=102, db_index=True, help_text="Whose document it is from.")
    kind = models.CharField(max_length=20)
    slug = models.CharField(
        max_length=190, help_text="Of a row after its comparison's, of a snippet after its owner's."
    )
    title = models.CharField(max_length=200)
    note = fields.line(200, "What stands beside it while one types.")
    priority = models.PositiveSmallIntegerField()
    texts = models.JSONField(help_text="Pairs of field and text, from which the postings follow.")
    version = models.PositiveSmallIntegerField(help_text="Of the rules that it was made by.")

    class Meta:
        verbose_name_plural = "entries"
        ordering = [ByteOrder("kind"), ByteOrder("slug")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class Posting(models.Model):
    """A term that stands in an entry. As bytes, which every database sorts alike."""

    term = models.BinaryField(max_length=200)
    priority = models.PositiveSmallIntegerField(help_text="The entry's, to read the first ones.")
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="postings", db_index=False
    )
    field = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()

    class Meta:
        indexes = [
            # Each holds all that is read by it.
            models.Index(
                fields=["term", "priority", "entry", "field", "position"], name="posting_by_term"
            ),
            models.Index(
                fields=["entry", "term", "field", "position", "priority"], name="posting_by_entry"
            ),
        ]

    def __str__(self) -> str:
        return bytes(self.term).decode()


class Miss(models.Model):
    """A text that was looked for and found nothing. Nobody's: no reader is named or counted."""

    text = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField("last looked for")

    class Meta:
        verbose_name = "search without an answer"
        verbose_name_plural = "searches without an answer"
        ordering = ["-count", ByteOrder("text")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text
