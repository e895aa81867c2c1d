"""What is saved by whoever does not publish waits; a publisher applies it or gives it back."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.history import editions
from catalog.models import (
    Category,
    Comparison,
    Criterion,
    CriterionGroup,
    Edition,
    Pending,
    Point,
    Snippet,
    Status,
    Technology,
)
from tests.admin.pages import NEW_POINT, messages_of, read_form, save, url_for, url_of
from tests.admin.roles import sign_in_as
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_point,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def review(pending: Pending | None = None) -> str:
    return url_of(pending or Pending.objects.get())


def decide(client: Client, decision: str, **data: str) -> object:
    """Open the page of the only pending change, and press a button."""
    page = client.get(review())
    return client.post(review(), {"_state": page.context["state"], "_decision": decision, **data})


def summary() -> str:
    return Technology.objects.get(slug="flask").summary


@pytest.fixture
def proposed(ada: Client, flask: Technology) -> None:
    """Let a change of Flask by Ada wait."""
    save(ada, url_of(flask), summary="Tiny")


def test_a_contributors_save_of_a_live_thing_waits(ada, flask):
    answer = save(ada, url_of(flask), summary="Tiny", **NEW_POINT)

    pending = Pending.objects.get()
    assert (answer.status_code, answer.url) == (302, review(pending))
    (said,) = messages_of(answer)
    assert said.startswith("Your change of technology “flask” waits for a publisher.")
    assert (summary(), Point.objects.count()) == ("Small", 0)
    assert (Edition.objects.count(), pending.user, pending.edition) == (1, "ada", 1)


def test_a_publishers_save_goes_live(eve, flask):
    answer = save(eve, url_of(flask), summary="Tiny")

    assert answer.url == url_for(Technology)
    assert (summary(), Pending.objects.count()) == ("Tiny", 0)


def test_a_contributors_draft_is_written(ada):
    answer = save(ada, url_for(Technology, "add"), name="Q", slug="q", kind="library")
    draft = Technology.objects.get()
    save(ada, url_of(draft), summary="Written")

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.summary) == (Status.DRAFT, "Written")
    assert Pending.objects.count() == 0


def test_what_is_new_is_a_draft_first(ada):
    page = ada.get(url_for(Technology, "add"))
    status = page.context["adminform"].form.fields["status"]
    answer = save(
        ada, url_for(Technology, "add"), name="Q", slug="q", kind="library", status="published"
    )

    assert [value for value, _label in status.choices] == ["draft"]
    assert (answer.status_code, Technology.objects.count()) == (200, 0)


def test_to_publish_a_draft_is_proposed(ada, eve):
    draft = make_technology(status=Status.DRAFT)
    save(ada, url_of(draft), status="published")
    assert Technology.objects.get().status == Status.DRAFT

    decide(eve, "apply")

    assert Technology.objects.get().status == Status.PUBLISHED


def test_the_form_goes_on_with_what_waits(ada, flask):
    save(ada, url_of(flask), summary="Tiny", **NEW_POINT)

    page = ada.get(url_of(flask))
    form = read_form(page)

    assert (form["summary"], form["points-0-text"]) == ("Tiny", "Fast")
    assert summary() == "Small"
    answer = ada.post(url_of(flask), form | {"points-0-text": "Very fast"})
    assert answer.status_code == 302
    assert ada.get(url_of(flask)).context["adminform"].form["summary"].value() == "Tiny"
    assert read_form(ada.get(url_of(flask)))["points-0-text"] == "Very fast"
    assert Pending.objects.get().version == 2


def test_a_deletion_that_waits_stays_one(ada, eve, flask):
    make_point(flask, slug="slow", text="Slow")
    save(ada, url_of(flask), **{"points-0-DELETE": "on"})
    form = read_form(ada.get(url_of(flask)))
    assert form["points-TOTAL_FORMS"] == "0"

    ada.post(url_of(flask), form | {"summary": "Tiny"})
    decide(eve, "apply")

    assert (summary(), Point.objects.count()) == ("Tiny", 0)


def test_a_table_goes_on_with_its_new_rows(ada, eve):
    comparison = make_comparison(contenders=2, criteria=1)
    new = {
        "criterion_groups-TOTAL_FORMS": "1",
        "criterion_groups-0-name": "Running",
        "criterion_groups-0-slug": "running",
        "criterion_groups-0-position": "0",
    }
    form = read_form(ada.get(url_of(comparison)))
    prefix = next(name for name in form if name.endswith("-TOTAL_FORMS") and "group" in name)
    new = {
        name.replace("criterion_groups", prefix.removesuffix("-TOTAL_FORMS")): value
        for name, value in new.items()
    }
    ada.post(url_of(comparison), form | new)

    form = read_form(ada.get(url_of(comparison)))
    group = form[prefix.replace("TOTAL_FORMS", "0-id")]
    ada.post(url_of(comparison), form | {"criteria-0-group": group})
    decide(eve, "apply")

    criterion = Criterion.objects.get()
    assert criterion.group == CriterionGroup.objects.get(slug="running")


def test_a_part_waits_with_its_thing(ada, flask):
    point = make_point(flask, text="Small")
    save(ada, url_of(point), text="Tiny")

    assert Point.objects.get().text == "Small"
    assert Pending.objects.get().thing == flask.key
    assert read_form(ada.get(url_of(point)))["text"] == "Tiny"


def test_a_part_can_be_proposed_away(ada, eve, flask):
    point = make_point(flask)
    answer = ada.post(url_of(point, "delete"), {"post": "yes"})

    assert (answer.status_code, Point.objects.count()) == (302, 1)
    decide(eve, "apply")
    assert Point.objects.count() == 0


def test_a_listing_waits(ada):
    listing = make_listing(qualifier="")
    save(ada, url_of(listing), qualifier="Tiny")

    listing.refresh_from_db()
    assert listing.qualifier == ""
    assert Pending.objects.get().thing == listing.category.key


def test_a_new_snippet_of_a_live_page_waits(ada, eve, flask):
    save(
        ada,
        url_for(Snippet, "add"),
        title="S",
        slug="s",
        language="python",
        code="x = 1",
        technology=str(flask.pk),
    )
    assert Snippet.objects.count() == 0

    decide(eve, "apply")

    assert Snippet.objects.get().code == "x = 1"


def test_readers_search_and_exports_do_not_know_it(ada, flask):
    public = [flask.get_absolute_url(), "/technologies/", "/technologies/?q=tiny"]
    before = [ada.get(url).content for url in public]

    save(ada, url_of(flask), summary="Tiny")

    assert [ada.get(url).content for url in public] == before


def test_somebody_elses_change_is_not_a_contributors_to_go_on_with(ada, proposed, flask):
    bob = sign_in_as("Contributor", "bob")

    form = read_form(bob.get(url_of(flask)))
    page = bob.post(url_of(flask), form | {"summary": "Mine"})

    assert (form["summary"], page.status_code) == ("Small", 409)
    (said,) = page.context["adminform"].form.non_field_errors()
    assert said.startswith("A change of “flask” by ada waits for a publisher")
    assert page.context["adminform"].form["summary"].value() == "Mine"
    assert Pending.objects.get().version == 1


def test_an_editor_goes_on_with_anybodys(ada, proposed, flask):
    bob = sign_in_as("Editor", "bob")

    save(bob, url_of(flask), description="More")

    pending = Pending.objects.get()
    assert (pending.user, pending.authors, pending.version) == ("bob", ["ada", "bob"], 2)
    assert read_form(ada.get(url_of(flask)))["summary"] == "Tiny"


def test_who_goes_on_second_is_refused_and_keeps_what_was_typed(ada, proposed, flask):
    bob = sign_in_as("Editor", "bob")
    form = read_form(bob.get(url_of(flask)))
    save(ada, url_of(flask), summary="T")

    page = bob.post(url_of(flask), form | {"description": "Mine"})

    assert page.status_code == 409
    (said,) = page.context["adminform"].form.non_field_errors()
    assert said.startswith("ada went on with the pending change of “flask”")
    assert page.context["adminform"].form["description"].value() == "Mine"


@pytest.mark.parametrize("basis", ["", "x", "1", "1 99", "² 1", "0 1", "2 1"])
def test_a_basis_that_is_none_is_refused(ada, proposed, flask, basis):
    form = read_form(ada.get(url_of(flask))) | {"_pending": basis, "summary": "T"}

    assert ada.post(url_of(flask), form).status_code == 409
    assert Pending.objects.get().version == 1


def test_a_publishers_form_shows_what_is_live(eve, proposed, flask):
    page = eve.get(url_of(flask))
    assert read_form(page)["summary"] == "Small"
    assert review() in page.content.decode()


def test_a_list_moves_nothing_for_who_does_not_publish():
    first, second = make_category(position=1), make_category(position=2)
    editor = sign_in_as("Editor")

    page = editor.post(url_for(Category), {"_move": f"down-category-{first.pk}"})

    assert page.status_code == 403
    assert list(Category.objects.values_list("pk", flat=True)) == [first.pk, second.pk]


def test_to_revert_a_live_thing_is_proposed(ada, flask):
    save(sign_in_as("Publisher", "eve"), url_of(flask), summary="Huge")
    first = editions.latest().revisions.model.objects.order_by("pk").first()
    revert = reverse("admin:catalog_revision_revert", args=[first.pk])
    page = ada.get(revert)

    answer = ada.post(revert, read_form(page))

    assert (answer.status_code, answer.url) == (302, review())
    assert summary() == "Huge"


def test_what_moves_in_a_form_waits_too(ada):
    comparison: Comparison = make_comparison(contenders=2, criteria=2)
    first = comparison.criteria.first()
    save(ada, url_of(comparison), _move=f"down-criterion-{first.pk}")

    assert comparison.criteria.first() == first
    assert Pending.objects.get().thing == comparison.key
    form = read_form(ada.get(url_of(comparison)))
    assert form["criteria-1-id"] == str(first.pk)


# What a publisher decides -------------------------------------------------------------------------


def test_applied_it_is_live_and_history_says_whose_it_was(ada, eve, proposed):
    decide(ada, "explain", comment="As measured.")

    answer = decide(eve, "apply")

    newest = editions.latest()
    assert (answer.status_code, summary(), Pending.objects.count()) == (302, "Tiny", 0)
    assert (newest.number, newest.user) == (2, "eve")
    assert newest.comment == "As measured. Proposed by ada."


def test_what_both_changed_is_asked(eve, proposed, flask):
    save(eve, url_of(flask), summary="Huge")

    undecided = decide(eve, "apply")
    assert (undecided.status_code, summary()) == (409, "Huge")
    (conflict,) = undecided.context["conflicts"]
    assert "What it changes" not in undecided.text  # all of it is asked below
    decide(eve, "apply", **{conflict.choice_name: "mine"})

    assert (summary(), Pending.objects.count()) == ("Tiny", 0)


def test_of_what_has_moved_it_shows_what_applying_would_change_now(ada, eve, flask):
    save(ada, url_of(flask), summary="Tiny", website="https://flask.example/")
    save(eve, url_of(flask), summary="Tiny")

    page = eve.get(review())

    assert page.context["has_moved"]
    assert page.context["sentences"] == ["Website: empty → “https://flask.example/”"]


def test_a_page_that_was_overtaken_applies_nothing(eve, proposed):
    state = eve.get(review()).context["state"]
    with editions.record("bob", "", Edition.Origin.ADMIN):
        make_category()

    page = eve.post(review(), {"_state": state, "_decision": "apply"})

    assert (page.status_code, summary()) == (409, "Small")


def test_returned_it_waits_for_its_author(ada, eve, proposed, flask):
    assert decide(eve, "return").status_code == 200  # a word is wanted
    decide(eve, "return", answer="Say why.")

    pending = Pending.objects.get()
    assert (pending.state, pending.answer, pending.answered_by) == ("returned", "Say why.", "eve")
    assert "Returned by eve: Say why." in ada.get(review()).content.decode()
    save(ada, url_of(flask), summary="Tiny, as measured")
    assert Pending.objects.get().state == "waiting"


def test_withdrawn_it_is_kept_among_the_closed_and_taken_up_again(ada, eve, flask):
    save(ada, url_of(flask), summary="Tiny")
    asked = decide(ada, "withdraw")
    assert (asked.status_code, "Yes, withdraw it" in asked.text) == (200, True)
    assert Pending.objects.get().state == "waiting"
    decide(ada, "withdraw", _confirmed="1")

    assert (Pending.objects.get().state, summary()) == ("withdrawn", "Small")
    listed = url_for(Pending)
    assert [
        len(eve.get(listed, asked).context["cl"].result_list)
        for asked in ({}, {"state__exact": "withdrawn"})
    ] == [0, 1]
    assert [decide(eve, one).status_code for one in ("apply", "return", "restore")] == [
        409,
        409,
        403,
    ]
    # Another one waits meanwhile.
    save(ada, url_of(flask), summary="Tinier")
    first, second = Pending.objects.order_by("pk")
    assert (first.state, second.state) == ("withdrawn", "waiting")
    second.delete()
    assert decide(ada, "restore").status_code == 302
    assert decide(eve, "apply").status_code == 302
    assert (Pending.objects.count(), summary()) == (0, "Tiny")


def test_what_was_withdrawn_does_not_come_back_beside_another(ada, flask):
    save(ada, url_of(flask), summary="Tiny")
    closed = review()
    decide(ada, "withdraw", _confirmed="1")
    save(ada, url_of(flask), summary="Tinier")

    state = ada.get(closed).context["state"]
    page = ada.post(closed, {"_state": state, "_decision": "restore"})

    assert page.status_code == 409
    assert "Another change of it waits; decide that first." in page.text


def test_only_its_author_withdraws_it(ada, eve, flask):
    save(ada, url_of(flask), summary="Tiny")
    found = [
        decide(who, "withdraw", _confirmed="1").status_code
        for who in (eve, sign_in_as("Editor", "bo"))
    ]
    assert (found, Pending.objects.get().state) == ([403, 403], "waiting")


def test_who_proposed_it_explains_and_withdraws_it_and_decides_nothing(ada, flask):
    """What the others may stands in role_table.py."""
    statuses = {"apply": 403, "return": 403, "explain": 302, "withdraw": 200}
    found = {}
    for decision in statuses:
        save(ada, url_of(flask), summary=f"By {decision}")
        found[decision] = decide(ada, decision, answer="No", comment="Why").status_code
    assert found == statuses


def test_nobody_approves_their_own_where_four_eyes_are_asked(ada, proposed, settings):
    promoted = sign_in_as("Publisher", "ada")
    settings.FOUR_EYES = True

    refused = decide(promoted, "apply").status_code
    settings.FOUR_EYES = False
    allowed = decide(promoted, "apply").status_code

    assert (refused, allowed, summary()) == (403, 302, "Tiny")


def test_a_button_that_is_not_there_is_refused(eve, proposed):
    assert decide(eve, "delete").status_code == 400
    assert decide(eve, "").status_code == 400


def test_what_is_decided_already_is_said(eve, proposed):
    address, state = review(), eve.get(review()).context["state"]
    decide(eve, "apply")

    answer = eve.post(address, {"_state": state, "_decision": "apply"})

    assert (answer.status_code, answer.url) == (302, url_for(Pending))


def test_it_is_previewed_as_it_would_be(ada, flask):
    save(ada, url_of(flask), summary="Tiny indeed")
    preview = reverse("admin:catalog_pending_preview", args=[Pending.objects.get().pk])

    page = ada.get(preview)

    assert page.status_code == 200
    assert "Tiny indeed" in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    assert summary() == "Small"
    assert Edition.objects.count() == 1


def test_who_may_not_see_the_thing_does_not_see_what_it_would_be(proposed):
    pending = Pending.objects.get()
    client = sign_in_as("", "kim")
    from django.contrib.auth.models import Permission, User  # noqa: PLC0415

    User.objects.get(username="kim").user_permissions.set(
        Permission.objects.filter(codename="view_pending")
    )

    assert client.get(url_of(pending)).status_code == 403
    preview = reverse("admin:catalog_pending_preview", args=[pending.pk])
    assert client.get(preview).status_code == 403
    assert client.get(url_for(Pending)).context["cl"].result_count == 0


def test_what_was_returned_meanwhile_is_not_decided_by_a_page_from_before(ada, eve, flask):
    save(ada, url_of(flask), summary="Tiny")
    state = eve.get(review()).context["state"]
    decide(sign_in_as("Publisher", "bo"), "return", answer="Wrong, do not publish")

    for decision in ("apply", "return"):
        page = eve.post(review(), {"_state": state, "_decision": decision, "answer": "Mine"})
        assert page.status_code == 409
        assert "Wrong, do not publish" in page.text
    assert (summary(), Pending.objects.get().answered_by) == ("Small", "bo")


def test_words_beside_a_change_are_held_to_the_rule_for_text(ada, eve, flask):
    save(ada, url_of(flask), summary="Tiny")

    comment = decide(ada, "explain", comment="why \u202e evil")
    answer = decide(eve, "return", answer="a\u202eb")

    assert "This text holds the character U+202E at place 5" in comment.text
    assert "This text holds the character U+202E at place 2" in answer.text
    pending = Pending.objects.get()
    assert (pending.comment, pending.answer, pending.state) == ("", "", "waiting")
