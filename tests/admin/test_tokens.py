"""Nobody's save overwrites what another one changed since the form was opened."""

import pytest

from catalog.history import editions
from catalog.models import Cell, Criterion, Edition, Listing, Point, Technology
from tests.admin.overtaken import opened, overtaken
from tests.admin.pages import NEW_POINT, messages_of, read_form, save, url_for, url_of
from tests.factories import make_comparison, make_listing, make_point, make_technology
from tests.packs.packing import load_pack, pack, summary_of, technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

STATE = "_state"


def errors_of(page: object) -> list[str]:
    return page.context["adminform"].form.non_field_errors()


def test_who_saves_second_is_refused_and_keeps_what_was_typed(admin_client):
    flask = make_technology(name="Flask", summary="Small")
    form = opened(admin_client, flask)
    save(admin_client, url_of(flask), summary="Theirs")

    typed = form | {"summary": "Mine", **NEW_POINT}
    page = admin_client.post(url_of(flask), typed)

    assert page.status_code == 409
    assert page.context["title"] == "“Flask” has been changed since you opened it"
    assert typed.items() - dict(page.context["carried"]).items() == {
        ("csrfmiddlewaretoken", typed["csrfmiddlewaretoken"])
    }
    assert (summary_of(flask.slug), Point.objects.count()) == ("Theirs", 0)
    assert Edition.objects.count() == 2


def test_to_post_it_again_is_refused_again(admin_client):
    flask = make_technology(summary="Small")
    form = opened(admin_client, flask) | {"summary": "Mine"}
    save(admin_client, url_of(flask), summary="Theirs")

    first = admin_client.post(url_of(flask), form)
    second = admin_client.post(url_of(flask), dict(first.context["carried"]))

    assert (first.status_code, second.status_code) == (409, 409)
    assert summary_of(flask.slug) == "Theirs"


def test_a_mistake_is_said_before_anybody_is_asked(admin_client):
    flask = make_technology(name="Flask")
    form = opened(admin_client, flask) | {"name": "", "summary": "Mine"}
    save(admin_client, url_of(flask), summary="Theirs")

    page = admin_client.post(url_of(flask), form)

    assert (page.status_code, summary_of(flask.slug)) == (409, "Theirs")
    assert page.context["adminform"].form["summary"].value() == "Mine"
    assert page.context["adminform"].form.errors["name"] == ["This field is required."]
    assert errors_of(page)[0].startswith("“Flask” has been changed since you opened this form")


def test_opened_anew_it_can_be_saved(admin_client):
    flask = make_technology(summary="Small")
    opened(admin_client, flask)
    save(admin_client, url_of(flask), summary="Theirs")

    answer = save(admin_client, url_of(flask), summary="Mine")

    assert (answer.status_code, summary_of(flask.slug)) == (302, "Mine")


def test_a_pack_that_was_loaded_meanwhile_is_not_overwritten(admin_client, tmp_path):
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    flask = Technology.objects.get()
    form = opened(admin_client, flask) | {"licence": "MIT"}
    load_pack(pack(tmp_path, technology("flask", summary="Tiny"), version="2"))

    page = admin_client.post(url_of(flask), form)

    assert page.status_code == 409
    (overtaking,) = page.context["editions"]
    assert (overtaking.edition.user, overtaking.edition.comment) == ("ada", "guide 2")
    assert (summary_of("flask"), Technology.objects.get().licence) == ("Tiny", "")


def test_a_part_changes_its_thing(admin_client):
    point = make_point(text="Fast")
    page = overtaken(
        admin_client, point.technology, {"summary": "Mine"}, by=point, text="Very fast"
    )

    assert (page.status_code, summary_of(point.technology.slug)) == (409, "")


def test_a_listing_is_overtaken_by_its_category(admin_client):
    listing = make_listing(qualifier="")
    page = overtaken(
        admin_client, listing, {"qualifier": "Mine"}, by=listing.category, name="Another"
    )

    assert (page.status_code, Listing.objects.get().qualifier) == (409, "")


def test_what_its_technology_says_elsewhere_is_no_matter_to_a_listing(admin_client):
    listing = make_listing(qualifier="")
    page = overtaken(
        admin_client, listing, {"qualifier": "Mine"}, by=listing.technology, name="Another"
    )

    assert (page.status_code, Listing.objects.get().qualifier) == (302, "Mine")


def test_the_cells_of_two_rows_are_of_one_table(admin_client):
    comparison = make_comparison(contenders=2, criteria=2)
    first, second = Criterion.objects.order_by("position")
    page = overtaken(
        admin_client, first, {"cells-0-word": "Mine"}, by=second, **{"cells-0-word": "Theirs"}
    )

    assert page.status_code == 409
    assert Cell.objects.filter(criterion__comparison=comparison, word="Mine").count() == 0


def test_what_others_change_elsewhere_is_no_matter(admin_client):
    flask, quart = make_technology(slug="flask"), make_technology(slug="quart")
    answer = overtaken(admin_client, flask, {"summary": "Mine"}, by=quart, summary="Theirs")

    assert (answer.status_code, summary_of("flask")) == (302, "Mine")


def test_one_person_in_two_tabs_is_refused_too(admin_client):
    flask = make_technology()
    one, other = opened(admin_client, flask), opened(admin_client, flask)

    answers = [
        admin_client.post(url_of(flask), form | {"summary": text}).status_code
        for form, text in ((one, "One"), (other, "Other"))
    ]

    assert (answers, summary_of(flask.slug)) == ([302, 409], "One")


@pytest.mark.parametrize(
    "token",
    [
        *("", "0", "x", "-1 technology/flask", "1", "1 technology/quart", "² technology/flask"),
        *("99 technology/flask", f"{'9' * 5000} technology/flask", "\0", "1 technology/flask "),
    ],
)
def test_a_token_that_is_none_is_refused(admin_client, token):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        flask = make_technology(slug="flask")
    form = opened(admin_client, flask) | {"summary": "Mine", STATE: token}

    page = admin_client.post(url_of(flask), form)

    assert page.status_code == 409
    assert errors_of(page) == ["It is not known which state this form was made from: open it anew."]
    assert summary_of("flask") == ""


def test_a_form_without_a_token_is_refused(admin_client):
    flask = make_technology()
    form = opened(admin_client, flask) | {"summary": "Mine"}
    del form[STATE]

    page = admin_client.post(url_of(flask), form)

    assert (page.status_code, summary_of(flask.slug)) == (409, "")


def test_a_mistake_does_not_cost_the_token(admin_client):
    flask = make_technology()
    faulty = save(admin_client, url_of(flask), name="")

    answer = admin_client.post(url_of(flask), read_form(faulty) | {"name": "Flask"})

    assert (faulty.status_code, answer.status_code) == (200, 302)


def test_what_is_new_needs_no_token(admin_client):
    answer = save(admin_client, url_for(Technology, "add"), name="Q", slug="q", kind="library")

    assert (answer.status_code, messages_of(answer) != []) == (302, True)


def test_names_in_the_refusal_are_escaped(admin_client):
    flask = make_technology(name="<b>Flask</b>")
    form = opened(admin_client, flask)
    save(admin_client, url_of(flask), summary="Theirs")

    page = admin_client.post(url_of(flask), form).content.decode()

    assert "“&lt;b&gt;Flask&lt;/b&gt;” has been changed since" in page
    assert "<b>Flask" not in page
    assert "<b>Flask" not in page
