"""Every page opens and costs the same however much there is; filters, and our colours."""

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from whitenoise.compress import Compressor

from catalog.models import CONTENT, Cell, Technology
from tests.admin.addresses import make_content, pages
from tests.admin.pages import (
    HISTORY,
    MODELS,
    make_everything,
    make_rows_with_parts,
    url_for,
    url_of,
)
from tests.factories import make_comparison, make_listing, make_snippet, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# Pages of a row besides those that Django has.
OF_A_ROW = ["category/{}/rename", "category/{}/preview", "edition/{}/undo", "revision/{}/preview"]
OF_A_ROW += ["revision/{}/revert", "comparison/{}/grid", "comparison/{}/grid/speed"]


@pytest.mark.parametrize(
    "key", ["x", "0", "999", "1.5", "\u0661", "%00", "999999", "9" * 20, "9" * 40]
)
def test_a_row_that_is_not_there_is_not_found(admin_client, key):
    addresses = [f"/admin/catalog/{page.format(key)}/" for page in OF_A_ROW]

    answers = [admin_client.get(address) for address in addresses]
    answers += [admin_client.post(address) for address in addresses if "grid" in address]

    assert {answer.status_code for answer in answers} == {404}


def test_every_model_of_content_and_history_has_pages():
    registered = {model for model in MODELS if model._meta.app_label == "catalog"}

    assert registered == {*CONTENT, *HISTORY}


@pytest.mark.usefixtures("pack_dir")
def test_every_page_opens(admin_client):
    make_content()
    addresses = pages()

    answers = {address: admin_client.get(address).status_code for address in addresses}

    assert answers == dict.fromkeys(addresses, 200)


def test_the_index_names_things_and_history_but_no_parts(admin_client):
    apps = admin_client.get("/admin/").context["app_list"]

    assert [model["object_name"] for app in apps for model in app["models"]] == [
        "Group",
        "User",
        "Category",
        "Comparison",
        "Edition",
        "Guide",
        "Link",
        "PackLoad",
        "Measurement",
        "Pending",
        "Revision",
        "Miss",
        "Snippet",
        "Stack",
        "Technology",
        "VersionSet",
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_of_three_costs_what_a_list_of_one_does(admin_client, model):
    urls = [url_for(model), url_for(model) + "?q=a"]
    make_everything()
    admin_client.get(urls[0])  # content types are remembered from the first page on
    costs_of_one = [count_queries(admin_client, url) for url in urls]

    make_everything()
    make_everything()

    assert [count_queries(admin_client, url) for url in urls] == costs_of_one


@pytest.mark.parametrize(
    "name", ["category", "technology", "comparison", "criterion", "stack", "role", "version set"]
)
def test_a_page_with_three_parts_of_each_sort_costs_what_one_with_one_does(admin_client, name):
    one = url_of(make_rows_with_parts(1)[name])
    three = url_of(make_rows_with_parts(3)[name])
    admin_client.get(one)

    costs = [count_queries(admin_client, url) for url in (one, three)]

    assert costs == [costs[0]] * 2


@pytest.mark.parametrize("name", ["category", "technology", "comparison", "stack", "version set"])
def test_a_preview_with_three_parts_of_each_sort_costs_what_one_with_one_does(admin_client, name):
    one = url_of(make_rows_with_parts(1)[name], "preview")
    three = url_of(make_rows_with_parts(3)[name], "preview")
    admin_client.get(one)
    admin_client.get(three)  # so that its Markdown is rendered

    costs = [count_queries(admin_client, url) for url in (one, three)]

    assert costs == [costs[0]] * 2


# Lists say how many rows each filter finds, and find what is still missing ------------------------


def found(client: Client, model: type, query: str) -> list[int]:
    response = client.get(f"{url_for(model)}?{query}")
    assert response.status_code == 200  # a filter that is not understood redirects
    return [row.pk for row in response.context["cl"].result_list]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_every_filter_says_how_many_it_finds(model):
    assert admin.site.get_model_admin(model).show_facets is admin.ShowFacets.ALWAYS


def test_a_list_shows_the_counts(admin_client):
    make_technology(summary="Said")
    make_technology(summary="")
    make_technology(summary="")

    page = admin_client.get(url_for(Technology)).content.decode()

    assert "summary given" in page
    assert "Empty (2)" in page
    assert "Not empty (1)" in page


GIVEN = {
    make_technology: {
        "summary": "A",
        "website": "https://a.test",
        "lifecycle": "active",
        "licence": "MIT",
        "owner": "Ada",
    },
    make_listing: {"best_for": "Most"},
    make_snippet: {"run_with": "django==5.2"},
}


@pytest.mark.parametrize(
    ("make", "field"), [(make, field) for make, values in GIVEN.items() for field in values]
)
def test_what_lacks_something_is_found(admin_client, make, field):
    make(**GIVEN[make])
    missing = make(**GIVEN[make] | {field: ""})

    assert found(admin_client, type(missing), f"{field}__isempty=1") == [missing.pk]


@pytest.mark.parametrize("field", ["source", "verified_on"])
def test_cells_without_evidence_are_found(admin_client, field):
    make_comparison(contenders=1, criteria=2)
    evidence = {"source": "https://a.test", "verified_on": "2026-11-22"}
    missing = Cell.objects.first()
    Cell.objects.exclude(pk=missing.pk).update(**evidence)
    Cell.objects.filter(pk=missing.pk).update(**{**evidence, field: empty_of(field)})

    assert found(admin_client, Cell, f"{field}__isempty=1") == [missing.pk]


def empty_of(field: str) -> str | None:
    return Cell._meta.get_field(field).get_default()


@time_machine.travel("2026-11-25T23:30:00Z", tick=False)
@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ("due", [date(2025, 1, 1), date(2026, 11, 25)]),
        ("soon", [date(2026, 11, 26), date(2026, 12, 25)]),
        ("later", [date(2026, 12, 26)]),
    ],
)
def test_what_is_due_for_review_is_found(admin_client, answer, days):
    ends = ("2025-01-01", "2026-11-25", "2026-11-26", "2026-12-25", "2026-12-26", None)
    rows = [make_technology(review_by=day) for day in ends]

    due = found(admin_client, Technology, f"review={answer}")

    assert {row.review_by for row in Technology.objects.filter(pk__in=due)} == set(days)
    assert found(admin_client, Technology, "review_by__isempty=1") == [rows[-1].pk]


# Django's admin under our name and in our colours, which can be read by everybody -----------------


FOLDER: Path = settings.BASE_DIR / "static" / "css"
SHEET = FOLDER / "admin.css"
# As whitenoise makes it for every browser: gzip at level 9.
MOST_BYTES = 10_000
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in COLOUR.findall(SHEET.read_text())}
READ_TOGETHER = [
    *(("ink", ground) for ground in ("paper", "wash", "tint", "message-warning-bg")),
    ("ink", "message-error-bg"),
    *(("quiet", ground) for ground in ("paper", "wash", "tint")),
    *(("green", ground) for ground in ("paper", "wash", "tint")),
    *(("deep", ground) for ground in ("paper", "wash", "tint")),
    *(("error-fg", ground) for ground in ("paper", "wash", "message-error-bg")),
    *(("paper", ground) for ground in ("green", "deep")),
    *(("paper", f"delete-button{hover}-bg") for hover in ("", "-hover")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ_TOGETHER)
def test_text_stands_out_from_its_ground(text, ground, theme):
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme):
    assert contrast(COLOURS["field"][theme], COLOURS["paper"][theme]) >= 3


def test_the_sheets_are_small():
    sheets = sorted(FOLDER.glob("admin*.css"))

    assert [sheet.name for sheet in sheets] == ["admin-grid.css", "admin-pages.css", "admin.css"]
    assert sum(len(Compressor.compress_gzip(sheet.read_bytes())) for sheet in sheets) <= MOST_BYTES


@pytest.mark.parametrize("address", ["/admin/", "/admin/catalog/category/add/"])
def test_every_page_has_our_sheet_after_djangos_own(admin_client, address):
    page = admin_client.get(address).content.decode()

    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    ours = [place for place, sheet in enumerate(sheets) if "/static/css/" in sheet]
    assert sheets[ours[0]].endswith("css/admin.css")
    assert ours == list(range(ours[0], len(sheets)))
    assert '<a href="/admin/">StackGuide</a>' in page


def test_the_page_for_signing_in_has_it_too(client):
    page = client.get("/admin/login/").content.decode()

    assert "css/admin.css" in page
    assert "StackGuide" in page
