"""A filtered grid shows what is asked for, and saves nothing but what it shows."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from catalog.models import Cell, Criterion
from tests.admin.grid.tables import grid_of, make_large, make_table, said, send
from tests.admin.pages import read_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def shown(form: dict[str, str]) -> list[str]:
    """The cells that a form holds."""
    return [name.partition(".")[2] for name in form if name.startswith("judgement.")]


def test_only_cells_to_review(admin_client: Client) -> None:
    comparison = make_table()

    form = read_form(admin_client.get(grid_of(comparison, query="?review=1")))

    assert shown(form) == [
        "best-for.flask",  # without a source
        "best-for.quart",
        "speed.quart",
        "async.flask",  # unknown
        "async.quart",  # nobody has said anything
    ]


def test_what_is_stale_is_to_review(admin_client: Client) -> None:
    comparison = make_table()
    Cell.objects.filter(source__gt="").update(verified_on=date(2020, 1, 1))

    page = admin_client.get(grid_of(comparison, query="?review=1&group=general"))

    assert "speed.flask" in shown(read_form(page))
    assert "2020-01-01, stale" in page.content.decode()
    assert page.context["grounds"].startswith("4 of 6 cells known, 1 with a source, 1 stale")


@pytest.mark.parametrize(
    ("group", "rows"),
    [
        ("general", ["speed", "async"]),
        ("none", ["best-for"]),
        ("x", ["best-for", "speed", "async"]),
    ],
)
def test_one_group(admin_client: Client, group: str, rows: list[str]) -> None:
    comparison = make_table()

    page = admin_client.get(grid_of(comparison, query=f"?group={group}"))

    assert [row.head.slug for one in page.context["groups"] for row in one.rows] == rows


def test_a_cell_that_is_not_shown_is_read_beside_the_others(admin_client: Client) -> None:
    comparison = make_table()

    page = admin_client.get(grid_of(comparison, query="?review=1")).content.decode()

    assert '<td class="told"><b>Good</b>' in page


def test_saving_a_filtered_grid_touches_nothing_else(admin_client: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison, query="?review=1&group=general")
    before = {cell.pk: cell for cell in Cell.objects.all()}

    answer = send(admin_client, url, {"judgement.async.flask": "0"})

    assert answer.headers["Location"] == url
    assert said("async", "flask") == ("known", 0, "", "", "")
    after = {cell.pk: cell for cell in Cell.objects.exclude(criterion__slug="async")}
    assert len(after) == 4
    assert all(vars_of(cell) == vars_of(before[pk]) for pk, cell in after.items())
    assert Criterion.objects.count() == 3


def vars_of(cell: Cell) -> dict:
    return {name: value for name, value in vars(cell).items() if name != "_state"}


def test_a_button_of_a_row_signs_only_what_is_shown(admin_client: Client) -> None:
    comparison = make_table()
    Cell.objects.filter(criterion__slug="speed").update(verified_on=None, verified_by="")
    url = grid_of(comparison, query="?review=1")
    Cell.objects.filter(source__gt="").update(verified_on=date(2026, 11, 1))

    send(admin_client, url, {"_verify": "row.speed"})

    days = dict(
        Cell.objects.filter(criterion__slug="speed").values_list(
            "contender__technology__slug", "verified_by"
        )
    )
    assert days == {"flask": "", "quart": "admin"}


@pytest.mark.parametrize(
    "query",
    [
        *("?group=%00", "?group=../x", "?part=0", "?part=-1", "?part=99999999999", "?part=x"),
        *("?review=2", "?review=%FF", "?nothing=1", "?part=%D9%A1", "?group=" + "g" * 5000),
    ],
)
def test_nonsense_in_the_address_asks_for_nothing(admin_client: Client, query: str) -> None:
    comparison = make_table()

    page = admin_client.get(grid_of(comparison, query=query))

    assert page.status_code == 200
    assert len(shown(read_form(page))) == 6


def test_a_table_that_no_form_can_hold_comes_in_parts(
    admin_client: Client, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
    comparison = make_large(rows=5, columns=8)  # 40 fields a row: two rows fit

    page = admin_client.get(grid_of(comparison))
    last = admin_client.get(grid_of(comparison, query="?part=3"))
    answer = send(
        admin_client, grid_of(comparison, query="?part=3"), {"value.row-4.technology-0": "x"}
    )

    assert "This table is too large to be edited in one form: part 1 of 3" in page.content.decode()
    assert [query for _number, query in page.context["parts"]] == ["part=1", "part=2", "part=3"]
    assert len(read_form(page)) < 100
    assert [row.head.slug for row in last.context["groups"][0].rows] == ["row-4"]
    assert answer.status_code == 302
    assert said("row-4", "technology-0")[3] == "x"
    assert Cell.objects.count() == 40


def test_the_bytes_of_a_form_are_limited_too(admin_client: Client, settings: Settings) -> None:
    comparison = make_large(rows=4, columns=3)
    Cell.objects.update(note="é" * 300)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 25_000

    pages = [admin_client.get(grid_of(comparison, query=f"?part={part}")) for part in (1, 2)]

    assert [page.context["window"].parts for page in pages] == [2, 2]
    assert send(admin_client, grid_of(comparison, query="?part=2")).status_code == 302


def test_forty_rows_by_twenty_columns_are_one_form(admin_client: Client) -> None:
    comparison = make_large(rows=40, columns=20)

    form = read_form(admin_client.get(grid_of(comparison)))
    changed = {name: "4" for name in form if name.startswith("judgement.")}
    answer = admin_client.post(grid_of(comparison), form | changed)

    assert (len(changed), answer.status_code) == (800, 302)
    assert set(Cell.objects.values_list("rating", "word")) == {(4, "Excellent")}
