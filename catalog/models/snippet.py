"""Code with a title, the versions it was run with, and one place: a technology or a category."""

from django.db import models
from django.db.models import Q

from catalog.models.base import ByteOrder, Thing
from catalog.models.category import Category
from catalog.models.fields import LinesField, position_field
from catalog.models.rendering import Code
from catalog.models.technology import Technology


class Snippet(Thing):
    KIND = "snippet"
    CODE = ("language", "code")

    title = models.CharField(max_length=120)
    technology = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.PROTECT, related_name="snippets"
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="snippets"
    )
    language = models.CharField(max_length=20, help_text="python, toml, yaml, bash …")
    code = LinesField()
    run_with = models.CharField(
        max_length=300,
        blank=True,
        help_text="The versions it was run with: “fastapi 0.163.2, pydantic 2.14.3”.",
    )
    position = position_field()

    class Meta(Thing.Meta):
        ordering = ["position", ByteOrder("slug")]
        constraints = [
            *Thing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(technology__isnull=True, category__isnull=False)
                | Q(technology__isnull=False, category__isnull=True),
                name="snippet_has_one_place",
                violation_error_message="A snippet belongs to a technology or to a category: "
                "choose one of the two.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> Code:
        """Return what is rendered of it."""
        return Code(self.language, self.code)

    def get_absolute_url(self) -> str:
        owner = self.technology or self.category
        return f"{owner.get_absolute_url()}#snippet-{self.slug}"
