"""Tables to be edited, and their forms as a browser would send them."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.history import editions
from catalog.models import Cell, Comparison, Criterion, CriterionGroup, Edition, Technology
from tests.admin.pages import read_form
from tests.factories import (
    make_cell,
    make_comparison,
    make_contender,
    make_criterion,
    make_technology,
)

DOCS = "https://example.org/docs"


def make_table(**fields: Any) -> Comparison:
    """Rows speed (rating), async (yes or no) and best-for (text) by columns flask and quart.

    Speed of both is known, of Flask with a source; async of Flask is unknown, and of Quart nobody
    has said anything; best-for of both is known.
    """
    with editions.record("ada", "Made", Edition.Origin.ADMIN):
        comparison = make_comparison(0, 0, slug="web", title="Web frameworks", **fields)
        group = comparison.groups.get()
        flask, quart = (
            make_contender(
                comparison,
                technology=make_technology(slug=slug, name=slug.capitalize()),
                position=place,
            )
            for place, slug in ((10, "flask"), (20, "quart"))
        )
        speed = make_criterion(comparison, slug="speed", name="Speed", group=group, position=10)
        is_async = make_criterion(
            comparison, slug="async", name="Async", group=group, position=20, kind="yes-no"
        )
        best_for = make_criterion(
            comparison, slug="best-for", name="Best for", position=30, kind="text", weight=0
        )
        make_cell(
            speed,
            flask,
            source=DOCS,
            verified_on=date(2026, 11, 1),
            verified_by="Ada",
            applies_to="3.1",
        )
        make_cell(speed, quart, rating=4, word="Excellent")
        make_cell(is_async, flask, state="unknown", rating=None, word="")
        for contender, value in ((flask, "Small sites"), (quart, "Async sites")):
            make_cell(best_for, contender, rating=None, word="", value=value)
    return comparison


def make_large(rows: int, columns: int, slug: str = "large") -> Comparison:
    """A table of this size in one group, every cell filled."""
    with editions.record("ada", "Made", Edition.Origin.ADMIN):
        comparison = make_comparison(0, 0, slug=slug, title="Large")
        group = CriterionGroup.objects.get(comparison=comparison)
        contenders = [
            make_contender(
                comparison,
                technology=Technology.objects.filter(slug=f"technology-{place}").first()
                or make_technology(slug=f"technology-{place}"),
                position=place,
            )
            for place in range(columns)
        ]
        for place in range(rows):
            criterion = make_criterion(
                comparison, slug=f"row-{place}", name=f"Row {place}", group=group, position=place
            )
            Cell.objects.bulk_create(
                Cell(criterion=criterion, contender=one, rating=3, word="Good")
                for one in contenders
            )
    return comparison


def grid_of(comparison: Comparison, criterion: str = "", query: str = "") -> str:
    """The address of a grid, or of a row's own page."""
    if criterion:
        return reverse("admin:catalog_comparison_grid_row", args=[comparison.pk, criterion])
    return reverse("admin:catalog_comparison_grid", args=[comparison.pk]) + query


def typed(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """The form at an address with these fields typed; in names, two underscores are a dot."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return read_form(client.get(url)) | named


def send(client: Client, url: str, data: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
    """Open the form at an address, type `data` into it, and press Save unless `more` says else."""
    return client.post(url, read_form(client.get(url)) | (data or {}) | more)


def cell(criterion: str, technology: str) -> Cell:
    return Cell.objects.get(criterion__slug=criterion, contender__technology__slug=technology)


def said(criterion: str, technology: str) -> tuple[Any, ...]:
    """State, rating, word, value and note of a cell."""
    rows = Cell.objects.filter(criterion__slug=criterion, contender__technology__slug=technology)
    return rows.values_list("state", "rating", "word", "value", "note").get()


def rested_on(criterion: str, technology: str) -> tuple[Any, ...]:
    """Source, day, name and versions of a cell."""
    rows = Cell.objects.filter(criterion__slug=criterion, contender__technology__slug=technology)
    return rows.values_list("source", "verified_on", "verified_by", "applies_to").get()


def faults_of(page: HttpResponse) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    return [(fault.where, fault.text) for fault in page.context["faults"]]


def names_of_rows(comparison: Comparison) -> list[str]:
    return list(Criterion.objects.filter(comparison=comparison).values_list("slug", flat=True))


def columns_of(comparison: Comparison) -> list[str]:
    slugs = comparison.contenders.values_list("technology__slug", flat=True)
    return list(slugs)


def count_of_editions() -> int:
    return Edition.objects.count()


def technology(slug: str, **fields: Any) -> Technology:
    return make_technology(slug=slug, name=slug.capitalize(), **fields)
