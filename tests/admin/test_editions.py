"""What is written through the admin is one edition, or none."""

import pytest
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.admin import saving
from catalog.history import editions, renames
from catalog.history.diff import changes_in
from catalog.models import Category, Cell, Edition, Listing, Point, Revision, Snippet, Technology
from tests.admin.pages import (
    NEW_POINT,
    make_everything,
    make_rows_with_parts,
    messages_of,
    save,
    url_for,
    url_of,
)
from tests.admin.reading_history import change, make_quart
from tests.admin.roles import sign_in_as
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_snippet,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def editions_made() -> list[tuple[str, str]]:
    """Who changed what through the admin, oldest first."""
    found = Edition.objects.filter(origin=Edition.Origin.ADMIN).exclude(user="")
    return list(found.order_by("number").values_list("user", "comment"))


def things_of_last_edition() -> list[tuple[str, str]]:
    revisions = Revision.objects.filter(edition=Edition.objects.first())
    return sorted(revisions.values_list("kind", "slug"))


def test_a_change_is_one_edition_with_name_and_comment(admin_client):
    category = make_category(slug="databases")

    save(admin_client, url_of(category), best_for="Most sites")

    assert editions_made() == [("admin", "Changed Best for.")]
    assert things_of_last_edition() == [("category", "databases")]


def test_a_new_thing_with_parts_is_one_edition(admin_client):
    category = make_category(slug="frameworks")
    parts = {
        **NEW_POINT,
        "listings-TOTAL_FORMS": "1",
        "listings-0-category": category.pk,
        "listings-0-verdict": "recommended",
        "listings-0-position": "0",
    }

    save(
        admin_client,
        url_for(Technology, "add"),
        name="Quart",
        slug="quart",
        kind="framework",
        **parts,
    )

    assert editions_made() == [("admin", "Added. Added listing “Quart”. Added point “Fast”.")]
    assert things_of_last_edition() == [("category", "frameworks"), ("technology", "quart")]


def test_a_listing_changes_its_category_and_its_technology(admin_client):
    listing = make_listing(make_category(slug="queues"), make_technology(slug="celery"))

    save(admin_client, url_of(listing), qualifier="for most")

    assert things_of_last_edition() == [("category", "queues"), ("technology", "celery")]


def test_a_listing_that_moves_changes_both_categories(admin_client):
    listing = make_listing(make_category(slug="old"), make_technology(slug="celery"))
    new = make_category(slug="new")

    save(admin_client, url_of(listing), category=new.pk)

    assert things_of_last_edition() == [
        ("category", "new"),
        ("category", "old"),
        ("technology", "celery"),
    ]


@pytest.mark.parametrize(
    "name", ["category", "technology", "comparison", "criterion", "stack", "role", "version set"]
)
def test_saving_without_a_change_is_no_edition(admin_client, name):
    row = make_rows_with_parts(2)[name]

    response = save(admin_client, url_of(row))

    assert response.status_code == 302
    assert editions_made() == []


def test_text_of_several_lines_is_the_same_after_saving(admin_client):
    code = "    indented\n\nlast line\n"
    snippet = make_snippet(code=code)

    save(admin_client, url_of(snippet))

    assert Snippet.objects.get().code == code
    assert editions_made() == []


def test_untouched_lines_are_not_in_the_comment(admin_client):
    category = make_category(introduction="One.\n\nTwo.\n")

    save(admin_client, url_of(category), name="Databases")

    assert editions_made() == [("admin", "Changed Name.")]


def test_deleting_is_one_edition(admin_client):
    category = make_category(slug="databases")

    admin_client.post(url_of(category, "delete"), {"post": "yes"})

    assert editions_made() == [("admin", "Deleted.")]
    assert Revision.objects.get(edition=Edition.objects.first()).document == "[]"


def test_deleting_several_at_once_is_one_edition(admin_client):
    rows = [make_category(slug=slug, name=slug.upper()) for slug in ("a", "b")]
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    asked = admin_client.post(url_for(Category), data).context

    confirmed = {"post": "yes", asked["token_name"]: asked["token"]}
    admin_client.post(url_for(Category), data | confirmed)

    assert editions_made() == [("admin", "A: Deleted. B: Deleted.")]
    assert things_of_last_edition() == [("category", "a"), ("category", "b")]


def test_what_others_need_cannot_be_deleted(admin_client):
    comparison = make_comparison(title="Frameworks")
    technology = comparison.contenders.first().technology

    page = admin_client.post(url_of(technology, "delete"), {"post": "yes"})

    assert page.status_code == 200
    assert page.context["title"] == "Cannot delete technology"
    assert Technology.objects.filter(pk=technology.pk).exists()
    assert editions_made() == []


def test_what_others_need_cannot_be_deleted_with_others(admin_client):
    technology = make_comparison().contenders.first().technology
    data = {"action": "delete_selected", "_selected_action": [technology.pk], "post": "yes"}

    page = admin_client.post(url_for(Technology), data)

    assert page.context["title"] == "Cannot delete technology"
    assert Technology.objects.filter(pk=technology.pk).exists()
    assert editions_made() == []


def test_a_form_with_a_mistake_is_no_edition_and_keeps_what_was_typed(admin_client):
    technology = make_technology(name="Quart")
    typed = {
        "name": "Quart again",
        "points-TOTAL_FORMS": "1",
        "points-0-kind": "pro",
        "points-0-text": "Fast",
        "points-0-slug": "Not A Slug",
        "points-0-position": "0",
    }

    page = save(admin_client, url_of(technology), **typed)

    formset = page.context["inline_admin_formsets"][1].formset
    assert page.status_code == 200
    assert formset.errors[0].keys() == {"slug"}
    assert page.context["adminform"].form["name"].value() == "Quart again"
    assert formset.forms[0]["text"].value() == "Fast"
    assert editions_made() == []
    assert Technology.objects.get(pk=technology.pk).name == "Quart"
    assert Point.objects.count() == 0


def test_a_snippet_that_lost_its_place_is_refused_in_words(admin_client):
    snippet = make_snippet()

    page = save(admin_client, url_of(snippet), technology="")

    assert page.context["adminform"].form.non_field_errors() == [
        "A snippet belongs to a technology or to a category: choose one of the two."
    ]
    assert editions_made() == []


def test_a_reference_that_is_no_key_is_refused_in_words(admin_client):
    listing = make_listing()

    page = save(admin_client, url_of(listing), technology="x' OR 1=1")

    assert page.context["adminform"].form.errors["technology"] == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert Listing.objects.get().technology == listing.technology


def test_accounts_are_no_content(admin_client):
    user = User.objects.create_user("grace", password="one long secret")

    save(admin_client, url_of(user), first_name="Grace")

    assert User.objects.get(username="grace").first_name == "Grace"
    assert editions_made() == []


def test_a_category_below_a_category_below_a_category_is_refused(admin_client):
    child = make_category(name="Async", parent=make_category())

    page = save(admin_client, url_for(Category, "add"), name="Third", slug="third", parent=child.pk)

    assert page.context["adminform"].form.errors["parent"] == [
        "“Async” is itself below another category; choose a top category."
    ]


def test_after_saving_the_editor_sees_what_is_wrong(admin_client):
    make_comparison(contenders=1, title="Lonely")

    response = save(admin_client, url_of(make_category()), name="Databases")

    assert messages_of(response)[2:] == [
        "Comparison “Lonely” is published with fewer than two contenders."
    ]


def test_a_wall_of_problems_is_cut_short(admin_client):
    for _ in range(12):
        make_comparison(contenders=1)

    response = save(admin_client, url_of(make_category()), name="Databases")

    warnings = messages_of(response)[2:]
    assert len(warnings) == 11
    assert warnings[10] == "… and 2 more problems."


def test_looking_warns_of_nothing(admin_client):
    make_comparison(contenders=1)

    page = admin_client.get(url_for(Category))

    assert messages_of(page) == []


def test_a_revision_shows_its_document_escaped(admin_client):
    category = make_category(slug="databases", name="Databases")
    save(admin_client, url_of(category), best_for="<b>all</b>")
    revision = Revision.objects.get(edition=Edition.objects.first())

    page = admin_client.get(url_of(revision)).content.decode()

    assert page.count("best_for: &lt;b&gt;all&lt;/b&gt;") == 1
    assert page.count("<b>all") == 0


@pytest.mark.parametrize("name", ["change", "delete"])
def test_history_cannot_be_written(admin_client, name):
    make_everything()
    before = list(Edition.objects.values()), list(Revision.objects.values())

    answers = [
        admin_client.post(url_of(row, name), {"comment": "x", "post": "yes"}).status_code
        for row in (Edition.objects.first(), Revision.objects.first())
    ]

    assert answers == [403, 403]
    assert (list(Edition.objects.values()), list(Revision.objects.values())) == before


def test_an_account_may_be_deleted_and_its_name_remains(admin_client):
    save(admin_client, url_of(make_category()), best_for="Most sites")

    User.objects.all().delete()

    assert editions_made() == [("admin", "Changed Best for.")]


# What a save says of what it changed --------------------------------------------------------------


WAYS = (
    '<a href="/admin/catalog/revision/of/technology/quart/?to={0}">See the difference</a> · '
    '<a href="/admin/catalog/edition/{0}/undo/">Undo</a>'
)


def test_a_save_says_what_it_changed(admin_client, quart):
    answer = save(admin_client, url_of(quart), summary="Async", licence="MIT")

    assert messages_of(answer)[0].endswith("was changed successfully.")
    assert messages_of(answer)[1:] == [
        f"Edition 2. Quart: Summary: empty → “Async”; Licence: empty → “MIT”. {WAYS.format(2)}"
    ]


def test_of_many_changes_the_first_three_are_told(admin_client, quart):
    fields = {"licence": "MIT", "owner": "Ada", "lifecycle": "active", "summary": "Async"}

    answer = save(admin_client, url_of(quart), **fields)

    text = messages_of(answer)[1].partition(" <a")[0]
    assert text.endswith(", and 1 more change.")
    assert text.count("; ") == 2


def test_a_new_thing_and_a_deleted_one_are_told(admin_client):
    answer = save(
        admin_client, url_for(Technology, "add"), name="Quart", slug="quart", kind="library"
    )
    quart = Technology.objects.get()
    gone = admin_client.post(url_of(quart, "delete"), {"post": "yes"})

    assert messages_of(answer)[1] == f"Edition 1. New technology: Quart. {WAYS.format(1)}"
    assert messages_of(gone)[-1] == f"Edition 2. Quart: Deleted. {WAYS.format(2)}"


def test_a_save_that_changes_nothing_says_nothing_more(admin_client, quart):
    assert len(messages_of(save(admin_client, url_of(quart)))) == 1


def test_what_was_written_is_text(admin_client, quart):
    answer = save(admin_client, url_of(quart), summary="<script>alert(1)</script>")

    assert "&lt;script&gt;" in messages_of(answer)[1]


def test_a_listing_is_told_once(admin_client):
    with change():
        listing = make_listing(make_category(slug="web", name="Web"), make_quart())

    answer = save(admin_client, url_of(listing), verdict="avoid")

    (text,) = (text for text in messages_of(answer) if text.startswith("Edition"))
    assert text.count("recommended → avoid") == 1


def test_the_links_are_for_those_who_may(admin_client):
    with change():
        listing = make_listing(make_category(slug="web"), make_quart())
    contributor = sign_in_as("Contributor", "grace")
    with change():
        for thing in (listing.category, listing.technology):
            thing.status = "draft"
            thing.save()

    answer = save(contributor, url_of(listing), verdict="avoid")

    (text,) = (text for text in messages_of(answer) if text.startswith("Edition"))
    assert "See the difference" in text
    assert "Undo" not in text  # that would change a category, too


def test_what_waits_is_not_said_to_have_changed(quart):
    answer = save(sign_in_as("Editor", "grace"), url_of(quart), summary="Async")

    assert not any(text.startswith("Edition") for text in messages_of(answer))
    assert editions.latest().number == 1


def test_a_renaming_is_no_change_of_what_things_say(quart):
    with change():
        make_listing(technology=quart)
    with change() as door:
        renames.rename(quart, "quart-2")

    assert changes_in(door.edition) == []


def test_it_costs_few_queries_however_much_was_changed(rf, admin_user, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(messages, "info", lambda _request, text: told.append(text))
    request = rf.get("/")
    request.user = admin_user

    costs = []
    for count in (1, 8):
        with change():
            comparison = make_comparison(contenders=count, criteria=count)
            rows = [make_listing(technology=make_technology()) for _ in range(count)]
        with change() as door:
            Cell.objects.filter(criterion__comparison=comparison).update(rating=4, word="")
            Listing.objects.filter(pk__in=[row.pk for row in rows]).update(verdict="avoid")
        with CaptureQueriesContext(connection) as queries:
            saving.tell_edition(request, door.edition)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 8
    assert len(told) == 2
    assert " more changes. <a" in told[1]
