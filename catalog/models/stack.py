"""Stacks: named combinations whose roles are filled by choices."""

from typing import Self

from django.db import models
from django.db.models import Prefetch, Q

from catalog.models import fields, rules
from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
)
from catalog.models.technology import Technology


class StackQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """Fetch the roles and what a reader may see of their choices as well. Two more queries."""
        choices = Prefetch("choices", Choice.objects.readable())
        return self.prefetch_related(Prefetch("roles", Role.objects.prefetch_related(choices)))


class Stack(Page):
    KIND = "stack"
    NAME_FIELD = "name"
    MARKDOWN = ("introduction",)

    name = models.CharField(max_length=80)
    introduction = fields.markdown()
    position = fields.position()

    objects = StackQuerySet.as_manager()

    class Meta(Page.Meta):
        ordering = ["position", ByteOrder("slug")]


class RoleMode(models.TextChoices):
    ONE_OF = "one-of", "one of"
    ALL_OF = "all-of", "all of"


class Role(ContentModel):
    """A place in a stack: Framework, Database, Task Queue."""

    Mode = RoleMode
    NATURAL_KEY = ("stack__slug", "slug")
    OWNERS = ("stack",)
    NAME_FIELD = "name"

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="roles")
    slug = fields.slug()
    name = models.CharField(max_length=80)
    mode = fields.choice(
        Mode,
        default=Mode.ALL_OF,
        help_text="One of: “Celery or Dramatiq”. All of: “OpenTelemetry + Sentry”.",
    )
    position = fields.position()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("slug"), ByteOrder("stack__slug")]
        constraints = [
            rules.unique_slug("stack", "role_once_in_a_stack", "a role"),
            rules.choice("mode", RoleMode),
        ]


class ChoiceQuerySet(ContentQuerySet):
    def readable(self) -> Self:
        """Return the choices whose technology has a page, with what they go with."""
        return self.exclude(technology__status=Status.DRAFT).select_related(
            "technology__replaced_by", "with_technology__replaced_by"
        )

    def published(self) -> Self:
        """Return the choices of published stacks, with role and stack."""
        return self.filter(role__stack__status=Status.PUBLISHED).select_related("role__stack")

    def using_technology(self, technology: Technology) -> Self:
        """Return where the technology fills a role or goes with what does, stack by stack."""
        return self.filter(Q(technology=technology) | Q(with_technology=technology)).order_by(
            "role__stack__position",
            ByteOrder("role__stack__slug"),
            "role__position",
            ByteOrder("role__slug"),
            ByteOrder("technology__slug"),
        )


class Choice(ContentModel):
    """A technology that fills a role, alone or beside others."""

    NATURAL_KEY = ("role__stack__slug", "role__slug", "technology__slug")
    OWNERS = ("role__stack",)

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="choices")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="choices")
    version = fields.line(40, "In the stack's words: “2.0”.")
    with_technology = fields.reference(
        Technology, "choices_with", "As in PostgreSQL (asyncpg).", "with"
    )
    note = fields.line(120, "As in SQLAlchemy 2.0 (async).")
    position = fields.position()

    objects = ChoiceQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = [
            "position",
            ByteOrder("technology__slug"),
            ByteOrder("role__slug"),
            ByteOrder("role__stack__slug"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "technology"],
                name="choice_once_in_a_role",
                violation_error_message="This technology already fills this role.",
            ),
        ]

    def __str__(self) -> str:
        return self.technology.name

    @property
    def beside(self) -> Technology | None:
        """Return what it goes with, where a reader may see the page of that."""
        other = self.with_technology
        return other if other and other.status != Status.DRAFT else None
