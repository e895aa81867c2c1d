"""Version sets: the packages recommended on a date, each at a version."""

from typing import Self

from django.db import models
from django.db.models import Prefetch

from catalog.models import fields, rules
from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
)
from catalog.models.specifiers import (
    admits,
    extra_names,
    is_extras,
    is_specifier,
    name_with_extras,
)
from catalog.models.technology import Package


class VersionSetQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        """Fetch the pins of technologies that have a page, with the facts of each package."""
        pins = Pin.objects.exclude(package__technology__status=Status.DRAFT)
        pins = pins.select_related("package__technology__replaced_by", "package__facts")
        return self.prefetch_related(Prefetch("pins", pins))


class VersionSet(Page):
    KIND = "version"
    NAME_FIELD = "title"
    MARKDOWN = ("introduction",)

    title = models.CharField(max_length=120)
    as_of = fields.partial_date("A year, a month or a day: 2025, 2026-11.")
    python = models.CharField(
        "Python",
        max_length=60,
        validators=[is_specifier],
        help_text="The range as written: “^3.11”.",
    )
    python_note = fields.line(200, label="note on Python")
    introduction = fields.markdown()

    objects = VersionSetQuerySet.as_manager()

    class Meta(Page.Meta):
        ordering = [ByteOrder("as_of").desc(), ByteOrder("slug")]


class PinGroup(models.TextChoices):
    MAIN = "main", "main"
    DEV = "dev", "dev"


class PinQuerySet(ContentQuerySet):
    def of_newest_sets(self) -> Self:
        """Return the pins of the published sets of the newest date, with set and package."""
        sets = VersionSet.objects.published()
        return self.filter(
            version_set__in=sets.filter(as_of__in=sets.values("as_of")[:1]).order_by()
        ).select_related("version_set", "package")


class Pin(ContentModel):
    """A package at a version, as the set writes it."""

    Group = PinGroup
    NATURAL_KEY = ("version_set__slug", "package__name")
    OWNERS = ("version_set",)

    version_set = models.ForeignKey(VersionSet, on_delete=models.CASCADE, related_name="pins")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="pins")
    extras = fields.line(120, "Comma between several: “standard”.", validators=[is_extras])
    specifier = models.CharField(
        max_length=60, validators=[is_specifier], help_text="As written: “^0.110.0”, “>=2.0,<3”."
    )
    group = fields.choice(Group, default=Group.MAIN)
    note = fields.line(200)
    position = fields.position()

    objects = PinQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = [
            ByteOrder("group").desc(),
            "position",
            ByteOrder("package__name"),
            ByteOrder("version_set__slug"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version_set", "package"],
                name="pin_once_in_a_version_set",
                violation_error_message="This package is already pinned in this set.",
            ),
            rules.choice("group", PinGroup),
        ]

    def __str__(self) -> str:
        return self.specifier

    @classmethod
    def normalised(cls, name: str, text: str) -> str:
        """Return the text in its form: extras without the brackets people type around them."""
        text = super().normalised(name, text)
        return text[1:-1] if name == "extras" and text[:1] + text[-1:] == "[]" else text

    def allows(self, version: str) -> bool | None:
        """Return whether it allows a release; None where one of the two cannot be read."""
        try:
            return admits(self.specifier, version)
        except ValueError:
            return None

    @property
    def name_with_extras(self) -> str:
        """Return the package as a requirement names it: “uvicorn[standard]”."""
        return name_with_extras(self.package.name, self.extras)

    @property
    def extra_names(self) -> list[str]:
        return extra_names(self.extras)
