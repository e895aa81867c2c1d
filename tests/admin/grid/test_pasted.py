"""Pasting on the page: what would change is shown first, and nothing is saved before that."""

import pytest
from django.test import Client

from catalog.models import Cell, Edition
from tests.admin.grid.tables import count_of_editions, faults_of, grid_of, make_table, said, send
from tests.admin.pages import read_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

BLOCK = "\tFlask\tQuart\nSpeed\tExcellent, 9 ms: warm\tExcellent\nAsync\tno\tyes: since 0.1"


def paste(client: Client, url: str, block: str, **more: str) -> object:
    return send(client, url, {"_paste": "1", "_block": block, **more})


def confirmed(client: Client, url: str, page: object, button: str = "_save") -> object:
    carried = dict(page.context["carried"])
    return client.post(url, carried | {button: "1"})


def cells(page: object) -> list[tuple[str, str, str, str]]:
    return [tuple(cell) for cell in page.context["pasted"].cells]


def test_each_cell_is_shown_before_and_after(admin_client, comparison):
    before = count_of_editions()

    page = paste(admin_client, grid_of(comparison), BLOCK)

    assert (page.status_code, count_of_editions()) == (200, before)
    assert cells(page) == [
        ("Speed, Flask", "Good", "Excellent, 9 ms: warm", ""),
        ("Async, Flask", "unknown", "No", ""),
        ("Async, Quart", "Not judged", "Yes: since 0.1", ""),
    ]
    assert page.context["pasted"].same == 1
    text = page.content.decode()
    assert "3 cells would change." in text
    assert "1 cell says so already." in text


def test_confirmed_it_is_one_edition_with_all_that_was_typed(admin_client, url):
    before = count_of_editions()

    answer = confirmed(
        admin_client, url, paste(admin_client, url, BLOCK, **{"note.best-for.flask": "Typed"})
    )

    assert (answer.status_code, count_of_editions()) == (302, before + 1)
    assert said("speed", "flask") == ("known", 4, "Excellent", "9 ms", "warm")
    assert said("async", "flask") == ("known", 0, "", "", "")
    assert said("async", "quart") == ("known", 4, "", "", "since 0.1")
    assert said("best-for", "flask")[-1] == "Typed"
    assert Edition.objects.first().comment == "Changed 4 cells."


def test_one_can_go_back_to_the_table_with_it(admin_client, url):
    before = count_of_editions()

    page = confirmed(admin_client, url, paste(admin_client, url, BLOCK), "_fill")

    form = read_form(page)
    assert (page.status_code, count_of_editions()) == (200, before)
    assert (form["judgement.speed.flask"], form["value.speed.flask"]) == ("4", "9 ms")
    assert "Nothing is saved yet" in page.content.decode()
    assert admin_client.post(url, form).status_code == 302
    assert said("async", "quart")[:2] == ("known", 4)


def test_a_block_is_laid_over_what_was_typed(admin_client, comparison):
    typed = {"judgement.speed.flask": "1", "value.speed.flask": "Typed"}

    page = paste(admin_client, grid_of(comparison), "Good", _corner_row="speed", **typed)

    assert cells(page) == [("Speed, Flask", "Small, Typed", "Good, Typed", "")]


def test_a_cell_that_would_be_wrong_stays_and_the_others_are_saved(admin_client, url):
    block = (
        f"\tFlask\tQuart\nSpeed\tsuper\tGood\nAsync\t2\tyes: {'n' * 301}\nBest for\t{'v' * 201}\t"
    )

    page = paste(admin_client, url, block)
    answer = confirmed(admin_client, url, page)

    faults = {where: fault for where, _before, _after, fault in cells(page) if fault}
    assert list(faults) == ["Speed, Flask", "Async, Flask", "Async, Quart", "Best for, Flask"]
    assert faults["Speed, Flask"].startswith("“super” is none of these: Excellent")
    assert faults["Async, Flask"] == "A yes or no row takes 4 for yes and 0 for no."
    assert faults["Async, Quart"] == "Ensure this value has at most 300 characters (it has 301)."
    assert faults["Best for, Flask"] == "Ensure this value has at most 200 characters (it has 201)."
    assert answer.status_code == 302
    assert said("speed", "quart")[:3] == ("known", 3, "Good")
    assert said("speed", "flask")[:3] == ("known", 3, "Good")
    assert said("async", "flask")[0] == "unknown"
    assert Cell.objects.count() == 5


def test_what_goes_beyond_the_table_is_said(admin_client):
    page = paste(
        admin_client, grid_of(make_table()), "4\t4\t4", _corner_row="speed", _corner_column="flask"
    )

    assert page.context["pasted"].left_out == [
        "The block is too wide: there is no column for its last 1."
    ]


def test_a_filtered_grid_fills_only_what_it_shows(admin_client, comparison):
    url = grid_of(comparison, query="?review=1&group=general")

    page = paste(admin_client, url, "\tFlask\tQuart\nSpeed\t1\t1\nBest for\tx\ty")
    confirmed(admin_client, url, page)

    assert page.context["pasted"].left_out == ["There is no row “Best for” here."]
    assert cells(page) == [
        ("Speed, Flask", "Good", "1", "This cell is not shown: show all cells to fill it in."),
        ("Speed, Quart", "Excellent", "Small", ""),
    ]
    assert (said("speed", "flask")[1], said("speed", "quart")[1]) == (3, 1)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("", "There is nothing in this block."),
        ("\t\n\t", "There is nothing in this block."),
        ("x" * 500_001, "This block is too long; paste it in parts."),
    ],
)
def test_what_is_no_block_is_said_beside_it(admin_client, block, text):
    page = paste(admin_client, grid_of(make_table()), block)

    assert (page.status_code, faults_of(page)) == (400, [("Block", text)])
    assert 'id="fault._block"' in page.content.decode()


@pytest.mark.parametrize("corner", ["nothing", "", "\0", "speed.flask"])
def test_a_corner_that_is_not_there_is_the_first(admin_client, corner):
    page = paste(
        admin_client, grid_of(make_table()), "Text", _corner_row=corner, _corner_column=corner
    )

    assert cells(page) == [("Best for, Flask", "Small sites", "Text", "")]


def test_a_block_is_escaped(admin_client):
    page = paste(admin_client, grid_of(make_table()), "<script>alert(1)</script>")

    assert "<script>alert" not in page.content.decode()


def test_a_block_may_hold_what_no_page_can_show(admin_client, comparison):
    page = paste(admin_client, grid_of(comparison), "a\0b", _corner_row="best-for")

    assert cells(page)[0][-1] == (
        "This text holds the character U+0000 at place 2, which cannot be shown; remove it."
    )
