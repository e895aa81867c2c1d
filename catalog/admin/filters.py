"""Filters of the lists: what is missing, what needs attention, what one has worked on."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest

from catalog.admin.desk import attention
from catalog.http import today
from catalog.models import Comparison, Technology


class GivenFilter(admin.EmptyFieldListFilter):
    """Finds what is still missing. Beside a filter by value it needs a title of its own."""

    def __init__(self, field: Field, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.title = f"{self.title} given"


def given_filters(*fields: str) -> list[tuple[str, type[GivenFilter]]]:
    """Return a filter for each of these fields that finds where it is empty."""
    return [(field, GivenFilter) for field in fields]


class ComparisonFilter(admin.RelatedOnlyFieldListFilter):
    """Finds the cells of one table, also where there is only one table to choose."""

    def has_output(self) -> bool:
        return bool(self.lookup_choices)


class ChoiceFilter(admin.SimpleListFilter):
    """Offers the values that have a label here; any other value filters nothing."""

    labels: ClassVar[dict[str, str]]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(self.labels.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return self.narrow(queryset, self.value()) if self.value() in self.labels else queryset

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        """Return those of the rows that a value stands for."""
        raise NotImplementedError


class ReviewFilter(ChoiceFilter):
    """Finds what is due for review today, and what will be: Django's filter of dates looks back."""

    title = parameter_name = "review"
    labels = {"due": "Due", "soon": "Due within 30 days", "later": "Later"}

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        if value == "due":
            return attention.due(rows, today())
        soon = today() + timedelta(days=30)
        if value == "soon":
            return rows.filter(review_by__gt=today(), review_by__lte=soon)
        return rows.filter(review_by__gt=soon)


REVIEW_FILTERS = [*given_filters("owner"), ReviewFilter, *given_filters("review_by")]


class AuthorFilter(ChoiceFilter):
    """Finds the things that whoever asks has worked on. Nobody learns of others by it."""

    title = parameter_name = "author"
    labels = {"me": "me"}

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return attention.worked_on(rows, self.request.user.get_username())


class EvidenceFilter(ChoiceFilter):
    """Finds cells of tables in use that rest on nothing, or on what was read too long ago."""

    title = parameter_name = "evidence"
    labels = {"none": "no source or no day", "stale": "stale"}

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        if value == "none":
            return attention.without_evidence(rows)
        return attention.stale(rows, today())


class KeysFilter(ChoiceFilter):
    """Finds rows by a condition on other tables, once for a page that counts for each filter."""

    find: Callable[[], QuerySet]

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(pk__in=self.keys)

    @cached_property
    def keys(self) -> list[int]:
        return list(self.find().values_list("pk", flat=True))


class TroubleFilter(KeysFilter):
    """Finds technologies that somebody should look at before readers rely on them."""

    title = parameter_name = "trouble"
    labels = {"any": "given up, replaced, or long without a release"}

    def find(self) -> QuerySet:
        return attention.in_trouble(Technology.objects.order_by(), today())


class CompletenessFilter(KeysFilter):
    """Finds tables in which some places are empty or unknown."""

    title = parameter_name = "data"
    labels = {"incomplete": "unknown or missing cells"}

    def find(self) -> QuerySet:
        return attention.incomplete(Comparison.objects.order_by())
