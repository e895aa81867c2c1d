"""The page of a technology, of a category and of a stack."""

from datetime import date

import pytest

from catalog.models import Choice, Listing, Point, Status, Technology
from tests.factories import (
    make_alias,
    make_category,
    make_cell,
    make_companion,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
)
from tests.reading import read, text_of

pytestmark = pytest.mark.django_db


def test_its_summary_stands_on_the_page_and_in_its_head(client):
    technology = make_technology(summary="It <does> much.")

    page = read(client, technology.get_absolute_url())

    assert page.texts("p[@class='lede']") == ["It <does> much."]
    (described,) = page.find("meta[@name='description']")
    assert described.get("content") == "It <does> much."


def test_what_the_guide_does_not_know_is_said_in_a_list_of_its_own(client):
    page = read(client, make_technology().get_absolute_url())

    assert page.facts() == [("Lifecycle", ["not checked"])]
    assert page.texts("section[@aria-labelledby='gaps']/ul/li") == [
        "A verdict",
        "What it is",
        "Whether it is still kept up",
        "Website, documentation and source code",
        "Its licence",
        "What speaks for it, against it, when to use it and when to avoid it",
    ]


def test_of_what_is_known_nothing_is_asked(client):
    technology = make_technology(
        summary="A library.",
        lifecycle=Technology.Lifecycle.ACTIVE,
        licence="MIT",
        website="https://example.org/",
        documentation="https://example.org/",
        repository="https://example.org/code",
    )
    make_listing(make_category(name="Web"), technology, because="It is measured.")
    make_listing(make_category(name="Tools"), technology)
    for kind in Point.Kind:
        make_point(technology, kind=kind)
    make_package(technology)

    page = read(client, technology.get_absolute_url())

    assert page.texts("section[@aria-labelledby='gaps']/ul/li") == [
        "The reason for its verdict in Tools",
        "Its newest release",
    ]
    assert ("Website and documentation", "https://example.org/") in page.links()


def test_every_fact_is_shown_with_what_it_rests_on(client):
    technology = make_technology(
        kind=Technology.Kind.FRAMEWORK,
        lifecycle=Technology.Lifecycle.MAINTENANCE,
        lifecycle_note="only fixes",
        lifecycle_source="https://example.org/says-so",
        lifecycle_verified_on=date(2026, 11, 22),
        replaced_by=make_technology(name="Newer", slug="newer"),
        licence="MIT",
        website="https://example.org/",
        documentation="https://example.org/docs",
        repository="https://example.org/code",
    )
    make_alias(technology, slug="b", name="Second name")
    make_alias(technology, slug="a", name="First name")

    page = read(client, technology.get_absolute_url())

    assert page.texts("main/p") == [
        "Framework, MIT",
        "On its lifecycle: only fixes",
    ]
    assert page.facts() == [
        ("Lifecycle", ["maintenance only: use Newer instead source checked 2026-11-22"]),
        ("Also called", ["First name, Second name"]),
    ]
    assert page.links("dl") == [
        ("Newer", "/technologies/newer/"),
        ("source", "https://example.org/says-so"),
    ]
    assert page.links("div[@class='install']") == [
        ("Website", "https://example.org/"),
        ("Documentation", "https://example.org/docs"),
        ("Source code", "https://example.org/code"),
    ]


def test_packages_are_shown_with_what_the_index_says(client):
    technology = make_technology()
    make_package(technology, name="plain", position=1)
    known = make_package(technology, name="known", position=2)
    make_package_facts(
        known,
        latest_version="5.10",
        released_on="2026-11-22",
        requires_python=">=3.11",
        is_yanked=True,
    )

    page = read(client, technology.get_absolute_url())

    assert page.texts("section[@aria-labelledby='packages']/ul/li") == [
        "plain",
        "known 5.10, released 2026-11-22, Python >=3.11, yanked index read 2026-11-22",
    ]
    assert page.facts()[-1] == (
        "Newest release",
        ["5.10, 2026-11-22 Python >=3.11, index read 2026-11-22"],
    )


@pytest.mark.parametrize(
    ("released_on", "read_on", "expected"),
    [
        ("2023-05", "2026-11", "released 2023-05, no release for 3 years index read 2026-11"),
        ("2017-02", "2026-11", "released 2017-02, no release for 9 years index read 2026-11"),
        # Surely three years, whichever day it was.
        ("2023-11", "2026-11", "released 2023-11 index read 2026-11"),
        ("2023-10", "2026-11", "released 2023-10, no release for 3 years index read 2026-11"),
        (
            "2023-11-22",
            "2026-11-22",
            "released 2023-11-22, no release for 3 years index read 2026-11-22",
        ),
        ("2023-11-23", "2026-11-22", "released 2023-11-23 index read 2026-11-22"),
        ("2022", "2026", "released 2022, no release for 3 years index read 2026"),
        ("2023", "2026", "released 2023 index read 2026"),
        ("2026-12", "2020-11", "released 2026-12 index read 2020-11"),
        ("", "2026-11", "index read 2026-11"),
    ],
)
def test_years_without_a_release_are_said_from_three_on(client, released_on, read_on, expected):
    technology = make_technology()
    package = make_package(technology, name="quiet")
    make_package_facts(package, released_on=released_on, read_on=read_on, latest_version="1.0")

    said = read(client, technology.get_absolute_url()).section("packages")

    assert said.removeprefix("Package ") == f"quiet 1.0{',' if released_on else ''} {expected}"


def test_what_the_index_says_of_the_project_is_said(client):
    technology = make_technology(lifecycle=Technology.Lifecycle.FINISHED)
    package = make_package(technology, name="left")
    make_package_facts(package, project_status="archived", released_on="", read_on="nonsense")

    page = read(client, technology.get_absolute_url())

    assert page.facts()[0] == ("Lifecycle", ["finished, not dead"])
    assert page.section("packages") == "Package left 1.2.3, archived index read nonsense"


@pytest.mark.parametrize("day", ["some day", "12", "x", "2020-13"])
def test_days_that_nobody_validated_break_no_page(client, day):
    technology = make_technology()
    make_package_facts(make_package(technology), released_on=day, read_on="2026-11")

    response = client.get(technology.get_absolute_url())

    assert response.status_code == 200
    assert "no release for" not in response.text


def test_points_stand_under_their_kind_in_their_order(client):
    technology = make_technology()
    make_point(technology, kind=Point.Kind.AVOID_WHEN, text="It is large")
    make_point(technology, kind=Point.Kind.USE_WHEN, text="It is small")
    make_point(technology, kind=Point.Kind.PRO, text="Second", position=20)
    make_point(technology, kind=Point.Kind.PRO, text="First", position=10)
    make_point(technology, kind=Point.Kind.CON, text="Slow")

    page = read(client, technology.get_absolute_url())

    assert page.lists()[:4] == [
        ("Pros", ["First", "Second"]),
        ("Cons", ["Slow"]),
        ("Use when", ["It is small"]),
        ("Avoid when", ["It is large"]),
    ]


def test_verdicts_are_shown_with_their_category_and_reasons(client):
    category = make_category(name="APIs & more", slug="apis")
    listing = make_listing(
        category,
        verdict=Listing.Verdict.SITUATIONAL,
        label="fancy[all]",
        requirement="fancy-package[all]",
        qualifier="for Simple APIs",
        best_for="Prototypes",
        note="A note.",
        because="It is small.",
    )

    make_listing(make_category(name="Lists"), listing.technology, verdict=Listing.Verdict.LISTED)
    make_listing(make_category(name="Tools"), listing.technology, position=3)

    page = read(client, listing.technology.get_absolute_url())

    assert page.facts()[0] == ("Verdict", ["Recommended in Tools"])
    assert ("APIs & more", "/categories/apis/") in page.links("table")
    assert page.table() == [
        ["Category", "Verdict", "Best for, and why"],
        ["Tools", "Recommended", "No reason is written yet."],
        [
            "APIs & more",
            "Situational for Simple APIs",
            "fancy[all] fancy-package[all] Prototypes A note. It is small.",
        ],
        ["Lists", "Listed", ""],
    ]


def test_companions_stand_under_their_group_and_on_both_pages(client):
    database = make_technology(name="PostgreSQL", slug="postgresql")
    driver = make_technology(name="psycopg", slug="psycopg")
    make_companion(
        database,
        companion=driver,
        group="Libraries",
        label="psycopg3",
        requirement="psycopg[binary]",
        note="Modern driver",
        position=20,
    )
    make_companion(
        database, companion=make_technology(name="asyncpg"), group="Libraries", position=10
    )

    page = read(client, database.get_absolute_url())
    other = read(client, driver.get_absolute_url())

    assert page.section("goes-with") == (
        "Goes with Libraries asyncpg psycopg3 psycopg[binary]: Modern driver"
    )
    assert ("psycopg3", "/technologies/psycopg/") in page.links("section")
    assert other.section("goes-with") == "Goes with Companion of PostgreSQL: Modern driver"
    assert ("PostgreSQL", "/technologies/postgresql/") in other.links("section")


def test_code_and_stacks_of_the_technology_are_shown(client):
    technology = make_technology()
    make_snippet(technology=technology, title="How to", code="x = 1\n")
    stack = make_stack(name="Small", choices=0)
    Choice.objects.create(role=stack.roles.get(), technology=technology)
    beside = make_stack(name="Smaller")
    filled_by = Choice.objects.get(role__stack=beside).technology
    Choice.objects.filter(role__stack=beside).update(with_technology=technology)

    page = read(client, technology.get_absolute_url())

    assert page.texts("section")[0] == "How to Copy x = 1"
    assert page.section("stacks") == (
        f"In these stacks Small: Role 0 Smaller: Role 0, with {filled_by}"
    )


def test_how_it_fares_is_said_for_each_comparison(client):
    category = make_category()
    table = make_comparison(slug="web", title="Web", contenders=0, criteria=2, category=category)
    names = {"Fast": (0, 1), "Slow": (4, 4)}
    for name, ratings in names.items():
        technology = make_technology(name=name, slug=name.lower())
        contender = make_contender(table, technology=technology, versions=f"{name} 2.0")
        for criterion, rating in zip(table.criteria.all(), ratings, strict=True):
            make_cell(criterion, contender, rating=rating)
    make_listing(category, Technology.objects.get(slug="fast"))

    page = read(client, "/technologies/fast/")

    fares = [text_of(cell) for cell in page.find("table[@class='entries fares']/tbody/tr/*")]
    assert fares == [
        "Web judged at Fast 2.0",
        "12.5, 2nd of 2",
        "0 of 2 rows",
        "2 of 2 rows: Criterion 0, Criterion 1",
    ]
    assert page.texts("p[@class='look']") == ["Recommended, but Slow leads “Web” with 100.0."]
    assert ("Criterion 0", "/comparisons/web/criterion-0/") in page.links("table")
    assert page.section("compare") == "Compare with Slow, first in Web another …"


def test_code_is_coloured_and_stands_there_to_the_last_character(client):
    technology, code = make_technology(), "\n  if a < b:\n\treturn '“x”'\n\n"
    snippet = make_snippet(technology=technology, code=code)

    page = read(client, technology.get_absolute_url())

    (shown,) = page.find("pre[@tabindex]/code")
    assert "".join(shown.itertext()) == code
    assert [text_of(word) for word in shown.findall("span[@class='k']")] == ["if", "return"]
    (button,) = page.find("button[@data-sg-copy]")
    (copied,) = page.find(f"*[@id='{button.get('data-sg-copy').removeprefix('#')}']")
    assert "".join(copied.itertext()) == snippet.code


def test_an_archived_technology_stays_with_a_banner_and_its_replacement(client):
    newer = make_technology(name="Newer", slug="newer")
    archived = make_technology(status=Status.ARCHIVED, replaced_by=newer)

    page = read(client, archived.get_absolute_url())

    assert page.texts("p[@class='banner']") == [
        "Archived: kept for those who look it up, no longer maintained. Take instead: Newer."
    ]
    assert page.links("p[@class='banner']") == [("Newer", "/technologies/newer/")]
    assert [meta.get("content") for meta in page.find("meta[@name='robots']")] == ["noindex"]


def test_an_archived_technology_keeps_its_verdicts(client):
    archived = make_technology(status=Status.ARCHIVED)
    make_listing(make_category(name="Web"), archived, qualifier="for Simple APIs")
    make_listing(make_category(status=Status.ARCHIVED), archived)

    page = read(client, archived.get_absolute_url())

    assert page.table()[1:] == [["Web", "Recommended for Simple APIs", "No reason is written yet."]]


def test_it_can_be_put_beside_others_of_its_categories(client):
    category = make_category()
    names = {"Flask": "framework", "gunicorn": "server", "Django": "framework"}
    for place, (name, kind) in enumerate(names.items()):
        technology = make_technology(name=name, slug=name.lower(), kind=kind)
        make_listing(category, technology, position=place)
    draft = make_technology(name="Draft", status=Status.DRAFT, kind="framework")
    make_listing(category, draft)

    page = read(client, "/technologies/flask/")

    assert page.links("section[@aria-labelledby='compare']") == [
        ("Django", "/compare/?t=flask&t=django"),
        ("gunicorn", "/compare/?t=flask&t=gunicorn"),
        ("another …", "/compare/?t=flask"),
    ]


def test_drafts_are_not_named(client):
    draft = make_technology(name="Draft technology", status=Status.DRAFT)
    technology = make_technology(status=Status.ARCHIVED, replaced_by=draft)
    make_listing(make_category(name="Draft category", status=Status.DRAFT), technology)
    make_companion(technology, companion=draft)
    make_companion(draft, companion=technology)
    comparison = make_comparison(title="Draft comparison", status=Status.DRAFT)
    make_contender(comparison, technology=technology)
    stack = make_stack(name="Draft stack", choices=0, status=Status.DRAFT)
    Choice.objects.create(role=stack.roles.get(), technology=technology)

    page = read(client, technology.get_absolute_url())

    assert page.links() == [("another …", f"/compare/?t={technology.slug}")]
    assert page.texts("h2") == ["Compare with", "Not known yet"]
    assert page.facts() == [("Lifecycle", ["not checked"])]
    assert page.texts("p[@class='banner']") == [
        "Archived: kept for those who look it up, no longer maintained."
    ]


# A category ---------------------------------------------------------------------------------------


def test_entries_stand_by_verdict_and_then_in_their_order_with_their_line_of_truth(client):
    category = make_category()
    make_listing(category, label="third[extra]", verdict=Listing.Verdict.LISTED, position=1)
    make_listing(category, make_technology(name="Second"), position=20)
    first = make_technology(
        name="First", licence="MIT", lifecycle="active", lifecycle_verified_on=date(2026, 11, 22)
    )
    make_package_facts(make_package(first), latest_version="2.0", requires_python=">=3.11")
    make_listing(
        category,
        first,
        qualifier="for Modern APIs",
        best_for="Microservices",
        note="A note.",
        because="It is measured.",
        position=10,
    )

    page = read(client, category.get_absolute_url())

    why = "Microservices A note. It is measured."
    assert page.table() == [
        [
            *("Technology", "Verdict", "Best for, and why", "Lifecycle"),
            *("Newest", "Python", "Licence", "Compare"),
        ],
        [
            *("First", "Recommended for Modern APIs", why, "active checked 2026-11-22"),
            *("2.0 2026-11", ">=3.11", "MIT", ""),
        ],
        ["Second", "Recommended", "No reason is written yet.", "not checked", "", "", "", ""],
        ["third[extra]", "Listed", "", "not checked", "", "", "", ""],
    ]


def test_the_answer_of_its_comparison_stands_before_its_entries(client):
    category = make_category(name="Web")
    table = make_comparison(category=category, slug="web", title="Frameworks", contenders=0)
    for name, rating in {"Fast": 4, "Slow": 1}.items():
        technology = make_technology(name=name)
        contender = make_contender(table, technology=technology)
        for criterion in table.criteria.all():
            make_cell(criterion, contender, rating=rating)
        make_listing(category, technology)
    make_listing(category, make_technology(name="Other"))

    page = read(client, category.get_absolute_url())

    assert page.texts("h2") == ["Fast leads with 100.0, 75.0 ahead of Slow (25.0).", "In the guide"]
    assert page.links("section")[0] == ("Open the comparison “Frameworks”", "/comparisons/web/")
    assert page.texts("ul[@class='strips']/li") == ["Fast 100.0", "Slow 25.0"]
    assert len(page.find("{http://www.w3.org/2000/svg}svg")) == 2
    assert [(row[0], row[3]) for row in page.table()[1:]] == [
        ("Fast", "100.0, 1st of 2"),
        ("Slow", "25.0, 2nd of 2"),
        ("Other", "not compared"),
    ]
    assert page.texts("p[@class='look']") == [
        "Recommended, but Fast leads “Frameworks” with 100.0."
    ]


def test_the_categorys_own_words_are_shown(client):
    category = make_category(
        parent=make_category(name="Above", slug="above"),
        qualifier="FastAPI Built-in",
        best_for="REST APIs",
        introduction="Some *words*.",
    )

    page = read(client, category.get_absolute_url())

    assert page.links("nav[@aria-label='Breadcrumb']") == [
        ("Categories", "/categories/"),
        ("Above", "/categories/above/"),
    ]
    assert page.texts("main//p") == [
        "FastAPI Built-in",
        "Best for: REST APIs",
        "Some words.",
        "Nothing is listed here yet.",
    ]
    assert page.texts("main//p/em") == ["words"]


def test_categories_below_are_shown_with_their_listings(client):
    top = make_category()
    make_category(parent=top, name="Second", position=2)
    first = make_category(
        parent=top, name="First", qualifier="Built-in", best_for="All", position=1
    )
    make_listing(first, make_technology(name="Strawberry"))

    page = read(client, top.get_absolute_url())

    assert page.texts("h2") == ["First", "Second"]
    assert page.texts("section/p") == ["Built-in", "Best for: All"]
    assert [row[:2] for row in page.table()[1:]] == [["Strawberry", "Recommended"]]
    assert page.texts("main/p") == []


def test_comparisons_and_code_of_the_category_are_shown(client):
    category = make_category()
    comparison = make_comparison(category=category, title="Side by side", criteria=0)
    make_snippet(category=category, title="How to", code="a < b\n", run_with="python 3.11")

    page = read(client, category.get_absolute_url())

    assert page.texts("h2") == ["Side by side", "How to"]
    assert page.links("section") == [
        ("Open the comparison “Side by side”", comparison.get_absolute_url())
    ]
    assert page.texts("pre/code") == ["a < b"]
    assert page.texts("section/p") == ["Run with python 3.11"]


def test_an_archived_category_keeps_its_listings(client):
    archived = make_category(status=Status.ARCHIVED)
    make_listing(archived, make_technology(name="Flask"))
    make_listing(archived, make_technology(status=Status.ARCHIVED))

    page = read(client, archived.get_absolute_url())

    assert [row[:2] for row in page.table()[1:]] == [["Flask", "Recommended"]]


def test_a_category_names_no_drafts(client):
    category = make_category(parent=make_category(name="Draft above", status=Status.DRAFT))
    make_listing(category, make_technology(name="Draft technology", status=Status.DRAFT))
    make_comparison(category=category, title="Draft comparison", status=Status.DRAFT)

    page = read(client, category.get_absolute_url())

    assert page.links() == []
    assert page.texts("main") == [f"{category.name} Nothing is listed here yet."]


def test_drafts_below_are_not_named(client):
    top = make_category()
    make_category(parent=top, name="Draft below", status=Status.DRAFT)

    page = read(client, top.get_absolute_url())

    assert page.texts("main") == [f"{top.name} Nothing is listed here yet."]


def test_what_is_listed_can_be_ticked_to_be_compared(client):
    category = make_category(slug="web")
    child = make_category(parent=category)
    for slug, place in (("django", category), ("flask", child)):
        make_listing(place, make_technology(slug=slug, name=slug.capitalize()))

    page = read(client, "/categories/web/")

    boxes = [(box.get("value"), box.get("aria-label")) for box in page.find("input[@form='tray']")]
    assert boxes == [("django", "Compare Django"), ("flask", "Compare Flask")]
    (tray,) = page.find("form[@id='tray']")
    assert (tray.get("method"), tray.get("action")) == ("get", "/compare/")


def test_where_nothing_is_listed_nothing_is_compared(client):
    page = read(client, make_category().get_absolute_url())

    assert page.find("form[@id='tray']") == []
