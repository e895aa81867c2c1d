"""Who may look at loaded packs, and who may load and undo them."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import Edition, PackLoad
from tests.admin.pages import make_pending, read_form
from tests.admin.test_permissions import sign_in
from tests.admin.uploading import address, plan_of
from tests.packs.packing import edit, load_pack, pack, state, summary_of, technology

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("pack_dir"),
]


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


def client_of(who: str) -> Client:
    if who == "anonymous":
        return Client()
    if who == "superuser":
        User.objects.create_superuser("grace", password="one long secret")
        client = Client()
        client.force_login(User.objects.get(username="grace"))
        return client
    return sign_in(*who.split())


@pytest.mark.parametrize(
    ("who", "looking", "loading", "never"),
    [
        ("anonymous", 302, 302, 302),
        ("", 403, 403, 403),
        ("change_technology add_edition change_packload delete_packload", 200, 403, 403),
        ("view_packload", 200, 403, 403),
        ("load_pack", 200, 200, 403),
        ("superuser", 200, 200, 403),
    ],
)
def test_pages_open_for_those_who_may(
    addresses: dict[str, str], who: str, looking: int, loading: int, never: int
) -> None:
    client = client_of(who)

    answers = {name: client.get(url).status_code for name, url in addresses.items()}

    assert answers == {
        **dict.fromkeys(LOOKING, looking),
        **dict.fromkeys(LOADING, loading),
        **dict.fromkeys(NOBODYS, never),
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("", 403), ("view_packload", 403), ("change_packload", 403)],
)
def test_nothing_is_written_for_others(addresses: dict[str, str], who: str, status: int) -> None:
    client = client_of(who)
    before = (state(), Edition.objects.count(), list(PackLoad.objects.values()))
    names = [*LOADING, *NOBODYS, "page"]

    answers = [client.post(addresses[name], {"post": "yes"}).status_code for name in names]

    assert answers == [status] * len(names)
    assert (state(), Edition.objects.count(), list(PackLoad.objects.values())) == before


@pytest.mark.parametrize("who", ["load_pack", "superuser"])
def test_those_who_may_load_write_no_record_by_hand(addresses: dict[str, str], who: str) -> None:
    client = client_of(who)
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


def test_what_waits_of_somebody_else_keeps_no_loader_from_undoing(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    load = load_pack(pack(tmp_path, technology("flask", summary="Fast"), version="2"))[1]
    make_pending()
    client = sign_in("load_pack")
    url = address("undo", load.pk)

    answer = client.post(url, read_form(client.get(url)))

    assert answer.status_code == 302
    assert summary_of("flask") == "Small"


@pytest.mark.parametrize(("who", "tools"), [("view_packload", 0), ("load_pack", 1)])
def test_who_may_not_load_is_not_asked_to(addresses: dict[str, str], who: str, tools: int) -> None:
    client = client_of(who)

    listed = client.get(addresses["list"]).content.decode()
    shown = client.get(addresses["page"]).content.decode()

    assert listed.count(f'href="{addresses["upload"]}"') == tools
    assert shown.count(f'href="{addresses["choose"]}"') == tools
    assert shown.count(f'href="{addresses["undo"]}"') == tools
