"""The guide's states in order, and the document of each thing that changed in each.

Nothing here is keyed by another row's primary key: what was deleted and made again under its
slug keeps its past, and names of people outlive their accounts.
"""

from typing import Self

from django.db import models
from django.utils import timezone

from catalog.models.base import ThingKey


class Edition(models.Model):
    """One state of the guide. Append-only."""

    class Origin(models.TextChoices):
        ADMIN = "admin", "admin"
        PACK = "pack", "pack"
        COMMAND = "command", "command"
        OUTSIDE = "outside", "outside"

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    user = models.CharField(max_length=150, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    origin = models.CharField(max_length=7, choices=Origin, db_column="door")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def who(self) -> str:
        return self.user or self.get_origin_display()

    @property
    def how(self) -> str:
        """Return in words the way that it came."""
        ways = {
            self.Origin.ADMIN: "in the admin",
            self.Origin.PACK: "by a pack",
            self.Origin.COMMAND: "by a command",
            self.Origin.OUTSIDE: "changed outside",
        }
        return ways[self.origin]


class EditionCounter(models.Model):
    """One row that every writer locks before it writes anything, so that all wait in one queue."""

    THE_ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONLY)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="edition_counter_is_only_one")
        ]

    def __str__(self) -> str:
        return str(self.number)


class ThingRecord(models.Model):
    """A row about a thing, which it names by kind and slug, so that it outlives the thing."""

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @property
    def thing(self) -> ThingKey:
        return ThingKey(self.kind, self.slug)


class RevisionQuerySet(models.QuerySet):
    def newest(self, kind: str, slugs: list[str]) -> Self:
        """Return the newest revision of each of these things, as far as history knows."""
        changed = Changed.objects.filter(
            kind=models.OuterRef("kind"),
            slug=models.OuterRef("slug"),
            edition_id=models.OuterRef("edition_id"),
        )
        return self.filter(kind=kind, slug__in=slugs).filter(models.Exists(changed))

    def text_at(self, thing: ThingKey, number: int) -> str:
        """Return the document of a thing as this edition or one before left it; “[]” before it was.

        It may have had another slug then.
        """
        moved = Moved.objects.filter(kind=thing.kind, new=thing.slug)
        slugs = [thing.slug, *moved.values_list("old", flat=True)]
        revisions = self.filter(kind=thing.kind, slug__in=slugs, edition_id__lte=number)
        texts = revisions.order_by("-edition_id").values_list("document", flat=True)
        return next((text for text in texts[: len(slugs)] if text != "[]"), "[]")


class Revision(ThingRecord):
    """The document of a thing as an edition left it; `[]` when the thing was deleted.

    Who, when and why stand on the edition.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="revisions")
    document = models.TextField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        # Not "-edition": that would follow, and turn round, the order of editions.
        ordering = ["-edition_id", "kind", "slug"]
        constraints = [
            # Begins with kind and slug: it also serves the history of one thing.
            models.UniqueConstraint(
                fields=["kind", "slug", "edition"], name="revision_once_in_an_edition"
            ),
        ]

    @property
    def is_empty(self) -> bool:
        """Return whether it says that the thing was deleted."""
        return self.document == "[]"


class Changed(ThingRecord):
    """The edition in which a thing last changed: the token of its forms."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changed")

    class Meta:
        verbose_name = "last change"
        verbose_name_plural = "last changes"
        # Not "-edition": that would follow, and turn round, the order of editions.
        ordering = ["-edition_id", "kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="changed_once_for_a_thing"),
        ]


class Moved(models.Model):
    """A slug that a thing had once: addresses that name it lead to what it is called now."""

    kind = models.CharField(max_length=20)
    old = models.CharField("old slug", max_length=80)
    new = models.CharField("new slug", max_length=80)

    class Meta:
        verbose_name = "moved slug"
        verbose_name_plural = "moved slugs"
        ordering = ["kind", "old"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "old"], name="moved_once_from_a_slug"),
            models.CheckConstraint(
                condition=~models.Q(old=models.F("new")), name="moved_to_another_slug"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.old}"


class Unrecorded(ThingRecord):
    """A thing that was written outside of record() and whose document is still to be kept.

    Written in the transaction of the change itself, so it is there exactly when the change is;
    worked off on commit or, if the process died in between, by the next record().
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="unrecorded")

    class Meta:
        verbose_name = "unrecorded change"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug", "edition"], name="unrecorded_once_in_an_edition"
            ),
        ]
