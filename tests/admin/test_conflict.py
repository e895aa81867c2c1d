"""The second of two editors is shown what changed, and decides; nothing typed is lost."""

import pytest

from catalog.history import editions
from catalog.models import Alias, Cell, Comparison, Criterion, Edition, Point, Technology
from tests.admin.overtaken import answered, asked, opened, overtaken
from tests.admin.pages import read_form, save, url_of
from tests.admin.uploading import texts
from tests.factories import make_alias, make_comparison, make_point, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def flask() -> Technology:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        return make_technology(slug="flask", name="Flask", summary="Small")


def said(technology: Technology) -> tuple[str, str]:
    technology.refresh_from_db()
    return technology.summary, technology.licence


def test_the_page_says_who_changed_what_and_what_is_at_odds(admin_client, flask):
    page = overtaken(
        admin_client,
        flask,
        {"summary": "Mine", "licence": "MIT"},
        summary="Theirs",
        website="https://flask.example/",
    )

    context = page.context
    assert page.status_code == 409
    assert context["title"] == "“Flask” has been changed since you opened it"
    (overtaking,) = context["editions"]
    assert (overtaking.edition.number, overtaking.edition.user) == (2, "admin")
    assert admin_client.get(f"{context['history']}?to=2").status_code == 200
    assert context["theirs"] == [
        "Summary: “Small” → “Theirs”",
        "Website: empty → “https://flask.example/”",
    ]
    assert context["mine"] == ["Licence: empty → “MIT”"]
    (question,) = context["questions"]
    assert question.text == "Summary of the technology “Flask”"
    assert (question.before, question.own, question.chosen) == ("Small", "Mine", "")
    assert [piece.text for piece in (*question.theirs, *question.mine)] == ["Theirs", "Mine"]
    html = page.content.decode()
    assert f'href="{url_of(flask)}" target="_blank"' in html
    assert html.count(" required") == 3
    assert said(flask) == ("Theirs", "")


@pytest.mark.parametrize(
    ("choice", "summary"), [("mine", "Mine"), ("theirs", "Theirs"), ("own", "Both")]
)
def test_a_conflict_is_resolved_each_way(admin_client, flask, choice, summary):
    page = overtaken(
        admin_client,
        flask,
        {"summary": "Mine", "licence": "MIT"},
        summary="Theirs",
        website="https://flask.example/",
    )

    answer = admin_client.post(url_of(flask), answered(page, choice, summary=" Both "))

    assert (answer.status_code, said(flask)) == (302, (summary, "MIT"))
    assert flask.website == "https://flask.example/"
    assert editions.latest().user == "admin"
    assert Edition.objects.count() == 3


def test_where_nothing_is_at_odds_one_button_saves_both(admin_client, flask):
    page = overtaken(admin_client, flask, {"licence": "MIT"}, summary="Theirs")
    before = said(flask)
    answer = admin_client.post(url_of(flask), answered(page))

    assert (asked(page), before) == ([], ("Theirs", ""))
    assert "Nothing is at odds" in page.content.decode()
    assert (answer.status_code, said(flask)) == (302, ("Theirs", "MIT"))


def test_who_changed_nothing_is_only_told(admin_client, flask):
    page = overtaken(admin_client, flask, {}, summary="Theirs")

    assert page.status_code == 409
    assert "You changed nothing, so there is nothing to save." in page.content.decode()
    assert 'id="conflict_form"' not in page.content.decode()


def test_who_sends_what_is_saved_already_is_told_so(admin_client, flask):
    form = opened(admin_client, flask) | {"summary": "Mine"}

    pages = [admin_client.post(url_of(flask), form) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 409]
    assert "All that you changed is saved already" in pages[1].content.decode()
    assert (said(flask)[0], Edition.objects.count()) == ("Mine", 2)


def test_the_way_on_that_was_asked_for_is_the_one_after_the_choice(admin_client, flask):
    page = overtaken(admin_client, flask, {"summary": "Mine", "_continue": "1"}, summary="Theirs")

    answer = admin_client.post(url_of(flask), answered(page, "mine"))

    assert (answer.status_code, answer.url) == (302, url_of(flask))


def test_a_choice_that_is_missing_is_asked_for(admin_client, flask):
    page = overtaken(
        admin_client,
        flask,
        {"summary": "Mine", "licence": "MIT"},
        summary="Theirs",
        licence="BSD-3-Clause",
    )

    again = admin_client.post(url_of(flask), answered(page, "", "own", summary="Typed"))

    assert again.status_code == 409
    assert again.context["notes"] == ["Nothing was saved yet: choose in each conflict below."]
    chosen = [(one.chosen, one.own) for one in again.context["questions"]]
    assert chosen == [("", "Typed"), ("own", "MIT")]
    assert said(flask) == ("Theirs", "BSD-3-Clause")


def test_a_choice_does_not_stand_for_what_came_after_it(admin_client, flask):
    page = overtaken(admin_client, flask, {"summary": "Mine"}, summary="Theirs")
    save(admin_client, url_of(flask), summary="Theirs again")

    again = admin_client.post(url_of(flask), answered(page, "mine", summary="Typed"))

    assert again.status_code == 409
    assert again.context["notes"] == [
        "It has been changed once more. Nothing was saved: look again, and choose."
    ]
    (question,) = again.context["questions"]
    assert (question.chosen, question.own, question.theirs[0].text) == ("", "Typed", "Theirs again")
    assert len(again.context["editions"]) == 2
    assert said(flask)[0] == "Theirs again"
    answer = admin_client.post(url_of(flask), answered(again, "own"))
    assert (answer.status_code, said(flask)[0]) == (302, "Typed")


@pytest.mark.parametrize(
    "forged",
    [
        *({"_choice:technology/flask/summary": value} for value in ("", "x", "Mine", "on")),
        {"_choice:technology/flask/licence": "mine"},
        {"_choice:": "mine", "_choice:/": "mine", "_own:": "x"},
        {"_choice:technology/quart/summary": "mine"},
    ],
)
def test_a_choice_that_is_none_waits(admin_client, flask, forged):
    page = overtaken(admin_client, flask, {"summary": "Mine"}, summary="Theirs")

    again = admin_client.post(url_of(flask), answered(page) | forged)

    assert (again.status_code, said(flask)[0]) == (409, "Theirs")


@pytest.mark.parametrize("seen", ["", "0", "x", "99", "²", "9" * 5000])
def test_choices_count_only_for_the_state_they_were_made_in(admin_client, flask, seen):
    page = overtaken(admin_client, flask, {"summary": "Mine"}, summary="Theirs")

    again = admin_client.post(url_of(flask), answered(page, "mine") | {"_seen": seen})

    assert (again.status_code, said(flask)[0]) == (409, "Theirs")


def test_a_text_of_ones_own_is_held_to_the_rules(admin_client, flask):
    page = overtaken(admin_client, flask, {"summary": "Mine", "licence": "MIT"}, summary="Theirs")

    again = admin_client.post(url_of(flask), answered(page, "own", summary="x" * 201))

    assert again.status_code == 409
    assert again.context["problems"] == [
        "Technology “Flask”, summary: Ensure this value has at most 200 characters (it has 201)."
    ]
    (question,) = again.context["questions"]
    assert (question.chosen, question.own) == ("own", "x" * 201)
    assert ("Licence", "MIT") in [(one.label, one.value) for one in again.context["typed"]]
    assert said(flask) == ("Theirs", "")


HOSTILE = "\"><script>alert(1)</script>'&"


def test_whatever_was_posted_is_escaped_and_comes_again(admin_client, flask):
    form = opened(admin_client, flask) | {"summary": HOSTILE, f"x{HOSTILE}": HOSTILE}
    save(admin_client, url_of(flask), summary=f"Theirs {HOSTILE}")

    page = admin_client.post(url_of(flask), form)

    html = page.content.decode()
    assert "<script>alert" not in html
    again = read_form(page)
    assert (again["summary"], again[f"x{HOSTILE}"]) == (HOSTILE, HOSTILE)
    admin_client.post(url_of(flask), answered(page, "mine"))
    assert said(flask)[0] == HOSTILE


def test_all_values_of_a_name_come_again(admin_client, flask):
    form = opened(admin_client, flask) | {"summary": "Mine", "several": ["a", "b", ""]}
    save(admin_client, url_of(flask), summary="Theirs")

    page = admin_client.post(url_of(flask), form)

    several = [value for name, value in page.context["carried"] if name == "several"]
    assert several == ["a", "b", ""]
    names = {name for name, _value in page.context["carried"]}
    assert names == form.keys() - {"csrfmiddlewaretoken"}


def test_long_texts_show_what_became_of_each_word(admin_client, flask):
    text = "A small framework for the web, with a template language and a development server."
    save(admin_client, url_of(flask), description=text)
    page = overtaken(
        admin_client,
        flask,
        {"description": text.replace("small", "tiny")},
        description=text.replace("server", "client"),
    )

    assert "removed: small" in texts(page, "del")
    assert {"added: tiny", "added: client"} <= {*texts(page, "ins")}
    (question,) = page.context["questions"]
    assert (question.is_long, question.own) == (True, text.replace("small", "tiny"))


# Points, aliases, rows of tables ------------------------------------------------------------------


def test_new_rows_and_ticks_are_kept_to_the_end(admin_client, flask):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_point(flask, slug="old", text="Old")
        make_point(flask, slug="other", text="Other", position=1)
    page = overtaken(
        admin_client,
        flask,
        {
            "summary": "Mine and more",
            "points-TOTAL_FORMS": "3",
            "points-0-DELETE": "on",
            "points-2-kind": "con",
            "points-2-text": "New",
            "points-2-slug": "new",
            "points-2-position": "2",
        },
        summary="Theirs",
    )
    assert page.context["mine"] == ["New con: New", "Pro removed: Old"]
    admin_client.post(url_of(flask), answered(page, "mine"))

    assert set(Point.objects.values_list("slug", flat=True)) == {"other", "new"}


@pytest.mark.parametrize(("choice", "texts"), [("mine", ["Mine"]), ("theirs", [])])
def test_a_part_that_i_changed_and_they_deleted(admin_client, flask, choice, texts):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_point(flask, slug="fast", text="Fast")
    form = opened(admin_client, flask)
    save(admin_client, url_of(flask), **{"points-0-DELETE": "on"})

    page = admin_client.post(url_of(flask), form | {"points-0-text": "Mine"})
    answer = admin_client.post(url_of(flask), answered(page, choice))

    assert asked(page) == [
        "The point “Fast” was deleted; you changed it, or something that belongs to it"
    ]
    assert page.context["questions"][0].told == ["Pro: “Fast” → “Mine”"]
    assert answer.status_code == 302
    assert list(Point.objects.values_list("text", flat=True)) == texts


def test_a_part_that_they_deleted_and_i_left_alone_stays_deleted(admin_client, flask):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_alias(flask, slug="a")
        make_alias(flask, slug="b")
    page = overtaken(admin_client, flask, {"summary": "Mine"}, **{"aliases-0-DELETE": "on"})
    admin_client.post(url_of(flask), answered(page))

    assert list(Alias.objects.values_list("slug", flat=True)) == ["b"]
    assert said(flask)[0] == "Mine"


def test_a_part_that_both_deleted_is_gone(admin_client, flask):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_alias(flask, slug="a")
    page = overtaken(
        admin_client,
        flask,
        {"summary": "Mine", "aliases-0-DELETE": "on"},
        **{"aliases-0-DELETE": "on"},
    )
    admin_client.post(url_of(flask), answered(page))

    assert (asked(page), Alias.objects.count(), said(flask)[0]) == ([], 0, "Mine")


@pytest.fixture
def table() -> Comparison:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        return make_comparison(slug="table", contenders=2, criteria=2)


@pytest.mark.parametrize(("choice", "there"), [("mine", False), ("theirs", True)])
def test_a_row_of_a_table_that_i_deleted_and_in_which_they_wrote(
    admin_client, table, choice, there
):
    first = Criterion.objects.get(slug="criterion-0")
    page = overtaken(
        admin_client, table, {"criteria-0-DELETE": "on"}, by=first, **{"cells-0-word": "Theirs"}
    )
    answer = admin_client.post(url_of(table), answered(page, choice))

    assert asked(page) == [
        "You deleted the criterion “Criterion 0”; meanwhile it was changed, or something that "
        "belongs to it"
    ]
    (told,) = page.context["questions"][0].told
    assert told.endswith(": Good → Theirs")
    assert answer.status_code == 302
    assert Criterion.objects.filter(slug="criterion-0").exists() is there
    assert Cell.objects.count() == (4 if there else 2)


def test_a_row_of_a_table_that_comes_back_has_its_cells(admin_client, table):
    form = opened(admin_client, table) | {"criteria-0-name": "Mine"}
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Criterion.objects.get(slug="criterion-0").delete()

    page = admin_client.post(url_of(table), form)
    answer = admin_client.post(url_of(table), answered(page, "mine"))

    assert answer.status_code == 302
    assert Criterion.objects.get(slug="criterion-0").name == "Mine"
    assert Cell.objects.filter(criterion__slug="criterion-0").count() == 2


def test_choices_that_do_not_go_together_are_refused(admin_client, table):
    first = Criterion.objects.get(slug="criterion-0")
    form = opened(admin_client, first)
    mine = {"cells-0-state": "unknown", "cells-0-rating": "", "cells-0-word": ""}
    save(admin_client, url_of(first), **{"cells-0-rating": "2", "cells-0-word": "Moderate"})

    page = admin_client.post(url_of(first), form | mine)
    again = admin_client.post(url_of(first), answered(page, "theirs", "mine"))

    assert len(asked(page)) == 2
    assert again.status_code == 409
    (problem,) = again.context["problems"]
    assert problem.endswith(
        "Only a known cell has a rating, a word or a value; clear them or set it to known."
    )
    assert Cell.objects.filter(word="Moderate").count() == 1
    answer = admin_client.post(url_of(first), answered(again, "mine", "mine"))
    assert (answer.status_code, Cell.objects.filter(state="unknown").count()) == (302, 1)


def test_a_part_that_would_go_elsewhere_has_to_be_opened_anew(admin_client, flask):
    """It would be of another thing, with which nothing has been merged."""
    with editions.record("ada", "", Edition.Origin.ADMIN):
        point = make_point(flask, slug="fast", text="Fast")
        quart = make_technology(slug="quart")
    form = opened(admin_client, point) | {"technology": str(quart.pk), "text": "Mine"}
    save(admin_client, url_of(flask), summary="Theirs")

    page = admin_client.post(url_of(point), form)

    assert page.status_code == 409
    assert page.context["adminform"].form["text"].value() == "Mine"
    point.refresh_from_db()
    assert (point.technology, point.text) == (flask, "Fast")
