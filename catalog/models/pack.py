"""Packs as they were loaded: the values each set last, and conflicts that wait for a choice."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models.history import Edition


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
    user = models.CharField(max_length=150, blank=True)
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
    field = models.CharField(
        max_length=40, blank=True, help_text="Empty where the row itself would go."
    )
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
