"""Rows, groups and columns: named, ordered, added and taken away on the page of the cells."""

import pytest

from catalog.models import Cell, Contender, Criterion, CriterionGroup, Edition, Technology
from tests.admin.grid.tables import (
    DOCS,
    columns_of,
    count_of_editions,
    faults_of,
    grid_of,
    make_table,
    names_of_rows,
    said,
    send,
    technology,
)
from tests.admin.pages import read_form
from tests.factories import make_comparison, make_preset

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def order(page: object) -> list[str]:
    return [row.head.slug for group in page.context["groups"] for row in group.rows]


# Names ------------------------------------------------------------------------------------------


def test_names_change_and_slugs_stay(type_in):
    type_in({"name.speed": "Pace", "heading.general": "Running it", "versions.flask": "3.1"})

    assert Criterion.objects.values_list("slug", "name").get(slug="speed") == ("speed", "Pace")
    assert CriterionGroup.objects.values_list("slug", "name").get() == ("general", "Running it")
    assert Contender.objects.get(technology__slug="flask").versions == "3.1"


# Order ------------------------------------------------------------------------------------------


def test_a_row_moves_within_its_group(admin_client, type_in, url):
    answer = type_in({"_move": "up.row.async", "note.speed.flask": "Typed"})

    assert answer.headers["Location"] == f"{url}#down.row.async"
    assert order(admin_client.get(url)) == ["best-for", "async", "speed"]
    assert said("speed", "flask")[-1] == "Typed"


def test_a_column_and_a_group_move(admin_client, comparison):
    CriterionGroup.objects.create(comparison=comparison, slug="last", name="Last", position=5)
    url = grid_of(comparison)

    send(admin_client, url, {"_move": "down.column.flask"})
    send(admin_client, url, {"_move": "up.group.last"})

    assert columns_of(comparison) == ["quart", "flask"]
    groups = CriterionGroup.objects.filter(comparison=comparison)
    assert list(groups.values_list("slug", flat=True)) == ["last", "general"]


def test_two_positions_are_exchanged_and_no_more(type_in):
    type_in({"_move": "down.row.speed"})

    positions = dict(Criterion.objects.values_list("slug", "position"))
    assert positions == {"speed": 20, "async": 10, "best-for": 30}


def test_equal_positions_are_numbered_anew(admin_client):
    comparison = make_comparison(3, 1)
    slugs = columns_of(comparison)
    Contender.objects.update(position=0)

    send(admin_client, grid_of(comparison), {"_move": f"up.column.{slugs[2]}"})

    assert columns_of(comparison) == [slugs[0], slugs[2], slugs[1]]
    assert list(comparison.contenders.values_list("position", flat=True)) == [10, 20, 30]


@pytest.mark.parametrize(
    "button",
    [
        *("up.row.best-for", "down.column.quart", "up.row.nothing", "sideways.row.speed"),
        *("up.cell.speed", "up", "", "up.row.speed.flask", "up.row.\0"),
    ],
)
def test_a_move_that_leads_nowhere_changes_nothing(type_in, button):
    before = count_of_editions()

    answer = type_in({"_move": button})

    assert (answer.status_code, count_of_editions()) == (302, before)


def test_the_first_cannot_go_up(admin_client):
    page = admin_client.get(grid_of(make_table()))

    heads = [row.head for group in page.context["groups"] for row in group.rows]
    assert [(head.slug, head.can_move_up, head.can_move_down) for head in heads] == [
        ("best-for", False, False),
        ("speed", False, True),
        ("async", True, False),
    ]


# Added ------------------------------------------------------------------------------------------


def test_a_row_a_group_and_a_column_are_added_at_the_end(type_in, comparison):
    aiohttp = technology("aiohttp")
    before = count_of_editions()

    answer = type_in(
        {
            "new-row.name": "Ease of use",
            "new-row.group": "general",
            "new-row.weight": "3",
            "new-group.name": "Depending on it",
            "new-column.technology": str(aiohttp.pk),
            "new-column.versions": "3.11",
        }
    )

    assert (answer.status_code, count_of_editions()) == (302, before + 1)
    row = Criterion.objects.get(slug="ease-of-use")
    assert (row.name, row.group.slug, row.kind, row.weight) == (
        "Ease of use",
        "general",
        "rating",
        3,
    )
    assert names_of_rows(comparison)[-1] == "ease-of-use"
    assert CriterionGroup.objects.get(slug="depending-on-it").position == 10
    assert columns_of(comparison) == ["flask", "quart", "aiohttp"]
    assert Contender.objects.get(technology=aiohttp).versions == "3.11"
    assert Edition.objects.first().comment == "Added 1 row, 1 group, 1 column."


def test_a_row_of_text_is_not_weighed(type_in):
    type_in({"new-row.name": "Licence", "new-row.kind": "text"})

    assert Criterion.objects.get(slug="licence").weight == 0


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Speed", "speed-2"),
        ("Fit", "fit-2"),
        ("Äußere Form", "auere-form"),
        ("速度", "row"),
        ("-- _x_ --", "x"),
        ("W" * 80, "w" * 80),
        ("snake_case name", "snake-case-name"),
    ],
)
def test_a_slug_is_made_of_the_name_and_nobody_has_it(type_in, comparison, name, slug):
    answer = type_in({"new-row.name": name})

    assert answer.status_code == 302
    assert Criterion.objects.get(name=name, slug=slug).comparison == comparison


def test_the_slug_of_a_row_that_goes_is_not_given_again_at_once(type_in, comparison):
    type_in({"_remove": "row.speed", "_confirm": "row.speed", "new-row.name": "Speed"})

    assert names_of_rows(comparison) == ["async", "best-for", "speed-2"]


@pytest.mark.parametrize("name", ["Aiohttp", "aiohttp", " AIOHTTP "])
def test_a_column_is_named_where_there_is_no_script(type_in, comparison, name):
    technology("aiohttp")

    type_in({"new-column.name": name})

    assert columns_of(comparison) == ["flask", "quart", "aiohttp"]


@pytest.mark.parametrize(
    ("typed", "where", "text"),
    [
        ({"new-column.name": "Nobody"}, "New column",
         "There is no such technology: give its name or its slug as the guide has it."),
        ({"new-column.name": "Fl\0ask"}, "New column",
         "There is no such technology: give its name or its slug as the guide has it."),
        ({"new-column.technology": "99999"}, "New column",
         "There is no such technology: give its name or its slug as the guide has it."),
        ({"new-column.technology": "x"}, "New column",
         "There is no such technology: give its name or its slug as the guide has it."),
        ({"new-column.name": "Twin"}, "New column",
         "Several technologies are called so: give the slug of one."),
        ({"new-column.name": "flask"}, "New column",
         "This technology is already in this comparison."),
        ({"new-row.name": "Odd", "new-row.group": "x"}, "New row", "There is no such group."),
        ({"new-row.name": "Odd", "new-row.weight": "9"}, "New row",
         "Ensure this value is less than or equal to 5."),
        ({"new-row.name": "Odd", "new-row.weight": "²"}, "New row",
         "“²” value must be an integer."),
        ({"new-row.name": "Odd", "new-row.kind": "text", "new-row.weight": "1"}, "New row",
         "A text row cannot be weighed; set its weight to 0."),
        ({"new-row.name": "N" * 81}, "New row",
         "Ensure this value has at most 80 characters (it has 81)."),
        ({"new-group.name": "N" * 81}, "New group",
         "Ensure this value has at most 80 characters (it has 81)."),
        ({"heading.general": ""}, "Group “General”", "This field cannot be blank."),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_said(type_in, typed, where, text):
    for slug in ("twin-a", "twin-b"):
        technology(slug)
    Technology.objects.filter(slug__startswith="twin").update(name="Twin")
    before = count_of_editions()

    page = type_in(typed)

    assert (page.status_code, count_of_editions()) == (400, before)
    assert (where, text) in faults_of(page)
    # A choice that there is not stays at what it was, and no page can hold a NUL.
    kept = {name for name in typed if not {"technology", "group"} & set(name.split("."))}
    form = read_form(page)
    assert {name: form[name] for name in kept} == {
        name: typed[name].replace("\0", "\N{REPLACEMENT CHARACTER}") for name in kept
    }


# Taken away -------------------------------------------------------------------------------------


def test_removing_asks_first_and_says_what_goes(admin_client, type_in, comparison):
    before = count_of_editions()

    page = type_in({"_remove": ["row.speed", "column.quart"], "note.best-for.flask": "Typed"})

    assert (page.status_code, count_of_editions()) == (200, before)
    text = page.content.decode()
    assert page.context["title"] == "Remove from “Web frameworks”"
    goes = [
        (one.name, one.is_row, one.cells, one.known, one.sources) for one in page.context["going"]
    ]
    # A cell that goes with its row is not counted twice... it belongs to both, and both say so.
    assert goes == [("Speed", True, 2, 2, [DOCS]), ("Quart", False, 2, 2, [])]
    assert DOCS in text
    answer = admin_client.post(grid_of(comparison), hidden_of(page))
    assert (answer.status_code, count_of_editions()) == (302, before + 1)
    assert names_of_rows(comparison) == ["async", "best-for"]
    assert columns_of(comparison) == ["flask"]
    assert Cell.objects.count() == 2
    assert said("best-for", "flask")[-1] == "Typed"
    assert Edition.objects.first().comment == ("Changed 1 cell. Removed 3 cells, 1 row, 1 column.")


def hidden_of(page: object) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        data.setdefault(name, []).append(value)
    return data | {"_confirm": list(page.context["filled"])}


def test_one_can_go_back_from_there_with_everything_typed(admin_client, type_in, comparison):
    asked = type_in({"_remove": "row.speed", "note.async.flask": "Typed"})

    page = admin_client.post(grid_of(comparison), hidden_of(asked) | {"_fill": "1"})

    assert page.status_code == 200
    form = read_form(page)
    assert (form["_remove"], form["note.async.flask"]) == ("row.speed", "Typed")
    assert names_of_rows(comparison) == ["speed", "async", "best-for"]


def test_consent_is_to_what_was_shown(type_in, comparison):
    data = {"_remove": ["row.speed", "row.best-for"], "_confirm": "row.speed"}

    page = type_in(data)

    assert [one.name for one in page.context["going"]] == ["Speed", "Best for"]
    assert names_of_rows(comparison) == ["speed", "async", "best-for"]


def test_what_holds_no_cell_goes_at_once(type_in, comparison):
    Cell.objects.filter(criterion__slug="async").delete()

    answer = type_in({"_remove": "row.async"})

    assert answer.status_code == 302
    assert names_of_rows(comparison) == ["speed", "best-for"]


def test_rows_outlive_their_group(type_in):
    type_in({"_remove": "group.general"})

    assert CriterionGroup.objects.count() == 0
    assert set(Criterion.objects.values_list("group", flat=True)) == {None}
    assert Cell.objects.count() == 5


def test_a_row_is_removed_whatever_its_slug(type_in, comparison):
    """Stock loaddata asks no validator."""
    Criterion.objects.filter(slug="async").update(slug="a.b")

    type_in({"_remove": "row.a.b", "_confirm": "row.a.b"})

    assert names_of_rows(comparison) == ["speed", "best-for"]


@pytest.mark.parametrize("value", ["row.nothing", "row", "", "cell.speed.flask", "row.speed.flask"])
def test_nonsense_takes_nothing_away(type_in, value):
    before = count_of_editions()

    answer = type_in({"_remove": value})

    assert (answer.status_code, count_of_editions()) == (302, before)


# What the page does not show --------------------------------------------------------------------


def test_what_no_grid_shows_stays(comparison, type_in):
    make_preset(comparison, slug="small")

    type_in({"note.speed.flask": "Typed"})

    assert said("speed", "flask")[-1] == "Typed"
    assert [one.slug for one in comparison.presets.all()] == ["small"]
