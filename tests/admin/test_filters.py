"""Lists say how many rows each filter finds, and find what is still missing."""

from datetime import date

import pytest
import time_machine
from django.contrib import admin
from django.test import Client

from catalog.models import CONTENT, Cell, Listing, Snippet, Technology
from tests.admin.pages import url_for
from tests.factories import make_comparison, make_listing, make_snippet, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def found(client: Client, model: type, query: str) -> list[int]:
    response = client.get(f"{url_for(model)}?{query}")
    assert response.status_code == 200  # a filter that is not understood redirects
    return [row.pk for row in response.context["cl"].result_list]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_every_filter_says_how_many_it_finds(model: type) -> None:
    assert admin.site.get_model_admin(model).show_facets is admin.ShowFacets.ALWAYS


def test_a_list_shows_the_counts(admin_client: Client) -> None:
    make_technology(summary="Said")
    make_technology(summary="")
    make_technology(summary="")

    page = admin_client.get(url_for(Technology)).content.decode()

    assert "summary given" in page
    assert "Empty (2)" in page
    assert "Not empty (1)" in page


@pytest.mark.parametrize("field", ["summary", "website", "lifecycle", "licence"])
def test_technologies_without_something_are_found(admin_client: Client, field: str) -> None:
    values = {"summary": "A", "website": "https://a.test", "lifecycle": "active", "licence": "MIT"}
    make_technology(**values)
    missing = make_technology(**{**values, field: ""})

    assert found(admin_client, Technology, f"{field}__isempty=1") == [missing.pk]


@pytest.mark.parametrize("field", ["source", "verified_on"])
def test_cells_without_evidence_are_found(admin_client: Client, field: str) -> None:
    make_comparison(contenders=1, criteria=2)
    evidence = {"source": "https://a.test", "verified_on": "2026-11-22"}
    missing = Cell.objects.first()
    Cell.objects.exclude(pk=missing.pk).update(**evidence)
    Cell.objects.filter(pk=missing.pk).update(**{**evidence, field: empty_of(field)})

    assert found(admin_client, Cell, f"{field}__isempty=1") == [missing.pk]


def empty_of(field: str) -> str | None:
    return Cell._meta.get_field(field).get_default()


def test_listings_without_best_for_are_found(admin_client: Client) -> None:
    make_listing(best_for="Most")
    missing = make_listing(best_for="")

    assert found(admin_client, Listing, "best_for__isempty=1") == [missing.pk]


def test_snippets_nobody_has_run_are_found(admin_client: Client) -> None:
    make_snippet(run_with="django==5.2")
    missing = make_snippet(run_with="")

    assert found(admin_client, Snippet, "run_with__isempty=1") == [missing.pk]


@time_machine.travel("2026-11-25T23:30:00Z", tick=False)
@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ("due", [date(2025, 1, 1), date(2026, 11, 25)]),
        ("soon", [date(2026, 11, 26), date(2026, 12, 25)]),
        ("later", [date(2026, 12, 26)]),
    ],
)
def test_what_is_due_for_review_is_found(
    admin_client: Client, answer: str, days: list[date]
) -> None:
    ends = ("2025-01-01", "2026-11-25", "2026-11-26", "2026-12-25", "2026-12-26", None)
    rows = [make_technology(review_by=day) for day in ends]

    due = found(admin_client, Technology, f"review={answer}")

    assert {row.review_by for row in Technology.objects.filter(pk__in=due)} == set(days)
    assert found(admin_client, Technology, "review_by__isempty=1") == [rows[-1].pk]


def test_what_nobody_answers_for_is_found(admin_client: Client) -> None:
    make_technology(owner="Ada")
    missing = make_technology()

    assert found(admin_client, Technology, "owner__isempty=1") == [missing.pk]
