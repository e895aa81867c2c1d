"""Technologies and what is said of each: names, packages, points, companions."""

from collections.abc import Iterable
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Count, Min, Prefetch, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    choice_constraint,
    is_not_to_come,
    is_partial_date,
    is_slug,
    not_itself_constraint,
    web_address_constraint,
    whole_years_between,
)
from catalog.models.fields import markdown_field, position_field, web_address_field

# After so many years without a release a reader is told, and somebody should look.
QUIET_YEARS = 3


class TechnologyKind(models.TextChoices):
    FRAMEWORK = "framework", _("framework")
    DATABASE = "database", _("database")
    LIBRARY = "library", _("library")
    TOOL = "tool", _("tool")
    SERVER = "server", _("server")
    SERVICE = "service", _("service")
    TECHNIQUE = "technique", _("technique")


class Lifecycle(models.TextChoices):
    ACTIVE = "active", _("active")
    # Nothing is missing, so nothing is released: silence alone is no bad sign.
    FINISHED = "finished", _("finished, not dead")
    MAINTENANCE = "maintenance", _("maintenance only")
    DEPRECATED = "deprecated", _("deprecated")
    END_OF_LIFE = "end-of-life", _("end of life")


class TechnologyQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """Everything a technology's page shows of its own, in a fixed number of queries."""
        return self.select_related("replaced_by").prefetch_related(
            "aliases",
            "points",
            Prefetch("packages", Package.objects.select_related("facts")),
            Prefetch("companions", Companion.objects.to_readable()),
        )

    def rivals_of(self, slugs: Iterable[str]) -> Self:
        """Published technologies that stand in a category with these.

        Those of the same kind first, then who shares most categories with them.
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

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    summary = models.CharField(
        _("summary"), max_length=200, blank=True, help_text=_("One sentence, shown in lists.")
    )
    description = markdown_field(_("description"))
    website = web_address_field(_("website"))
    documentation = web_address_field(_("documentation"))
    repository = web_address_field(_("source code"))
    licence = models.CharField(
        _("licence"), max_length=60, blank=True, help_text=_("An SPDX expression: “MIT”.")
    )
    lifecycle = models.CharField(
        _("lifecycle"),
        max_length=11,
        choices=Lifecycle,
        blank=True,
        help_text=_("Leave empty when nobody has checked; the page then says so."),
    )
    lifecycle_note = models.CharField(_("lifecycle note"), max_length=300, blank=True)
    lifecycle_source = web_address_field(
        _("lifecycle source"), _("Where the project itself says so.")
    )
    lifecycle_verified_on = models.DateField(
        _("lifecycle verified on"), null=True, blank=True, validators=[is_not_to_come]
    )
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
        help_text=_("What to take instead."),
    )

    objects = TechnologyQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = _("technology")
        verbose_name_plural = _("technologies")
        ordering = [ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            choice_constraint("kind", TechnologyKind),
            choice_constraint("lifecycle", Lifecycle, blank=True),
            web_address_constraint("website"),
            web_address_constraint("documentation"),
            web_address_constraint("repository"),
            web_address_constraint("lifecycle_source"),
            not_itself_constraint("replaced_by", _("A technology cannot replace itself.")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:technology_detail", args=[self.slug])


class Alias(ContentModel):
    """Another name of a technology, so that a search for it arrives."""

    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(
        Technology, verbose_name=_("technology"), on_delete=models.CASCADE, related_name="aliases"
    )
    slug = models.SlugField(_("slug"), max_length=80, validators=[is_slug])
    name = models.CharField(_("name"), max_length=80)

    class Meta(ContentModel.Meta):
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = [ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "slug"],
                name="alias_once_for_a_technology",
                violation_error_message=_("This technology already has an alias of that slug."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Package(ContentModel):
    """A distribution on the package index."""

    NATURAL_KEY = ("name",)
    OWNERS = ("technology",)

    technology = models.ForeignKey(
        Technology, verbose_name=_("technology"), on_delete=models.CASCADE, related_name="packages"
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Give the normalised name, as the index spells it: “factory-boy”."),
            )
        ],
        help_text=_("As the package index normalises it: “factory-boy”, not “factory_boy”."),
        error_messages={"unique": _("This package belongs to another technology already.")},
    )
    position = position_field()

    class Meta(ContentModel.Meta):
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["position", ByteOrder("name")]

    def __str__(self) -> str:
        return self.name


class ProjectStatus(models.TextChoices):
    # The words of the index's own specification (PEP 792).
    ACTIVE = "active", _("active")
    ARCHIVED = "archived", _("archived")
    QUARANTINED = "quarantined", _("quarantined")
    DEPRECATED = "deprecated", _("deprecated")


class PackageFacts(ContentModel):
    """What a package index said of a package on the day it was read."""

    ProjectStatus = ProjectStatus
    NATURAL_KEY = ("package__name",)
    OWNERS = ("package__technology",)

    package = models.OneToOneField(
        Package, verbose_name=_("package"), on_delete=models.CASCADE, related_name="facts"
    )
    latest_version = models.CharField(_("latest version"), max_length=40)
    released_on = models.CharField(
        _("released on"),
        max_length=10,
        blank=True,
        validators=[is_partial_date],
        help_text=_("A day, or a month where no day is known: 2026-11."),
    )
    requires_python = models.CharField(_("requires Python"), max_length=60, blank=True)
    is_yanked = models.BooleanField(_("yanked"), default=False)
    project_status = models.CharField(
        _("project status"),
        max_length=11,
        choices=ProjectStatus,
        blank=True,
        help_text=_("Empty when the index does not say."),
    )
    read_on = models.CharField(
        _("read on"),
        max_length=10,
        validators=[is_partial_date],
        help_text=_("When the index was read: a day, or a month where no day is known."),
    )

    class Meta(ContentModel.Meta):
        verbose_name = _("package facts")
        verbose_name_plural = _("package facts")
        ordering = [ByteOrder("package__name")]
        constraints = [choice_constraint("project_status", ProjectStatus, blank=True)]

    def __str__(self) -> str:
        return self.latest_version

    @property
    def quiet_years(self) -> int:
        """Whole years without a release when the index was read; 0 where nobody knows.

        What was released since is not known, so today's date says nothing.
        """
        return whole_years_between(self.released_on, self.read_on)

    @property
    def is_quiet(self) -> bool:
        return self.quiet_years >= QUIET_YEARS


class PointKind(models.TextChoices):
    PRO = "pro", _("pro")
    CON = "con", _("con")
    USE_WHEN = "use-when", _("use when")
    AVOID_WHEN = "avoid-when", _("avoid when")


class Point(ContentModel):
    """One reason for or against a technology, or one case to use or avoid it."""

    Kind = PointKind
    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(
        Technology, verbose_name=_("technology"), on_delete=models.CASCADE, related_name="points"
    )
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        validators=[is_slug],
        help_text=_("Names this point in packs; never shown."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("text"), max_length=300)
    position = position_field()

    class Meta(ContentModel.Meta):
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["position", ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "slug"],
                name="point_once_for_a_technology",
                violation_error_message=_("This technology already has a point of that slug."),
            ),
            choice_constraint("kind", PointKind),
        ]

    def __str__(self) -> str:
        return self.text


class CompanionQuerySet(ContentQuerySet):
    def to_readable(self) -> Self:
        """Those that lead to a page. Brings both ends."""
        rows = self.exclude(companion__status=Status.DRAFT)
        return rows.select_related("technology", "companion")

    def from_readable(self) -> Self:
        """Those named on a page. Brings both ends."""
        rows = self.exclude(technology__status=Status.DRAFT)
        return rows.select_related("technology", "companion")


class Companion(ContentModel):
    """A technology that goes with another: a driver, a plugin, a client."""

    NATURAL_KEY = ("technology__slug", "companion__slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(
        Technology,
        verbose_name=_("technology"),
        on_delete=models.CASCADE,
        related_name="companions",
    )
    companion = models.ForeignKey(
        Technology,
        verbose_name=_("companion"),
        on_delete=models.PROTECT,
        related_name="companion_of",
        help_text=_("The technology that goes with this one."),
    )
    label = models.CharField(
        _("label"),
        max_length=120,
        blank=True,
        help_text=_("As the list writes it; empty for the companion's own name."),
    )
    requirement = models.CharField(
        _("requirement"),
        max_length=120,
        blank=True,
        help_text=_("The package with its extras: “python-jose[cryptography]”."),
    )
    group = models.CharField(
        _("group"),
        max_length=60,
        blank=True,
        help_text=_("The heading it stands under: “Libraries”, “Essential plugins”."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    position = position_field()

    objects = CompanionQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        verbose_name = _("companion")
        verbose_name_plural = _("companions")
        ordering = ["position", ByteOrder("companion__slug"), ByteOrder("technology__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "companion"],
                name="companion_once_for_a_technology",
                violation_error_message=_("This companion is already named for this technology."),
            ),
            models.CheckConstraint(
                condition=~Q(technology=models.F("companion")),
                name="companion_is_another",
                violation_error_message=_("A technology cannot be its own companion."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.companion.name
