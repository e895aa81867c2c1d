"""The page of a stack: what fills its roles, with verdict, comparison, release and version."""

from typing import Any

import pytest

from catalog.models import Choice, Listing, Pin, Role, Stack, Status, Technology
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_package_facts,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def stack() -> Stack:
    return make_stack(name="Small", slug="small", roles=0)


def choose(stack: Stack, name: str, technology: Technology | None = None, **fields: Any) -> Choice:
    role, _ = Role.objects.get_or_create(stack=stack, slug="role", name="Framework")
    technology = technology or make_technology(name=name, slug=name.lower())
    return Choice.objects.create(role=role, technology=technology, **fields)


def pin(version_set: Any, technology: Technology, specifier: str, **fields: Any) -> None:
    package = technology.packages.first() or make_package(technology, name=technology.slug)
    Pin.objects.create(version_set=version_set, package=package, specifier=specifier, **fields)


def test_roles_are_shown_with_what_fills_them(client):
    stack = make_stack(roles=0, introduction="For *prototypes*.")
    queue = Role.objects.create(
        stack=stack, slug="queue", name="Task Queue", mode=Role.Mode.ONE_OF, position=2
    )
    database = Role.objects.create(stack=stack, slug="database", name="Database", position=1)
    Role.objects.create(stack=stack, slug="empty", name="Empty", position=3)
    Choice.objects.create(
        role=database,
        technology=make_technology(name="PostgreSQL", slug="postgresql"),
        version="18",
        with_technology=make_technology(name="asyncpg", slug="asyncpg"),
        note="async",
    )
    Choice.objects.create(role=queue, technology=make_technology(name="Second"), position=2)
    Choice.objects.create(role=queue, technology=make_technology(name="First"), position=1)

    page = read(client, stack.get_absolute_url())

    assert page.texts("main//p") == ["For prototypes."]
    assert [row[:2] for row in page.table()[1:]] == [
        ["Database", "PostgreSQL 18 (asyncpg) (async)"],
        ["Task Queue (one of)", "First chosen"],
        ["Second choose Second", ""],
    ]
    assert page.links("table")[:2] == [
        ("PostgreSQL", "/technologies/postgresql/"),
        ("asyncpg", "/technologies/asyncpg/"),
    ]


def test_a_stack_names_no_drafts(client, stack):
    draft = make_technology(name="Draft", status=Status.DRAFT)
    make_package_facts(make_package(draft), latest_version="9.9")
    pin(make_version_set(pins=0), draft, ">=9.9")
    choose(stack, "", draft)
    shown = choose(stack, "Shown", with_technology=draft)

    page = read(client, stack.get_absolute_url())

    assert page.table()[1:] == [["Framework", "Shown", *[""] * 5]]
    assert page.links() == [("Shown", shown.technology.get_absolute_url())]


def test_a_choice_says_its_strongest_verdict_and_leads_to_category_and_comparison(client, stack):
    flask = choose(stack, "Flask").technology
    web = make_category(name="Web", slug="web")
    make_listing(make_category(name="First"), flask, verdict=Listing.Verdict.LISTED)
    make_listing(web, flask, qualifier="for Simple APIs", best_for="forms", because="It is small.")
    make_listing(make_category(name="Draft", status=Status.DRAFT), flask)
    comparison = make_comparison(title="Frameworks", slug="frameworks", contenders=0, criteria=1)
    row = comparison.criteria.get()
    make_cell(row, make_contender(comparison, technology=flask), rating=2)
    make_cell(row, make_contender(comparison), rating=4)

    page = read(client, stack.get_absolute_url())

    assert page.table()[1][2:5] == [
        "Recommended for Simple APIs in Web",
        "forms Why Flask It is small.",
        "50.0, 2nd of 2 in Frameworks",
    ]
    assert page.links("table")[1:] == [
        ("Web", "/categories/web/"),
        ("Frameworks", "/comparisons/frameworks/"),
    ]


def test_what_is_at_its_end_says_so_and_what_to_take_instead(client, stack):
    redis = make_technology(name="redis-py", slug="redis-py")
    gone = {"lifecycle": Technology.Lifecycle.END_OF_LIFE, "replaced_by": redis}
    choose(stack, "", make_technology(name="aioredis", lifecycle_note="since 2023", **gone))
    driver = make_technology(name="Old", replaced_by=make_technology(status=Status.DRAFT))
    choose(stack, "Base", with_technology=driver)
    choose(stack, "", make_technology(lifecycle=Technology.Lifecycle.ACTIVE))

    page = read(client, stack.get_absolute_url())

    assert sorted(page.texts("td[@class='why']")) == [
        *["", ""],
        "aioredis: end of life, since 2023; take redis-py instead",
    ]
    assert page.links("td[@class='why']") == [("redis-py", "/technologies/redis-py/")]


def test_the_newest_release_and_the_version_to_take_stand_beside_it(client, stack):
    database = make_technology(name="PostgreSQL")
    driver = make_technology(name="Psycopg", slug="psycopg")
    make_package_facts(
        make_package(driver, name="psycopg"), latest_version="3.3.9", released_on="2026-11-12"
    )
    choose(stack, "", database, with_technology=driver)
    version_set = make_version_set(title="Now", slug="now", as_of="2026-11", pins=0)
    pin(version_set, driver, ">=3.3.9,<4", extras="binary", group=Pin.Group.DEV)

    page = read(client, stack.get_absolute_url())

    assert page.table()[1][5:] == [
        "3.3.9 psycopg 2026-11",
        "psycopg[binary]>=3.3.9,<4 for development",
    ]
    assert ("Now", "/versions/now/") in page.links()


def test_of_the_newest_sets_the_one_that_suits_best_is_taken(client, stack):
    django = choose(stack, "Django", version="5.2 LTS").technology
    celery = choose(stack, "Celery").technology
    sets = {
        name: make_version_set(title=name, slug=name, as_of=day, status=status, pins=0)
        for name, day, status in [
            ("a-newest-django", "2026-11", Status.PUBLISHED),
            ("b-lts", "2026-11", Status.PUBLISHED),
            ("c-without-django", "2026-11", Status.PUBLISHED),
            ("d-old", "2025", Status.PUBLISHED),
            ("e-draft", "2026-12", Status.DRAFT),
        ]
    }
    for name, version_set in sets.items():
        pin(version_set, celery, ">=5.7,<6")
        if name != "c-without-django":
            pin(version_set, django, ">=15.2,<16" if name[0] == "a" else ">=5.2.19,<5.3")

    page = read(client, stack.get_absolute_url())

    assert ("b-lts", "/versions/b-lts/") in page.links()
    assert [row[-1] for row in page.table()[1:]] == ["celery>=5.7,<6", "django>=5.2.19,<5.3"]
