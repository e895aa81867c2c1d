"""Markdown and code that have been rendered and sanitised once, kept by what went in."""

from typing import NamedTuple

from django.db import models


class Code(NamedTuple):
    """Code as it is shown: beside Markdown, the other thing that is rendered."""

    language: str
    text: str


class RenderedMarkdown(models.Model):
    """Can be emptied at any time; it fills itself again."""

    digest = models.CharField(
        primary_key=True, max_length=64, help_text="SHA-256 of renderer version and source."
    )
    html = models.TextField()

    class Meta:
        verbose_name = "rendered Markdown"
        verbose_name_plural = "rendered Markdown"

    def __str__(self) -> str:
        return self.digest
