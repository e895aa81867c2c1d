"""Who edits what somebody deletes is told so, keeps what was typed, and brings nothing back."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from catalog.history import editions
from catalog.models import Category, Criterion, Edition, Point, Revision, Technology
from tests.admin.overtaken import opened
from tests.admin.pages import url_of
from tests.factories import make_category, make_comparison, make_point, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def flask() -> Technology:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        technology = make_technology(slug="flask", name="Flask", summary="Small")
        make_point(technology, slug="fast", text="Fast")
    return technology


def delete(row: object) -> None:
    with editions.record("grace", "No longer made", Edition.Origin.ADMIN):
        type(row).objects.get(pk=row.pk).delete()


def test_what_was_deleted_meanwhile_is_not_made_again(admin_client, flask):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        newer = make_technology(name="Newer")
    long = "A long text, as somebody writes it who does not look at the clock. " * 3
    form = opened(admin_client, flask) | {
        "summary": "Mine",
        "description": long,
        "lifecycle": "deprecated",
        "replaced_by": str(newer.pk),
        "points-0-text": "Very fast",
        "points-0-DELETE": "on",
    }
    delete(flask)

    page = admin_client.post(url_of(flask), form)

    html = page.content.decode()
    assert page.status_code == 409
    assert "“Flask” was deleted by grace in edition 3. Nothing was saved." in html
    typed = {one.label: one.value for one in page.context["typed"]}
    assert typed["Summary"] == "Mine"
    assert typed["Description"] == long
    assert typed["Lifecycle"] == "deprecated"
    assert typed["Replaced by"] == "Newer"
    assert typed["Point 1, text"] == "Very fast"
    assert typed["Point 1, delete"] == "yes"
    assert not any("TOTAL" in label or "_" in label for label in typed)
    last = Revision.objects.filter(slug="flask").exclude(document="[]").get()
    assert f'href="{reverse("admin:catalog_revision_revert", args=[last.pk])}"' in html
    assert reverse("admin:catalog_revision_deleted") in html
    assert not Technology.objects.filter(slug="flask").exists()
    assert (Point.objects.count(), editions.number_now()) == (0, 3)


def test_who_may_not_bring_it_back_is_not_shown_how(client, flask):
    editor = User.objects.create_user("cy", is_staff=True)
    names = ["view_technology", "change_technology"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(editor)
    form = opened(client, flask) | {"summary": "Mine"}
    delete(flask)

    page = client.post(url_of(flask), form)

    assert (page.status_code, page.context["may_recover"]) == (409, False)
    assert "/revert/" not in page.content.decode()


def test_a_part_that_was_deleted_is_gone_from_its_thing(admin_client, flask):
    point = flask.points.get()
    form = opened(admin_client, point) | {"text": "Very fast"}
    delete(point)

    page = admin_client.post(url_of(point), form)

    html = page.content.decode()
    assert page.status_code == 409
    assert "What this form was for has been deleted from “Flask” since you opened it." in html
    assert ("Text", "Very fast") in [(one.label, one.value) for one in page.context["typed"]]
    assert [one.edition.user for one in page.context["editions"]] == ["grace"]
    assert Point.objects.count() == 0


def test_a_row_of_a_table_that_was_deleted(admin_client):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        comparison = make_comparison(contenders=1, criteria=1)
    criterion = comparison.criteria.get()
    form = opened(admin_client, criterion) | {"cells-0-word": "Mine"}
    delete(criterion)

    page = admin_client.post(url_of(criterion), form)

    labels = [one.label for one in page.context["typed"] if one.value == "Mine"]
    assert (page.status_code, labels) == (409, ["Cell 1, word"])
    assert not Criterion.objects.exists()


@pytest.mark.parametrize(
    "token", ["", "x", "1", "1 nothing/flask", "1 technology/quart", "² technology/flask", "\0"]
)
def test_without_a_token_nobody_knows_what_it_was(admin_client, flask, token):
    form = opened(admin_client, flask) | {"_state": token}
    delete(flask)

    answer = admin_client.post(url_of(flask), form)

    assert answer.status_code == 302
    assert not Technology.objects.filter(slug="flask").exists()


def test_nothing_is_told_to_who_may_not_look(client, flask):
    token = f"{editions.number_now()} technology/flask"
    category = make_category()
    editor = User.objects.create_user("cy", is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(codename="change_category"))
    client.force_login(editor)
    url = url_of(category)
    Category.objects.all().delete()
    delete(flask)

    answer = client.post(url, {"_state": token, "name": "Mine"})

    assert answer.status_code == 302


def test_what_was_typed_is_escaped(admin_client, flask):
    form = opened(admin_client, flask) | {"summary": "<script>alert(1)</script>"}
    delete(flask)

    page = admin_client.post(url_of(flask), form)

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()
