"""What axe-core finds on the editors' pages, light and dark."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from catalog.history import editions
from catalog.models import (
    Category,
    Comparison,
    Criterion,
    Edition,
    Guide,
    Revision,
    Stack,
    Technology,
)
from tests.browser.looking import STICKS_OUT, sign_in
from tests.factories import make_whole_guide

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("signed_in")]


def addresses_of_forms() -> list[str]:
    rows = [
        Technology.objects.get(slug="technology"),
        Comparison.objects.get(),
        Criterion.objects.first(),
        Stack.objects.get(),
        Category.objects.get(slug="category"),
        Guide.objects.get(),
    ]
    return [reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk]) for row in rows]


def addresses() -> list[str]:
    """The pages an editor works on."""
    technology = Technology.objects.get(slug="technology")
    return [
        reverse("admin:index"),
        reverse("admin:catalog_technology_changelist"),
        reverse("admin:catalog_technology_changelist") + "?q=nothing&kind__exact=tool",
        reverse("admin:catalog_comparison_changelist"),
        reverse("admin:catalog_technology_add"),
        *addresses_of_forms(),
        reverse("admin:catalog_technology_delete", args=[technology.pk]),
        *addresses_of_history(technology),
        reverse("admin:catalog_edition_changelist"),
        reverse("admin:catalog_edition_change", args=[Edition.objects.first().pk]),
        reverse("admin:catalog_technology_preview", args=[technology.pk]),
    ]


def addresses_of_history(technology: Technology) -> list[str]:
    """Two revisions of a technology and what becomes of them, and a snippet that is gone."""
    with editions.record("ada", "Rewritten", Edition.Origin.ADMIN):
        technology.description = "Its other *words*, of which there are many more: " * 3
        technology.name = "Named anew"
        technology.save()
        technology.snippets.all().delete()
    past = reverse("admin:catalog_revision_of", args=technology.key)
    first = Revision.objects.filter(kind=technology.KIND, slug=technology.slug).last()
    return [
        past,
        f"{past}?from=1&to=2",
        f"{past}?from=x",
        reverse("admin:catalog_revision_revert", args=[first.pk]),
        reverse("admin:catalog_revision_preview", args=[first.pk]),
        reverse("admin:catalog_revision_deleted"),
        reverse("admin:catalog_revision_change", args=[first.pk]),
    ]


@pytest.mark.parametrize("look", [1400, 1000], indirect=True)
def test_axe_finds_nothing_of_ours(look, admin_client):
    with editions.record("ada", "Everything", Edition.Origin.ADMIN):
        make_whole_guide()
    page = look.page
    page.context.clear_cookies()
    page.goto(reverse("admin:login"))
    look("login")
    sign_in(page.context, admin_client)
    for address in addresses():
        answer = page.goto(address)
        assert (answer.status, urlsplit(page.url)[2:4]) == (200, urlsplit(address)[2:4])
        look(address)


def test_the_preview_is_reached_by_the_tab_key(page):
    make_whole_guide()
    technology = Technology.objects.get(slug="technology")
    page.goto(reverse("admin:catalog_technology_change", args=[technology.pk]))
    tools = page.locator(".object-tools a")
    assert tools.all_inner_texts() == ["PREVIEW", "RENAME", "HISTORY", "VIEW ON SITE"]

    for _ in range(page.locator("a, button, input").count()):
        page.keyboard.press("Tab")
        if tools.first.evaluate("(link) => link === document.activeElement"):
            break

    outline = tools.first.evaluate("(link) => getComputedStyle(link).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/")
    assert page.locator("h1").inner_text() == technology.name


def test_a_wide_table_of_parts_scrolls_by_itself(page):
    make_whole_guide()
    for width in (1400, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses_of_forms():
            page.goto(address)
            assert page.evaluate(STICKS_OUT) == 0
