"""What is kept beside content: editions and documents, packs as loaded, what waits, links.

Things are named by kind and slug and people by name, never by primary key: what was deleted and
made again under its slug keeps its past, and names outlive their accounts.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import fields, rules
from catalog.models.base import ByteOrder, ThingKey


class Edition(models.Model):
    """One state of the guide. Append-only."""

    class Origin(models.TextChoices):
        ADMIN = "admin", "admin"
        PACK = "pack", "pack"
        COMMAND = "command", "command"
        OUTSIDE = "outside", "outside"

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    user = fields.line(150)
    comment = fields.line(500)
    origin = fields.choice(Origin, db_column="door")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def stamp(self) -> tuple[int, datetime]:
        """Return what tells it from every other state, also from one put back by a backup."""
        return self.number, self.at

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

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="edition_counter_is_only_one")
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
    def of_thing(self, thing: ThingKey, former: Iterable[str]) -> Self:
        """Return those of one thing, also those under its former slugs."""
        family = self.filter(kind=thing.kind, slug__in=[thing.slug, *former])
        # The old name of a thing that moved ends with an empty document in the same edition.
        namesake = family.filter(edition=models.OuterRef("edition"))
        namesake = namesake.exclude(slug=models.OuterRef("slug"))
        return family.exclude(Q(document="[]") & models.Exists(namesake))

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
    """The document of a thing as an edition left it; `[]` when the thing was deleted."""

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
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="moved_to_another_slug"),
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


class PackLoadQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Return those that were not undone."""
        return self.filter(undone_in=None)


class PackLoad(models.Model):
    """One loading of a pack. Append-only, but for the mark that it was undone."""

    name = models.CharField("pack", max_length=80)
    version = models.CharField(max_length=40)
    is_complete = models.BooleanField("complete")
    over = models.JSONField(help_text="Names of the packs that this one may change.")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    user = fields.line(150)
    edition = models.ForeignKey(
        Edition,
        null=True,
        on_delete=models.PROTECT,
        related_name="loads",
        help_text="Empty where only bases moved.",
    )
    # The guide's state when it was done: with it in force, the same files have nothing to say.
    left_at = models.PositiveBigIntegerField("left the guide at")
    plan = models.TextField(help_text="What it changed, in words; one line a thing.")
    undone_in = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="undone_loads"
    )

    objects = PackLoadQuerySet.as_manager()

    class Meta:
        verbose_name = "loaded pack"
        verbose_name_plural = "loaded packs"
        ordering = ["-pk"]
        permissions = [("load_pack", "Can load packs and undo them")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Base(models.Model):
    """The field values a loading last set for a row: the base of the next three-way merge.

    The newest base that names a field counts.

    A row that has a base but is not there was deleted here, and stays so. To undo a loading is to
    drop its bases: those before it count again.
    """

    load = models.ForeignKey(PackLoad, on_delete=models.CASCADE, related_name="bases")
    model = models.CharField(max_length=20)
    key = models.CharField(max_length=260, help_text="The natural key, joined by “/”.")
    fields = models.JSONField(
        null=True, help_text="What the pack said; null where it takes all of it back."
    )
    # Nobody's: any pack may say otherwise without asking.
    defaults = models.JSONField(help_text="What a new row got besides.")

    class Meta:
        ordering = ["load_id", "model", "key"]
        constraints = [
            # Begins with the row: it serves the look-up of all that was ever said of it.
            models.UniqueConstraint(fields=["model", "key", "load"], name="base_once_in_a_load"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"


class Conflict(models.Model):
    """A field that a pack and this guide changed differently: it waits for an editor's choice.

    Kept for the newest loading of a pack only: the next one meets it again.
    """

    load = models.ForeignKey(PackLoad, on_delete=models.CASCADE, related_name="conflicts")
    model = models.CharField(max_length=20)
    key = models.CharField("row", max_length=260)
    field = fields.line(40, "Empty where the row itself would go.")
    incoming = models.JSONField(
        null=True, help_text="What the pack says; of a row that would go, those that go with it."
    )
    text = models.TextField("what is at odds")

    class Meta:
        verbose_name = "waiting conflict"
        verbose_name_plural = "waiting conflicts"
        ordering = ["load_id", "model", "key", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["load", "model", "key", "field"], name="conflict_once_in_a_load"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="conflict_is_said"),
        ]

    def __str__(self) -> str:
        return self.text


class PendingState(models.TextChoices):
    WAITING = "waiting", "waiting"
    RETURNED = "returned", "returned"
    WITHDRAWN = "withdrawn", "withdrawn (closed)"


class PendingQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Return what is still to be decided: one for a thing at most."""
        return self.exclude(state=PendingState.WITHDRAWN)


class Pending(ThingRecord):
    """A pending change: what a live thing would be, and the edition it was made on.

    One is open for a thing at most; further saves amend it. What was applied is deleted: history
    says so. What was withdrawn is kept, and its author can take it up again.
    """

    State = PendingState

    edition = models.PositiveBigIntegerField(
        help_text="The edition of the guide that it was made on."
    )
    document = models.TextField(
        help_text="The rows that the thing would have, as history keeps them."
    )
    version = models.PositiveIntegerField(default=0, help_text="Grows with each save.")
    user = models.CharField(max_length=150)
    authors = models.JSONField(default=list, help_text="Everybody who saved it, by account.")
    at = models.DateTimeField(default=timezone.now)
    comment = fields.line(500)
    state = fields.choice(PendingState, default=PendingState.WAITING)
    answer = models.TextField(blank=True, help_text="What the publisher said who returned it.")
    answered_by = fields.line(150)

    objects = PendingQuerySet.as_manager()

    class Meta:
        verbose_name = "pending change"
        verbose_name_plural = "pending changes"
        ordering = [ByteOrder("kind"), ByteOrder("slug")]
        # Made by saving a thing and deleted by applying or withdrawing it, never by hand.
        default_permissions = ("view", "change")
        permissions = [
            ("publish_content", "Can publish: saves go live, pending changes are applied")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                condition=~Q(state=PendingState.WITHDRAWN),
                name="pending_once_for_a_thing",
            ),
            rules.choice("state", PendingState),
        ]


class Link(models.Model):
    """An address and its last answer. No content: no edition records it."""

    # As long as the fields that addresses stand in.
    address = models.CharField(max_length=500)
    is_alive = models.BooleanField("alive", null=True, help_text="Empty until an answer was clear.")
    reason = models.CharField(max_length=200, blank=True, help_text="What the last answer was.")
    checked_on = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="When it was first found so.")

    class Meta:
        ordering = [ByteOrder("address")]
        constraints = [models.UniqueConstraint(fields=["address"], name="link_once_for_an_address")]

    def __str__(self) -> str:
        return self.address


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
