"""Stacks: named combinations whose roles are filled by choices."""

from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse

from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    choice_constraint,
    is_slug,
)
from catalog.models.fields import markdown_field, position_field
from catalog.models.technology import Technology


class StackQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """A stack with its roles and what a reader may see of their choices."""
        choices = Prefetch("choices", Choice.objects.readable())
        return self.prefetch_related(Prefetch("roles", Role.objects.prefetch_related(choices)))


class Stack(Page):
    KIND = "stack"
    MARKDOWN = ("introduction",)

    name = models.CharField("name", max_length=80)
    introduction = markdown_field("introduction")
    position = position_field()

    objects = StackQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = "stack"
        verbose_name_plural = "stacks"
        ordering = ["position", ByteOrder("slug")]
        constraints = [*Page.Meta.constraints]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:stack_detail", args=[self.slug])


class RoleMode(models.TextChoices):
    ONE_OF = "one-of", "one of"
    ALL_OF = "all-of", "all of"


class Role(ContentModel):
    """A place in a stack: Framework, Database, Task Queue."""

    Mode = RoleMode
    NATURAL_KEY = ("stack__slug", "slug")
    OWNERS = ("stack",)

    stack = models.ForeignKey(
        Stack, verbose_name="stack", on_delete=models.CASCADE, related_name="roles"
    )
    slug = models.SlugField("slug", max_length=80, validators=[is_slug])
    name = models.CharField("name", max_length=80)
    mode = models.CharField(
        "mode",
        max_length=6,
        choices=Mode,
        default=Mode.ALL_OF,
        help_text="One of: “Celery or Dramatiq”. All of: “OpenTelemetry + Sentry”.",
    )
    position = position_field()

    class Meta(ContentModel.Meta):
        verbose_name = "role"
        verbose_name_plural = "roles"
        ordering = ["position", ByteOrder("slug"), ByteOrder("stack__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["stack", "slug"],
                name="role_once_in_a_stack",
                violation_error_message="This stack already has a role of that slug.",
            ),
            choice_constraint("mode", RoleMode),
        ]

    def __str__(self) -> str:
        return self.name


class ChoiceQuerySet(ContentQuerySet):
    def readable(self) -> Self:
        """Choices whose technology has a page, with what they go with."""
        return self.exclude(technology__status=Status.DRAFT).select_related(
            "technology", "with_technology"
        )

    def published(self) -> Self:
        """Choices of published stacks, with role and stack."""
        return self.filter(role__stack__status=Status.PUBLISHED).select_related("role__stack")

    def using_technology(self, technology: Technology) -> Self:
        """Where the technology fills a role or goes with what does, stack by stack."""
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

    role = models.ForeignKey(
        Role, verbose_name="role", on_delete=models.CASCADE, related_name="choices"
    )
    technology = models.ForeignKey(
        Technology, verbose_name="technology", on_delete=models.PROTECT, related_name="choices"
    )
    version = models.CharField(
        "version", max_length=40, blank=True, help_text="In the stack's words: “2.0”."
    )
    with_technology = models.ForeignKey(
        Technology,
        verbose_name="with",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="choices_with",
        help_text="As in PostgreSQL (asyncpg).",
    )
    note = models.CharField(
        "note", max_length=120, blank=True, help_text="As in SQLAlchemy 2.0 (async)."
    )
    position = position_field()

    objects = ChoiceQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        verbose_name = "choice"
        verbose_name_plural = "choices"
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
