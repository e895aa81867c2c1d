"""Who answers for a thing and when it is due for a look: the same on the page of every kind."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from catalog.admin.base import GivenFilter

SOON = 30  # days


class ReviewFilter(admin.SimpleListFilter):
    """Finds what is due for review today, and what will be soon.

    Django's own filter of dates looks back, to the last week and the month; this one looks ahead.
    """

    title = "review"
    parameter_name = "review"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str | Promise]]:
        return [
            ("due", "Due"),
            ("soon", f"Due within {SOON} days"),
            ("later", "Later"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        today = datetime.now(UTC).date()
        soon = today + timedelta(days=SOON)
        if self.value() == "due":
            return queryset.filter(review_by__lte=today)
        if self.value() == "soon":
            return queryset.filter(review_by__gt=today, review_by__lte=soon)
        if self.value() == "later":
            return queryset.filter(review_by__gt=soon)
        return None


CARE: tuple[str | Promise, dict[str, Any]] = (
    "Care",
    {
        "description": "Seen by editors only, here and in the history.",
        "fields": ["owner", "review_by"],
    },
)

CARE_FILTERS = [("owner", GivenFilter), ReviewFilter, ("review_by", GivenFilter)]
