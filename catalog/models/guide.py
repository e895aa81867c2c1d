"""The guide itself: one row with its title, introduction and closing words."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models.base import Thing
from catalog.models.fields import markdown_field


class Guide(Thing):
    KIND = "guide"
    MARKDOWN = ("introduction", "closing")

    title = models.CharField(max_length=200)
    introduction = markdown_field("Markdown. Opens the front page.")
    closing = markdown_field("Markdown. Ends the front page.", "closing words")

    class Meta(Thing.Meta):
        verbose_name_plural = "guide"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug="guide"),
                name="guide_is_only_one",
                violation_error_message="There is one guide; its slug is “guide”.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:home")
