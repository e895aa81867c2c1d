"""Whoever can say a document saves it by one call: written, merged, asked about or refused."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from catalog.admin.overtaken import save_document
from catalog.history import documents, editions, renames
from catalog.models import (
    Category,
    Cell,
    Comparison,
    Criterion,
    Edition,
    Technology,
    Thing,
    ThingKey,
)
from tests.admin.overtaken import opened
from tests.admin.pages import messages_of, url_of
from tests.factories import make_category, make_cell, make_comparison, make_contender
from tests.factories import make_technology as make

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

Document = list[dict[str, Any]]


def change() -> Any:
    return editions.record("ada", "", Edition.Origin.ADMIN)


@pytest.fixture
def table() -> Comparison:
    with change():
        return make_comparison(slug="table", title="Frameworks", contenders=1, criteria=1)


def document_of(thing: Thing) -> Document:
    return json.loads(documents.texts([thing.key])[thing.key])


def changed(document: Document, model: str, **fields: Any) -> Document:
    """The document with these fields in the first row of this model."""
    row = next(row for row in document if row["model"] == f"catalog.{model}")
    row["fields"] |= fields
    return document


def save(
    admin_user: User, thing: ThingKey, mine: Document, token: str = "", **post: str
) -> HttpResponse | None:
    request = RequestFactory().post("/grid/", post)
    request.user = admin_user
    token = token or f"{editions.number_now()} {'/'.join(thing)}"
    with change():
        return save_document(request, thing, token, mine)


def problems(answer: HttpResponse | None) -> list[str]:
    assert answer is not None
    assert answer.status_code == 422
    assert "Nothing was saved." in answer.render().content.decode()
    return answer.context_data["problems"]


def test_what_nobody_overtook_is_written(admin_user, table):
    mine = changed(document_of(table), "cell", word="Mine", note="New")

    assert save(admin_user, table.key, mine) is None

    assert Cell.objects.get().word == "Mine"
    assert editions.number_now() == 2


def test_to_write_what_is_there_makes_no_edition(admin_user, table):
    assert save(admin_user, table.key, document_of(table)) is None
    assert editions.number_now() == 1


@pytest.mark.parametrize(
    "token",
    [
        *("0", "x", "-1 comparison/table", "1", "1 comparison/other", "² comparison/table"),
        *("99 comparison/table", f"{'9' * 5000} comparison/table", "\0", "1 comparison/table/x"),
        *("1 comparison", "1 comparison/table/", " comparison/table"),
    ],
)
def test_a_token_that_is_none_writes_nothing(admin_user, table, token):
    mine = changed(document_of(table), "cell", word="Mine")

    answer = save(admin_user, table.key, mine, token, word="Typed")

    assert answer.status_code == 409
    assert answer.context_data["problems"] == [
        "It is not known which state this form was made from: open it anew."
    ]
    assert "Typed" in answer.render().content.decode()
    assert (Cell.objects.get().word, editions.number_now()) == ("Good", 1)


def test_a_token_of_several_things_is_one_of_each(admin_user, table):
    mine = changed(document_of(table), "cell", word="Mine")

    assert save(admin_user, table.key, mine, "1 category/web comparison/table") is None


def test_a_form_that_was_opened_under_another_name_is_overtaken(admin_user, table):
    mine = changed(document_of(table), "cell", word="Mine")
    with change():
        renames.rename(table, "table-2")

    answer = save(admin_user, ThingKey("comparison", "table"), mine, "1 comparison/table")

    assert (answer.status_code, answer.context_data["questions"]) == (409, [])
    assert [one.edition.number for one in answer.context_data["editions"]] == [2]
    seen = {"_seen": str(answer.context_data["seen"])}
    assert save(admin_user, table.key, mine, "1 comparison/table", **seen) is None
    assert Cell.objects.get().word == "Mine"


def test_a_row_is_held_to_all_its_rules(admin_user, table):
    wrong = {"rating": 9, "source": "javascript:alert(1)", "verified_by": "ada", "state": "x"}
    mine = changed(document_of(table), "cell", **wrong)
    name = Cell.objects.get().contender.technology.name

    answer = save(admin_user, table.key, mine)

    head = f"Cell “Criterion 0 of {name}”"
    assert [text.removeprefix(head)[:14] for text in problems(answer)] == [
        ", state: Value",
        ", rating: Ensu",
        ", source: Give",
        ": Say when it ",
    ]
    assert Cell.objects.get().word == "Good"


def test_a_row_is_held_to_what_others_say(admin_user, table):
    """Its clean() asks rows beside it, which are there only once all is written."""
    mine = changed(document_of(table), "criterion", kind="yes-no", name="Mine")

    answer = save(admin_user, table.key, mine)

    assert [text.partition(": ")[2] for text in problems(answer)] == [
        "A yes or no row takes 4 for yes and 0 for no."
    ]
    assert Criterion.objects.get().name == "Criterion 0"
    assert editions.number_now() == 1
    both = changed(changed(mine, "cell", rating=4, word="Yes"), "criterion", weight=2)
    assert save(admin_user, table.key, both) is None
    assert (Cell.objects.get().rating, Criterion.objects.get().weight) == (4, 2)


def test_what_a_category_cannot_be_is_said_with_its_field(admin_user):
    with change():
        top = make_category(slug="top", name="Top")
        below = make_category(slug="below", name="Below", parent=top)
        third = make_category(slug="third", name="Third")
    mine = changed(document_of(third), "category", parent=[below.slug])

    answer = save(admin_user, third.key, mine)

    assert problems(answer) == [
        "Category “Third”, parent: “Below” is itself below another category; choose a top category."
    ]
    assert Category.objects.get(slug="third").parent is None


def test_what_something_else_needs_does_not_go(admin_user):
    with change():
        flask = make(slug="flask", name="Flask")
        make(slug="old", name="Old", replaced_by=flask)

    answer = save(admin_user, flask.key, [])

    assert problems(answer) == ["Technology “Flask” cannot go: technology “Old” needs it."]
    assert Technology.objects.count() == 2


def test_a_rule_that_only_the_database_knows_is_told(admin_user, table, monkeypatch):
    """As if a rule had been forgotten in what is asked before."""
    monkeypatch.setattr("catalog.history.trial._faults", lambda *_row_and_check: [])
    mine = changed(document_of(table), "cell", rating=9)

    answer = save(admin_user, table.key, mine)

    (problem,) = problems(answer)
    assert problem.partition(": ")[2].startswith("The database refuses it: ")
    assert (Cell.objects.get().rating, editions.number_now()) == (3, 1)


def test_what_stands_in_the_way_of_a_merge_is_said_at_once(admin_user, table):
    with change():
        quart = make(slug="quart", name="Quart")
    with change():
        contender = make_contender(table, technology=quart)
        make_cell(table.criteria.get(), contender)
    mine = document_of(table)
    with change():
        contender.delete()
    with change():
        quart.delete()

    answer = save(admin_user, table.key, mine, "1 comparison/table", word="Typed")

    assert answer.status_code == 409
    assert answer.context_data["problems"] == [
        "Contender “quart” needs technology “quart”, which is not there."
    ]
    assert "Typed" in answer.render().content.decode()


def test_the_queries_do_not_grow_with_what_is_saved(admin_user):
    counts = []
    for size in (2, 8):
        with change():
            comparison = make_comparison(contenders=size, criteria=size)
        mine = document_of(comparison)
        for row in mine:
            row["fields"] |= {"note": "Mine"} if row["model"] == "catalog.cell" else {}
        with CaptureQueriesContext(connection) as queries:
            assert save(admin_user, comparison.key, mine) is None
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_no_success_is_told_of_what_was_only_tried(admin_client, table):
    """The form is saved on top to see what it comes to, and taken back."""
    form = opened(admin_client, table) | {"title": "Mine"}
    with change():
        Comparison.objects.update(title="Theirs")

    page = admin_client.post(url_of(table), form)

    assert page.status_code == 409
    assert [text for text in messages_of(page) if "success" in text] == []
