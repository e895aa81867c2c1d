"""Technologies with their parts: names, packages, points, support windows."""

import re
from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Count, Min, Prefetch, Q, When

from catalog.models import fields, rules
from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    is_not_to_come,
)
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


# Kept up by nobody any more.
ENDING = (Lifecycle.DEPRECATED, Lifecycle.END_OF_LIFE)


class TechnologyQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """Fetch what a technology's page and a comparison show of its own. Five queries."""
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
    NAME_FIELD = "name"
    MARKDOWN = ("description",)

    name = models.CharField(max_length=80)
    kind = fields.choice(Kind)
    summary = fields.line(200, "One sentence, shown in lists.")
    description = fields.markdown()
    website = fields.web_address()
    documentation = fields.web_address()
    repository = fields.web_address(label="source code")
    licence = fields.line(60, "An SPDX expression: “MIT”.")
    lifecycle = fields.choice(
        Lifecycle,
        blank=True,
        help_text="Leave empty when nobody has checked; the page then says so.",
    )
    lifecycle_note = fields.line(300)
    lifecycle_source = fields.web_address("Where the project itself says so.")
    lifecycle_verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    replaced_by = fields.reference("self", "replaces", "What to take instead.")

    objects = TechnologyQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name_plural = "technologies"
        ordering = [ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            rules.choice("kind", TechnologyKind),
            rules.choice("lifecycle", Lifecycle, blank=True),
            rules.web_address("website"),
            rules.web_address("documentation"),
            rules.web_address("repository"),
            rules.web_address("lifecycle_source"),
            rules.not_itself("replaced_by", "A technology cannot replace itself."),
        ]


class Alias(ContentModel):
    """Another name of a technology, so that a search for it arrives."""

    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)
    NAME_FIELD = "name"

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="aliases")
    slug = fields.slug()
    name = models.CharField(max_length=80)

    class Meta(ContentModel.Meta):
        verbose_name_plural = "aliases"
        ordering = [ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            rules.unique_slug("technology", "alias_once_for_a_technology", "an alias"),
        ]


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
    import_name = fields.line(
        100,
        "What one imports, where that is not the name with “_” for “-”: “jwt” for “pyjwt”.",
        validators=[
            RegexValidator(
                r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z",
                "Give a name as Python imports it: “jwt”, “google.protobuf”.",
                flags=re.ASCII,
            )
        ],
    )
    position = fields.position()

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
    released_on = fields.partial_date(
        "A day, or a month where no day is known: 2026-11.", blank=True
    )
    requires_python = fields.line(60, label="requires Python", validators=[is_specifier])
    is_yanked = models.BooleanField("yanked", default=False)
    project_status = fields.choice(
        ProjectStatus, blank=True, help_text="Empty when the index does not say."
    )
    read_on = fields.partial_date(
        "When the index was read: a day, or a month where no day is known."
    )

    class Meta(ContentModel.Meta):
        verbose_name_plural = "package facts"
        ordering = [ByteOrder("package__name")]
        constraints = [rules.choice("project_status", ProjectStatus, blank=True)]

    def __str__(self) -> str:
        return self.latest_version

    def clean(self) -> None:
        """Raise ValidationError where a release is of a day after the index was read."""
        super().clean()
        released, read = self.released_on, self.read_on
        # A day and its month are in order; only what both say is compared.
        same = min(len(released), len(read))
        if fields.first_day(released) and released[:same] > read[:same]:
            text = "This release is of a later day than the index was read."
            raise ValidationError({"released_on": text})

    @property
    def quiet_years(self) -> int:
        """Return the years surely without a release when the index was read; 0 where not known.

        Whichever days the two partial dates were. What was released since is not known, so
        today's date says nothing.
        """
        released, read = self.released_on, self.read_on
        if not (fields.first_day(released) and fields.first_day(read)):
            return 0
        last = released + "-12-31"[len(released) - 4 :]
        first = read + "-01-01"[len(read) - 4 :]
        years = int(first[:4]) - int(last[:4])
        return max(years - (first[4:] < last[4:]), 0)

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
    NAME_FIELD = "text"

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="points")
    slug = fields.slug("Names this point in packs; never shown.")
    kind = fields.choice(Kind)
    text = models.CharField(max_length=300)
    position = fields.position()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            rules.unique_slug("technology", "point_once_for_a_technology", "a point"),
            rules.choice("kind", PointKind),
        ]


class SupportWindow(ContentModel):
    """How long a cycle of a technology is looked after, as its makers say."""

    NATURAL_KEY = ("technology__slug", "cycle")
    OWNERS = ("technology",)
    NAME_FIELD = "cycle"

    technology = models.ForeignKey(
        Technology, on_delete=models.CASCADE, related_name="support_windows"
    )
    cycle = models.CharField(max_length=40, help_text="As its makers call it: “18”, “5.2 LTS”.")
    active_until = fields.partial_date(
        "The end of ordinary corrections: a year, a month or a day.", may_come=True, blank=True
    )
    end_of_life = fields.partial_date(
        "The end of security corrections: a year, a month or a day.", may_come=True, blank=True
    )
    source = fields.web_address("Where its makers say so.")
    verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    position = fields.position()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("cycle"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "cycle"],
                name="support_window_once_for_a_cycle",
                violation_error_message="This cycle of this technology has a window already.",
            ),
            rules.check(
                "support_window_has_an_end",
                ~Q(active_until="") | ~Q(end_of_life=""),
                "Say until when: one of the two ends at least.",
            ),
            rules.web_address("source"),
        ]

    def clean(self) -> None:
        """Raise ValidationError where ordinary corrections outlast those of security."""
        super().clean()
        active, end = self.active_until, self.end_of_life
        same = min(len(active), len(end))
        if fields.first_day(active) and fields.first_day(end) and active[:same] > end[:same]:
            raise ValidationError({"end_of_life": "This end is before the end of active support."})


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
    label = fields.line(120, "As the list writes it; empty for the companion's own name.")
    requirement = fields.line(
        120,
        "The package with its extras: “python-jose[cryptography]”.",
        validators=[is_requirement],
    )
    group = fields.line(60, "The heading it stands under: “Libraries”, “Essential plugins”.")
    note = fields.line(300)
    position = fields.position()

    objects = CompanionQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("companion__slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "companion"],
                name="companion_once_for_a_technology",
                violation_error_message="This companion is already named for this technology.",
            ),
            rules.check(
                "companion_is_another",
                ~Q(technology=models.F("companion")),
                "A technology cannot be its own companion.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.companion.name


class Effort(models.TextChoices):
    # How much of a service of ordinary size has to be touched.
    DROP_IN = "drop-in", "drop-in: names change, the code does not"
    SMALL = "small", "small: calls are renamed"
    MEDIUM = "medium", "medium: code is rewritten place by place"
    LARGE = "large", "large: the design changes"


class MigrationQuerySet(ContentQuerySet):
    def to_readable(self) -> Self:
        """Return those that lead to a page, with where they lead."""
        return self.exclude(to__status=Status.DRAFT).select_related("to")

    def from_readable(self) -> Self:
        """Return those that lead here from a page, with where they come from."""
        return self.exclude(technology__status=Status.DRAFT).select_related("technology")


class Migration(ContentModel):
    """The way from a technology to one that takes its place."""

    Effort = Effort
    NATURAL_KEY = ("technology__slug", "to__slug")
    OWNERS = ("technology",)
    MARKDOWN = ("steps",)

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="migrations")
    to = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="migrations_from")
    effort = fields.choice(Effort)
    steps = fields.markdown("Markdown: what to do, in order.")
    source = fields.web_address("Where its makers, or theirs, say how.")
    verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    position = fields.position()

    objects = MigrationQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("to__slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "to"],
                name="migration_once_between_two",
                violation_error_message="This way is already written.",
            ),
            rules.check(
                "migration_is_to_another",
                ~Q(technology=models.F("to")),
                "A technology cannot be replaced by itself.",
            ),
            rules.choice("effort", Effort),
            rules.web_address("source"),
        ]

    def __str__(self) -> str:
        return f"to {self.to.name}"
