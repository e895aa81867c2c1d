"""Technologies with their parts: names, packages, points, companions."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Count, Min, Prefetch, Q, When

from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    choice_constraint,
    first_day,
    is_not_to_come,
    is_partial_date,
    is_slug,
    not_itself_constraint,
    unique_slug_constraint,
    web_address_constraint,
    whole_years_between,
)
from catalog.models.fields import markdown_field, position_field, web_address_field
from catalog.models.specifiers import is_requirement, is_specifier, is_version

# After so many years without a release a reader is told, and an editor should look.
QUIET_YEARS = 3


class TechnologyKind(models.TextChoices):
    FRAMEWORK = "framework", "framework"
    DATABASE = "database", "database"
    LIBRARY = "library", "library"
    TOOL = "tool", "tool"
    SERVER = "server", "server"
    SERVICE = "service", "service"
    TECHNIQUE = "technique", "technique"


class Lifecycle(models.TextChoices):
    ACTIVE = "active", "active"
    # Nothing is missing, so nothing is released: silence alone is no bad sign.
    FINISHED = "finished", "finished, not dead"
    MAINTENANCE = "maintenance", "maintenance only"
    DEPRECATED = "deprecated", "deprecated"
    END_OF_LIFE = "end-of-life", "end of life"


class TechnologyQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """Fetch everything a technology's page shows of its own. Five queries."""
        return self.select_related("replaced_by").prefetch_related(
            "aliases",
            "points",
            Prefetch("packages", Package.objects.select_related("facts")),
            Prefetch("companions", Companion.objects.to_readable()),
        )

    def rivals_of(self, slugs: Iterable[str]) -> Self:
        """Find published technologies that stand in a category with these.

        Those of the same kind first, then those that share most categories with them.
        """
        slugs = list(slugs)
        kinds = Technology.objects.order_by().filter(slug__in=slugs).values("kind")
        return (
            self.published()
            .filter(
                listings__category__status=Status.PUBLISHED,
                listings__category__listings__technology__slug__in=slugs,
            )
            .exclude(slug__in=slugs)
            .annotate(
                alike=Case(When(kind__in=kinds, then=1), default=0),
                shared=Count("listings__category", distinct=True),
                place=Min("listings__position"),
            )
            .order_by("-alike", "-shared", "place", ByteOrder("slug"))
        )


class Technology(Page):
    Kind = TechnologyKind
    Lifecycle = Lifecycle
    KIND = "technology"
    MARKDOWN = ("description",)

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind)
    summary = models.CharField(
        max_length=200, blank=True, help_text="One sentence, shown in lists."
    )
    description = markdown_field()
    website = web_address_field()
    documentation = web_address_field()
    repository = web_address_field(label="source code")
    licence = models.CharField(max_length=60, blank=True, help_text="An SPDX expression: “MIT”.")
    lifecycle = models.CharField(
        max_length=11,
        choices=Lifecycle,
        blank=True,
        help_text="Leave empty when nobody has checked; the page then says so.",
    )
    lifecycle_note = models.CharField(max_length=300, blank=True)
    lifecycle_source = web_address_field("Where the project itself says so.")
    lifecycle_verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    replaced_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
        help_text="What to take instead.",
    )

    objects = TechnologyQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name_plural = "technologies"
        ordering = [ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            choice_constraint("kind", TechnologyKind),
            choice_constraint("lifecycle", Lifecycle, blank=True),
            web_address_constraint("website"),
            web_address_constraint("documentation"),
            web_address_constraint("repository"),
            web_address_constraint("lifecycle_source"),
            not_itself_constraint("replaced_by", "A technology cannot replace itself."),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(ContentModel):
    """Another name of a technology, so that a search for it arrives."""

    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="aliases")
    slug = models.SlugField(max_length=80, validators=[is_slug])
    name = models.CharField(max_length=80)

    class Meta(ContentModel.Meta):
        verbose_name_plural = "aliases"
        ordering = [ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            unique_slug_constraint("technology", "alias_once_for_a_technology", "an alias"),
        ]

    def __str__(self) -> str:
        return self.name


class Package(ContentModel):
    """A distribution on the package index."""

    NATURAL_KEY = ("name",)
    OWNERS = ("technology",)

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="packages")
    name = models.CharField(
        max_length=100,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                "Give the normalised name, as the index spells it: “factory-boy”.",
            )
        ],
        help_text="As the package index normalises it: “factory-boy”, not “factory_boy”.",
        error_messages={"unique": "This package belongs to another technology already."},
    )
    position = position_field()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("name")]

    def __str__(self) -> str:
        return self.name


class ProjectStatus(models.TextChoices):
    # The words of the index's own specification (PEP 792).
    ACTIVE = "active", "active"
    ARCHIVED = "archived", "archived"
    QUARANTINED = "quarantined", "quarantined"
    DEPRECATED = "deprecated", "deprecated"


class PackageFacts(ContentModel):
    """The facts of a package in the package index, on the day it was read."""

    ProjectStatus = ProjectStatus
    NATURAL_KEY = ("package__name",)
    OWNERS = ("package__technology",)

    package = models.OneToOneField(Package, on_delete=models.CASCADE, related_name="facts")
    latest_version = models.CharField(max_length=40, validators=[is_version])
    released_on = models.CharField(
        max_length=10,
        blank=True,
        validators=[is_partial_date],
        help_text="A day, or a month where no day is known: 2026-11.",
    )
    requires_python = models.CharField(
        "requires Python", max_length=60, blank=True, validators=[is_specifier]
    )
    is_yanked = models.BooleanField("yanked", default=False)
    project_status = models.CharField(
        max_length=11,
        choices=ProjectStatus,
        blank=True,
        help_text="Empty when the index does not say.",
    )
    read_on = models.CharField(
        max_length=10,
        validators=[is_partial_date],
        help_text="When the index was read: a day, or a month where no day is known.",
    )

    class Meta(ContentModel.Meta):
        verbose_name_plural = "package facts"
        ordering = [ByteOrder("package__name")]
        constraints = [choice_constraint("project_status", ProjectStatus, blank=True)]

    def __str__(self) -> str:
        return self.latest_version

    def clean(self) -> None:
        """Raise ValidationError where a release is of a day after the index was read."""
        super().clean()
        released, read = first_day(self.released_on), first_day(self.read_on)
        # A day and its month are in order; only what both say is compared.
        same = min(len(self.released_on), len(self.read_on))
        if released and read and self.released_on[:same] > self.read_on[:same]:
            text = "This release is of a later day than the index was read."
            raise ValidationError({"released_on": text})

    @property
    def quiet_years(self) -> int:
        """Return the whole years without a release when the index was read; 0 where not known.

        What was released since is not known, so today's date says nothing.
        """
        return whole_years_between(self.released_on, self.read_on)

    @property
    def is_quiet(self) -> bool:
        return self.quiet_years >= QUIET_YEARS


class PointKind(models.TextChoices):
    PRO = "pro", "pro"
    CON = "con", "con"
    USE_WHEN = "use-when", "use when"
    AVOID_WHEN = "avoid-when", "avoid when"


class Point(ContentModel):
    """One reason for or against a technology, or one case to use or avoid it."""

    Kind = PointKind
    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="points")
    slug = models.SlugField(
        max_length=80, validators=[is_slug], help_text="Names this point in packs; never shown."
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=300)
    position = position_field()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            unique_slug_constraint("technology", "point_once_for_a_technology", "a point"),
            choice_constraint("kind", PointKind),
        ]

    def __str__(self) -> str:
        return self.text


class CompanionQuerySet(ContentQuerySet):
    def to_readable(self) -> Self:
        """Return those that lead to a page, with both ends."""
        rows = self.exclude(companion__status=Status.DRAFT)
        return rows.select_related("technology", "companion")

    def from_readable(self) -> Self:
        """Return those named on a page, with both ends."""
        rows = self.exclude(technology__status=Status.DRAFT)
        return rows.select_related("technology", "companion")


class Companion(ContentModel):
    """A technology that goes with another: a driver, a plugin, a client."""

    NATURAL_KEY = ("technology__slug", "companion__slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="companions")
    companion = models.ForeignKey(
        Technology,
        on_delete=models.PROTECT,
        related_name="companion_of",
        help_text="The technology that goes with this one.",
    )
    label = models.CharField(
        max_length=120,
        blank=True,
        help_text="As the list writes it; empty for the companion's own name.",
    )
    requirement = models.CharField(
        max_length=120,
        blank=True,
        validators=[is_requirement],
        help_text="The package with its extras: “python-jose[cryptography]”.",
    )
    group = models.CharField(
        max_length=60,
        blank=True,
        help_text="The heading it stands under: “Libraries”, “Essential plugins”.",
    )
    note = models.CharField(max_length=300, blank=True)
    position = position_field()

    objects = CompanionQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("companion__slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "companion"],
                name="companion_once_for_a_technology",
                violation_error_message="This companion is already named for this technology.",
            ),
            models.CheckConstraint(
                condition=~Q(technology=models.F("companion")),
                name="companion_is_another",
                violation_error_message="A technology cannot be its own companion.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.companion.name
