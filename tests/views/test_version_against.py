"""What going from one version set to another takes."""

from typing import Any

import pytest

from catalog.models import Moved, Pin, Status, Technology, VersionSet
from tests.factories import make_package, make_package_facts, make_technology, make_version_set
from tests.reading import Document, read, text_of

pytestmark = pytest.mark.django_db

OLD, NEW = "/versions/old/", "/versions/new/?against=old"


@pytest.fixture(autouse=True)
def older() -> VersionSet:
    return make_version_set(slug="old", title="Old <set>", as_of="2025", python="^3.11", pins=0)


@pytest.fixture(autouse=True)
def newer() -> VersionSet:
    return make_version_set(
        slug="new", title="New", as_of="2026-11", python=">=3.12,<4", python_note="faster", pins=0
    )


def pin(name: str, in_old: str = "", in_new: str = "", **fields: Any) -> Technology:
    """Pin a package in the sets for which a specifier is given; return its technology."""
    technology = fields.pop("technology", None) or make_technology(name=name.title(), slug=name)
    package = make_package(technology, name=name)
    facts = {key: fields.pop(key) for key in ("latest_version", "released_on") if key in fields}
    if facts:
        make_package_facts(package, **{"released_on": "", "read_on": "2026-11", **facts})
    old_fields = {key.removeprefix("old_"): fields.pop(key) for key in list(fields) if "old" in key}
    for slug, specifier, given in [("old", in_old, old_fields), ("new", in_new, fields)]:
        if specifier:
            version_set = VersionSet.objects.get(slug=slug)
            position = 10 * Pin.objects.filter(version_set=version_set).count()
            Pin.objects.create(
                version_set=version_set,
                package=package,
                specifier=specifier,
                **{"position": position, **given},
            )
    return technology


def steps(page: Document) -> list[list[str]]:
    """The rows of the changes under their head and Python's, without the headings."""
    rows = [[text_of(cell) for cell in row] for row in page.find("section//tbody/tr")]
    return [row for row in rows[1:] if len(row) > 1]


def summary(page: Document) -> str:
    return page.texts("section/p")[0]


def test_the_page_leads_to_what_changed_since_each_other_set(client):
    make_version_set(slug="draft", status=Status.DRAFT)
    make_version_set(slug="archived", status=Status.ARCHIVED)

    page = read(client, "/versions/new/")

    assert page.links("nav[@aria-label='What changed']") == [("Old <set>", "?against=old")]
    assert page.find("section[@aria-labelledby='changes']") == []


def test_only_an_older_set_is_one_since_which_something_changed(client):
    make_version_set(slug="django", title="Django", as_of="2026-11")

    items = read(client, "/versions/new/").texts("nav[@aria-label='What changed']/ul/li")

    assert sorted(items) == ["Beside Django", "What changed since Old <set>"]


def test_two_sets_of_one_month_are_told_apart_by_their_titles(client):
    make_version_set(slug="django", title="Django", as_of="2026-11")

    page = read(client, "/versions/new/?against=django")

    assert page.texts("section/h2") == ["Beside “Django”"]
    assert page.texts("section//caption") == ["From Django to New"]
    assert page.texts("section//thead/tr/th")[1:3] == ["Django", "New"]


def test_the_only_set_has_nothing_to_stand_against(client, older):
    older.delete()

    assert read(client, "/versions/new/").find("nav[@aria-label='What changed']") == []


def test_what_is_shown_is_marked_and_can_be_hidden(client):
    page = read(client, NEW)

    assert page.links("nav[@aria-label='What changed']") == [
        ("Old <set>", "?against=old"),
        ("Only the pins", "/versions/new/"),
    ]
    assert page.texts("a[@aria-current='true']") == ["Old <set>"]
    assert page.texts("h1") == ["New"]
    assert page.texts("h2")[:1] == ["Since “Old <set>”"]


def test_python_comes_first(client):
    page = read(client, NEW)

    assert page.texts("section//thead//th") == [
        *["Package", "2025", "2026-11", "Newest release", "What changes"]
    ]
    assert page.texts("section//tbody/tr[1]/*") == [
        *["Python", "^3.11", ">=3.12,<4", "", "raised: faster"]
    ]


def test_each_pin_says_where_it_goes_in_the_order_of_the_newer_set(client):
    pin("up", "^1.0", "^2.0", note="for its types")
    pin("down", "^2.0", "^1.0")
    pin("same", "^1.0", "^1.0")
    pin("wider", ">=1.0,<3,!=2.0", ">=1.0,<3")
    pin("extra", "^1.0", "^1.0", extras="standard")
    pin("moved", "^1.0", "^1.0", group=Pin.Group.DEV)
    pin("new", "", "^1.0")
    pin("gone", "^1.0", "")

    page = read(client, NEW)

    assert steps(page) == [
        ["up", "^1.0", "^2.0", "unknown", "raised to a new major version: for its types"],
        ["down", "^2.0", "^1.0", "unknown", "lowered"],
        ["gone", "^1.0", "none", "unknown", "dropped"],
        ["same", "^1.0", "^1.0", "unknown", "as before"],
        ["wider", ">=1.0,<3,!=2.0", ">=1.0,<3", "unknown", "changed"],
        ["extra", "^1.0", "extra[standard] ^1.0", "unknown", "changed"],
        ["new", "none", "^1.0", "unknown", "added"],
        ["moved", "^1.0", "^1.0", "unknown", "changed"],
    ]
    assert page.texts("tr[@class='group']") == ["To look at first (3)", "The others (5)"]
    assert (
        summary(page)
        == "1 raised to a new major version, 1 lowered, 3 changed, 1 dropped, 1 added, 1 as before."
    )


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("^2.5.0", ">=2.14,<3", "raised"),
        ("^7.4", ">=9.2,<10", "raised to a new major version"),
        ("^0.110.0", ">=0.165,<0.166", "raised to a new major version"),
        ("^0.110.0", ">=0.110.5,<0.111", "raised"),
        (">=0,<1", ">=1,<2", "raised to a new major version"),
        ("<3", "<4", "raised"),
    ],
)
def test_a_major_version_is_told_apart(client, before, after, way):
    pin("one", before, after)

    assert steps(read(client, NEW))[0][4] == way


def test_the_same_range_in_other_words_is_no_change_of_versions(client):
    pin("spelled", "^1.2", ">=1.2,<2.0")

    assert steps(read(client, NEW))[0][4] == "changed"


def test_a_package_is_replaced_by_the_pin_of_what_replaces_its_technology(client):
    last = pin("last", "", "^3.0", extras="argon2", note="the makers say so")
    middle = make_technology(replaced_by=last)
    first = pin("first", "^1.0", "", old_extras="bcrypt")
    Technology.objects.filter(pk=first.pk).update(
        replaced_by=middle,
        lifecycle="deprecated",
        lifecycle_note="no fixes any more",
        lifecycle_source="https://example.org/end",
        lifecycle_verified_on="2026-11-22",
    )

    page = read(client, NEW)

    assert steps(page) == [
        [
            *["first[bcrypt]", "^1.0", "last[argon2] ^3.0", "unknown"],
            "replaced: the makers say so First, deprecated: no fixes any more source checked "
            "2026-11-22",
        ]
    ]
    assert summary(page) == "1 replaced."
    assert page.links("section//tr[2]") == [
        ("first", "/technologies/first/"),
        ("last", "/technologies/last/"),
        ("source", "https://example.org/end"),
    ]


def test_another_package_of_the_same_technology_replaces_it(client):
    driver = pin("driver", "^1.0", "")
    pin("driver-binary", "", "^1.0", technology=driver)

    assert steps(read(client, NEW)) == [
        ["driver", "^1.0", "driver-binary ^1.0", "unknown", "replaced"]
    ]


def test_two_may_be_replaced_by_one_that_was_there_before(client):
    stays = pin("stays", "^1.0", "^2.0")
    for name in ("one", "two"):
        gone = pin(name, "^1.0", "")
        Technology.objects.filter(pk=gone.pk).update(replaced_by=stays)

    assert [[*row[:3], row[4]] for row in steps(read(client, NEW))] == [
        ["stays", "^1.0", "^2.0", "raised to a new major version"],
        ["one", "^1.0", "stays ^2.0", "replaced"],
        ["two", "^1.0", "stays ^2.0", "replaced"],
    ]


def test_what_is_dropped_says_what_replaces_it_but_names_no_draft(client):
    for old, name, status in [
        ("one", "shown", Status.PUBLISHED),
        ("two", "kept-back", Status.DRAFT),
    ]:
        gone = pin(old, "^1.0", "")
        successor = make_technology(name=name, slug=name, status=status)
        Technology.objects.filter(pk=gone.pk).update(replaced_by=successor)

    page = read(client, NEW)

    assert [row[4] for row in steps(page)] == ["dropped Replaced by shown", "dropped"]
    assert "kept-back" not in "".join(href for _text, href in page.links("section"))


def test_technologies_that_replace_each_other_end_no_page(client):
    one, two = pin("one", "^1.0", ""), make_technology()
    Technology.objects.filter(pk=one.pk).update(replaced_by=two)
    Technology.objects.filter(pk=two.pk).update(replaced_by=one)

    assert steps(read(client, NEW))[0][4].startswith("dropped")


def test_old_pins_that_block_the_newest_release_are_counted_and_named(client):
    pin("out", "^0.110.0", "^0.163.2", latest_version="0.163.2", released_on="2026-11")
    pin("within", "^2.0", "^2.0", latest_version="2.9")
    pin("beta", "^2.0", "^2.0", latest_version="2.9b1")
    pin("unread", "^2.0", "^2.0")
    pin("odd", "^2.0", "^2.0", latest_version="nonsense")
    pin("unclear", "^2.0", "^2.0", latest_version="9")
    Pin.objects.filter(package__name="unclear").update(specifier="nonsense")
    pin("new", "", "^1.0", latest_version="9")

    page = read(client, NEW)

    assert [(row[0], row[3]) for row in steps(page)] == [
        ("out", "0.163.2, 2026-11 your pin blocks the newest release"),
        ("within", "2.9"),
        ("beta", "2.9b1"),
        ("unread", "unknown"),
        ("odd", "nonsense"),
        ("unclear", "9"),
        ("new", "9"),
    ]
    assert summary(page) == (
        "1 raised to a new major version, 1 added, 5 as before. "
        "1 of 3 pins of “Old <set>” block the newest release (index read 2026-11)."
    )


def test_the_days_on_which_the_index_was_read_are_given_from_first_to_last(client):
    for name, day in [("one", "2026-11"), ("two", "2026-12-24")]:
        technology = pin(name, "^1.0", "^1.0", latest_version="1.0")
        technology.packages.get().facts.delete()
        make_package_facts(technology.packages.get(), latest_version="1.0", read_on=day)

    assert summary(read(client, NEW)) == (
        "2 as before. 0 of 2 pins of “Old <set>” block the newest release (index read 2026-11 "
        "to 2026-12-24)."
    )


def test_empty_sets_are_said_to_be_empty(client):
    assert summary(read(client, NEW)) == "Neither of the two has pins."


def test_pins_of_drafts_are_nowhere(client):
    pin("kept-back", "^1.0", "", technology=make_technology(status=Status.DRAFT))

    assert "kept-back" not in client.get(NEW).text


# The question -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("against=old&against=old", NEW),
        ("x=1&against=old", NEW),
        ("against=", "/versions/new/"),
        ("x=1", "/versions/new/"),
        ("against=older", NEW),
    ],
)
def test_one_question_has_one_address(client, query, location):
    Moved.objects.create(kind="version", old="older", new="old")

    response = client.get("/versions/new/", QUERY_STRING=query)

    assert (response.status_code, response.get("Location")) == (302, location)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("against=nobody", "There is no version set “nobody”; choose one of those below."),
        ("against=<b>", "There is no version set “<b>”; choose one of those below."),
        ("against=%00x%0a", "There is no version set “x”; choose one of those below."),
        ("against=draft", "There is no version set “draft”; choose one of those below."),
        ("against=new", "A version set does not differ from itself; choose another."),
        ("against=old&against=third", "Two version sets at a time; the others were left out."),
    ],
)
def test_nonsense_is_left_out_and_said(client, query, said):
    make_version_set(slug="draft", status=Status.DRAFT)
    make_version_set(slug="third", status=Status.ARCHIVED)

    response = client.get("/versions/new/", QUERY_STRING=query)

    assert response.status_code == 200
    assert Document(response.text).texts("ul[@class='errors']/li") == [said]


def test_a_question_that_nobody_can_mean_is_refused(client):
    assert client.get("/versions/new/", QUERY_STRING="against=" + "x" * 9_000).status_code == 400


def test_an_archived_set_can_still_be_asked_for(client, older):
    older.status = Status.ARCHIVED
    older.save()

    assert read(client, NEW).texts("h2")[:1] == ["Since “Old <set>”"]


def test_the_preview_of_a_draft_stands_against_what_is_published(admin_client, newer):
    pin("up", "^1.0", "^1.5")
    VersionSet.objects.filter(pk=newer.pk).update(status=Status.DRAFT)
    address = f"/admin/catalog/versionset/{newer.pk}/preview/"

    page = read(admin_client, f"{address}?against=old")

    assert [[*row[:3], row[4]] for row in steps(page)] == [["up", "^1.0", "^1.5", "raised"]]
    assert page.links("nav[@aria-label='What changed']") == [
        ("Old <set>", "?against=old"),
        ("Only the pins", address),
    ]
