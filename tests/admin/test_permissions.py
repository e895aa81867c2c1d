"""Who may do what: staff by their permissions, and with the guide nobody may do everything."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from catalog.models import Category, Edition, Guide, Revision
from tests.admin.pages import HISTORY, MODELS, make_everything, pages_of, save, url_for, url_of
from tests.factories import make_category, make_guide

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def sign_in(*permissions: str) -> Client:
    """A client whose user is staff with these permissions and no others."""
    user = User.objects.create_user("grace", password="one long secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_staff_without_permission_sees_and_changes_nothing(model):
    make_everything()
    client = sign_in()
    urls = pages_of(model)
    editions = Edition.objects.count()

    seen = {name: client.get(url).status_code for name, url in urls.items()}
    sent = {
        name: client.post(urls[name], {"post": "yes", "_save": "Save"}).status_code
        for name in ("list", "add", "change", "delete")
    }

    assert seen == dict.fromkeys(seen, 403)
    assert sent == dict.fromkeys(sent, 403)
    assert Edition.objects.count() == editions


def test_who_may_only_look_sees_pages_and_changes_nothing():
    category = make_category(name="Databases")
    client = sign_in("view_category", "view_listing")

    seen = client.get(url_of(category)).status_code
    sent = client.post(url_of(category), {"name": "Hacked", "slug": "hacked"}).status_code

    assert (seen, sent) == (200, 403)
    assert Category.objects.get().name == "Databases"


def test_who_may_not_delete_cannot_forge_the_action():
    category = make_category()
    client = sign_in("view_category", "change_category")
    data = {"action": "delete_selected", "_selected_action": [category.pk], "post": "yes"}

    client.post(url_for(Category), data)

    assert Category.objects.filter(pk=category.pk).exists()


def test_who_may_not_change_listings_cannot_change_them_inside_a_category():
    category = make_category()
    client = sign_in("view_category", "change_category", "view_listing", "publish_content")

    response = save(
        client,
        url_of(category),
        best_for="Most",
        **{"listings-TOTAL_FORMS": "1", "listings-INITIAL_FORMS": "0", "listings-0-position": "0"},
    )

    assert response.status_code == 302
    assert category.listings.count() == 0
    assert Category.objects.get().best_for == "Most"


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model.__name__)
def test_history_is_seen_by_those_who_may(model):
    make_everything()
    client = sign_in(f"view_{model._meta.model_name}", "view_technology")

    pages = pages_of(model)

    assert [client.get(pages[name]).status_code for name in ("list", "change")] == [200, 200]


def test_the_guide_is_added_once(admin_client):
    add = url_for(Guide, "add")

    first = save(admin_client, add, title="The guide")
    second = admin_client.post(add, {"title": "Another"})

    assert (first.status_code, second.status_code) == (302, 403)
    assert list(Guide.objects.values_list("slug", "title")) == [("guide", "The guide")]
    assert Revision.objects.values_list("kind", "slug").get() == ("guide", "guide")


def test_the_guide_is_changed_under_its_slug(admin_client):
    guide = make_guide()

    save(admin_client, url_of(guide), title="New", slug="other")

    assert list(Guide.objects.values_list("slug", "title")) == [("guide", "New")]


def test_the_guide_cannot_be_deleted(admin_client):
    guide = make_guide()

    one = admin_client.post(url_of(guide, "delete"), {"post": "yes"})
    admin_client.post(
        url_for(Guide), {"action": "delete_selected", "_selected_action": [guide.pk], "post": "yes"}
    )

    assert one.status_code == 403
    assert Guide.objects.count() == 1
