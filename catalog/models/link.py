"""Addresses that the guide names, and whether they still lead anywhere."""

from django.db import models

from catalog.models.base import ByteOrder


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
