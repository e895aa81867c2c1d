"""Renaming in the admin: addresses, history, packs and what waits go along; refused by name."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client

from catalog.history import editions, renames
from catalog.models import Moved, Pending, Snippet, Status, Technology, Thing
from tests.admin.bulk.acting import refusal_of
from tests.admin.pages import messages_of, read_form, url_for, url_of
from tests.admin.reading_history import change, links_of, make_quart, texts_of, update
from tests.admin.roles import sign_in, sign_in_as
from tests.admin.test_while_writing import another_writer
from tests.factories import make_comparison, make_guide, make_listing, make_snippet, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def rename(client: Client, thing: Thing, slug: str, **fields: Any) -> HttpResponse:
    """Open the page, type a slug, press the button."""
    typed = read_form(client.get(url_of(thing, "rename"))) | {"slug": slug}
    return client.post(url_of(thing, "rename"), typed | fields)


def again(client: Client, page: HttpResponse) -> HttpResponse:
    return client.post(page.request["PATH_INFO"], read_form(page))


def errors_of(page: HttpResponse) -> dict[str, list[str]]:
    return dict(page.context["form"].errors)


def test_the_page_says_what_happens(admin_client, quart):
    with change():
        make_listing(technology=quart)

    page = admin_client.get(url_of(quart, "rename"))

    assert texts_of(page, "h1") == ["Rename “Quart”"]
    assert read_form(page)["slug"] == "quart"
    assert texts_of(page, "li") == [
        "Its page moves. The address /technologies/quart/ leads to the new one, and so do those "
        "it had before.",
        "Its history, what packs said of it and what waits for a publisher go along.",
        "1 thing names it, and names it anew in the same edition.",
    ]


def test_a_renamed_thing_is_found_at_both_addresses(admin_client, quart):
    answer = rename(admin_client, quart, "quart-2")

    newest = editions.latest()
    assert (answer.status_code, answer["Location"]) == (302, url_of(quart))
    assert (newest.number, newest.user, newest.comment) == (
        2,
        "admin",
        "Renamed from “quart” to “quart-2”.",
    )
    assert messages_of(answer) == [
        '“Quart” is at <a href="/technologies/quart-2/">/technologies/quart-2/</a> now; '
        '<a href="/technologies/quart/">/technologies/quart/</a> leads there.'
    ]
    assert admin_client.get("/technologies/quart/").headers["Location"] == "/technologies/quart-2/"
    assert LogEntry.objects.get().get_change_message() == newest.comment


def test_what_names_it_goes_along(admin_client):
    comparison = make_comparison()
    technology = comparison.contenders.first().technology
    Pending.objects.create(
        kind="technology", slug=technology.slug, edition=1, document="[]", user="ada"
    )

    rename(admin_client, technology, "another")

    revisions = editions.latest().revisions.values_list("kind", "slug")
    assert ("comparison", comparison.slug) in revisions
    assert Pending.objects.get().slug == "another"


def test_a_draft_has_no_address_to_move(admin_client):
    draft = make_technology(slug="draft", name="Draft", status=Status.DRAFT)

    page = admin_client.get(url_of(draft, "rename"))
    answer = rename(admin_client, draft, "other")

    assert texts_of(page, "li")[0] == "It is a draft: readers have no address of it yet."
    assert messages_of(answer) == ["“Draft” was “draft” and is “other” now."]


def test_a_snippets_place_moves(admin_client):
    snippet = make_snippet(slug="hello", title="Hello")

    page = admin_client.get(url_of(snippet, "rename"))
    rename(admin_client, snippet, "greeting")

    assert texts_of(page, "li")[0].startswith("Links to #snippet-hello, its place on a page,")
    assert Snippet.objects.get().slug == "greeting"


@pytest.mark.parametrize(
    ("slug", "error"),
    [
        ("", "This field is required."),
        ("quart", "This is its slug already."),
        ("taken", "This slug is taken by “Another”; give another."),
        *(
            (slug, "Use lower-case letters, digits and single hyphens between them: “task-queues”.")
            for slug in ("Not A Slug", "a--b", "-a", "a/b", "ä")
        ),
    ],
)
def test_what_cannot_be_the_slug_is_said_at_the_field(admin_client, quart, slug, error):
    make_technology(slug="taken", name="Another")

    page = rename(admin_client, quart, slug)

    assert errors_of(page) == {"slug": [error]}
    assert read_form(page)["slug"] == slug
    assert Technology.objects.filter(slug="quart").count() == 1


@pytest.mark.parametrize("slug", ["feed", "index", "compare"])
def test_words_that_addresses_use_are_refused(admin_client, quart, slug):
    page = rename(admin_client, quart, slug)

    assert "none of index" in str(errors_of(page))
    assert texts_of(page, "h1") == ["Rename “Quart”"]
    assert (Technology.objects.get().slug, editions.latest().number) == ("quart", 1)


@pytest.mark.parametrize("slug", ["a" * 81, "\0", "a\0b"])
def test_hostile_slugs_are_refused(admin_client, slug):
    page = rename(admin_client, make_quart(), slug)

    assert errors_of(page).keys() == {"slug"}


def test_a_slug_that_was_anothers_once_is_taken_knowingly(admin_client):
    quart, flask = make_quart(), make_technology(slug="flask", name="Flask")
    with change():
        renames.rename(flask, "flask-2")

    page = rename(admin_client, quart, "flask")
    answer = again(admin_client, page)

    assert page.status_code == 200
    assert (
        "“flask” was the slug of “Flask” once: links that lead there still will lead here "
        "instead. Send it again if that is meant." in texts_of(page, "p")
    )
    assert answer.status_code == 302
    assert Technology.objects.get(slug="flask") == quart
    assert dict(Moved.objects.values_list("old", "new")) == {"quart": "flask"}


def test_to_know_of_one_slug_is_not_to_know_of_another(admin_client):
    quart, flask = make_quart(), make_technology(slug="flask", name="Flask")
    with change():
        renames.rename(flask, "flask-2")

    page = rename(admin_client, quart, "flask", known="flask-1")

    assert page.status_code == 200
    assert Technology.objects.filter(slug="quart").exists()


def test_ones_own_old_slug_is_taken_without_a_word(admin_client, quart):
    rename(admin_client, quart, "quart-2")

    answer = rename(admin_client, quart, "quart")

    assert answer.status_code == 302
    assert dict(Moved.objects.values_list("old", "new")) == {"quart-2": "quart"}


def test_what_is_wrong_in_another_field_bars_the_way(admin_client, quart):
    with change():
        Technology.objects.update(lifecycle_verified_on="2999-01-01")

    page = rename(admin_client, quart, "quart-2")

    assert errors_of(page) == {
        "__all__": ["This day is still to come; give the day it was verified."]
    }
    assert (Technology.objects.get().slug, editions.latest().number) == ("quart", 2)


@pytest.mark.parametrize("token", ["", "x", "1 technology/flask", "99 technology/quart"])
def test_a_page_without_its_state_is_refused(admin_client, token):
    page = rename(admin_client, make_quart(), "quart-2", _state=token)

    assert page.status_code == 409
    assert refusal_of(page) == (
        "It is not known which state this form was made from: open it anew."
    )
    assert Technology.objects.get().slug == "quart"


def test_a_thing_that_changed_meanwhile_is_looked_at_first(admin_client, quart):
    typed = read_form(admin_client.get(url_of(quart, "rename"))) | {"slug": "quart-2"}
    update(quart, name="QUART")

    page = admin_client.post(url_of(quart, "rename"), typed)

    assert page.status_code == 409
    assert refusal_of(page) == ("“QUART” has been changed since you opened this page; look again.")
    assert again(admin_client, page).status_code == 302
    assert Technology.objects.values_list("slug", "name").get() == ("quart-2", "QUART")


def test_a_thing_that_was_deleted_meanwhile_is_not_found(admin_client, quart):
    with change():
        quart.delete()
        quart.pk = 1

    assert admin_client.post(f"{url_for(Technology)}1/rename/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_what_was_typed_is_kept(admin_client, quart):
    with another_writer():
        page = rename(admin_client, quart, "quart-2")

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert read_form(page)["slug"] == "quart-2"
    assert again(admin_client, page).status_code == 302


# Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("Contributor", 403), ("Editor", 403), ("Auditor", 403), ("Publisher", 200)],
)
def test_to_rename_is_for_those_who_publish(role, status):
    quart, client = make_quart(), sign_in_as(role, "grace")

    page = client.get(url_of(quart, "rename"))
    sent = client.post(url_of(quart, "rename"), {"slug": "hacked"})

    assert (page.status_code, sent.status_code) == (status, 409 if status == 200 else 403)
    assert ("Rename" in links_of(client.get(url_of(quart)))) == (status == 200)
    assert Technology.objects.get().slug == "quart"


def test_to_publish_alone_is_not_enough(quart):
    client = sign_in("publish_content", "view_technology")

    assert client.get(url_of(quart, "rename")).status_code == 403


def test_the_guide_keeps_its_slug(admin_client):
    guide = make_guide()

    assert admin_client.get(url_of(guide, "rename")).status_code == 403
    assert "Rename" not in links_of(admin_client.get(url_of(guide)))


def test_no_other_method_is_answered(admin_client):
    assert admin_client.delete(url_of(make_quart(), "rename")).status_code == 405
