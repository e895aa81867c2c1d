"""How many queries an address takes: as many for much as for little."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pytest

from catalog.comparison import tables
from catalog.history import editions
from catalog.models import Choice, Edition, Pin
from catalog.urls import urlpatterns
from tests.factories import (
    make_alias,
    make_category,
    make_cell,
    make_companion,
    make_comparison,
    make_contender,
    make_guide,
    make_listing,
    make_measurement,
    make_migration,
    make_package,
    make_package_facts,
    make_piece,
    make_point,
    make_snippet,
    make_stack,
    make_support_window,
    make_technology,
    make_version_set,
)
from tests.searching import index_all
from tests.side_by_side import SWAP, compared_in, make

pytestmark = pytest.mark.django_db


def home(size: int) -> str:
    make_guide(introduction="Words.", closing="Words.")
    for _ in range(size):
        top = make_category()
        for category in (top, *[make_category(parent=top) for _ in range(size)]):
            for _ in range(size):
                make_listing(category)
        make_comparison(category=top)
        make_stack()
        make_version_set()
    return "/"


def category_list(size: int) -> str:
    for _ in range(size):
        make_listing(make_category(parent=make_category()))
    return "/categories/"


def category_detail(size: int) -> str:
    shown = make_category(parent=make_category(), introduction="Words.")
    for _ in range(size):
        listed = make_technology(replaced_by=make_technology())
        make_package_facts(make_package(listed))
        make_listing(shown, listed)
        make_comparison(category=shown)
        make_snippet(category=shown)
        make_listing(make_category(parent=shown))
    return shown.get_absolute_url()


def technology_list(size: int) -> str:
    for _ in range(size):
        listed = make_technology(replaced_by=make_technology())
        make_package_facts(make_package(listed))
        make_listing(make_category(parent=make_category()), listed)
        make_contender(make_comparison(), technology=listed)
    chosen = "&".join(f"t={one.slug}" for one in make(*"abc"[:size]))
    return f"/technologies/?verdict=recommended&kind=library&{chosen}"


def search(size: int) -> str:
    technology_list(size)
    make_listing(make_category(name="Web"), make_technology(name="Django", slug="django"))
    index_all()
    return "/search/?q=django"


def search_options(size: int) -> str:
    search(size)
    return "/search/options/?q=djnago+web"


def technology_list_found(size: int) -> str:
    address = technology_list(size)
    make_technology(name="Django")
    index_all()
    return f"{address}&text=djnago&sort=release"


def technology_detail(size: int) -> str:
    with editions.record("", "", Edition.Origin.COMMAND):
        shown = make_technology(description="Words.", replaced_by=make_technology())
        make_version_set()
    for number in range(size):
        with editions.record("", "", Edition.Origin.COMMAND):
            make_listing(technology=shown, note=f"Before {number}")
            make_companion(shown)
        with editions.record("", "", Edition.Origin.COMMAND):
            shown.listings.update(note=f"After {number}")
        make_alias(shown)
        make_package_facts(make_package(shown))
        make_package(shown)
        make_point(shown)
        make_companion(shown)
        make_companion(companion=shown)
        make_migration(shown)
        make_migration(to=shown)
        make_support_window(shown)
        make_listing(technology=shown)
        make_snippet(technology=shown)
        comparison = make_comparison()
        make_cell(comparison.criteria.first(), make_contender(comparison, technology=shown))
        Choice.objects.create(role=make_stack().roles.get(), technology=shown)
    return shown.get_absolute_url()


def comparison_list(size: int) -> str:
    for _ in range(size):
        make_comparison(contenders=size)
    return "/comparisons/"


def comparison_detail(size: int, after: str = "/") -> str:
    make_comparison(slug="table", contenders=size, criteria=size, introduction="Words.")
    return f"/comparisons/table{after}"


def measurements(size: int) -> str:
    for _ in range(size):
        comparison = make_comparison(contenders=size, criteria=size)
        comparison.cells().update(measurement=make_measurement())
    return "/measurements/"


def compare(size: int) -> str:
    technologies = make(*"abcd"[: size + 1], replaced_by=make_technology())
    shelf = make_category()
    version_set = make_version_set(pins=0)
    for one in technologies:
        make_listing(shelf, one)
        make_listing(technology=one)
        make_point(one)
        make_companion(one)
        package = make_package_facts(make_package(one)).package
        Pin.objects.create(version_set=version_set, package=package, specifier="^1")
        Choice.objects.create(role=make_stack().roles.get(), technology=one)
    for number in range(size):
        compared_in(f"table-{number}", *technologies)
        make_listing(shelf)
    return "/compare/?" + urlencode([("t", one.slug) for one in technologies])


def compare_file(size: int, suffix: str) -> str:
    shown = make_comparison(contenders=size + 1, criteria=2, slug="table")
    slugs = shown.contenders.values_list("technology__slug", flat=True)
    return f"/compare.{suffix}?" + urlencode([("t", slug) for slug in slugs])


def stack_list(size: int) -> str:
    for _ in range(size):
        make_stack(roles=size, choices=size)
    return "/stacks/"


def stack_detail(size: int) -> str:
    shown = make_stack(roles=size, choices=size, introduction="Words.")
    Choice.objects.update(with_technology=make_technology())
    version_set = make_version_set(pins=0)
    for choice in Choice.objects.all():
        make_listing(technology=choice.technology)
        package = make_package(choice.technology)
        make_package_facts(package)
        Pin.objects.create(version_set=version_set, package=package, specifier="^1")
        make_contender(make_comparison(), technology=choice.technology)
    return shown.get_absolute_url()


def project(size: int, after: str) -> str:
    """A stack with a project of two editions, and what follows its address."""
    with editions.record("", "", Edition.Origin.COMMAND):
        address = stack_detail(size)
        first = Choice.objects.order_by("pk").first().technology
        for name in ("develop", "serve", "migrate"):
            make_piece(first, path="", slot=name)
        for number in range(size):
            make_piece(first, path=f"{number}.txt")
    number = editions.number_now()
    with editions.record("", "", Edition.Origin.COMMAND):
        make_piece(first)
    return address + after.format(number)


def version_list(size: int) -> str:
    for _ in range(size):
        make_version_set(pins=size)
    return "/versions/"


def version_detail(size: int, after: str = "") -> str:
    return make_version_set(pins=size, introduction="Words.").get_absolute_url() + after


def upgrade(size: int) -> str:
    old, new = (make_version_set(slug=slug, pins=0, as_of=slug) for slug in ("2025", "2026"))
    for number in range(size):
        for name, sets in (("both", (old, new)), ("gone", (old,)), ("new", (new,))):
            package = make_package(name=f"{name}-{number}")
            if name != "new":
                make_package_facts(package, latest_version="3.0")
            for version_set in sets:
                Pin.objects.create(version_set=version_set, package=package, specifier="^1.0")
    return "/versions/2026/?against=2025"


def sitemap(size: int) -> str:
    for _ in range(size):
        make_category()
        make_technology()
    return "/sitemap.xml"


# By the name of its address, how it is filled and how many queries it takes.
QUERIES: dict[str, tuple[Callable[[int], str], int]] = {
    # guide and its words 2, categories 4, tables 6, changes 1, stacks 3, sets 1; edition 2
    "home": (home, 19),
    "category_list": (category_list, 6),
    "category_detail": (category_detail, 16),
    # edition 2; standings 6; names; categories; all with their listings; page with its rows 4
    "technology_list": (technology_list, 15),
    # what is found 3, when it was released
    "technology_list?text": (technology_list_found, 15),
    # edition 2; standings 6; of itself 12; words, pins, rivals 3; what changed 3: slugs that moved,
    # revisions, and the pages of what they name
    "technology_detail": (technology_detail, 26),
    "comparison_list": (comparison_list, 8),
    "comparison_detail": (comparison_detail, 9),
    "comparison_file?csv": (lambda size: comparison_detail(size, ".csv"), 8),
    "comparison_file?md": (lambda size: comparison_detail(size, ".md"), 8),
    "comparison_file?json": (lambda size: comparison_detail(size, ".json"), 8),
    "criterion_detail": (lambda size: comparison_detail(size, "/criterion-0/"), 6),
    # edition 2; measurements, their cells
    "measurements": (measurements, 4),
    "compare": (compare, 18),
    "compare_file?csv": (lambda size: compare_file(size, "csv"), 15),
    "compare_file?md": (lambda size: compare_file(size, "md"), 15),
    "compare_file?json": (lambda size: compare_file(size, "json"), 15),
    # What was asked before is kept: the edition 2.
    "search": (search, 2),
    "search_options": (search_options, 2),
    "opensearch": (lambda size: "/opensearch.xml", 0),
    "stack_list": (stack_list, 5),
    # stack, roles, choices; what its technologies and the sets say 15; words,
    # verdicts, packages; other stacks; tables 6; edition 2
    "stack_detail": (stack_detail, 30),
    # edition 2, stack 3, what technologies and sets say 15
    **{
        f"stack_{name}": (partial(project, after=after), 20)
        for name, after in {
            "pyproject": "pyproject.toml",
            "requirements": "requirements.txt",
            "support": "support.ics",
            "archive": "project.tar",
            "project": "project/",
            "project_file": "project/0.txt",
        }.items()
    },
    # then: slugs that moved, the stack, technologies, sets
    "stack_since": (partial(project, after="since/{}"), 24),
    "stack_since_file": (partial(project, after="since/{}.patch"), 24),
    "version_list": (version_list, 4),
    "version_detail": (version_detail, 6),
    "version_detail?against": (upgrade, 9),
    "version_pyproject": (lambda size: version_detail(size, "pyproject.toml"), 4),
    "sitemap": (sitemap, 7),
    "robots": (lambda size: "/robots.txt", 0),
}


def test_every_address_is_counted():
    counted = {name.partition("?")[0] for name in QUERIES}

    assert counted == {pattern.name for pattern in urlpatterns} - {"favicon"}  # leads to a file


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, name, size):
    fill, queries = QUERIES[name]
    address = fill(size)
    assert client.get(address).status_code == 200  # renders the Markdown
    tables.forget()

    with django_assert_num_queries(queries):
        client.get(address)


def test_a_table_that_is_kept_takes_fewer(client, django_assert_num_queries):
    address = comparison_detail(3)
    client.get(address)

    with django_assert_num_queries(4):
        client.get(address)


@pytest.mark.parametrize(
    ("fill", "queries"), [(category_detail, 10), (technology_list, 9), (technology_detail, 17)]
)
def test_with_what_is_kept_of_comparisons_a_page_takes_six_less(
    client, django_assert_num_queries, fill, queries
):
    address = fill(2)
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)


def test_a_fragment_takes_as_many_as_its_page_and_nobody_few(client, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/compare/")
    address = compare(3)

    with django_assert_num_queries(18):
        assert client.get(address, headers=SWAP).status_code == 200
