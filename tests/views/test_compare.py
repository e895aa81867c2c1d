"""What stands in a table of any technologies."""

from datetime import date

import pytest
from django.test import Client

from catalog.history import editions
from catalog.models import Cell, Criterion, Edition, Pin, Status
from tests.factories import (
    make_category,
    make_cell,
    make_companion,
    make_listing,
    make_package,
    make_point,
    make_technology,
    make_version_set,
)
from tests.reading import main_text_of, read, text_of
from tests.side_by_side import compared_in, lines, make, page_of, rows

pytestmark = pytest.mark.django_db


# What the guide says ------------------------------------------------------------------------------


def test_technologies_stand_in_the_order_of_the_address(client: Client) -> None:
    make("a", "b", "c")

    page = page_of(client, "c", "a")

    assert page.compared()[0] == ["Criterion", "C", "A"]
    assert page.texts("caption") == ["C, A side by side"]
    assert page.texts("h1") == ["Compare"]


def test_what_the_guide_says_stands_in_its_own_group(client: Client) -> None:
    a, b = make("a", "b")
    web, tools = make_category(name="Web"), make_category(name="Tools")
    make_listing(web, a, qualifier="for Modern APIs", best_for="APIs")
    make_listing(tools, a, verdict="listed", best_for="scripts", position=1)
    make_listing(web, b, verdict="avoid", best_for="nothing")
    for kind in ("pro", "con", "use-when", "avoid-when"):
        make_point(a, kind=kind, text=f"First {kind}", position=1)
        make_point(a, kind=kind, text=f"Second {kind}", position=2)
    make_companion(b, companion=make_technology(name="Driver"))

    page = page_of(client, "a", "b")

    assert page.texts("tr[@class='group']") == ["What the guide says"]
    assert rows(page) == {
        "Verdict": ["Web: Recommended for Modern APIsTools: Listed", "Web: Avoid"],
        "Best for": ["Web: APIsTools: scripts", "nothing"],
        "Pros": ["First proSecond pro", "unknown"],
        "Cons": ["First conSecond con", "unknown"],
        "Use when": ["First use-whenSecond use-when", "unknown"],
        "Avoid when": ["First avoid-whenSecond avoid-when", "unknown"],
        "Goes with": ["unknown", "Driver"],
    }
    assert lines(page, "Verdict") == [["Web: Recommended for Modern APIs", "Tools: Listed"], []]


def test_licence_and_lifecycle_say_what_they_rest_on(client: Client) -> None:
    newer = make_technology(name="Newer")
    make("a", licence="MIT")
    make(
        "b",
        lifecycle="end-of-life",
        replaced_by=newer,
        lifecycle_note="Since May.",
        lifecycle_source="https://example.org/end",
        lifecycle_verified_on=date(2026, 5, 1),
    )

    page = page_of(client, "a", "b")

    assert rows(page) == {
        "Licence": ["MIT", "unknown"],
        "Lifecycle": ["unknown", "End of life, replaced by Newer"],
    }
    assert page.texts("ol[@class='sources']/li") == ["example.org/end, checked 2026-05-01"]
    assert "2 of 4 cells known, 1 with a source, oldest checked 2026-05-01." in page.texts("p")


def test_versions_are_those_of_the_newest_set(client: Client) -> None:
    (a,) = make("a")
    package, other = make_package(a, name="a"), make_package(a, name="a-more")
    sets = [make_version_set(pins=0, as_of=when) for when in ("2025", "2026-11")]
    sets.append(make_version_set(pins=0, as_of="2027", status=Status.DRAFT))
    for version_set, specifier in zip(sets, ("^1", "^2", "^3"), strict=True):
        Pin.objects.create(version_set=version_set, package=package, specifier=specifier)
    Pin.objects.create(version_set=sets[1], package=other, extras="x,y", specifier=">=1")

    assert lines(page_of(client, "a"), "Recommended versions") == [["a ^2", "a-more[x,y] >=1"]]


def test_the_guides_own_words_miss_no_source(client: Client) -> None:
    a, b = make("a", "b", licence="MIT")
    make_point(a)
    compared_in("table", a, b)

    page = page_of(client, "a", "b")

    missed = {
        main_text_of(row[0]): [len(cell.findall("sup[@class='none']")) for cell in row[1:]]
        for row in map(list, page.find("table[@class='compared']/tbody/tr"))
        if len(row) > 1
    }
    assert missed == {"Fit": [0, 0], "Pros": [0, 0], "Licence": [1, 1], "Speed": [1, 1]}


# What comparisons say -----------------------------------------------------------------------------


def test_each_comparison_has_its_own_rows_and_they_are_never_merged(client: Client) -> None:
    a, b, _ = make("a", "b", "c")
    compared_in("second", a, b, position=2)
    compared_in("first", b, a, position=1)
    compared_in("alone", a, position=0)
    compared_in("draft", a, b, status=Status.DRAFT)
    compared_in("retired", a, b, status=Status.ARCHIVED)

    page = page_of(client, "a", "b", "c")

    assert page.texts("tr[@class='group']//span") == ["FIRST", "SECOND"]
    assert page.compared()[1:] == [
        ["Speed", "Moderate", "Good", "unknown"],
        ["Speed", "Good", "Moderate", "unknown"],
    ]
    assert [link.get("href") for link in page.find("tbody//th[@scope='row']/a")] == [
        "/comparisons/first/speed/",
        "/comparisons/second/speed/",
    ]


def test_rows_that_fewer_than_two_have_something_in_are_left_out(client: Client) -> None:
    a, b, c = make("a", "b", "c")
    comparison = compared_in("table", a, b, c)
    alone, none, both = (
        Criterion.objects.create(comparison=comparison, slug=slug, name=slug, position=1)
        for slug in ("alone", "none", "both")
    )
    silent = {"rating": None, "word": ""}
    for place, contender in enumerate(comparison.contenders.order_by("technology__slug")):
        state = Cell.State.UNKNOWN
        make_cell(none, contender, state=state, **silent)
        if place:
            make_cell(alone, contender, state=state, **silent)
        else:
            make_cell(alone, contender)
        state = Cell.State.NOT_APPLICABLE if place < 2 else Cell.State.UNKNOWN
        make_cell(both, contender, state=state, **silent)

    assert rows(page_of(client, "a", "b", "c")) == {
        "Speed": ["Good", "Moderate", "Small"],
        "both": ["does not apply", "does not apply", "unknown"],
    }


def test_a_cell_between_two_comparisons_belongs_to_neither(client: Client) -> None:
    a, b = make("a", "b")
    here, there = compared_in("here", a, b), compared_in("there", a, b)
    crossed = Criterion.objects.create(comparison=here, slug="crossed", name="Crossed")
    for contender in there.contenders.all():
        make_cell(crossed, contender)

    assert [row[0] for row in page_of(client, "a", "b").compared()] == [
        "Criterion",
        "Speed",
        "Speed",
    ]


def test_rows_stand_as_on_the_comparisons_own_page(client: Client) -> None:
    a, b = make("a", "b")
    comparison = compared_in("table", a, b)
    groups = [
        comparison.groups.create(slug=slug, name=slug, position=place)
        for slug, place in (("late", 2), ("early", 1))
    ]
    for slug, group, place in (("x", groups[0], 0), ("z", groups[1], 2), ("y", groups[1], 1)):
        row = Criterion.objects.create(
            comparison=comparison, group=group, slug=slug, name=slug, position=place
        )
        for contender in comparison.contenders.all():
            make_cell(row, contender)

    own = read(client, "/comparisons/table/").compared()
    assert [row[0] for row in own] == ["Criterion", "Speed", "y", "z", "x"]
    assert [row[0] for row in page_of(client, "a", "b").compared()] == [row[0] for row in own]


def test_a_comparison_says_when_it_was_last_looked_at(client: Client) -> None:
    a, b = make("a", "b")
    with editions.record("ada", "Tables", Edition.Origin.ADMIN):
        compared_in("checked", a, b, position=1)
        compared_in("changed", a, b, position=2)
    cells = Cell.objects.filter(criterion__comparison__slug="checked").order_by("pk")
    cells.filter(pk=cells[0].pk).update(verified_on=date(2025, 11, 3))
    a.contenders.filter(comparison__slug="checked").update(versions="0.110")
    day = Edition.objects.order_by("number").last().at.date()

    page = page_of(client, "a", "b")

    notes = page.texts("tr[@class='group']//small")
    assert notes == ["checked 2025-11-03, A 0.110", f"changed {day.isoformat()}"]


def test_what_is_stale_is_decided_by_each_comparison(client: Client) -> None:
    a, b = make("a", "b")
    for slug, months in (("short", 1), ("long", 120)):
        compared_in(slug, a, b, review_months=months)
    Cell.objects.update(verified_on=date(2025, 1, 1), source="https://example.org/")

    stale = [text_of(link) for link in page_of(client, "a", "b").find("sup[@class='old']/a")]

    assert len(stale) == 2


def test_fit_is_over_the_rows_of_all_comparisons(client: Client) -> None:
    a, b = make("a", "b")
    compared_in("one", a, b)
    compared_in("two", b, a)

    page = page_of(client, "a", "b")

    assert page.texts("tbody[@class='fit']//b") == ["62.5", "62.5"]
    assert page_of(client, "a").texts("tbody[@class='fit']//b") == []


def test_must_haves_weights_and_order_name_a_row_by_its_comparison(client: Client) -> None:
    compared_in("table", *make("a", "b"))

    page = read(
        client,
        "/compare/?t=a&t=b&must=table.speed.3&sort=table.speed&w=table.speed.5",
    )

    assert page.texts("ul[@class='outs']/li") == [
        "B is ruled out: Speed is Moderate, you need Good or better."
    ]
    assert page.texts("tbody//th[@aria-sort='ascending']/small") == ["Weight 5"]


def test_a_comparison_called_as_a_word_of_addresses_keeps_apart(client: Client) -> None:
    a, b = make("a", "b", licence="MIT")
    compared_in("guide", a, b)
    compared_in("none", a, b)

    page = page_of(client, "a", "b")

    assert [box.get("value") for box in page.find("input[@name='group']")] == [
        "guide",
        "guide.",
        "none.",
    ]
