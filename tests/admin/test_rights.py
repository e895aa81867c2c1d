"""One right stands for nothing else, and none outlives being taken away.

What each role may do stands in test_role_table.py.
"""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.urls import reverse

from catalog import roles
from catalog.history import editions
from catalog.models import (
    CONTENT,
    Category,
    Comparison,
    Revision,
    Stack,
    Technology,
    Thing,
    VersionSet,
)
from tests.admin.addresses import address_of, change, first, make_content, model_of, names, page_of
from tests.admin.effects import LIVE, NOTHING, WAITS, Effects, draw_nothing
from tests.admin.forging import SAVE, VERBS, Forger, changed, form_of, may, root
from tests.admin.pages import url_for, url_of
from tests.admin.roles import sign_in, sign_in_as
from tests.factories import make_technology

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.sqlite,  # what is refused is asked of no database
    pytest.mark.usefixtures("content"),
]


@pytest.fixture
def content(pack_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_nothing(monkeypatch)
    make_content()


# Deleting -----------------------------------------------------------------------------------------


def test_who_deletes_a_thing_must_be_allowed_to_delete_what_goes_along():
    models = (Comparison, Stack, Technology, VersionSet)
    rights = {may(verb, model) for verb in VERBS for model in models} | {"publish_content"}
    of_parts = {may("delete", part) for part in CONTENT if not issubclass(part, Thing)}
    clients = [sign_in(*rights), sign_in(*rights, *of_parts, name="zed")]
    forger = Forger(root())
    effects = Effects()

    for model in models:
        thing = model.objects.get(slug="spare")
        posts = [
            (url_of(thing, "delete"), {"post": "yes"}),
            (url_for(model), forger.action(model, "delete_selected", thing)),
        ]
        without, with_them = (
            [effects.of(partial(client.post, *post))[1] for post in posts] for client in clients
        )
        assert (without, with_them) == ([NOTHING] * 2, [LIVE] * 2)


# The past -----------------------------------------------------------------------------------------


def revert_to(revision: Revision) -> tuple[str, dict[str, str]]:
    return confirmed(reverse("admin:catalog_revision_revert", args=[revision.pk]))


def undo_of(number: int) -> tuple[str, dict[str, str]]:
    return confirmed(reverse("admin:catalog_edition_undo", args=[number]))


def confirmed(address: str) -> tuple[str, dict[str, str]]:
    page = root().get(address).context_data
    return address, {page[f"{field}_name"]: page[field] for field in ("token", "seen")}


def test_nobody_makes_or_deletes_by_way_of_the_past_what_they_may_not():
    category, stack = Category.objects.get(slug="spare"), Stack.objects.get(slug="spare")
    with change():
        make_technology(slug="fresh")
    made = editions.number_now()
    with change():
        Category.objects.filter(pk=category.pk).update(best_for="Most")
    changed_it = editions.number_now()
    with change():
        stack.delete()
    of = Revision.objects.filter
    posts = {
        "undo what made a technology": undo_of(made),
        "undo what changed a category": undo_of(changed_it),
        "revert a category": revert_to(of(kind="category", slug="spare").earliest("edition_id")),
        "recover a stack": revert_to(of(kind="stack", slug="spare").earliest("edition_id")),
    }
    clients = {role: sign_in_as(role) for role in ("Contributor", "Editor", "Publisher")}
    effects = Effects()

    found = {
        role: [effects.of(partial(client.post, *post))[1] for post in posts.values()]
        for role, client in clients.items()
    }

    assert found == {
        "Contributor": [NOTHING, NOTHING, NOTHING, WAITS],
        "Editor": [NOTHING, WAITS, WAITS, WAITS],
        "Publisher": [LIVE, LIVE, LIVE, LIVE],
    }


@pytest.mark.parametrize(("role", "effect"), [("Editor", NOTHING), ("Publisher", LIVE)])
def test_to_make_a_thing_as_when_it_was_not_there_is_to_delete_it(role, effect):
    with change():
        fields = {"slug": "fresh", "name": "Fresh"}
        make_technology(**fields)
    with change():
        Technology.objects.get(slug="fresh").delete()
    gone = Revision.objects.filter(slug="fresh").latest("edition_id")
    with change():
        make_technology(**fields)

    post = partial(sign_in_as(role).post, *revert_to(gone))

    assert Effects().of(post)[1] == effect


# Rights that end ----------------------------------------------------------------------------------


def _update(**fields: object) -> Callable[[User], object]:
    return lambda user: User.objects.filter(pk=user.pk).update(**fields)


def _give_password(user: User) -> None:
    user.set_password("another long secret")
    user.save()


ENDS: list[tuple[Callable[[User], object], list[int]]] = [
    (_update(is_active=False), [302, 302]),
    (_update(is_staff=False), [302, 302]),
    (_give_password, [302, 302]),
    (User.delete, [302, 302]),
    (lambda user: user.groups.clear(), [403, 403]),
    (lambda _user: Group.objects.get(name="Publisher").permissions.clear(), [403, 403]),
    (lambda user: user.groups.set([Group.objects.get(name="Auditor")]), [200, 403]),
]


def test_a_right_that_ends_ends_with_the_next_request():
    row, publisher = first(Technology), sign_in_as("Publisher")
    sign_in_as("Auditor")
    cookies, data = publisher.cookies.copy(), SAVE | changed(row)
    assert publisher.get(url_of(row)).status_code == 200

    for end, statuses in ENDS:
        with transaction.atomic():
            publisher.cookies = cookies.copy()
            end(User.objects.get(username="publisher"))
            effects = Effects()
            asked = [
                partial(publisher.get, url_of(row)),
                partial(publisher.post, url_of(row), data),
            ]
            answers = [effects.of(ask) for ask in asked]
            transaction.set_rollback(True)
        assert [answer.status_code for answer, _effect in answers] == statuses
        assert [effect for _answer, effect in answers] == [NOTHING, NOTHING]


def test_what_a_former_publisher_saves_waits():
    row, publisher = first(Technology), sign_in_as("Publisher")
    data = SAVE | changed(row)

    User.objects.get(username="publisher").groups.set([Group.objects.get(name="Editor")])

    assert Effects().of(partial(publisher.post, url_of(row), data))[1] == WAITS


# Accounts -----------------------------------------------------------------------------------------

RAISED = [{"is_superuser": "on"}, {"groups": "all"}, {"user_permissions": "all"}]


def raising(forged: dict[str, str]) -> dict[str, object]:
    """What somebody posts to their own account; “all” stands for every row that can be chosen."""
    fields = {
        name: User._meta.get_field(name).related_model for name in ("groups", "user_permissions")
    }
    return {
        name: [row.pk for row in fields[name].objects.all()] if value == "all" else value
        for name, value in forged.items()
    }


def test_no_role_changes_its_own_account():
    for role, forged in product(set(roles.ROLES), RAISED):
        client, me = sign_in_as(role), User.objects.get(username=role.lower())
        post = partial(client.post, url_of(me), SAVE | form_of(me) | raising(forged))
        answer, effect = Effects().of(post)
        assert (answer.status_code, effect) == (403, NOTHING)


# What is seen -------------------------------------------------------------------------------------

REFERENCES = [
    (model, field)
    for model in CONTENT
    for field in model._meta.concrete_fields
    if field.is_relation and field.related_model is not model
]


def test_a_picker_names_rows_to_those_who_may_see_them():
    found = {}
    for model, field in REFERENCES:
        rights = [may(verb, model) for verb in VERBS]
        asked = {
            "app_label": "catalog",
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        for more in ([], [may("view", field.related_model)]):
            client = sign_in(*rights, *more)
            status = client.get(reverse("admin:autocomplete"), asked).status_code
            found[model, field, bool(more)] = status

    assert found == {
        (model, field, is_seen): 200 if is_seen else 403
        for model, field in REFERENCES
        for is_seen in (False, True)
    }


def test_who_may_see_records_sees_nothing_through_them_of_what_they_are_of():
    client = sign_in(*(may("view", model) for model in roles.RECORDS))
    of_content = [name for name in names() if model_of(name) in CONTENT]
    pages = {"change", "history", "preview", "delete", "rename"}
    asked = [
        *(name for name in of_content if page_of(name) in pages),
        *("catalog_comparison_grid", "catalog_comparison_grid_row", "catalog_edition_undo"),
        *("catalog_pending_change", "catalog_pending_preview"),
        *(f"catalog_revision_{page}" for page in ("of", "deleted", "preview", "revert")),
    ]

    found = {name: client.get(address_of(name)).status_code for name in asked}

    assert found == dict.fromkeys(asked, 403)
