"""The pages of a grid as HTML: valid, every control named once, and labelled by what is there."""

from collections import Counter

import html5lib
import pytest
from django.http import HttpResponse
from django.test import Client

from tests.admin.grid.tables import grid_of, make_table, send

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


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


def test_every_page_is_valid(admin_client: Client) -> None:
    for name, page in pages(admin_client).items():
        parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        parser.parse(page.content.decode())

        assert (name, parser.errors) == (name, [])


def test_ids_are_unique_and_what_refers_to_one_finds_it(admin_client: Client) -> None:
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
def test_the_first_button_of_a_form_saves(
    admin_client: Client, criterion: str, form_id: str
) -> None:
    """It is the one that Enter presses in a field where no script runs."""
    page = admin_client.get(grid_of(make_table(), criterion)).content.decode()

    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in document.iter("form") if one.get("id") == form_id)
    buttons = [one for one in form.iter() if one.tag == "button" or one.get("type") == "submit"]
    assert buttons[0].get("name") == "_save"


def test_an_empty_table_can_be_filled(admin_client: Client) -> None:
    comparison = make_table()
    for criterion in comparison.criteria.all():
        criterion.delete()

    page = admin_client.get(grid_of(comparison))
    answer = send(admin_client, grid_of(comparison), {"new-row.name": "First"})

    assert "There are no cells to show here." in page.content.decode()
    assert (page.status_code, answer.status_code) == (200, 302)
    assert comparison.criteria.get().slug == "first"
