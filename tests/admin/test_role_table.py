"""Every address and action of the admin, by every role: nothing is reached that no row tells of.

The addresses are those of the resolver and the actions those of the registry, so a new one without
a row in role_table.py fails here. Pages are not drawn: test_every_page.py does.
"""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from catalog import integrity
from catalog.admin.ordering import OrderedAdmin
from catalog.admin.pending import DECISIONS
from tests.admin.addresses import address_of, make_content, names
from tests.admin.effects import NOTHING, Effects, draw_nothing
from tests.admin.forging import SAVE, Forger, root
from tests.admin.role_table import ACTIONS, ADDRESSES, ROLES
from tests.admin.roles import sign_in_as

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.sqlite,  # what roles may do is asked of no database
    pytest.mark.usefixtures("pack_dir"),
]

# What was asked, with what came of it.
Cells = dict[tuple[str, str], str]

LOGIN = "/admin/login/?next="


@pytest.fixture(autouse=True)
def no_more_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    draw_nothing(monkeypatch)
    # What is wrong in the guide is told after each save, and bars none here.
    monkeypatch.setattr(integrity, "find_problems", lambda: iter(()))


def client_of(role: str) -> Client:
    if role == "anonymous":
        return Client()
    return sign_in_as("" if role == "nobody" else role)


def cell_of(answer: HttpResponse, effect: str) -> str:
    """An answer and what became of it, as a cell of the table says it."""
    if effect != NOTHING:
        return effect if answer.status_code == 302 else f"{answer.status_code}, {effect}"
    asked = quote(answer.wsgi_request.get_full_path(), safe="/")
    is_login = answer.status_code == 302 and answer.url == LOGIN + asked
    return "login" if is_login else str(answer.status_code)


class Asker:
    """Somebody of a role who asks again and again, each time as if it were the first."""

    def __init__(self, role: str) -> None:
        self.client = client_of(role)
        self.effects = Effects()

    def get(self, address: str) -> str:
        return self._ask("get", address)

    def head(self, address: str) -> str:
        return self._ask("head", address)

    def post(self, address: str, data: dict) -> str:
        return self._ask("post", address, data)

    def send(self, method: str, address: str, body: str) -> str:
        return self._ask(method, address, body, "application/x-www-form-urlencoded")

    def _ask(self, method: str, *asked: object) -> str:
        kept = self.client.cookies.copy()
        answer, effect = self.effects.of(lambda: getattr(self.client, method)(*asked))
        self.client.cookies = kept
        return cell_of(answer, effect)


def differing(told: Cells, found: Cells) -> list[str]:
    """Where an answer is not what the table says."""
    return [
        f"{' '.join(key)}: {found[key]}, not {told[key]}" for key in told if found[key] != told[key]
    ]


def unmatched(what: str, told: Iterable[str], there: Iterable[str]) -> list[str]:
    """What the table leaves out, and what it tells of that is not there or stands twice."""
    rows, found = Counter(told), {*there}
    return [
        *(f"{what}: {name} has no row" for name in sorted(found - rows.keys())),
        *(f"{what}: {name} is a row of nothing" for name in sorted(rows.keys() - found)),
        *(f"{what}: {name} has {count} rows" for name, count in rows.items() if count > 1),
    ]


def list_of(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def actions_there() -> set[str]:
    """Each model's name with each action that a superuser is offered on its list."""
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    found = set()
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found |= {f"{name} {action}" for action in model_admin.get_actions(request)}
        found |= {f"{name} _move"} if isinstance(model_admin, OrderedAdmin) else set()
    return found


# Completeness -----------------------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address():
    got = [name for row in ADDRESSES for name in row.names if row.method == "GET"]
    post = [row for row in ADDRESSES if row.method == "POST" and not row.button]
    posted = [name for row in post for name in row.names]
    pressed = {name for row in ADDRESSES for name in row.names if row.button}

    said = [*unmatched("GET", got, names()), *unmatched("POST", [*posted, *pressed], names())]
    assert not said, "\n".join(said)


def test_every_action_has_a_row_and_every_row_an_action():
    said = unmatched("action", [name for row in ACTIONS for name in row.names], actions_there())
    assert not said, "\n".join(said)


def test_no_list_can_be_typed_into():
    """A list with fields would be a form: it would need a row of its own."""
    assert [each for each in admin.site._registry.values() if each.list_editable] == []


def test_every_decision_has_a_row():
    assert {row.button for row in ADDRESSES if row.button} == set(DECISIONS)


# The table --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_its_column_says(role):
    make_content()
    addresses = {name: address_of(name) for name in names()}
    forger, asker = Forger(root()), Asker(role)
    told: Cells = {}
    found: Cells = {}

    for row in ADDRESSES:
        for name in row.names:
            key = (name, f"{row.method} {row.button}".strip())
            told[key] = row.cells[role]
            if row.method == "GET":
                found[key] = asker.get(addresses[name])
            else:
                found[key] = asker.post(addresses[name], forger.post(name, row.button))
    for row in ACTIONS:
        for name in row.names:
            model, action = name.split()
            told[model, action] = row.cells[role]
            data = forger.action(apps.get_model(model.replace("_", ".")), action)
            found[model, action] = asker.post(list_of(model), data)

    said = differing(told, found)
    assert not said, "\n".join(said)


# Beside the table -------------------------------------------------------------------------------


def test_who_reads_with_an_account_is_as_good_as_nobody():
    """Even one whose group could do everything: who is no staff does not enter."""
    make_content()
    entries = {"login", "logout"}
    addresses = {name: address_of(name) for name in {*names()} - entries}
    asker = Asker("Publisher")
    User.objects.filter(username="publisher").update(is_staff=False)
    asker.effects = Effects()

    found = {
        (name, method): asked
        for name, address in addresses.items()
        for method, asked in (
            ("GET", asker.get(address)),
            ("HEAD", asker.head(address)),
            ("POST", asker.post(address, SAVE | {"post": "yes"})),
        )
    }

    said = differing(dict.fromkeys(found, "login"), found)
    assert not said, "\n".join(said)


def test_a_post_from_another_site_is_refused_at_every_address():
    make_content()
    addresses = {name: address_of(name) for name in names()}
    forger, asker = Forger(root()), Asker("Superuser")
    asker.client.handler.enforce_csrf_checks = True

    found = {
        (name, "POST"): asker.post(address, forger.post(name, "apply"))
        for name, address in addresses.items()
    }

    said = differing(dict.fromkeys(found, "403"), found)
    assert not said, "\n".join(said)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_write_nothing(method):
    """Where a superuser's POST writes."""
    make_content()
    posts = [row for row in ADDRESSES if row.method == "POST"]
    writing = {name for row in posts for name in row.names if row.cells["Superuser"].isalpha()}
    addresses = {name: address_of(name) for name in writing}
    forger, asker = Forger(root()), Asker("Superuser")

    for name in sorted(writing):
        body = urlencode(forger.post(name, "apply"), doseq=True)
        assert asker.send(method, addresses[name], body).isdecimal(), name
