"""A draft is seen in the admin, by those who may see it there, and nowhere else."""

import html5lib
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.markdown import render
from catalog.models import CONTENT, Edition, Page, RenderedMarkdown, Status
from catalog.models.fields import LONGEST_MARKDOWN
from tests.admin.pages import make_everything, save, url_for, url_of
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_companion,
    make_comparison,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.test_markdown import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MAKERS = [make_category, make_technology, make_comparison, make_stack, make_version_set]
every_kind = pytest.mark.parametrize("make", MAKERS)


def preview_of(page: Page) -> str:
    return url_of(page, "preview")


@every_kind
def test_a_draft_is_shown_as_its_page_will_be(admin_client, make):
    draft = make(status=Status.DRAFT)

    response = admin_client.get(preview_of(draft))

    text = response.content.decode()
    assert response.status_code == 200
    assert f">{draft}</h1>" in text
    assert "Preview of a draft" in text
    assert f'href="{url_of(draft)}"' in text
    assert '<meta name="robots" content="noindex">' in text
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Robots-Tag"] == "noindex"


@every_kind
def test_its_public_address_stays_unknown_even_to_editors(admin_client, make):
    draft = make(status=Status.DRAFT)

    admin_client.get(preview_of(draft))

    assert admin_client.get(draft.get_absolute_url()).status_code == 404


def test_a_published_page_is_shown_as_it_is(admin_client):
    response = admin_client.get(preview_of(make_category()))

    assert "this is what readers see" in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_draft_is_shown_with_its_parts(admin_client):
    category = make_category(name="Unfinished", status=Status.DRAFT)
    technology = make_technology(name="Unborn", status=Status.DRAFT)
    make_listing(category, make_technology(name="Listed here"))
    make_listing(make_category(name="Lists it"), technology)
    make_companion(technology, companion=make_technology(name="Goes with it"))

    of_category = admin_client.get(preview_of(category)).content.decode()
    of_technology = admin_client.get(preview_of(technology)).content.decode()

    assert "Listed here" in of_category
    assert "Lists it" in of_technology
    assert "Goes with it" in of_technology


def test_what_it_refers_to_stays_hidden_while_that_is_a_draft(admin_client):
    category = make_category(status=Status.DRAFT)
    make_listing(category, make_technology(name="Unborn", status=Status.DRAFT))

    assert "Unborn" not in admin_client.get(preview_of(category)).content.decode()


@every_kind
def test_staff_without_permission_is_refused(make):
    draft = make(status=Status.DRAFT)

    assert sign_in("view_snippet").get(preview_of(draft)).status_code == 403


def test_who_may_only_look_sees_it():
    draft = make_category(status=Status.DRAFT)

    assert sign_in("view_category").get(preview_of(draft)).status_code == 200


def test_the_form_leads_to_it_beside_the_history(admin_client):
    draft = make_category(status=Status.DRAFT)

    tools = admin_client.get(url_of(draft)).content.decode()
    failed = save(admin_client, url_of(draft), name="").content.decode()

    link = f'<a href="{preview_of(draft)}">Preview</a>'
    assert link in tools
    assert link in failed
    assert url_of(draft, "history") in tools


def test_an_address_of_nothing_says_so(admin_client):
    response = admin_client.get("/admin/catalog/comparison/preview.csv/change/", follow=True)

    assert response.status_code == 200
    assert "Perhaps it was deleted?" in response.text


def test_a_preview_can_be_asked_and_offers_no_files(admin_client):
    comparison = make_comparison(status=Status.DRAFT)
    address = f"/admin/catalog/comparison/{comparison.pk}/preview/"

    asked = admin_client.get(f"{address}?sort=fit")
    swapped = admin_client.get(f"{address}?sort=fit", headers={"HX-Request": "true"})

    assert (asked.status_code, swapped.status_code) == (200, 200)
    assert swapped["HX-Push-Url"] == f"{address}?sort=fit"
    assert "takeaway" not in asked.text + swapped.text
    assert "no-store" in swapped["Cache-Control"]


# Markdown that is being written, as it will read: by a button beside the field, kept nowhere ------


def look(client: Client, text: str, field: str = "introduction", **more: str) -> HttpResponse:
    """Send a form with this text as the button beside a field does."""
    data = {"_preview": field, field: text, "slug": "other", **more}
    return client.post(reverse("admin:markdown_preview"), data)


def piece(client: Client, text: str, **more: str) -> str:
    """The same as a script asks for it."""
    return " ".join(look(client, text, _piece="1", **more).content.decode().split())


def submits_of(page: HttpResponse) -> list[dict[str, str]]:
    """The attributes of the buttons that send a change form, in order."""
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if form.get("id", "").endswith("_form"))
    return [dict(field.items()) for field in form.iter() if field.get("type") == "submit"]


WITH_MARKDOWN = [model for model in CONTENT if model.MARKDOWN]


@pytest.mark.parametrize("model", WITH_MARKDOWN, ids=lambda model: model.__name__)
def test_each_field_of_markdown_has_a_button(admin_client, model):
    make_everything()

    submits = submits_of(admin_client.get(url_of(model.objects.first())))

    buttons = [button for button in submits if button["name"] == "_preview"]
    assert [button["value"] for button in buttons] == list(model.MARKDOWN)
    assert {(button["formaction"], button["formtarget"]) for button in buttons} == {
        (reverse("admin:markdown_preview"), "_blank")
    }
    assert submits[0]["name"] == "_save"  # what the Enter key presses


def test_a_form_that_is_still_to_be_filled_in_has_it_too(admin_client):
    submits = submits_of(admin_client.get(url_for(WITH_MARKDOWN[-1], "add")))

    assert [button["value"] for button in submits if button["name"] == "_preview"] != []


def test_who_may_only_look_has_no_button():
    make_everything()
    client = sign_in(*(f"view_{model._meta.model_name}" for model in WITH_MARKDOWN))

    pages = [client.get(url_of(model.objects.first())) for model in WITH_MARKDOWN]

    assert [page.status_code for page in pages] == [200] * len(WITH_MARKDOWN)
    assert [page for page in pages if b'name="_preview"' in page.content] == []


def test_a_page_shows_how_the_text_will_read(admin_client):
    answer = look(admin_client, "## Words\r\n\r\nSome *more*.")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>Preview of “Introduction”</h1>" in html
    assert '<h3 id="text-words">Words</h3>\n<p>Some <em>more</em>.</p>' in html
    assert (
        answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_a_script_gets_the_text_alone(admin_client):
    assert piece(admin_client, "Some *more*.") == "<p>Some <em>more</em>.</p>"


@pytest.mark.parametrize("text", ["", " \n "])
def test_of_no_text_it_says_so(admin_client, text):
    assert piece(admin_client, text) == "<p>Nothing to be seen: the text is empty.</p>"


def test_a_field_in_a_table_of_parts_is_read_by_its_own_name(admin_client):
    html = piece(admin_client, "First", field="parts-0-introduction", introduction="Another")

    assert html == "<p>First</p>"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_what_readers_would_get(admin_client, text):
    assert piece(admin_client, text) == " ".join(render(text).split())


def test_nothing_is_kept(admin_client):
    look(admin_client, "Words that *nobody* saved.")

    assert (RenderedMarkdown.objects.count(), Edition.objects.count()) == (0, 0)


def test_as_much_is_shown_as_can_be_saved(admin_client):
    # Lines end with two signs on the way, and count as one.
    longest = "word\r\n" * (LONGEST_MARKDOWN // 5)

    shown, too_long = (look(admin_client, text) for text in (longest, longest + "x"))

    assert (shown.status_code, too_long.status_code) == (200, 413)
    assert "longer than 20000 characters; it is not shown" in too_long.content.decode()
    assert "word\n" not in too_long.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"_preview": "introduction"},
        {"_preview": "slug", "slug": "x"},
        {"_preview": "password", "password": "x"},
        {"_preview": "", "": "x"},
        {"_preview": "a-" * 5000, "introduction": "x"},
        {"_preview": "\0", "\0": "x"},
    ],
)
def test_what_names_no_text_of_the_form_is_a_bad_request(admin_client, data):
    assert admin_client.post(reverse("admin:markdown_preview"), data).status_code == 400


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_it_takes_forms_alone(admin_client, method):
    answer = getattr(admin_client, method)(reverse("admin:markdown_preview"))

    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ((), 403),
        (("view_category", "view_guide", "delete_category", "change_user"), 403),
        (("change_cell",), 200),
        (("add_snippet",), 200),
    ],
)
def test_it_is_for_whoever_may_write_content(permissions, status):
    assert look(sign_in(*permissions), "Words").status_code == status
