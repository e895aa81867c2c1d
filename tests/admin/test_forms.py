"""The editor's forms: pickers that search, fields with names, headings in the editor's words."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import ForeignKey
from django.test import Client

from catalog.admin.content import ThingAdmin
from catalog.models import CONTENT
from tests.admin.pages import make_rows_with_parts, url_of

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


def test_every_foreign_key_is_picked_by_searching_or_from_a_short_list() -> None:
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
def test_the_fields_of_a_thing_stand_under_headings(page: ThingAdmin) -> None:
    first, *others = [str(heading or "") for heading, _options in page.fieldsets]

    assert first == ""
    assert [heading for heading in others if not re.fullmatch(r"[A-Z][\w ]{3,20}", heading)] == []
    assert others != []


def test_help_is_short() -> None:
    long = [
        (type(form).__name__, field.name)
        for form in forms()
        for field in form.model._meta.fields
        if len(str(field.help_text)) > 90
    ]

    assert long == []


def test_each_field_of_a_table_has_a_name(admin_client: Client) -> None:
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


def test_no_picker_offers_to_delete_what_it_picks(admin_client: Client) -> None:
    rows = make_rows_with_parts(1)

    pages = {name: admin_client.get(url_of(row)).content for name, row in rows.items()}
    signs = {name: b"delete_id_" in page for name, page in pages.items()}

    assert signs == dict.fromkeys(rows, False)
