"""Who may see and who may change what of a table, whatever is posted."""

from collections import Counter
from collections.abc import Callable

import html5lib
import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Cell, Comparison, Criterion
from tests.admin.grid.tables import (
    count_of_editions,
    grid_of,
    make_large,
    make_table,
    said,
    send,
    technology,
)
from tests.admin.pages import read_form
from tests.admin.roles import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SEES = ("view_comparison", "view_cell")
CELLS = ("change_comparison", "change_cell", "publish_content")


def forged(client: Client, comparison: Comparison, **typed: str) -> object:
    """Post what the page itself does not offer: with a token that it gave to somebody else."""
    page = client.get(grid_of(comparison))
    token = page.context["token"]
    named = {name.replace("__", "."): value for name, value in typed.items()}
    return client.post(grid_of(comparison), {"_state": token, "_confirm": "row.speed"} | named)


@pytest.mark.parametrize(
    "permissions", [(), ("view_comparison",), ("view_cell",), ("change_cell", "view_technology")]
)
@pytest.mark.parametrize("criterion", ["", "speed"])
def test_who_may_not_see_both_sees_nothing(comparison, permissions, criterion):
    client = sign_in(*permissions)
    url = grid_of(comparison, criterion)

    assert [client.get(url).status_code, client.post(url).status_code] == [403, 403]


@pytest.mark.parametrize("criterion", ["", "speed"])
def test_who_may_only_look_gets_no_controls(comparison, criterion):
    client = sign_in(*SEES)
    url = grid_of(comparison, criterion)

    page = client.get(url)

    form = read_form(page)
    assert {name for name in form if not name.startswith("_")} == {"csrfmiddlewaretoken"}
    assert 'name="_save"' not in page.content.decode()
    assert "Good" in page.content.decode()
    assert client.post(url, form | {"judgement.speed.flask": "1"}).status_code == 403
    assert said("speed", "flask")[1] == 3


def test_who_may_change_cells_changes_cells_alone(comparison):
    client = sign_in(*SEES, *CELLS)

    form = read_form(client.get(grid_of(comparison)))
    answer = send(
        client, grid_of(comparison), {"judgement.speed.flask": "1", "judgement.async.quart": "4"}
    )

    controls = {name.partition(".")[0] for name in form if "." in name}
    assert controls == {"judgement", "word", "value", "note"}
    assert answer.status_code == 302
    assert (said("speed", "flask")[1], said("async", "quart")[1]) == (1, 4)


def test_a_cell_is_of_its_comparison(comparison):
    """Whoever may not change a comparison may not change its cells."""
    client = sign_in(*SEES, "change_cell")

    assert "judgement.speed.flask" not in read_form(client.get(grid_of(comparison)))
    assert forged(client, comparison, judgement__speed__flask="1").status_code == 403


@pytest.mark.parametrize(
    ("missing", "typed"),
    [
        ("change_cell", {"judgement.speed.flask": "1"}),
        ("change_cell", {"judgement.async.quart": "4"}),
        ("change_criterion", {"name.speed": "Pace"}),
        ("change_criterion", {"_move": "down.row.speed"}),
        ("change_criterion", {"weight.speed": "5"}),
        ("change_criteriongroup", {"heading.general": "Other"}),
        ("change_contender", {"versions.flask": "3"}),
        ("change_contender", {"_move": "down.column.flask"}),
        ("add_criterion", {"new-row.name": "New"}),
        ("add_criteriongroup", {"new-group.name": "New"}),
        ("add_contender", {"new-column.name": "Aiohttp"}),
        ("delete_criterion", {"_remove": "row.speed"}),
        ("delete_criteriongroup", {"_remove": "group.general"}),
        ("delete_contender", {"_remove": "column.flask", "_confirm": "column.flask"}),
    ],
)
def test_each_right_is_asked_of_forged_posts_too(comparison, missing, typed):
    technology("aiohttp")
    parts = ("criterion", "criteriongroup", "contender")
    every = {
        *SEES,
        *CELLS,
        *(f"{verb}_{part}" for part in parts for verb in ("add", "change", "delete")),
    }
    before = count_of_editions()

    without = sign_in(*every - {missing})
    answer = forged(without, comparison, **typed)

    assert (answer.status_code, count_of_editions()) == (403, before)
    control = next(iter(typed))
    if not control.startswith("_"):
        assert control not in read_form(without.get(grid_of(comparison)))
    without.session.flush()
    with_it = _more(without, missing)
    assert forged(with_it, comparison, **typed).status_code == 302
    assert count_of_editions() == before + 1


def _more(client: Client, permission: str) -> Client:
    user = User.objects.get(username="grace")
    user.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(user)
    return client


def test_rows_may_leave_a_group_that_goes_without_being_changed_otherwise(comparison):
    client = sign_in(*SEES, *CELLS, "delete_criteriongroup")

    answer = forged(client, comparison, _remove="group.general")

    assert answer.status_code == 302
    assert set(Criterion.objects.values_list("group", flat=True)) == {None}


def test_no_right_to_delete_cells_is_needed_to_remove_a_row(comparison):
    client = sign_in(*SEES, *CELLS, "delete_criterion")

    assert forged(client, comparison, _remove="row.speed").status_code == 302
    assert not Cell.objects.filter(criterion__slug="speed").exists()


def test_other_methods_are_refused(admin_client):
    url = grid_of(make_table())

    answers = [getattr(admin_client, how)(url).status_code for how in ("put", "patch", "delete")]

    assert answers == [405] * 3
    assert admin_client.head(url).status_code == 200


# The pages of a grid as HTML: valid, every control named once, and labelled by what is there ------


def pages(client: Client) -> dict[str, HttpResponse]:
    """Each page of a grid, and each with something wrong on it."""
    comparison = make_table()
    url, row = grid_of(comparison), grid_of(comparison, "speed")
    return {
        "table": client.get(url),
        "to review": client.get(f"{url}?review=1"),
        "faults": send(client, url, {"name.speed": "", "word.speed.flask": "w" * 61}),
        "row": client.get(row),
        "faults of a row": send(client, row, {"source.speed.flask": "x", "weight.speed": "x"}),
        "block": send(client, url, {"_paste": "1", "_block": "Good\tsuper"}),
        "no block": send(client, url, {"_paste": "1"}),
        "removing": send(client, url, {"_remove": "row.speed"}),
    }


def test_every_page_is_valid(admin_client):
    for name, page in pages(admin_client).items():
        parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        parser.parse(page.content.decode())

        assert (name, parser.errors) == (name, [])


def test_ids_are_unique_and_what_refers_to_one_finds_it(admin_client):
    for name, page in pages(admin_client).items():
        document = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
        ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
        wanted = {
            reference
            for element in document.iter()
            for attribute in ("for", "aria-labelledby", "aria-describedby")
            for reference in (element.get(attribute) or "").split()
        }

        assert [one for one, count in ids.items() if count > 1] == [], name
        assert wanted - ids.keys() == set(), name


@pytest.mark.parametrize(("criterion", "form_id"), [("", "grid_form"), ("speed", "row_form")])
def test_the_first_button_of_a_form_saves(admin_client, criterion, form_id):
    """It is the one that Enter presses in a field where no script runs."""
    page = admin_client.get(grid_of(make_table(), criterion)).content.decode()

    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in document.iter("form") if one.get("id") == form_id)
    buttons = [one for one in form.iter() if one.tag == "button" or one.get("type") == "submit"]
    assert buttons[0].get("name") == "_save"


def test_an_empty_table_can_be_filled(admin_client, type_in, comparison):
    for criterion in comparison.criteria.all():
        criterion.delete()

    page = admin_client.get(grid_of(comparison))
    answer = type_in({"new-row.name": "First"})

    assert "There are no cells to show here." in page.content.decode()
    assert (page.status_code, answer.status_code) == (200, 302)
    assert comparison.criteria.get().slug == "first"


# What a grid costs does not grow with its table ---------------------------------------------------


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def costs(client: Client, rows: int, columns: int) -> dict[str, int]:
    """How many queries each thing takes that one can do with a table of this size."""
    comparison = make_large(rows, columns, slug=f"{rows}-by-{columns}")
    url = grid_of(comparison)
    first = comparison.contenders.first().technology.slug
    client.get(url)
    form = read_form(client.get(url))
    block = {"_paste": "1", "_block": "4\t4"}
    every = {name: "4" for name in form if name.startswith("judgement.")}
    return {
        "page": queries_of(lambda: client.get(url)),
        "row": queries_of(lambda: client.get(grid_of(comparison, "row-0"))),
        "nothing": queries_of(lambda: client.post(url, form)),
        "fault": queries_of(lambda: client.post(url, form | {"name.row-0": ""})),
        "block": queries_of(lambda: client.post(url, form | block)),
        "faulty cells": queries_of(lambda: client.post(url, form | every | {"name.row-0": ""})),
        "cell": queries_of(lambda: client.post(url, form | {f"note.row-0.{first}": "x"})),
    }


def test_a_large_table_costs_as_many_queries_as_a_small_one(admin_client):
    costs(admin_client, 1, 1)  # Django asks for the kinds of its log with the first save only
    small = costs(admin_client, 2, 2)
    large = costs(admin_client, 12, 8)

    assert large == small
    assert small["page"] <= 15
