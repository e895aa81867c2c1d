"""Cells that were measured, windows of support and ways from one technology to another."""

import json
from datetime import date

import pytest

from catalog.models import Cell, Comparison, Migration, Status
from tests.factories import (
    make_comparison,
    make_measurement,
    make_migration,
    make_package,
    make_support_window,
    make_technology,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured() -> Comparison:
    """A table of which one cell was measured."""
    comparison = make_comparison(1, 1, slug="servers", title="Servers")
    measurement = make_measurement(
        slug="cpu", title="CPU of a request", script="measurements/cpu.py", setting="2 cores"
    )
    Cell.objects.update(
        measurement=measurement,
        word="",
        value="1.8 times the best, ±3 %",
        note="0.21 ms",
        applies_to="1.0",
        verified_on=date(2026, 11, 29),
    )
    comparison.contenders.get().technology.__class__.objects.update(name="Granian")
    return comparison


def test_a_measured_cell_leads_to_its_measurement(client, measured):
    page = read(client, measured.get_absolute_url())

    assert ("measured by us", "/measurements/#cpu") in page.links("td")
    assert "no source" not in page.texts("td")[0]


@pytest.mark.parametrize("suffix", ["csv", "md", "json"])
def test_in_a_file_its_address_is_whole(client, measured, suffix):
    text = client.get(f"/comparisons/servers.{suffix}").text

    assert "http://testserver/measurements/#cpu" in text
    if suffix == "json":
        (group,) = json.loads(text)["groups"]
        assert group["rows"][0]["cells"][0]["source"] == "http://testserver/measurements/#cpu"


def test_a_measurement_says_how_and_when_and_what_came_of_it(client, measured):
    page = read(client, "/measurements/")

    assert page.texts("h2") == ["CPU of a request"]
    assert page.facts() == [
        ("Day", ["2026-11-29"]),
        ("Script", ["measurements/cpu.py"]),
        ("Result", ["measurements/results/2026-11-29.json"]),
        ("Where", ["2 cores"]),
    ]
    assert page.texts("h3") == ["Criterion 0 in Servers"]
    assert page.texts("section//li") == ["Granian 1.0: 1.8 times the best, ±3 %; 0.21 ms"]


def test_a_measurement_names_no_draft(client, measured):
    technology = measured.contenders.get().technology
    technology.status = Status.DRAFT
    technology.save()

    assert read(client, "/measurements/").texts("section//li") == []


def test_without_a_measurement_that_is_said(client):
    assert "Nothing has been measured yet." in read(client, "/measurements/").texts("main/p")


def test_support_is_shown_with_what_is_over(client):
    technology = make_technology()
    make_support_window(technology, cycle="1", active_until="2019", end_of_life="2020-04")
    make_support_window(technology, cycle="2", end_of_life="2099-04-30", source="https://a.org/2")

    page = read(client, technology.get_absolute_url())

    assert page.table("section[@aria-labelledby='support']//table") == [
        ["Version", "Corrections until", "Security until", "Source"],
        ["1", "2019", "2020-04, over", ""],
        ["2", "not said", "2099-04-30", "source of 2"],
    ]


@pytest.mark.parametrize(
    ("end", "is_over"), [("2026-11", False), ("2026-10", True), ("2026", False)]
)
def test_a_window_is_over_once_all_of_its_last_month_is(client, time_machine, end, is_over):
    time_machine.move_to("2026-11-15")
    technology = make_technology()
    make_support_window(technology, end_of_life=end)

    page = read(client, technology.get_absolute_url())

    assert page.texts("section[@aria-labelledby='support']//strong") == ["over"] * is_over


def test_a_way_is_told_on_both_pages(client):
    old, new = make_technology(name="Old", slug="old"), make_technology(name="New", slug="new")
    make_migration(old, to=new, effort=Migration.Effort.MEDIUM, source="https://a.org/way")
    draft = make_technology(status=Status.DRAFT)
    make_migration(old, to=draft)
    make_migration(draft, to=old)

    page = read(client, old.get_absolute_url())
    other = read(client, new.get_absolute_url())

    section = "section[@aria-labelledby='migrations']"
    assert page.texts(f"{section}/h3") == ["From Old to New"]
    assert page.texts(f"{section}/div/ol/li") == ["Rename it."]
    assert ("Source", "https://a.org/way") in page.links(section)
    assert other.texts(f"{section}/h3") == ["To New"]
    assert other.links(f"{section}/ul") == [("From Old", "/technologies/old/#to-new")]


def test_what_one_imports_is_said_where_it_differs(client):
    technology = make_technology()
    make_package(technology, name="pyjwt", import_name="jwt")
    make_package(technology, name="plain")

    page = read(client, technology.get_absolute_url())

    assert [text for text in page.texts("code") if text.startswith("import")] == ["import jwt"]
