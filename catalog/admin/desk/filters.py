"""Filters of the lists that the desk leads to.

Where a condition looks at other tables, the rows are found once: a list asks the database as often
as it has filters, to count what each would find.
"""

from functools import cached_property

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.desk import attention
from catalog.http import today
from catalog.models import Comparison, Technology

Choices = list[tuple[str, str]]


class AuthorFilter(admin.SimpleListFilter):
    """Finds the things that whoever asks has worked on. Nobody learns of others by it."""

    title = "author"
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [("me", "me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "me":
            return queryset
        return attention.worked_on(queryset, request.user.get_username())


class TroubleFilter(admin.SimpleListFilter):
    """Finds technologies that somebody should look at before readers rely on them."""

    title = "trouble"
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [("any", "given up, replaced, or long without a release")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "any":
            return queryset
        return queryset.filter(pk__in=self.keys)

    @cached_property
    def keys(self) -> list[int]:
        found = attention.in_trouble(Technology.objects.order_by(), today())
        return list(found.values_list("pk", flat=True))


class EvidenceFilter(admin.SimpleListFilter):
    """Finds cells of tables in use that rest on nothing, or on what was read too long ago."""

    title = "evidence"
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [("none", "no source or no day"), ("stale", "stale")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return attention.without_evidence(queryset)
        if self.value() == "stale":
            return attention.stale(queryset, today())
        return queryset


class CompletenessFilter(admin.SimpleListFilter):
    """Finds tables in which some places are empty or unknown."""

    title = "data"
    parameter_name = "data"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [("incomplete", "unknown or missing cells")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "incomplete":
            return queryset
        return queryset.filter(pk__in=self.keys)

    @cached_property
    def keys(self) -> list[int]:
        found = attention.incomplete(Comparison.objects.order_by())
        return list(found.values_list("pk", flat=True))


class ComparisonFilter(admin.RelatedOnlyFieldListFilter):
    """Finds the cells of one table, also where there is only one table to choose."""

    def has_output(self) -> bool:
        return bool(self.lookup_choices)
