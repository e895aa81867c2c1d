"""Posts that no page of ours makes change nothing that the sender may not change.

What each role gets from every address and action stands in test_role_table.py; what forged posts
of a grid do, in grid/test_rights.py; who decides about what waits, in test_pending.py; that
the token of another row is none, in test_tokens.py. Here is what else somebody may send.
"""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import models, transaction
from django.urls import reverse

from catalog.admin.confirm import STATE
from catalog.history import documents, editions
from catalog.models import (
    CONTENT,
    Category,
    Cell,
    Comparison,
    ContentModel,
    Criterion,
    Listing,
    Package,
    Pending,
    Point,
    Revision,
    Snippet,
    Stack,
    Technology,
)
from tests.admin.addresses import change, first, last, make_content
from tests.admin.effects import DRAFT, NOTHING, WAITS, Effects, draw_nothing
from tests.admin.forging import (
    PARTS,
    SAVE,
    VERBS,
    Data,
    Forger,
    Part,
    added,
    another,
    changed,
    fields_of,
    form_of,
    may,
    root,
    table,
    typed_into,
)
from tests.admin.pages import url_for, url_of
from tests.admin.roles import sign_in, sign_in_as
from tests.factories import make_point

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.sqlite,  # what is refused is asked of no database
    pytest.mark.usefixtures("content"),
]

# Each part whose form says of what it is a part; packages have a test of their own.
MOVABLE = [
    (model, owner)
    for model in CONTENT
    for owner in model.OWNERS
    if "__" not in owner and model is not Package
]


# Django takes the post for that of another row.
COPY = {"_saveasnew": "1"}

# What a form never sends, or not so.
ADDED = [
    {"status": "draft"},
    {"status": "archived"},
    {"slug": "forged"},
    {"slug": "forged", "status": "draft", **COPY},
    {"_popup": "1"},
    {"_pending": "0 0"},
    {"_pending": "1 1"},
    {"_seen": "1", "id": "1", "pk": "1"},
    {"_choice": "mine", "_publish": "1", "user": "ada", "version": "1"},
]


@pytest.fixture
def content(pack_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_nothing(monkeypatch)
    make_content()


def taken_back(send: Callable[[], Any], look: Callable[[], Any]) -> Any:
    """What there is after a request, of which nothing stays."""
    with transaction.atomic():
        send()
        found = look()
        transaction.set_rollback(True)
    return found


def document_of(row: ContentModel) -> Any:
    thing = min(row.things())
    return documents.of([thing])[thing]


def rows_of(model: type[models.Model]) -> list[tuple]:
    return sorted(model._base_manager.values_list(), key=repr)


# Parts in the tables of a form --------------------------------------------------------------------


def sent_by(part: Part, verb: str) -> tuple[models.Model, Data]:
    """A thing, and what its form sends to add, change or delete a row of its table."""
    if verb == "add":
        new = another(part.model)
        thing = part.of.objects.get(pk=new.pop(part.key))
        return thing, table(part.prefix, [new])
    row = last(part.model) if verb == "delete" else first(part.model)
    typed = {"DELETE": "on"} if verb == "delete" else typed_into(part.model)
    return getattr(row, part.key), table(part.prefix, [fields_of(row) | {"id": row.pk} | typed], 1)


@pytest.mark.parametrize("verb", ["add", "change", "delete"])
def test_what_is_done_in_a_table_of_parts_needs_the_right_to_do_it(verb):
    done = {}
    for part in PARTS:
        every = {may(each, part.model) for each in VERBS}
        thing, sent = sent_by(part, verb)
        before = rows_of(part.model)
        for rights in (every, every - {may(verb, part.model)}):
            client = sign_in("publish_content", may("change", part.of), *rights)
            form = SAVE | form_of(thing) | sent
            post = partial(client.post, url_of(thing), form)
            after = taken_back(post, partial(rows_of, part.model))
            done[part, rights == every] = after != before

    assert done == {(part, is_right): is_right for part in PARTS for is_right in (True, False)}


@pytest.mark.parametrize("state", ["live", "stale", "pending"])
def test_a_part_of_another_thing_is_out_of_reach(state):
    """Whether the form is saved as it is, merged with what came after it, or goes on with."""
    client = sign_in_as("Editor" if state == "pending" else "Publisher")
    for part in PARTS:
        row = first(part.model)
        other = part.of.objects.exclude(pk=getattr(row, part.key).pk).order_by("pk").last()
        data = SAVE | form_of(other)
        if state == "stale":
            data[STATE] = f"1 {data[STATE].partition(' ')[2]}"
        if state == "pending":
            data["_pending"] = f"1 {editions.number_now()}"
        sent = fields_of(row) | {"id": row.pk} | typed_into(part.model)
        before = document_of(row)

        for typed, there in [({}, 1), ({"DELETE": "on"}, 1), ({}, 0)]:
            forged = data | table(part.prefix, [sent | typed], there)

            def send() -> None:
                if state == "pending":
                    client.post(url_of(other), data | {"owner": "Bob"})  # noqa: B023
                client.post(url_of(other), forged)  # noqa: B023

            assert taken_back(send, partial(document_of, row)) == before


# What is live, by those who do not publish --------------------------------------------------------


@pytest.mark.parametrize("role", ["Contributor", "Editor"])
def test_what_is_new_is_not_seen_at_once(role):
    client = sign_in_as(role)
    effects = Effects()
    for model, status in product((Comparison, Stack, Technology), ("published", "archived")):
        draft = model.objects.get(slug="draft")
        forged = SAVE | {"status": status, "_publish": "1", "published_at": "2026-01-01"}
        posts = [
            (url_for(model, "add"), added(model) | forged),
            (url_of(first(model)), form_of(first(model)) | added(model) | forged | COPY),
            (url_of(draft), form_of(draft) | forged),
        ]
        found = [effects.of(partial(client.post, *post))[1] for post in posts]
        assert found == [NOTHING, NOTHING, WAITS]


@pytest.mark.parametrize("role", ["Contributor", "Editor"])
def test_whatever_is_added_to_a_form_nothing_goes_live(role):
    client = sign_in_as(role)
    effects = Effects()
    for model, forged in product((Technology, Comparison, Snippet, Point, Cell, Listing), ADDED):
        row = first(model)
        post = partial(client.post, url_of(row), SAVE | changed(row) | forged)
        assert effects.of(post)[1] in (NOTHING, WAITS, DRAFT)


def moved_to_draft(model: type[ContentModel], owner: str) -> Data:
    """The form of a live part, that says it is part of a draft."""
    row = first(model)
    draft = model._meta.get_field(owner).related_model.objects.get(slug="draft")
    forged = {owner: draft.pk, "slug": "forged"} | ({"group": ""} if model is Criterion else {})
    return SAVE | form_of(row) | forged


def test_what_is_moved_to_a_draft_stays_where_readers_see_it():
    editor = sign_in_as("Editor")
    effects = Effects()
    for model, owner in MOVABLE:
        post = partial(editor.post, url_of(first(model)), moved_to_draft(model, owner))
        answer, effect = effects.of(post)
        assert (answer.status_code, effect) in {(302, WAITS), (302, DRAFT)}


def test_a_package_that_is_moved_to_a_draft_stays_where_readers_see_it():
    data = moved_to_draft(Package, "technology")
    post = partial(sign_in_as("Editor").post, url_of(first(Package)), data)
    assert Effects().of(post)[1] in (WAITS, DRAFT)


# What waits and is somebody else's ----------------------------------------------------------------


def to_pending(**more: Any) -> Data:
    return SAVE | {"technology": Technology.objects.get(slug="proposed").pk, **more}


def revert_of(_point: Point) -> tuple[str, Data]:
    revisions = Revision.objects.filter(kind="technology", slug="proposed")
    address = reverse("admin:catalog_revision_revert", args=[revisions.earliest("edition_id").pk])
    return address, confirmation_of(address)


def confirmation_of(address: str) -> Data:
    page = root().get(address).context_data
    return {page[f"{field}_name"]: page[field] for field in ("token", "seen")}


def undo_of(_point: Point) -> tuple[str, Data]:
    address = reverse("admin:catalog_edition_undo", args=[editions.number_now()])
    return address, confirmation_of(address)


def deletion_of(point: Point) -> tuple[str, Data]:
    return url_for(Point), Forger(root()).action(Point, "delete_selected", point)


def copy_of(_point: Point) -> tuple[str, Data]:
    row = first(Point)
    return url_of(row), form_of(row) | to_pending(slug="forged") | COPY


GUARDED = {
    "change": lambda point: (url_of(point), SAVE | changed(point)),
    "change thing": lambda point: (url_of(point.technology), SAVE | changed(point.technology)),
    "undo": undo_of,
}
UNGUARDED = {
    "add": lambda _point: (url_for(Point, "add"), added(Point) | to_pending()),
    "copy": copy_of,
    "move": lambda _point: (url_of(first(Point)), form_of(first(Point)) | to_pending()),
    "delete": lambda point: (url_of(point, "delete"), {"post": "yes"}),
    "delete selected": deletion_of,
    "revert": revert_of,
}


@pytest.mark.parametrize("ways", [GUARDED, UNGUARDED], ids=["guarded", "unguarded"])
def test_nobody_writes_into_what_is_somebody_elses(ways):
    technology = Technology.objects.get(slug="proposed")
    with change():
        point = make_point(technology)
    with change():
        Technology.objects.filter(pk=technology.pk).update(description="More")
    bob, kept = sign_in_as("Contributor", "bob"), {}
    look = Pending.objects.filter(slug="proposed").values().get
    before = look()

    for name, way in ways.items():
        address, data = way(point)
        for basis in ({}, {"_pending": f"1 {editions.number_now()}"}):
            post = partial(bob.post, address, data | basis)
            kept[name, bool(basis)] = taken_back(post, look) == before

    assert kept == {(name, is_given): True for name in ways for is_given in (False, True)}


def test_a_form_that_goes_on_with_what_waits_no_longer_comes_back_with_its_mistakes():
    row = first(Technology)
    data = SAVE | form_of(row) | {"name": "", "_pending": f"1 {editions.number_now()}"}
    for role in ("Contributor", "Editor", "Publisher"):
        assert sign_in_as(role).post(url_of(row), data).status_code == 200


def test_a_decision_on_a_state_that_was_not_shown_is_none():
    """Only to apply it, the rest of the guide has to be as it was shown as well."""
    address, publisher = url_of(Pending.objects.get()), sign_in_as("Publisher")
    effects = Effects()
    for decision, state in (
        *product(["apply"], ["1", "1 x", "1 4 4"]),
        *product(["apply", "return", "explain"], ["", "x", "0 4", "2 4", "99 99", "\u00b2 4"]),
    ):
        data = {"_state": state, "_decision": decision, "answer": "No"}
        answer, effect = effects.of(partial(publisher.post, address, data))
        assert (answer.status_code, effect) == (409, NOTHING)


def test_of_two_decisions_the_one_that_is_taken_is_the_one_that_is_asked_about():
    data = {"_state": "1 4", "_decision": ["explain", "apply"], "comment": "Why"}
    post = partial(sign_in_as("Editor").post, url_of(Pending.objects.get()), data)

    answer, effect = Effects().of(post)

    assert (answer.status_code, effect) == (403, NOTHING)


# Actions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", "Auditor", "Contributor"])
def test_an_action_that_is_not_offered_does_nothing(role):
    forger, client = Forger(root()), sign_in_as(role)
    effects = Effects()
    confirmed = forger.action(Category, "publish") | {"select_across": "1"}
    names = ["publish", "set_lifecycle", "delete_selected", "make_superuser", ""]
    for action in [*names, ["publish", "delete_selected"], ["delete_selected", "publish"]]:
        forged = confirmed | {"action": action, "post": "yes"}
        for data in (forged, forged | {"index": "1"}, forged | SAVE):
            assert effects.of(partial(client.post, url_for(Category), data))[1] == NOTHING
