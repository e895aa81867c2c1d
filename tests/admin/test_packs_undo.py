"""Loaded packs in the admin: what each brought, the way back, and who may take it."""

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Edition, PackLoad, Technology
from tests.admin.pages import make_pending, messages_of, read_form
from tests.admin.roles import sign_in
from tests.admin.test_while_writing import another_writer
from tests.admin.uploading import address, items, load_by_hand, plan_of, texts
from tests.packs.packing import edit, load_pack, pack, state, summary_of, technology

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("pack_dir"),
]


def undo(client: Client, load: PackLoad) -> HttpResponse:
    """Open the page of undoing a loading, and press the button."""
    url = address("undo", load.pk)
    return client.post(url, read_form(client.get(url)))


@pytest.fixture
def first(tmp_path: Path) -> PackLoad:
    return load_pack(pack(tmp_path, technology("flask", summary="Small")))[1]


@pytest.fixture
def second(first: PackLoad, tmp_path: Path) -> PackLoad:
    changed = [technology("flask", summary="Fast"), technology("quart")]
    return load_pack(pack(tmp_path, *changed, version="2"))[1]


def test_what_would_be_taken_back_is_shown_first(admin_client, second):
    before = state()

    response = admin_client.get(address("undo", second.pk))

    assert response.status_code == 200
    assert items(response, "summary") == [
        "Technologies: 1 changed, 1 deleted",
        "Flask: Summary: “Fast” → “Small”",
        "Quart: Deleted",
    ]
    assert (state(), Edition.objects.count()) == (before, 2)


def test_undoing_is_an_edition_by_who_did_it(admin_client, first, second):
    response = undo(admin_client, second)

    second.refresh_from_db()
    newest = Edition.objects.first()
    assert (response.status_code, response.url) == (302, address("change", second.pk))
    assert messages_of(response) == ["guide 2 is undone in edition 3."]
    assert (newest.number, newest.user, newest.origin) == (3, "admin", "pack")
    assert second.undone_in == newest
    assert list(Technology.objects.values_list("slug", "summary")) == [("flask", "Small")]
    assert LogEntry.objects.get().get_change_message() == "Undone."


def test_a_loading_without_an_edition_is_undone_without_one(admin_client, first, tmp_path):
    same = technology("flask", summary="Small")
    load = load_pack(pack(tmp_path, same, name="other", over=("guide",)))[1]

    page = admin_client.get(address("undo", load.pk))
    response = undo(admin_client, load)

    assert items(page, "summary") == [
        "Nothing in the guide changes; only what the pack said counts no longer."
    ]
    assert messages_of(response) == ["other 1 is undone. The guide itself did not change."]
    assert Edition.objects.count() == 1


def test_what_was_changed_since_bars_the_way_by_name(admin_client, second):
    edit("flask", summary="Edited since")

    page = admin_client.get(address("undo", second.pk))
    sent = admin_client.post(address("undo", second.pk))

    assert (page.status_code, sent.status_code) == (200, 409)
    assert items(page, "reasons") == items(sent, "reasons")
    assert items(page, "reasons") == [
        "The summary of “Flask” has been changed since, in edition 3 (grace)."
    ]
    assert 'id="undo_form"' not in page.content.decode()
    assert summary_of("flask") == "Edited since"


def test_a_newer_loading_is_undone_first(admin_client, first, second):
    page = admin_client.get(address("undo", first.pk))
    sent = admin_client.post(address("undo", first.pk))

    assert items(page, "reasons") == ["guide 2 was loaded after it. Undo that first."]
    assert (sent.status_code, Edition.objects.count()) == (409, 2)
    assert (
        address("undo", first.pk)
        not in admin_client.get(address("change", first.pk)).content.decode()
    )


def test_nothing_is_undone_twice(admin_client, first):
    undo(admin_client, first)

    page = admin_client.get(address("undo", first.pk))
    sent = admin_client.post(address("undo", first.pk))

    assert items(page, "reasons") == ["It is undone already, in edition 2."]
    assert (sent.status_code, Edition.objects.count()) == (409, 2)


@pytest.mark.parametrize("field", ["_state", "_seen"])
def test_what_was_not_shown_is_not_undone(admin_client, first, field):
    url = address("undo", first.pk)
    form = read_form(admin_client.get(url))

    answers = [admin_client.post(url, form | {field: "x"}), admin_client.post(url)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert items(answers[0], "summary") == ["Technologies: 1 deleted", "Flask: Deleted"]
    assert (Technology.objects.count(), Edition.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_nothing_is_undone(admin_client, first):
    with another_writer():
        looked = admin_client.get(address("undo", first.pk))
        response = admin_client.post(address("undo", first.pk), read_form(looked))

    assert looked.status_code == 200
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert admin_client.post(address("undo", first.pk), read_form(response)).status_code == 302
    assert Technology.objects.count() == 0


# The list and the page of a loading --------------------------------------------------------------


def test_the_list_says_who_loaded_what_when_and_what_became_of_it(admin_client, first, second):
    undo(admin_client, second)

    page = admin_client.get(address("changelist"))

    columns = ("version", "user", "in_edition", "state")
    assert [texts(page, "td", f"field-{name}") for name in columns] == [
        ["2", "1"],
        ["ada", "ada"],
        ["2", "1"],
        ["undone in edition 3", "in force"],
    ]
    assert texts(page, "a", "addlink").count("Load a pack") == 1


def test_the_page_of_a_loading_says_what_it_changed(admin_client, second):
    page = admin_client.get(address("change", second.pk))

    assert texts(page, "div", "pack-record") == [
        "Technologies: 1 new, 1 changed Flask: Summary: “Small” → “Fast” New technology: Quart"
    ]
    assert address("undo", second.pk) in page.content.decode()


def test_a_long_plan_is_shown_in_part(admin_client, first):
    PackLoad.objects.update(plan="\n".join(f"line {number}" for number in range(502)))

    page = admin_client.get(address("change", first.pk))

    shown = texts(page, "div", "pack-record")[0]
    assert shown.endswith("line 498 line 499 … and 2 more.")


def test_a_recorded_plan_is_shown_as_text(admin_client, first):
    PackLoad.objects.update(plan="<script>alert(1)</script>", user="<b>ada</b>")

    pages = [admin_client.get(address("change", first.pk)), admin_client.get(address("changelist"))]

    assert ["<script>alert" in page.content.decode() for page in pages] == [False, False]
    assert ["<b>ada" in page.content.decode() for page in pages] == [False, False]


def test_a_page_to_undo_three_things_costs_what_one_does(admin_client, tmp_path):
    costs = []
    for count in (1, 1, 3):  # the first fills what is kept in memory
        name = f"pack-{len(costs)}"
        rows = [technology(f"{name}-{number}", summary="Small") for number in range(count)]
        load = load_by_hand(admin_client, pack(tmp_path / name, *rows, name=name))
        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(address("undo", load.pk))
        assert len(items(response, "summary")) == 1 + count
        costs.append(len(queries))

    assert costs[1] == costs[2]


@pytest.mark.parametrize("pk", [999, 10**18, 10**40])
@pytest.mark.parametrize("page", ["choose", "undo"])
def test_a_loading_that_never_was_is_not_found(admin_client, page, pk):
    assert admin_client.get(address(page, pk)).status_code == 404
    assert admin_client.post(address(page, pk)).status_code == 404


# Who may ------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(admin_client: Client, tmp_path: Path) -> dict[str, str]:
    """Every address of packs, with a loading that left a conflict and an upload that waits."""
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("flask", summary="Theirs"), version="2")
    load = load_pack(folder)[1]
    return {
        "list": address("changelist"),
        "page": address("change", load.pk),
        "history": address("history", load.pk),
        "upload": address("upload"),
        "plan": plan_of(admin_client, folder),
        "choose": address("choose", load.pk),
        "undo": address("undo", load.pk),
        "add": address("add"),
        "delete": address("delete", load.pk),
    }


LOOKING = ("list", "page", "history")
LOADING = ("upload", "plan", "choose", "undo")
NOBODYS = ("add", "delete")


@pytest.mark.parametrize(
    ("who", "looking", "loading", "never"),
    [
        ("change_technology add_edition change_packload delete_packload", 200, 403, 403),
        ("view_packload", 200, 403, 403),
        ("load_pack", 200, 200, 403),
    ],
)
def test_pages_open_for_those_who_may(addresses, who, looking, loading, never):
    client = sign_in(*who.split())

    answers = {name: client.get(url).status_code for name, url in addresses.items()}

    assert answers == {
        **dict.fromkeys(LOOKING, looking),
        **dict.fromkeys(LOADING, loading),
        **dict.fromkeys(NOBODYS, never),
    }


@pytest.mark.parametrize("who", ["view_packload", "change_packload"])
def test_nothing_is_written_for_others(addresses, who):
    client = sign_in(who)
    before = (state(), Edition.objects.count(), list(PackLoad.objects.values()))
    names = [*LOADING, *NOBODYS, "page"]

    answers = [client.post(addresses[name], {"post": "yes"}).status_code for name in names]

    assert answers == [403] * len(names)
    assert (state(), Edition.objects.count(), list(PackLoad.objects.values())) == before


def test_those_who_may_load_write_no_record_by_hand(addresses):
    client = sign_in("load_pack")
    before = list(PackLoad.objects.values())

    answers = {name: client.post(url).status_code for name, url in addresses.items()}

    assert answers == {
        "list": 200,
        "page": 403,
        "history": 200,
        # No file, and three times no token.
        "upload": 400,
        "plan": 409,
        "choose": 409,
        "undo": 409,
        "add": 403,
        "delete": 403,
    }
    assert list(PackLoad.objects.values()) == before


def test_what_waits_of_somebody_else_keeps_no_loader_from_undoing(tmp_path):
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    load = load_pack(pack(tmp_path, technology("flask", summary="Fast"), version="2"))[1]
    make_pending()
    client = sign_in("load_pack")
    url = address("undo", load.pk)

    answer = client.post(url, read_form(client.get(url)))

    assert answer.status_code == 302
    assert summary_of("flask") == "Small"


@pytest.mark.parametrize(("who", "tools"), [("view_packload", 0), ("load_pack", 1)])
def test_who_may_not_load_is_not_asked_to(addresses, who, tools):
    client = sign_in(who)

    listed = client.get(addresses["list"]).content.decode()
    shown = client.get(addresses["page"]).content.decode()

    assert listed.count(f'href="{addresses["upload"]}"') == tools
    assert shown.count(f'href="{addresses["choose"]}"') == tools
    assert shown.count(f'href="{addresses["undo"]}"') == tools
