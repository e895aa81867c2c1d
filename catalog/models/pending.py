"""Pending changes: drafts of live things, which no reader sees and which wait for a publisher."""

from django.db import models
from django.utils import timezone

from catalog.models.base import ByteOrder, choice_constraint
from catalog.models.history import ThingRecord


class PendingState(models.TextChoices):
    WAITING = "waiting", "waiting"
    RETURNED = "returned", "returned"


class Pending(ThingRecord):
    """A pending change: what a live thing would be, and the edition it was made on.

    One is open for a thing at most; further saves amend it. What was applied or withdrawn is
    deleted: history says what was applied.
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
    comment = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=PendingState, default=PendingState.WAITING)
    answer = models.TextField(blank=True, help_text="What the publisher said who returned it.")
    answered_by = models.CharField(max_length=150, blank=True)

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
            models.UniqueConstraint(fields=["kind", "slug"], name="pending_once_for_a_thing"),
            choice_constraint("state", PendingState),
        ]
