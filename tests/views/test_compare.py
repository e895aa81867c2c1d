"""What is said of any technologies put side by side."""

from datetime import date

import pytest

from catalog.models import Cell, Choice, Criterion, Pin, Status
from tests.factories import (
    make_category,
    make_cell,
    make_companion,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read, text_of
from tests.side_by_side import (
    blocks,
    compared_in,
    facts,
    make,
    page_of,
    said,
)

pytestmark = pytest.mark.django_db

NOTHING = ["nothing written"]

# What the guide knows and says --------------------------------------------------------------------


def test_technologies_stand_in_the_order_of_the_address(client):
    make("a", "b", "c", licence="MIT")

    page = page_of(client, "c", "a")

    assert page.texts("table/thead/tr/th") == ["C", "A"]
    assert page.texts("h1") == ["C and A compared"]
    assert page.texts("title") == ["C and A compared · StackGuide"]


def test_many_names_are_cut_in_the_title(client):
    make(*"abcde")

    assert page_of(client, *"abcde").texts("h1") == ["A, B, C and 2 more compared"]


def test_what_the_guide_says_of_each_stands_in_rows(client):
    a, b = make("a", "b")
    web, tools = make_category(name="Web"), make_category(name="Tools")
    make_listing(tools, a, verdict="listed", best_for="scripts")
    make_listing(web, a, qualifier="for Modern APIs", best_for="APIs", because="It is fast.")
    make_listing(web, b, verdict="avoid", best_for="nothing", note="It is old.")
    for kind in ("pro", "con", "use-when", "avoid-when"):
        make_point(a, kind=kind, text=f"First {kind}", position=1)
        make_point(a, kind=kind, text=f"Second {kind}", position=2)
    make_companion(b, companion=make_technology(name="Driver"))

    page = page_of(client, "a", "b")

    assert facts(page) == {
        "Verdict": [["Recommended for Modern APIs, in Web", "Listed in Tools"], ["Avoid in Web"]],
        "Best for": [["Web: APIs", "Tools: scripts"], ["nothing"]],
        "Why this verdict": [["Web: It is fast."], ["It is old."]],
        "Pros": [["First pro", "Second pro"], NOTHING],
        "Cons": [["First con", "Second con"], NOTHING],
        "Use when": [["First use-when", "Second use-when"], NOTHING],
        "Avoid when": [["First avoid-when", "Second avoid-when"], NOTHING],
        "Goes with": [NOTHING, ["Driver"]],
    }
    folded = page.texts("details//th[@scope='row']")
    assert [*facts(page)][:2] == ["Verdict", "Best for"]
    assert folded == [*facts(page)][2:]
    marks = [line.get("data-verdict") for line in page.find("p[@class='verdict']")]
    assert marks == ["recommended", "listed", "avoid"]
    assert "unknown" not in page.texts("main")[0]


def test_hard_facts_are_of_the_first_package(client):
    a, b = make("a", "b")
    first, second = make_package(a, name="a", position=1), make_package(a, name="z", position=2)
    make_package_facts(
        first, latest_version="2.1", released_on="2022-09-28", requires_python=">=3.9"
    )
    make_package_facts(second, latest_version="9.9")
    make_package_facts(
        make_package(b, name="b"),
        latest_version="1.0",
        released_on="2026-11",
        requires_python=">=3.8,<4",
        is_yanked=True,
    )

    page = page_of(client, "a", "b")

    assert facts(page) == {
        "Newest release": [["2.1, 2022-09"], ["1.0, 2026-11"]],
        "Python": [[">=3.9"], [">=3.8,<4"]],
        "Packages": [["a", "z"], ["b"]],
    }
    assert page.texts("td/p/small") == ["no release for 4 years", "yanked"]


def test_lifecycle_licence_and_links_say_where_they_are_from(client):
    newer = make_technology(name="Newer")
    make(
        "a",
        licence="MIT",
        summary="Does it.",
        website="https://a.org/",
        repository="https://a.org/",
    )
    make(
        "b",
        lifecycle="end-of-life",
        replaced_by=newer,
        lifecycle_note="Since May.",
        lifecycle_source="https://example.org/end",
        lifecycle_verified_on=date(2026, 5, 1),
    )

    page = page_of(client, "a", "b")

    assert facts(page) == {
        "What it is": [["Does it."], NOTHING],
        "Lifecycle": [NOTHING, ["End of life, source", "replaced by Newer"]],
        "Licence": [["MIT"], NOTHING],
        "Links": [["Website"], NOTHING],
        "On its lifecycle": [NOTHING, ["Since May."]],
    }
    assert page.texts("td/p/small") == ["checked 2026-05-01"]
    assert page.links("td") == [
        ("source", "https://example.org/end"),
        ("Newer", newer.get_absolute_url()),
        ("Website of A", "https://a.org/"),
    ]


def test_pins_are_those_of_the_newest_set(client):
    (a,) = make("a")
    package, other = make_package(a, name="a"), make_package(a, name="a-more")
    sets = [make_version_set(pins=0, as_of=when) for when in ("2025", "2026-11")]
    sets.append(make_version_set(pins=0, as_of="2027", status=Status.DRAFT))
    for version_set, specifier in zip(sets, ("^1", "^2", "^3"), strict=True):
        Pin.objects.create(version_set=version_set, package=package, specifier=specifier)
    Pin.objects.create(version_set=sets[1], package=other, extras="x,y", specifier=">=1")

    assert facts(page_of(client, "a"))["Pin"] == [["a ^2", "a-more[x,y] >=1"]]


# What comparisons say -----------------------------------------------------------------------------


def test_each_comparison_that_holds_two_is_a_block_of_its_members(client):
    a, b, _, d = make("a", "b", "c", "d")
    compared_in("second", a, b, position=2)
    compared_in("first", b, a, d, position=1)
    compared_in("alone", a, position=0)
    compared_in("draft", a, b, status=Status.DRAFT)
    compared_in("retired", a, b, status=Status.ARCHIVED)

    page = page_of(client, "a", "b", "c")

    assert blocks(page) == {
        "FIRST": [["", "A", "B"], ["Fit", "50.0", "75.0"], ["Speed", "Moderate", "Good"]],
        "SECOND": [["", "A", "B"], ["Fit", "75.0", "50.0"], ["Speed", "Good", "Moderate"]],
    }
    assert page.links("h2") == [
        ("FIRST", "/comparisons/first/?t=a&t=b"),
        ("SECOND", "/comparisons/second/"),
    ]
    assert page.texts("section[@class='block']/p/b") == [
        "B leads with 75.0, 25.0 ahead of A (50.0).",
        "A leads with 75.0, 25.0 ahead of B (50.0).",
    ]
    assert "1 other contender left out." in page.texts("section/p[@class='quiet']")[0]


def test_fit_is_as_on_the_comparisons_own_page(client):
    a, b, c = make("a", "b", "c")
    comparison = compared_in("table", a, b, c)
    row = Criterion.objects.create(comparison=comparison, slug="row", name="Row", weight=5)
    make_cell(row, comparison.contenders.get(technology=b), rating=4, word="")

    (block,) = page_of(client, "b", "a").find("section[@class='block']")
    (link, *_) = block.iter("a")

    own = read(client, link.get("href"))
    points = [text_of(cell) for cell in block.findall(".//tr[@class='fits']/td/b")]
    assert sorted(points) == sorted(one[0] for one in own.fits().values())
    (said, *_) = [text_of(line) for line in block.findall("p")]
    assert own.texts("p[@class='lead']") == [said]


def test_what_is_unknown_or_does_not_apply_is_said_of_members_alone(client):
    a, b, _ = make("a", "b", "c")
    comparison = compared_in("table", a, b)
    row = Criterion.objects.create(comparison=comparison, slug="row", name="Row", position=1)
    silent = {"rating": None, "word": "", "state": Cell.State.NOT_APPLICABLE}
    make_cell(row, comparison.contenders.get(technology=a), **silent)

    page = page_of(client, "a", "b", "c")

    assert blocks(page)["TABLE"][-1] == ["Row", "does not apply", "unknown"]
    assert "What is unknown could still put" not in " ".join(said(page))


def test_a_block_has_no_notes_and_no_evidence_but_says_when_it_was_checked(client):
    a, b = make("a", "b")
    compared_in("table", a, b)
    source = "https://example.org/said"
    Cell.objects.update(verified_on=date(2025, 11, 3), source=source, note="Mind this.")
    a.contenders.update(versions="0.110")

    page = page_of(client, "a", "b")

    assert "Judged: A 0.110, checked 2025-11-03." in page.texts("section/p[@class='quiet']")[0]
    assert blocks(page)["TABLE"][-1] == ["Speed", "Good", "Moderate"]
    assert "Mind this." not in page.texts("main")[0]
    assert page.find("sup") == []


def test_a_comparison_that_weighs_nothing_says_nothing_of_fit(client):
    a, b = make("a", "b")
    compared_in("table", a, b)
    Criterion.objects.update(weight=0)

    page = page_of(client, "a", "b")

    assert blocks(page)["TABLE"] == [["", "A", "B"], ["Speed", "Good", "Moderate"]]
    assert page.texts("section[@class='block']/p/b") == []


# Whether they do the same job ---------------------------------------------------------------------


def test_different_jobs_are_said_to_be_different(client):
    a, b, c, _ = make("a", "b", "c", "d")
    web, queues = make_category(name="Web"), make_category(name="Queues")
    for technology in (a, b):
        make_listing(web, technology)
    make_listing(queues, c)

    page = page_of(client, "c", "a", "b", "d")

    assert said(page) == [
        "These do different jobs.",
        "A and B are in Web; C in Queues; D in no category. "
        "No comparison holds two of them, so there is no fit.",
    ]
    assert blocks(page) == {}


def test_what_a_comparison_holds_is_judged_there_alone(client):
    a, b, c = make("a", "b", "c")
    make_listing(make_category(name="Queues"), c)
    compared_in("table", a, b)

    assert said(page_of(client, "c", "a", "b")) == [
        "These do different jobs.",
        "A and B are in TABLE; C in Queues. Fit is said only where a comparison judges them.",
        "TABLE: A leads with 75.0, 25.0 ahead of B (50.0).",
    ]


def test_of_one_category_the_recommended_are_named(client):
    a, b, c = make("a", "b", "c")
    tokens = make_category(name="Tokens")
    make_listing(tokens, a, qualifier="for most")
    make_listing(tokens, b)
    make_listing(tokens, c, verdict="alternative")

    both = said(page_of(client, "a", "b"))
    three = said(page_of(client, "c", "b", "a"))

    no_fit = "No comparison judges them, so there is no fit."
    assert both == [
        "The guide recommends A and B.",
        "A for most.",
        f"Both are in Tokens. {no_fit}",
    ]
    assert three[-1] == f"All are in Tokens. {no_fit}"
    assert said(page_of(client, "c")) == ["One stands alone: add a second to put beside it."]


def test_a_category_that_judges_comes_before_one_that_lists(client):
    a, b = make("a", "b")
    for slug in ("early", "late"):
        category = make_category(name=slug, slug=slug)
        for technology in (a, b):
            make_listing(category, technology, verdict="listed" if slug == "early" else "avoid")

    assert said(page_of(client, "a", "b"))[0].startswith("Both are in late.")


def test_stacks_that_name_several_are_named_most_first(client):
    a, b, c = make("a", "b", "c")
    stacks = [make_stack(roles=2, choices=0, name=name) for name in ("One", "Two", "Kept back")]
    for stack, technologies in zip(stacks, ((a, b), (a, b, c), (a, b)), strict=True):
        role, other = stack.roles.all()
        for technology in technologies[:-1]:
            Choice.objects.create(role=role, technology=technology)
        Choice.objects.create(
            role=other, technology=make_technology(), with_technology=technologies[-1]
        )
    type(stacks[2]).objects.filter(pk=stacks[2].pk).update(status=Status.DRAFT)

    page = page_of(client, "a", "b", "c")

    assert said(page)[-1] == "Together in a stack: Two (A, B and C); One (A and B)."
    assert said(page_of(client, "a"))[-1].startswith("One stands alone")
