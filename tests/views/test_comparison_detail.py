from datetime import date

import pytest
import time_machine
from django.test import Client

from catalog.comparison import tables
from catalog.comparison.engine import Table
from catalog.comparison.tables import table_of
from catalog.models import Cell, Comparison, Criterion, CriterionGroup, Status
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_criterion,
    make_technology,
)
from tests.reading import main_text_of, read, text_of

pytestmark = pytest.mark.django_db


def test_contenders_are_columns_and_criteria_are_rows(client: Client) -> None:
    comparison = make_comparison(contenders=0, criteria=0)
    quart = make_contender(
        comparison, technology=make_technology(name="Quart", slug="quart"), position=20
    )
    fastapi = make_contender(
        comparison, technology=make_technology(name="FastAPI"), versions="0.110", position=10
    )
    community = make_criterion(comparison, slug="community", name="Community", position=2)
    speed = make_criterion(comparison, slug="speed", name="Speed", position=1)
    make_cell(speed, fastapi, word="Excellent", value="12 ms", note="Measured.")
    make_cell(speed, quart, word="", value="20 ms")
    make_cell(community, fastapi, word="Growing", source="https://example.org/count")
    make_cell(community, quart, word="Small", rating=1)

    page = read(client, comparison.get_absolute_url())

    assert page.compared() == [
        ["Criterion", "FastAPI", "Quart"],
        ["Speed", "Excellent, 12 ms", "20 ms"],
        ["Community", "Growing", "Small"],
    ]
    assert page.texts("table[@class='compared']/caption") == [comparison.title]
    assert page.texts("thead//small") == ["0.110"]
    assert ("Quart", "/technologies/quart/") in page.links("thead")
    assert page.links("tbody//th") == [
        ("Speed", f"{comparison.get_absolute_url()}speed/"),
        ("Community", f"{comparison.get_absolute_url()}community/"),
    ]


def test_rows_stand_under_the_headings_of_their_groups(client: Client) -> None:
    comparison = make_comparison(contenders=2, criteria=1)
    later = CriterionGroup.objects.create(comparison=comparison, slug="later", name="Later")
    make_criterion(comparison, slug="first", name="First", position=90)
    make_criterion(comparison, slug="last", name="Last", position=1, group=later)

    page = read(client, comparison.get_absolute_url())

    bodies = [
        [main_text_of(row[0]) for row in body]
        for body in page.find("table[@class='compared']/tbody")
    ]
    assert bodies == [["Fit"], ["First"], ["General", "Criterion 0"], ["Later", "Last"]]
    assert [head.get("scope") for head in page.find("tr[@class='group']/th")] == ["rowgroup"] * 2


def test_a_cell_says_what_it_rests_on(client: Client) -> None:
    comparison = make_comparison(contenders=4, criteria=1)
    known, stale, _bare, unknown = Cell.objects.order_by("contender__position")
    evidence = {"source": "https://example.org/a", "verified_by": "Ada", "applies_to": "2.0"}
    Cell.objects.filter(pk=known.pk).update(
        **evidence, note="A note.", verified_on=date(2026, 11, 3)
    )
    Cell.objects.filter(pk=stale.pk).update(verified_on=date(2025, 11, 21))
    Cell.objects.filter(pk=unknown.pk).update(state="unknown", rating=None, word="", value="")

    with time_machine.travel("2026-11-22", tick=False):
        page = read(client, comparison.get_absolute_url())

    cells = page.find("tbody/tr[2]/td")
    assert [text_of(cell) for cell in cells] == [
        "Good 1 A note. 2.0",
        "Good 2 checked 2025-11-21, stale",
        "Good no source",
        "unknown",
    ]
    assert [mark.get("class") for mark in page.find("td/sup")] == [None, "old", "none"]
    assert page.links("td/sup") == [("1", "#n1"), ("2", "#n2")]
    assert [(item.get("id"), text_of(item)) for item in page.find("ol[@class='sources']/li")] == [
        ("n1", "example.org/a, checked 2026-11-03 by Ada, applies to 2.0"),
        ("n2", "no address, checked 2025-11-21, stale"),
    ]
    assert page.texts("section[@aria-labelledby='rests-on']/p") == [
        "3 of 4 cells known, 1 with a source, 1 stale, oldest checked 2025-11-21."
    ]


@pytest.mark.parametrize(
    ("today", "months", "is_stale"),
    [
        ("2026-11-22", 12, False),
        ("2026-11-23", 12, True),
        ("2026-02-22", 3, False),
        ("2026-12-31", 1, True),
        ("2035-11-22", 120, False),
    ],
)
def test_evidence_is_stale_when_older_than_the_review_period(
    client: Client, today: str, months: int, is_stale: bool
) -> None:
    comparison = make_comparison(contenders=1, criteria=1, review_months=months)
    Cell.objects.update(verified_on=date(2025, 11, 22))

    with time_machine.travel(today, tick=False):
        page = read(client, comparison.get_absolute_url())

    assert ("stale" in page.texts("ol[@class='sources']/li")[0]) is is_stale


def test_what_is_not_known_and_what_does_not_apply_is_said_in_words(client: Client) -> None:
    comparison = make_comparison(contenders=3, criteria=1)
    first, second, third = Cell.objects.order_by("contender__position")
    Cell.objects.filter(pk=first.pk).delete()
    silent = {"rating": None, "word": "", "value": ""}
    Cell.objects.filter(pk=second.pk).update(state=Cell.State.UNKNOWN, **silent)
    Cell.objects.filter(pk=third.pk).update(state=Cell.State.NOT_APPLICABLE, **silent)

    page = read(client, comparison.get_absolute_url())

    assert page.compared()[1] == ["Criterion 0", "unknown", "unknown", "does not apply"]
    marks = [cell.get("data-rating") for cell in page.find("tbody/tr[2]/td")]
    assert marks == ["unknown", "unknown", "not-applicable"]


@pytest.mark.parametrize(
    ("kind", "rating", "mark"),
    [("rating", 0, "0"), ("rating", 4, "4"), ("yes-no", 0, "no"), ("yes-no", 4, "yes")],
)
def test_a_rating_has_its_mark_beside_the_word(
    client: Client, kind: str, rating: int, mark: str
) -> None:
    comparison = make_comparison(contenders=1, criteria=1)
    Criterion.objects.update(kind=kind)
    Cell.objects.update(rating=rating, word="The word")

    page = read(client, comparison.get_absolute_url())

    (cell,) = page.find("tbody/tr[2]/td")
    assert (cell.get("data-rating"), main_text_of(cell)) == (mark, "The word")


def test_a_cell_that_hangs_between_two_comparisons_is_not_shown(client: Client) -> None:
    comparison, other = make_comparison(criteria=1), make_comparison(criteria=1)
    make_cell(comparison.criteria.get(), other.contenders.first(), word="Astray")

    page = read(client, comparison.get_absolute_url())

    assert page.compared()[1] == ["Criterion 0", "Good", "Good"]


def test_its_category_and_its_words_are_shown(client: Client) -> None:
    comparison = make_comparison(
        category=make_category(name="Frameworks", slug="frameworks"),
        introduction="For *whom*.",
        verdict="What it **comes to**.",
    )

    page = read(client, comparison.get_absolute_url())

    assert page.links("nav[@aria-label='Breadcrumb']") == [
        ("Comparisons", "/comparisons/"),
        ("Frameworks", "/categories/frameworks/"),
    ]
    assert page.texts("div[@class='prose']/p") == ["For whom.", "What it comes to."]
    assert page.texts("div[@class='prose']/p/strong") == ["comes to"]


def test_drafts_are_not_named(client: Client) -> None:
    comparison = make_comparison(
        contenders=1, criteria=1, category=make_category(name="Draft", status=Status.DRAFT)
    )
    draft = make_contender(
        comparison, technology=make_technology(name="Draft", status=Status.DRAFT), position=1
    )
    make_cell(comparison.criteria.get(), draft, word="Hidden")
    shown = comparison.contenders.first().technology

    page = read(client, comparison.get_absolute_url())

    assert page.compared() == [["Criterion", shown.name], ["Criterion 0", "Good"]]
    assert page.links("thead") == [(shown.name, shown.get_absolute_url())]
    assert "Hidden" not in "".join(page.texts("main"))


@pytest.mark.django_db(transaction=True)
def test_an_edit_is_seen_at_once(client: Client) -> None:
    comparison = make_comparison(contenders=1, criteria=1)
    assert read(client, comparison.get_absolute_url()).compared()[1] == ["Criterion 0", "Good"]

    Cell.objects.update(word="Fine")

    assert read(client, comparison.get_absolute_url()).compared()[1] == ["Criterion 0", "Fine"]


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_never_older_than_its_edition(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody edits after the page has read its row and before it reads the table."""
    comparison = make_comparison(contenders=1, criteria=1, review_months=1)
    Cell.objects.update(verified_on=date(2026, 1, 1))
    edits = [lambda: Comparison.objects.update(review_months=120)]

    def edit_first(*_arguments: object) -> Table:
        while edits:
            edits.pop()()
        return table_of(*_arguments)

    monkeypatch.setattr(tables, "table_of", edit_first)
    with time_machine.travel("2026-11-22", tick=False):
        first = read(client, comparison.get_absolute_url())
        second = read(client, comparison.get_absolute_url())

    assert edits == []
    for page in (first, second):
        assert page.texts("ol[@class='sources']/li") == ["no address, checked 2026-01-01"]
