"""The editor's forms: pickers, headings in the editor's words, links, slugs and parts of tables."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import ForeignKey
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin.content import ThingAdmin
from catalog.admin.desk.index import CALLED
from catalog.links import address_fields
from catalog.models import (
    CONTENT,
    Category,
    Cell,
    Criterion,
    Guide,
    Link,
    Revision,
    Snippet,
    Status,
)
from tests.admin.desk.filling import make_link
from tests.admin.pages import make_rows_with_parts, read_form, save, url_for, url_of
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_comparison,
    make_contender,
    make_guide,
    make_snippet,
    make_support_window,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# A list of the few rows of the same table is shorter than a search.
SHORT = {("CriterionInline", "group"), ("CriterionAdmin", "group"), ("CellInline", "contender")}


def forms() -> list[BaseModelAdmin]:
    """Every form of content, on a page or in a table of one."""
    pages = [admin.site._registry[model] for model in CONTENT]
    return [*pages, *(inline(page.model, admin.site) for page in pages for inline in page.inlines)]


def names_of(form: BaseModelAdmin) -> set[str]:
    """The fields that a form names; all of the model's where it names none."""
    if form.fieldsets or form.fields:
        fieldsets = form.fieldsets or [(None, {"fields": form.fields})]
        return set(flatten_fieldsets(fieldsets))
    return {field.name for field in form.model._meta.get_fields()}


def test_every_foreign_key_is_picked_by_searching_or_from_a_short_list():
    listed = {
        (type(form).__name__, field.name)
        for form in forms()
        for field in form.model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.name in names_of(form)
        and field.name not in form.autocomplete_fields
        and field.name != getattr(form, "fk_name", None)
        and field.related_model is not getattr(form, "parent_model", None)
    }

    assert listed == SHORT


@pytest.mark.parametrize(
    "page",
    [page for page in admin.site._registry.values() if isinstance(page, ThingAdmin)],
    ids=lambda page: type(page).__name__,
)
def test_the_fields_of_a_thing_stand_under_headings(page):
    first, *others = [str(heading or "") for heading, _options in page.fieldsets]

    assert first == ""
    assert [heading for heading in others if not re.fullmatch(r"[A-Z][\w ]{3,20}", heading)] == []
    assert others != []


def test_help_is_short():
    long = [
        (type(form).__name__, field.name)
        for form in forms()
        for field in form.model._meta.fields
        if len(str(field.help_text)) > 90
    ]

    assert long == []


def test_each_field_of_a_table_has_a_name(admin_client):
    unnamed = {}
    for name, row in make_rows_with_parts(2).items():
        html = admin_client.get(url_of(row)).content.decode()
        fields = re.findall(r'<(?:input|select|textarea)[^>]* name="\w+-\d+-\w+"[^>]*>', html)
        spoken = re.compile(r'type="hidden"|aria-label="[^"]+"')
        labels = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
        unnamed[name] = [
            field
            for field in fields
            if not spoken.search(field) and re.search(r' id="([^"]+)"', field)[1] not in labels
        ]
        assert fields != []

    assert {name: fields for name, fields in unnamed.items() if fields} == {}


def test_no_picker_offers_to_delete_what_it_picks(admin_client):
    rows = make_rows_with_parts(1)

    pages = {name: admin_client.get(url_of(row)).content for name, row in rows.items()}
    signs = {name: b"delete_id_" in page for name, page in pages.items()}

    assert signs == dict.fromkeys(rows, False)


# Addresses in the admin: what became of each, and the forms on which it stands --------------------


GONE = "https://example.org/gone/"


def test_a_list_says_what_became_of_each(admin_client):
    make_link("https://example.org/", is_alive=True, reason="200 OK")
    make_link(GONE, is_alive=False)
    make_link("https://example.org/slow/", is_alive=None, reason="no answer in time")

    page = admin_client.get(url_for(Link)).content.decode()

    for word in ("alive", "dead", "not known", "200 OK", "404 Not Found", "no answer in time"):
        assert word in page


def test_an_address_says_on_which_forms_it_stands(admin_client):
    technology = make_technology(name="Flask", website=GONE, lifecycle_source=GONE)
    make_technology(repository="https://example.org/")
    comparison = make_comparison(contenders=1, criteria=1)
    Cell.objects.update(source=GONE)
    link = make_link(GONE, is_alive=False)

    for address in (url_for(Link), url_of(link)):
        page = admin_client.get(address).content.decode()

        assert f'<a href="{url_of(technology)}">Flask: website</a>' in page
        assert f'<a href="{url_of(technology)}">Flask: lifecycle source</a>' in page
        contender = comparison.contenders.get()
        cell = f'<a href="{url_of(Cell.objects.get())}">Criterion 0 of {contender}: source</a>'
        assert cell in page


def test_an_address_that_nothing_names_says_so(admin_client):
    make_link(GONE, is_alive=False)

    assert "nothing that you may see" in admin_client.get(url_for(Link)).content.decode()


def test_the_forms_are_named_to_those_who_may_see_them():
    make_technology(name="Flask", website=GONE)
    link = make_link(GONE, is_alive=False)
    client = sign_in("view_link")

    pages = [client.get(address).content.decode() for address in (url_for(Link), url_of(link))]

    assert not any("Flask" in page for page in pages)


def test_of_many_places_a_few_are_named(admin_client):
    make_technology(name="Flask", website=GONE)
    make_comparison(contenders=3, criteria=2)
    Cell.objects.update(source=GONE)
    make_link(GONE, is_alive=False)

    page = admin_client.get(url_for(Link)).content.decode()

    assert page.count("Flask: website") == 1
    assert page.count(": source</a>") == 2
    assert " and 4 more" in page


def test_every_model_with_addresses_says_what_its_rows_are_called():
    assert [*CALLED] == [model for model in CONTENT if address_fields(model)]


def test_nobody_writes_them_by_hand(admin_client):
    link = make_link(GONE)

    answers = [
        admin_client.post(url_for(Link, "add"), {"address": "https://example.org/"}),
        admin_client.post(url_of(link), {"address": "https://example.org/"}),
        admin_client.post(url_of(link, "delete"), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert Link.objects.get().address == GONE


def test_more_addresses_cost_no_more_queries(admin_client):
    costs = []
    for number in (1, 3):
        for _ in range(number):
            link = make_link(is_alive=False)
            make_technology(website=link.address)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(url_for(Link))
        costs.append(len(queries))

    assert costs[0] == costs[1]


# A slug is given once: a draft's may be mended, a published or archived thing's may not -----------


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_a_slug_with_an_address_is_not_in_the_form(admin_client, status):
    category = make_category(status=status)

    assert "slug" not in read_form(admin_client.get(url_of(category)))


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_a_forged_slug_is_ignored(admin_client, status):
    category = make_category(slug="databases", status=status)

    save(admin_client, url_of(category), slug="other", name="New", status="draft")

    assert Category.objects.values_list("slug", "name", "status").get() == (
        "databases",
        "New",
        "draft",
    )


def test_a_drafts_slug_can_be_mended(admin_client):
    category = make_category(slug="databsaes", status=Status.DRAFT)

    save(admin_client, url_of(category), slug="databases", status="published")

    assert Category.objects.values_list("slug", "status").get() == ("databases", "published")


def test_a_draft_that_failed_to_be_published_still_has_its_slug_to_mend(admin_client):
    category = make_category(slug="databases", status=Status.DRAFT)

    page = save(admin_client, url_of(category), slug="Not A Slug", status="published")

    assert read_form(page)["slug"] == "Not A Slug"


def test_a_snippet_keeps_its_slug(admin_client):
    snippet = make_snippet(slug="hello")

    save(admin_client, url_of(snippet), slug="other")

    assert Snippet.objects.get().slug == "hello"


def test_only_a_new_things_slug_follows_its_name(admin_client):
    draft = make_category(status=Status.DRAFT)

    pages = [admin_client.get(url) for url in (url_for(Category, "add"), url_of(draft))]

    followed = [page.context["adminform"].prepopulated_fields for page in pages]
    assert [len(fields) for fields in followed] == [1, 0]


def test_a_draft_offers_no_public_address(admin_client):
    rows = [make_category(slug="seen"), make_category(status=Status.DRAFT)]

    pages = [admin_client.get(url_of(row)) for row in rows]

    assert [page.context["absolute_url"] for page in pages] == ["/categories/seen/", None]


# Rows and columns of one table never meet those of another ----------------------------------------


def test_a_row_offers_the_contenders_of_its_table_only(admin_client):
    comparison = make_comparison(contenders=2, criteria=1)
    make_comparison(contenders=2)

    page = admin_client.get(url_of(comparison.criteria.get()))

    field = page.context["inline_admin_formsets"][0].formset.forms[0].fields["contender"]
    offered = [str(key) for key, _ in field.choices]
    assert offered == ["", *(str(column.pk) for column in comparison.contenders.all())]


def test_a_row_has_a_line_for_a_contender_that_nobody_has_judged(admin_client):
    comparison = make_comparison(contenders=1, criteria=1)
    newcomer = make_contender(comparison, position=9)
    url = url_of(comparison.criteria.get())

    form = read_form(admin_client.get(url))
    save(admin_client, url)
    cells_after_saving_at_once = Cell.objects.count()
    save(admin_client, url, **{"cells-1-rating": "4", "cells-1-word": "Excellent"})

    assert form["cells-1-contender"] == str(newcomer.pk)
    assert cells_after_saving_at_once == 1
    assert newcomer.cells.values_list("rating", "word").get() == (4, "Excellent")


def test_a_forged_contender_of_another_table_is_refused_on_the_rows_page(admin_client):
    criterion = make_comparison(criteria=1).criteria.get()
    stranger = make_comparison().contenders.first()

    page = save(admin_client, url_of(criterion), **{"cells-0-contender": str(stranger.pk)})

    assert page.context["inline_admin_formsets"][0].formset.errors[0] == {
        "contender": ["Select a valid choice. That choice is not one of the available choices."]
    }
    assert stranger.cells.filter(criterion=criterion).count() == 0


def test_a_contender_of_another_table_is_refused_on_the_cells_page(admin_client):
    cell = make_comparison(criteria=1).criteria.get().cells.first()
    stranger = make_comparison().contenders.first()

    page = save(admin_client, url_of(cell), contender=stranger.pk)

    assert page.context["adminform"].form.errors["contender"] == [
        "This contender belongs to another comparison than the row."
    ]


def test_a_row_is_put_into_groups_of_its_table_only(admin_client):
    comparison = make_comparison(criteria=1)
    group = comparison.groups.get()
    strange = make_comparison().groups.get()
    criterion = comparison.criteria.get()

    table = admin_client.get(url_of(comparison)).context["inline_admin_formsets"][2]
    page = admin_client.get(url_of(criterion))
    save(admin_client, url_of(criterion), group=strange.pk)
    save(admin_client, url_of(comparison), **{"criteria-0-group": strange.pk})

    offered = [
        [str(key) for key, _ in form.fields["group"].choices]
        for form in (table.formset.forms[0], page.context["adminform"].form)
    ]
    assert offered == [["", str(group.pk)]] * 2
    assert Criterion.objects.get(pk=criterion.pk).group == group


# The guide is one, and parts are changed by those who may -----------------------------------------


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


# What the database alone sees --------------------------------------------------------------------


def new_row(url: str, client: Client, prefix: str, **fields: str) -> dict[str, str]:
    """The form at an address with a new row typed into one of its tables."""
    data = read_form(client.get(url))
    place = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(place + 1)
    return data | {f"{prefix}-{place}-{name}": value for name, value in fields.items()}


def test_a_way_from_a_technology_to_itself_is_refused_and_stays_on_the_page(admin_client):
    flask = make_technology(name="Flask")
    url = url_of(flask)
    way = {"to": str(flask.pk), "effort": "small", "steps": "1. Typed.", "position": "1"}

    page = admin_client.post(url, new_row(url, admin_client, "migrations", **way))

    assert page.status_code == 409
    text = page.content.decode()
    assert "A technology cannot be replaced by itself. Nothing was saved; correct it below." in text
    assert "1. Typed." in text
    assert flask.migrations.count() == 0


def test_a_cycle_that_another_tab_added_meanwhile_is_named(admin_client):
    flask = make_technology(name="Flask")
    url = url_of(flask)
    window = {"cycle": "3.1", "end_of_life": "2030", "position": "1"}
    data = new_row(url, admin_client, "support_windows", **window)
    admin_client.post(url, data)

    page = admin_client.post(url, data | {"support_windows-0-end_of_life": "2031"})

    assert page.status_code == 409
    assert flask.support_windows.get().end_of_life == "2030"
    assert "2031" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("position", "99999999999", "214748364"),  # PostgreSQL's Django says so itself
        ("end_of_life", "0999-01", "Give a day from 1970 to 2100."),
    ],
)
def test_a_number_or_year_that_no_guide_means_is_refused(admin_client, field, typed, sentence):
    window = make_support_window()

    page = save(admin_client, url_of(window), **{field: typed})

    assert (page.status_code, sentence in page.content.decode()) == (200, True)
