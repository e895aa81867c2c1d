"""What somebody made of a live thing and what no reader sees yet: it waits for a publisher."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.base import ByteOrder, ThingKey, choice_constraint


class PendingState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RETURNED = "returned", _("returned")


class Pending(models.Model):
    """A pending change: what a live thing would be, and the edition it was made on.

    One is open for a thing at most; further saves amend it. What was applied or withdrawn is
    deleted: history says what was applied.
    """

    State = PendingState

    kind = models.CharField(_("kind"), max_length=20)
    slug = models.CharField(_("slug"), max_length=80)
    edition = models.PositiveBigIntegerField(
        _("edition"), help_text=_("The edition of the guide that it was made on.")
    )
    document = models.TextField(
        _("document"), help_text=_("The rows that the thing would have, as history keeps them.")
    )
    version = models.PositiveIntegerField(
        _("version"), default=0, help_text=_("Grows with each save.")
    )
    user = models.CharField(_("user"), max_length=150)
    authors = models.JSONField(
        _("authors"), default=list, help_text=_("Everybody who saved it, by account.")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=PendingState, default=PendingState.WAITING
    )
    answer = models.TextField(
        _("answer"), blank=True, help_text=_("What the publisher said who returned it.")
    )
    answered_by = models.CharField(_("answered by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("pending change")
        verbose_name_plural = _("pending changes")
        ordering = [ByteOrder("kind"), ByteOrder("slug")]
        # Made by saving a thing and deleted by applying or withdrawing it, never by hand.
        default_permissions = ("view", "change")
        permissions = [
            (
                "publish_content",
                _("Can publish: saves go live, pending changes are applied"),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="pending_once_for_a_thing"),
            choice_constraint("state", PendingState),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @property
    def thing(self) -> ThingKey:
        return ThingKey(self.kind, self.slug)
