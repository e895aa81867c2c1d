"""The index of the admin says what waits, and each of its counts leads to just so many rows."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions
from catalog.models import Edition, Link, Technology
from tests.admin.desk.filling import desk, fill, make_link, make_pending, sections
from tests.admin.roles import sign_in_as
from tests.admin.test_permissions import sign_in
from tests.factories import make_comparison, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MOST_QUERIES = 25


def rows_of(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address  # a filter that is not understood redirects
    return answer.context["cl"].result_count


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Publisher", "Auditor"])
def test_every_count_is_that_of_the_list_behind_it(role: str) -> None:
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


def test_a_comparison_leads_to_its_own_cells(admin_client: Client) -> None:
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
def test_what_is_missing_is_filled_in_where_one_may(permissions: list[str], page: str) -> None:
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
def test_each_role_sees_what_concerns_it(role: str, keys: list[str]) -> None:
    client = sign_in_as(role, "grace")
    fill()

    shown = list(sections(desk(client)))

    of_all = ["review", "evidence", "sources", "trouble", "missing", "recent"]
    assert shown == [*keys, *of_all]


def test_a_contributor_has_no_drafts_of_what_is_not_theirs() -> None:
    client = sign_in_as("Contributor", "grace")
    fill()

    ways = [text for text, _ in sections(desk(client))["own"].ways]

    assert ways == [
        "1 pending change",
        "1 draft: technology",
        "1 draft: comparison",
        "1 draft: stack",
    ]


def test_drafts_of_others_are_not_ones_own() -> None:
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
def test_what_somebody_may_not_see_is_not_there(permissions: list[str], keys: list[str]) -> None:
    client = sign_in(*permissions)
    fill()

    assert list(sections(desk(client))) == keys


def test_an_edition_names_only_what_somebody_may_see() -> None:
    client = sign_in("view_edition", "view_stack")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_technology(name="Not to be seen")

    page = desk(client).content.decode()

    assert "Edition 1" in page
    assert "Not to be seen" not in page


def test_a_place_of_a_dead_source_is_named_to_those_who_may_see_it() -> None:
    client = sign_in("view_link", "view_stack")
    make_technology(name="Not to be seen", website="https://example.org/gone/")
    make_link("https://example.org/gone/", is_alive=False)

    page = desk(client).content.decode()

    assert "https://example.org/gone/" in page
    assert "Not to be seen" not in page


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Publisher", "Auditor"])
def test_it_costs_the_same_however_much_waits(role: str) -> None:
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


def test_an_empty_guide_says_so_in_one_line(admin_client: Client) -> None:
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
        "Technologies in trouble",
        "Comparisons that lack data",
    ]
    assert "Nothing waits under:" in answer.content.decode()


def test_that_nothing_was_checked_is_not_that_nothing_is_dead(admin_client: Client) -> None:
    answer = desk(admin_client)

    assert sections(answer)["sources"].count == 0
    assert "No address has been checked yet" in answer.content.decode()


def test_what_was_returned_says_why() -> None:
    client = sign_in_as("Contributor", "grace")
    pending = make_pending("grace", "returned")

    page = desk(client).content.decode()

    assert "carol, “Say since when.”" in page
    assert Technology.objects.get(slug=pending.slug).name in page


def test_a_pending_change_of_two_is_on_both_desks() -> None:
    client = sign_in_as("Editor", "grace")
    pending = make_pending("ada", "waiting")
    pending.authors = ["ada", "grace"]
    pending.save()

    assert sections(desk(client))["own"].ways[0][0] == "1 pending change"


def test_recent_changes_lead_to_what_changed(admin_client: Client) -> None:
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
    assert one.differences[0].name == "Flask"
    page = admin_client.get(one.differences[0].address)
    assert (page.status_code, page.context["title"]) == (200, "“Flask” in edition 1, its first")
    assert technology.slug in one.differences[0].address


def test_what_is_gone_is_called_by_its_slug(admin_client: Client) -> None:
    technology = make_technology(slug="gone")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        technology.delete()

    newest = desk(admin_client).context["desk"]["recent"][0]

    assert [difference.name for difference in newest.differences] == ["gone"]
    assert admin_client.get(newest.differences[0].address).status_code == 200


def test_what_is_said_is_escaped(admin_client: Client) -> None:
    with editions.record("ada", "<b>loud</b>", Edition.Origin.ADMIN):
        make_technology(name="<i>Flask</i>", lifecycle=Technology.Lifecycle.DEPRECATED)
    make_link("https://example.org/<b>", is_alive=False, reason="<b>404</b>")

    page = desk(admin_client).content.decode()

    assert not re.search(r"<b>|<i>", page)
    assert Link.objects.count() == 1
