"""Points, aliases, rows of tables: what one editor changes and the other one deletes, or both."""

import pytest
from django.test import Client

from catalog.history import editions
from catalog.models import Alias, Cell, Comparison, Criterion, Edition, Point, Technology
from tests.admin.overtaken import answered, asked, opened
from tests.admin.pages import save, url_of
from tests.factories import make_alias, make_comparison, make_point, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def flask() -> Technology:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        return make_technology(slug="flask", name="Flask", summary="Small")


def said(technology: Technology) -> tuple[str, str]:
    technology.refresh_from_db()
    return technology.summary, technology.licence


def test_new_rows_and_ticks_are_kept_to_the_end(admin_client: Client, flask: Technology) -> None:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_point(flask, slug="old", text="Old")
        make_point(flask, slug="other", text="Other", position=1)
    form = opened(admin_client, flask) | {
        "summary": "Mine\r\nand more",
        "points-TOTAL_FORMS": "3",
        "points-0-DELETE": "on",
        "points-2-kind": "con",
        "points-2-text": "New",
        "points-2-slug": "new",
        "points-2-position": "2",
    }
    save(admin_client, url_of(flask), summary="Theirs")

    page = admin_client.post(url_of(flask), form)
    assert page.context["mine"] == ["New con: New", "Pro removed: Old"]
    admin_client.post(url_of(flask), answered(page, "mine"))

    assert set(Point.objects.values_list("slug", flat=True)) == {"other", "new"}


@pytest.mark.parametrize(("choice", "texts"), [("mine", ["Mine"]), ("theirs", [])])
def test_a_part_that_i_changed_and_they_deleted(
    admin_client: Client, flask: Technology, choice: str, texts: list[str]
) -> None:
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


def test_a_part_that_they_deleted_and_i_left_alone_stays_deleted(
    admin_client: Client, flask: Technology
) -> None:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_alias(flask, slug="a")
        make_alias(flask, slug="b")
    form = opened(admin_client, flask) | {"summary": "Mine"}
    save(admin_client, url_of(flask), **{"aliases-0-DELETE": "on"})

    page = admin_client.post(url_of(flask), form)
    admin_client.post(url_of(flask), answered(page))

    assert list(Alias.objects.values_list("slug", flat=True)) == ["b"]
    assert said(flask)[0] == "Mine"


def test_a_part_that_both_deleted_is_gone(admin_client: Client, flask: Technology) -> None:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_alias(flask, slug="a")
    form = opened(admin_client, flask) | {"summary": "Mine", "aliases-0-DELETE": "on"}
    save(admin_client, url_of(flask), **{"aliases-0-DELETE": "on"})

    page = admin_client.post(url_of(flask), form)
    admin_client.post(url_of(flask), answered(page))

    assert (asked(page), Alias.objects.count(), said(flask)[0]) == ([], 0, "Mine")


@pytest.fixture
def table() -> Comparison:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        return make_comparison(slug="table", contenders=2, criteria=2)


@pytest.mark.parametrize(("choice", "there"), [("mine", False), ("theirs", True)])
def test_a_row_of_a_table_that_i_deleted_and_in_which_they_wrote(
    admin_client: Client, table: Comparison, choice: str, there: bool
) -> None:
    first = Criterion.objects.get(slug="criterion-0")
    form = opened(admin_client, table) | {"criteria-0-DELETE": "on"}
    save(admin_client, url_of(first), **{"cells-0-word": "Theirs"})

    page = admin_client.post(url_of(table), form)
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


def test_a_row_of_a_table_that_comes_back_has_its_cells(
    admin_client: Client, table: Comparison
) -> None:
    form = opened(admin_client, table) | {"criteria-0-name": "Mine"}
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Criterion.objects.get(slug="criterion-0").delete()

    page = admin_client.post(url_of(table), form)
    answer = admin_client.post(url_of(table), answered(page, "mine"))

    assert answer.status_code == 302
    assert Criterion.objects.get(slug="criterion-0").name == "Mine"
    assert Cell.objects.filter(criterion__slug="criterion-0").count() == 2


def test_choices_that_do_not_go_together_are_refused(
    admin_client: Client, table: Comparison
) -> None:
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


def test_a_part_that_would_go_elsewhere_has_to_be_opened_anew(
    admin_client: Client, flask: Technology
) -> None:
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
