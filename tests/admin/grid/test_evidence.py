"""The page of one row: what is asked, and what its cells rest on."""

from datetime import date

import pytest

from catalog.history import editions
from catalog.models import Cell, Criterion, Edition
from tests.admin.grid.tables import (
    DOCS,
    cell,
    count_of_editions,
    faults_of,
    grid_of,
    make_table,
    rested_on,
    said,
    send,
)
from tests.admin.pages import read_form, url_of
from tests.factories import make_measurement

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_each_contender_has_a_line(admin_client, comparison):
    page = admin_client.get(grid_of(comparison, "async"))

    lines = [(line.name, line.text) for line in page.context["lines"]]
    assert lines == [("Flask", "unknown"), ("Quart", "Not judged")]


def test_evidence_is_saved_and_leads_back_to_the_row(admin_client, comparison):
    before = count_of_editions()

    answer = send(
        admin_client,
        grid_of(comparison, "speed"),
        {
            "source.speed.quart": DOCS,
            "verified_on.speed.quart": "2026-11-02",
            "verified_by.speed.quart": "Grace",
            "applies_to.speed.quart": "0.19",
            "verified_on.speed.flask": "",
            "verified_by.speed.flask": "",
        },
    )

    assert answer.headers["Location"] == f"{grid_of(comparison)}#row.speed"
    assert count_of_editions() == before + 1
    assert rested_on("speed", "quart") == (DOCS, date(2026, 11, 2), "Grace", "0.19")
    assert rested_on("speed", "flask") == (DOCS, None, "", "3.1")
    assert said("speed", "quart") == ("known", 4, "Excellent", "", "")


def test_a_measured_cell_names_its_measurement_and_takes_no_source(admin_client, comparison):
    cell = Cell.objects.get(criterion__slug="speed", contender__technology__slug="flask")
    Cell.objects.filter(pk=cell.pk).update(source="", measurement=make_measurement(slug="races"))

    page = admin_client.get(grid_of(comparison, "speed"))

    assert "measured: races" in page.content.decode()
    assert send(admin_client, grid_of(comparison, "speed")).status_code == 302
    cell.refresh_from_db()
    assert cell.measurement.slug == "races"


def test_one_can_stay(admin_client):
    url = grid_of(make_table(), "speed")

    answer = send(admin_client, url, {"_continue": "1", "applies_to.speed.quart": "0.19"})

    assert answer.headers["Location"] == url


def test_evidence_for_a_cell_that_nobody_wrote_makes_it_unknown(admin_client, comparison):
    send(admin_client, grid_of(comparison, "async"), {"source.async.quart": DOCS})

    assert said("async", "quart") == ("unknown", None, "", "", "")
    assert rested_on("async", "quart")[0] == DOCS


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"source.speed.flask": "javascript:alert(1)"},
         "Give a full address that starts with https://."),
        ({"verified_on.speed.flask": "1.11.2026"},
         "“1.11.2026” value has an invalid date format. It must be in YYYY-MM-DD format."),
        ({"verified_on.speed.flask": "2099-01-01"},
         "This day is still to come; give the day it was verified."),
        ({"verified_on.speed.flask": ""}, "Say when it was verified, not only by whom."),
        ({"applies_to.speed.flask": "v" * 81},
         "Ensure this value has at most 80 characters (it has 81)."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it(admin_client, comparison, typed, text):
    ((control, value),) = typed.items()

    page = send(admin_client, grid_of(comparison, "speed"), typed)

    assert page.status_code == 400
    assert faults_of(page) == [("Speed, Flask", text)]
    assert page.context["faults"][0].control == control
    assert read_form(page)[control] == value
    assert f'id="{control}" aria-invalid="true"' in page.content.decode()


def test_what_is_asked_is_edited_there(admin_client, comparison):
    send(
        admin_client,
        grid_of(comparison, "speed"),
        {
            "question.speed": "How fast?",
            "weight.speed": "5",
            "group.speed": "",
            "name.speed": "Pace",
        },
    )

    row = Criterion.objects.get(slug="speed")
    assert (row.question, row.weight, row.group, row.name) == ("How fast?", 5, None, "Pace")


def test_a_row_of_ratings_becomes_one_of_text(admin_client, comparison):
    Cell.objects.filter(criterion__slug="speed", word="Good").update(word="")

    send(admin_client, grid_of(comparison, "speed"), {"kind.speed": "text", "weight.speed": "0"})

    assert said("speed", "flask") == ("known", None, "Good", "", "")
    assert said("speed", "quart") == ("known", None, "Excellent", "", "")


def test_a_row_of_text_becomes_one_of_ratings_where_it_says_ratings(admin_client, comparison):
    Cell.objects.filter(criterion__slug="best-for").update(value="small")

    answer = send(admin_client, grid_of(comparison, "best-for"), {"kind.best-for": "rating"})

    assert answer.status_code == 302
    assert said("best-for", "flask") == ("known", 1, "", "small", "")


def test_a_row_does_not_become_what_its_cells_cannot_say(admin_client, comparison):
    text = send(admin_client, grid_of(comparison, "best-for"), {"kind.best-for": "rating"})
    yes_no = send(admin_client, grid_of(comparison, "speed"), {"kind.speed": "yes-no"})

    assert faults_of(text) == [
        ("Row “Best for”", "Flask, Quart cannot be said so; set what they say to unknown first.")
    ]
    assert faults_of(yes_no) == [
        ("Row “Speed”", "Flask cannot be said so; set what they say to unknown first.")
    ]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"group.speed": "x"}, "There is no such group."),
        ({"weight.speed": "6"}, "Ensure this value is less than or equal to 5."),
        ({"kind.speed": "text"}, "A text row cannot be weighed; set its weight to 0."),
    ],
)
def test_what_a_row_cannot_be_is_said(admin_client, typed, text):
    page = send(admin_client, grid_of(make_table(), "speed"), typed)

    assert page.status_code == 400
    assert text in [text for _where, text in faults_of(page)]


@pytest.mark.parametrize("criterion", ["nothing", "%00", "x" * 300, ".."])
def test_a_row_that_is_not_there_is_not_found(admin_client, criterion):
    url = grid_of(make_table())

    answers = [admin_client.get(f"{url}{criterion}/"), admin_client.post(f"{url}{criterion}/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_form_and_a_list_lead_to_the_cells(admin_client, comparison):
    speed = Criterion.objects.get(slug="speed")

    form = admin_client.get(url_of(comparison)).content.decode()
    row = admin_client.get(url_of(speed)).content.decode()
    listed = admin_client.get("/admin/catalog/comparison/").content.decode()

    assert f'href="{grid_of(comparison)}"' in form
    assert f'href="{grid_of(comparison, "speed")}"' in row
    assert f'href="{grid_of(comparison)}"' in listed


@pytest.mark.parametrize("slug", ["a/b", "a.b", "A b", "é", "?x=1", "#"])
def test_a_slug_that_a_fixture_brought_breaks_no_page(admin_client, type_in, comparison, slug):
    """Stock loaddata asks no validator."""
    Criterion.objects.filter(slug="speed").update(slug=slug)

    pages = [
        admin_client.get(grid_of(comparison)),
        admin_client.get(url_of(Criterion.objects.get(name="Speed"))),
    ]
    answer = type_in({f"judgement.{slug}.flask": "1"})

    assert [page.status_code for page in pages] == [200, 200]
    assert answer.status_code == 302
    assert said(slug, "flask")[1] == 1


def test_a_measured_cell_keeps_its_measurement_and_takes_no_page_besides(admin_client, comparison):
    grid, row = grid_of(comparison), grid_of(comparison, "speed")
    without = admin_client.get(grid).text.count(">no source<")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        measured = cell("speed", "quart")
        measured.measurement = make_measurement(slug="speed")
        measured.save()

    assert admin_client.get(grid).text.count(">no source<") == without - 1
    send(admin_client, row, {"applies_to.speed.quart": "0.19"})
    answer = send(admin_client, row, {"source.speed.quart": DOCS})

    kept = cell("speed", "quart")
    assert (kept.measurement.slug, kept.source, kept.applies_to) == ("speed", "", "0.19")
    assert answer.status_code == 422
    assert "A cell rests on a page or on a measurement, not on both" in answer.text
    assert DOCS in answer.text  # nothing typed is lost
