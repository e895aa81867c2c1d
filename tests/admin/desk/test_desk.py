"""The index of the admin says what waits, and each of its counts leads to just so many rows."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin.desk import attention
from catalog.history import editions
from catalog.models import Cell, Comparison, Edition, Link, Status, Technology
from tests.admin.desk.filling import (
    desk,
    fill,
    make_link,
    make_pending,
    pages_with_status,
    sections,
)
from tests.admin.pages import url_for
from tests.admin.roles import sign_in, sign_in_as
from tests.factories import (
    make_cell,
    make_comparison,
    make_contender,
    make_package,
    make_package_facts,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MOST_QUERIES = 29


def rows_of(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address  # a filter that is not understood redirects
    return answer.context["cl"].result_count


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Publisher", "Auditor"])
def test_every_count_is_that_of_the_list_behind_it(role):
    client = sign_in_as(role, "grace")
    fill(7)

    shown = sections(desk(client))

    del shown["recent"]  # counts nothing
    ways = [way for section in shown.values() for way in section.ways]
    said = {address: int(re.match(r"\d+", text)[0]) for text, address in ways}
    assert {address: rows_of(client, address) for address in said} == said
    for section in shown.values():
        assert section.count == sum(int(re.match(r"\d+", text)[0]) for text, _ in section.ways) > 0
        assert len(section.entries) == 5


def test_a_comparison_leads_to_its_own_cells(admin_client):
    fill()
    make_comparison()
    answer = desk(admin_client)
    text = re.sub(r"\s+", " ", answer.content.decode())

    entries = sections(answer)["evidence"].entries

    assert len(entries) > 1
    for title, address in entries:
        said = re.search(rf"{title}</a> <span class=\"desk-note\"> (\d+) cells?", text)
        assert rows_of(admin_client, address) == int(said[1])


@pytest.mark.parametrize(
    ("permissions", "page"),
    [(["view_comparison", "view_cell"], "grid"), (["view_comparison"], "change")],
)
def test_what_is_missing_is_filled_in_where_one_may(permissions, page):
    client = sign_in(*permissions)
    fill()

    ((_title, address),) = sections(desk(client))["missing"].entries

    assert address.endswith(f"/{page}/")
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        ("Auditor", []),
        ("Contributor", ["returned", "own"]),
        ("Editor", ["returned", "own"]),
        ("Publisher", ["returned", "own", "waiting"]),
    ],
)
def test_each_role_sees_what_concerns_it(role, keys):
    client = sign_in_as(role, "grace")
    fill()

    shown = list(sections(desk(client)))

    of_all = ["review", "evidence", "sources", "pins", "trouble", "missing", "recent"]
    assert shown == [*keys, *of_all]


def test_a_contributor_has_no_drafts_of_what_is_not_theirs():
    client = sign_in_as("Contributor", "grace")
    fill()

    ways = [text for text, _ in sections(desk(client))["own"].ways]

    assert ways == [
        "1 pending change",
        "1 draft: technology",
        "1 draft: comparison",
        "1 draft: stack",
    ]


def test_drafts_of_others_are_not_ones_own():
    client = sign_in_as("Editor", "grace")
    fill(by="ada")

    shown = desk(client)

    assert "own" not in sections(shown)
    assert "Your drafts and pending changes" in shown.context["desk"]["quiet"]


@pytest.mark.parametrize(
    ("permissions", "keys"),
    [
        ([], []),
        (["view_technology"], ["review", "trouble"]),
        (["view_cell"], ["review", "evidence"]),
        (["view_comparison"], ["review", "missing"]),
        (["view_link"], ["sources"]),
        (["view_edition"], ["recent"]),
        (["view_pending"], []),
        (["change_technology"], ["own", "review", "trouble"]),
        (["view_pending", "change_technology"], ["returned", "own", "review", "trouble"]),
        (["view_pending", "publish_content"], []),
        (["view_pending", "publish_content", "view_technology"], ["waiting", "review", "trouble"]),
    ],
)
def test_what_somebody_may_not_see_is_not_there(permissions, keys):
    client = sign_in(*permissions)
    fill()

    assert list(sections(desk(client))) == keys


def test_an_edition_names_only_what_somebody_may_see():
    client = sign_in("view_edition", "view_stack")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_technology(name="Not to be seen")

    page = desk(client).content.decode()

    assert "Edition 1" in page
    assert "Not to be seen" not in page


def test_a_place_of_a_dead_source_is_named_to_those_who_may_see_it():
    client = sign_in("view_link", "view_stack")
    make_technology(name="Not to be seen", website="https://example.org/gone/")
    make_link("https://example.org/gone/", is_alive=False)

    page = desk(client).content.decode()

    assert "https://example.org/gone/" in page
    assert "Not to be seen" not in page


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Publisher", "Auditor"])
def test_it_costs_the_same_however_much_waits(role):
    client = sign_in_as(role, "grace")
    fill(1)
    costs = [queries_of(client)]
    fill(2)

    costs.append(queries_of(client))

    assert costs[0] == costs[1] <= MOST_QUERIES


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        desk(client)
    assert not any("SAVEPOINT" in query["sql"] or "BEGIN" in query["sql"] for query in queries)
    return len(queries)


def test_an_empty_guide_says_so_in_one_line(admin_client):
    make_link(is_alive=True)

    answer = desk(admin_client)

    assert sections(answer) == {}
    assert answer.context["desk"]["quiet"] == [
        "Returned to you",
        "Your drafts and pending changes",
        "Waiting for approval",
        "Due for review",
        "Cells without source or date",
        "Dead sources",
        "Looked for and not found",
        "Overtaken by the package index",
        "Technologies in trouble",
        "Comparisons that lack data",
    ]
    assert "Nothing waits under:" in answer.content.decode()


def test_that_nothing_was_checked_is_not_that_nothing_is_dead(admin_client):
    answer = desk(admin_client)

    assert sections(answer)["sources"].count == 0
    assert "No address has been checked yet" in answer.content.decode()


def test_what_was_returned_says_why():
    client = sign_in_as("Contributor", "grace")
    pending = make_pending("grace", "returned")

    page = desk(client).content.decode()

    assert "carol, “Say since when.”" in page
    assert Technology.objects.get(slug=pending.slug).name in page


def test_a_pending_change_of_two_is_on_both_desks():
    client = sign_in_as("Editor", "grace")
    pending = make_pending("ada", "waiting")
    pending.authors = ["ada", "grace"]
    pending.save()

    assert sections(desk(client))["own"].ways[0][0] == "1 pending change"


def test_recent_changes_lead_to_what_changed(admin_client):
    with editions.record("ada", "Changed Summary.", Edition.Origin.ADMIN):
        technology = make_technology(name="Flask")
        for _ in range(4):
            make_technology()

    answer = desk(admin_client)

    (one,) = answer.context["desk"]["recent"]
    assert (one.edition.comment, one.edition.how, one.more) == (
        "Changed Summary.",
        "in the admin",
        2,
    )
    assert one.differences[0].text == "Flask"
    page = admin_client.get(one.differences[0].address)
    assert (page.status_code, page.context["title"]) == (200, "“Flask” in edition 1, its first")
    assert technology.slug in one.differences[0].address


def test_what_is_gone_is_called_by_its_slug(admin_client):
    technology = make_technology(slug="gone")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        technology.delete()

    newest = desk(admin_client).context["desk"]["recent"][0]

    assert [difference.text for difference in newest.differences] == ["gone"]
    assert admin_client.get(newest.differences[0].address).status_code == 200


def test_what_is_said_is_escaped(admin_client):
    with editions.record("ada", "<b>loud</b>", Edition.Origin.ADMIN):
        make_technology(name="<i>Flask</i>", lifecycle=Technology.Lifecycle.DEPRECATED)
    make_link("https://example.org/<b>", is_alive=False, reason="<b>404</b>")

    page = desk(admin_client).content.decode()

    assert not re.search(r"<b>|<i>", page)
    assert Link.objects.count() == 1


# The filters that the desk leads to, as somebody chooses them in a list ---------------------------


@pytest.mark.parametrize(
    ("model", "label"),
    [
        (Technology, "given up, replaced, or long without a release (3)"),
        (Cell, "no source or no day (5)"),
        (Cell, "stale (1)"),
        (Comparison, "unknown or missing cells (1)"),
    ],
)
def test_a_list_says_how_many_wait(admin_client, model, label):
    fill(by="admin")

    assert label in admin_client.get(url_for(model)).content.decode()


@pytest.mark.parametrize("model", pages_with_status(), ids=lambda model: model.__name__)
def test_a_list_finds_what_one_has_worked_on(admin_client, model):
    fill(by="admin")
    fill(by="ada")

    answer = admin_client.get(f"{url_for(model)}?author=me&status__exact=draft")

    assert answer.context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Technology, "author=grace"),
        (Technology, "author=%00"),
        (Technology, "trouble=none"),
        (Cell, "evidence=all"),
        (Comparison, "data=x&data=y"),
    ],
)
def test_nonsense_filters_nothing(admin_client, model, query):
    fill()

    answer = admin_client.get(f"{url_for(model)}?{query}")

    assert answer.status_code == 200
    assert answer.context["cl"].result_count == model.objects.count()


# What counts as waiting: each condition by the cases that it has to tell apart --------------------


TODAY = date(2026, 11, 25)


def is_in_trouble(technology: Technology) -> bool:
    rows = Technology.objects.filter(pk=technology.pk)
    return attention.in_trouble(rows, TODAY).exists()


# Things -----------------------------------------------------------------------------------------


def test_what_somebody_made_an_edition_of_is_theirs():
    with editions.record("ada", "", Edition.Origin.ADMIN):
        hers = make_technology()
    with editions.record("grace", "", Edition.Origin.ADMIN):
        make_technology()

    assert attention.worked_on(Technology.objects.all(), "ada").get() == hers


@pytest.mark.parametrize(
    ("day", "is_due"),
    [(None, False), (date(2026, 11, 24), True), (TODAY, True), (date(2026, 11, 26), False)],
)
def test_a_thing_is_due_from_its_day_on(day, *, is_due):
    make_technology(review_by=day)

    assert attention.due(Technology.objects.all(), TODAY).exists() is is_due


# Technologies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "facts", "expected"),
    [
        *(({"lifecycle": word}, {}, False) for word in ("", "active", "maintenance")),
        *(({"lifecycle": word}, {}, True) for word in ("deprecated", "end-of-life")),
        *(({}, {"project_status": word}, False) for word in ("", "active")),
        *(
            ({}, {"project_status": word}, True)
            for word in ("archived", "deprecated", "quarantined")
        ),
        # What is finished needs no release, and what is archived here is no trouble any more.
        ({"lifecycle": "finished"}, {"released_on": "2015-01"}, False),
        ({"lifecycle": "deprecated", "status": Status.ARCHIVED}, {}, False),
    ],
)
def test_a_technology_is_in_trouble_by_its_makers_and_by_the_index(fields, facts, expected):
    technology = make_technology(**fields)
    if facts:
        make_package_facts(make_package(technology), **facts)

    assert is_in_trouble(technology) is expected


def test_what_has_a_successor_is_in_trouble_and_the_successor_is_not():
    successor = make_technology()

    assert is_in_trouble(make_technology(replaced_by=successor))
    assert not is_in_trouble(successor)


@pytest.mark.parametrize(
    ("released_on", "expected"),
    [
        ("2022", True),
        ("2023", False),  # it may have been in December
        ("2024", False),
        ("2023-10", True),
        ("2023-11", False),
        ("2023-10-31", True),
        ("2023-11-25", True),
        ("2023-11-26", False),
        ("2026-11", False),
        ("", False),
    ],
)
def test_three_years_without_a_release_are_long(released_on, *, expected):
    technology = make_technology()
    make_package_facts(make_package(technology), released_on=released_on)

    assert is_in_trouble(technology) is expected


def test_the_newest_release_of_all_its_packages_counts():
    technology = make_technology()
    for day in ("2015-01", "2026-01", ""):
        make_package_facts(make_package(technology), released_on=day)

    assert not is_in_trouble(technology)


@pytest.mark.parametrize(("released_on", "expected"), [("2025-02-28", True), ("2025-03-01", False)])
def test_the_horizon_of_a_leap_day_is_a_day(released_on, *, expected):
    make_package_facts(make_package(make_technology()), released_on=released_on)

    found = attention.in_trouble(Technology.objects.all(), date(2028, 2, 29))
    assert found.exists() is expected


# Cells and comparisons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "day", "expected"),
    [
        (12, date(2025, 11, 24), True),
        (12, date(2025, 11, 25), False),
        (6, date(2026, 5, 24), True),
        (6, date(2026, 5, 25), False),
        (24, date(2025, 1, 1), False),
        (12, None, False),
    ],
)
def test_a_cell_is_stale_by_the_period_of_its_comparison(months, day, *, expected):
    make_comparison(contenders=0, criteria=0, review_months=1)
    make_comparison(contenders=1, criteria=1, review_months=months)
    Cell.objects.update(verified_on=day)

    assert attention.stale(Cell.objects.all(), TODAY).exists() is expected


def test_without_comparisons_nothing_is_stale():
    assert not attention.stale(Cell.objects.all(), TODAY).exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "https://a.test/", "verified_on": TODAY}, False),
        ({"source": "", "verified_on": TODAY}, True),
        ({"source": "https://a.test/", "verified_on": None}, True),
        ({"state": "unknown", "rating": None, "word": ""}, False),
        ({"state": "not-applicable", "rating": None, "word": ""}, False),
    ],
)
def test_what_is_claimed_needs_source_and_day(fields, *, expected):
    make_comparison(contenders=1, criteria=1)
    Cell.objects.update(**fields)

    assert attention.without_evidence(Cell.objects.all()).exists() is expected


def test_cells_of_archived_comparisons_wait_for_nobody():
    comparison = make_comparison(status=Status.ARCHIVED)
    Cell.objects.update(verified_on=date(2015, 1, 1))
    comparison.cells().first().delete()

    assert not attention.without_evidence(Cell.objects.all()).exists()
    assert not attention.stale(Cell.objects.all(), TODAY).exists()
    assert not attention.incomplete(Comparison.objects.all()).exists()


def test_a_comparison_lacks_unknown_cells_and_empty_places():
    make_comparison()
    comparison = make_comparison(contenders=3, criteria=2)
    cells = list(comparison.cells())
    Cell.objects.filter(pk=cells[0].pk).update(state="unknown", rating=None, word="")
    Cell.objects.filter(pk=cells[1].pk).update(state="not-applicable", rating=None, word="")
    cells[2].delete()
    cells[3].delete()

    found = attention.incomplete(Comparison.objects.all()).get()

    assert (found, found.unknown, found.missing) == (comparison, 1, 2)


def test_a_cell_between_two_comparisons_fills_no_place():
    one, other = make_comparison(1, 1), make_comparison(1, 1)
    contender = make_contender(other)
    make_cell(one.criteria.first(), contender)

    found = attention.incomplete(Comparison.objects.all()).get()

    assert (found, found.unknown, found.missing) == (other, 0, 1)
