"""Cells typed into the grid: what is saved, what stays, and what is refused beside its cell."""

from datetime import date

import html5lib
import pytest
from django.core.exceptions import ValidationError

from catalog.models import Cell, Criterion, Edition, Revision
from tests.admin.grid.tables import (
    count_of_editions,
    faults_of,
    grid_of,
    make_large,
    make_table,
    said,
    send,
)
from tests.admin.pages import messages_of, read_form
from tests.factories import make_cell, make_comparison, make_contender

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

UNKNOWN = ("unknown", None, "", "", "")


def test_the_page_shows_each_cell_as_it_is(admin_client, comparison):
    form = read_form(admin_client.get(grid_of(comparison)))

    shown = {
        f"{criterion}.{technology}": form[f"judgement.{criterion}.{technology}"]
        for criterion in ("speed", "async", "best-for")
        for technology in ("flask", "quart")
    }
    assert shown == {
        "speed.flask": "3",
        "speed.quart": "4",
        "async.flask": "unknown",
        "async.quart": "",
        "best-for.flask": "known",
        "best-for.quart": "known",
    }
    assert (form["word.speed.quart"], form["value.best-for.flask"]) == ("Excellent", "Small sites")


def test_a_line_says_how_much_is_known(admin_client):
    page = admin_client.get(grid_of(make_table()))

    assert page.context["grounds"] == (
        "4 of 6 cells known, 1 with a source, oldest checked 2026-11-01"
    )


def test_rows_stand_in_the_order_of_readers(admin_client):
    """Those of no group first, whatever their positions."""
    page = admin_client.get(grid_of(make_table()))

    rows = [row.head.slug for group in page.context["groups"] for row in group.rows]
    assert rows == ["best-for", "speed", "async"]


def test_one_save_is_one_edition(type_in, comparison):
    before = count_of_editions()

    answer = type_in(
        {
            "judgement.speed.flask": "2",
            "value.speed.quart": "12 ms",
            "note.best-for.flask": "And small teams",
            "judgement.async.quart": "4",
        }
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, grid_of(comparison))
    assert count_of_editions() == before + 1
    assert said("speed", "flask") == ("known", 2, "Moderate", "", "")
    assert said("speed", "quart") == ("known", 4, "Excellent", "12 ms", "")
    assert said("best-for", "flask") == ("known", None, "", "Small sites", "And small teams")
    assert said("async", "quart") == ("known", 4, "", "", "")
    newest = Edition.objects.first()
    assert (newest.user, newest.comment) == ("admin", "Changed 4 cells.")
    assert "“Web frameworks”: Changed 4 cells." in messages_of(answer)


def test_to_save_at_once_changes_nothing(type_in):
    before = count_of_editions()

    answer = type_in()

    assert messages_of(answer) == ["Nothing to save: it says all of that already."]
    assert (count_of_editions(), Cell.objects.count()) == (before, 5)


def test_a_cell_that_nobody_touched_is_not_made(type_in):
    type_in({"judgement.speed.flask": "4"})

    assert not Cell.objects.filter(
        criterion__slug="async", contender__technology__slug="quart"
    ).exists()


def test_what_the_form_does_not_send_stays(admin_client, url):
    form = read_form(admin_client.get(url))
    kept = {name: value for name, value in form.items() if name.startswith(("csrf", "_"))}

    admin_client.post(url, kept | {"judgement.speed.flask": "1"})

    assert said("speed", "flask") == ("known", 1, "Small", "", "")
    assert said("speed", "quart") == ("known", 4, "Excellent", "", "")
    assert Criterion.objects.get(slug="speed").name == "Speed"


@pytest.mark.parametrize(
    ("judgement", "word", "saved"),
    [
        ("4", "Good", ("known", 4, "Excellent", "", "")),
        ("2", "Growing", ("known", 2, "Growing", "", "")),
        ("3", "Solid", ("known", 3, "Solid", "", "")),
        ("unknown", "Good", UNKNOWN),
        ("not-applicable", "Good", ("not-applicable", None, "", "", "")),
    ],
)
def test_a_word_that_only_names_the_rating_goes_along_with_it(type_in, judgement, word, saved):
    type_in({"judgement.speed.flask": judgement, "word.speed.flask": word})

    assert said("speed", "flask") == saved


def test_an_authors_own_word_stays_when_the_rating_changes(type_in):
    Cell.objects.filter(criterion__slug="speed").update(word="Blazing")

    type_in({"judgement.speed.flask": "2"})

    assert said("speed", "flask") == ("known", 2, "Blazing", "", "")


def test_a_text_is_known_once_it_is_typed(type_in):
    Cell.objects.filter(criterion__slug="best-for").update(state="unknown", value="")
    Cell.objects.filter(criterion__slug="best-for", contender__technology__slug="quart").delete()

    type_in({"value.best-for.flask": "Small sites", "value.best-for.quart": "Streams"})

    assert said("best-for", "flask") == ("known", None, "", "Small sites", "")
    assert said("best-for", "quart") == ("known", None, "", "Streams", "")


def test_a_reason_alone_makes_an_unknown_cell(type_in):
    type_in({"note.async.quart": "Nobody has tried"})

    assert said("async", "quart") == ("unknown", None, "", "", "Nobody has tried")


@pytest.mark.parametrize(
    ("typed", "where", "text"),
    [
        ({"value.async.quart": "Since 2017"}, "Async, Quart",
         "Say also how it is judged: a rating, unknown, or does not apply."),
        ({"judgement.speed.flask": "unknown", "value.speed.flask": "12 ms"}, "Speed, Flask",
         "Only a known cell has a rating, a word or a value; clear them or set it to known."),
        ({"value.best-for.flask": ""}, "Best for, Flask",
         "A known cell needs a rating, a word or a value; otherwise it is unknown."),
        ({"judgement.async.flask": "2"}, "Async, Flask",
         "A yes or no row takes 4 for yes and 0 for no."),
        ({"judgement.best-for.flask": "4"}, "Best for, Flask",
         "A text row has no ratings; clear the rating."),
        ({"judgement.speed.flask": "9"}, "Speed, Flask", "Choose one of the words offered."),
        ({"judgement.speed.flask": ""}, "Speed, Flask", "Choose one of the words offered."),
        ({"judgement.speed.flask": "x" * 999}, "Speed, Flask", "Choose one of the words offered."),
        ({"word.speed.flask": "w" * 61}, "Speed, Flask",
         "Ensure this value has at most 60 characters (it has 61)."),
        ({"note.speed.flask": "a\0b"}, "Speed, Flask",
         "This text holds the character U+0000 at place 2, which cannot be shown; remove it."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_cell_and_on_top(type_in, typed, where, text):
    before = count_of_editions()

    page = type_in({**typed, "note.speed.quart": "Typed"})

    assert page.status_code == 400
    assert faults_of(page) == [(where, text)]
    document = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    (fault,) = page.context["faults"]
    by_id = {element.get("id"): element for element in document.iter() if element.get("id")}
    control = by_id[fault.control]
    assert control.get("name") == fault.control
    assert by_id[control.get("aria-describedby")].text == text
    assert f'href="#{fault.control}"' in page.content.decode()
    assert read_form(page)["note.speed.quart"] == "Typed"
    assert (count_of_editions(), said("speed", "quart")[-1]) == (before, "")


def test_what_the_model_refuses_is_said_beside_its_field(type_in, monkeypatch):
    """The grid has no rules of its own."""

    def clean(cell: Cell) -> None:
        assert (cell.criterion.kind, cell.rating) == ("rating", 4)
        raise ValidationError({"word": "Another word.", "rating": "Lower."})

    monkeypatch.setattr(Cell, "clean", clean)
    page = type_in({"judgement.speed.flask": "4"})

    assert page.status_code == 400
    assert [(fault.control, fault.text) for fault in page.context["faults"]] == [
        ("word.speed.flask", "Another word."),
        ("judgement.speed.flask", "Lower."),
    ]


def test_every_fault_is_listed_and_what_was_typed_is_kept(admin_client, type_in, comparison):
    typed = {
        "name.speed": "",
        "judgement.speed.flask": "unknown",
        "value.speed.flask": "12 ms",
        "versions.quart": "v" * 81,
    }

    page = type_in(typed)

    assert [where for where, _text in faults_of(page)] == ["Row “Speed”", "Quart", "Speed, Flask"]
    form = read_form(page)
    assert {name: form[name] for name in typed} == typed
    answer = admin_client.post(
        grid_of(comparison),
        form | {"name.speed": "Pace", "judgement.speed.flask": "3", "versions.quart": "0.19"},
    )
    assert answer.status_code == 302
    assert said("speed", "flask") == ("known", 3, "Good", "12 ms", "")


def test_texts_are_trimmed_as_in_any_form(type_in):
    type_in({"value.speed.flask": "  12 ms \t"})

    assert said("speed", "flask")[3] == "12 ms"


def test_a_text_that_a_field_cannot_give_back_stays(type_in):
    """A field of one line shows neither breaks nor what surrounds a text."""
    Cell.objects.filter(criterion__slug="speed").update(value=" one\ntwo ", note="kept \r\n")

    answer = type_in(
        {
            "value.speed.flask": "onetwo",
            "note.speed.flask": "kept",
            "value.speed.quart": "onetwo",
            "note.speed.quart": "kept",
        }
    )

    assert messages_of(answer) == ["Nothing to save: it says all of that already."]


def test_names_and_texts_are_escaped(admin_client, type_in, comparison):
    evil = '"><script>alert(1)</script>'
    Cell.objects.filter(criterion__slug="speed").update(value=evil, note=evil, word=evil)
    Criterion.objects.filter(slug="speed").update(name=evil)

    pages = [
        admin_client.get(grid_of(comparison)),
        admin_client.get(grid_of(comparison, "speed")),
        type_in({"name.speed": "", "word.speed.flask": evil * 9}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 400]
    assert [page.content.decode().count("<script>alert") for page in pages] == [0, 0, 0]


def test_a_broken_cell_that_is_not_touched_bars_nothing(type_in):
    """Stock loaddata may have brought a rating that suits no row of that kind."""
    Cell.objects.filter(criterion__slug="async").update(state="known", rating=2)

    answer = type_in({"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert said("async", "flask")[:2] == ("known", 2)
    assert said("speed", "flask")[1] == 1


def test_a_cell_between_two_tables_is_left_as_it_is(type_in):
    stranger = make_contender(make_comparison(0, 0))
    crossed = make_cell(Criterion.objects.get(slug="speed"), stranger)

    answer = type_in({"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert Cell.objects.filter(pk=crossed.pk).exists()


def test_the_document_of_the_comparison_holds_what_was_saved(type_in):
    type_in({"note.speed.flask": "Written down"})

    assert "Written down" in Revision.objects.filter(slug="web").first().document


# A filtered grid shows what is asked for, and saves nothing but what it shows ---------------------


def shown(form: dict[str, str]) -> list[str]:
    """The cells that a form holds."""
    return [name.partition(".")[2] for name in form if name.startswith("judgement.")]


def test_only_cells_to_review(admin_client, comparison):
    form = read_form(admin_client.get(grid_of(comparison, query="?review=1")))

    assert shown(form) == [
        "best-for.flask",  # without a source
        "best-for.quart",
        "speed.quart",
        "async.flask",  # unknown
        "async.quart",  # nobody has said anything
    ]


def test_what_is_stale_is_to_review(admin_client, comparison):
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
def test_one_group(admin_client, comparison, group, rows):
    page = admin_client.get(grid_of(comparison, query=f"?group={group}"))

    assert [row.head.slug for one in page.context["groups"] for row in one.rows] == rows


def test_a_cell_that_is_not_shown_is_read_beside_the_others(admin_client, comparison):
    page = admin_client.get(grid_of(comparison, query="?review=1")).content.decode()

    assert '<td class="told"><b>Good</b>' in page


def test_saving_a_filtered_grid_touches_nothing_else(admin_client, comparison):
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


def test_a_button_of_a_row_signs_only_what_is_shown(admin_client, comparison):
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
def test_nonsense_in_the_address_asks_for_nothing(admin_client, comparison, query):
    page = admin_client.get(grid_of(comparison, query=query))

    assert page.status_code == 200
    assert len(shown(read_form(page))) == 6


def test_a_table_that_no_form_can_hold_comes_in_parts(admin_client, settings):
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


def test_the_bytes_of_a_form_are_limited_too(admin_client, settings):
    comparison = make_large(rows=4, columns=3)
    Cell.objects.update(note="é" * 300)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 25_000

    pages = [admin_client.get(grid_of(comparison, query=f"?part={part}")) for part in (1, 2)]

    assert [page.context["window"].parts for page in pages] == [2, 2]
    assert send(admin_client, grid_of(comparison, query="?part=2")).status_code == 302


def test_forty_rows_by_twenty_columns_are_one_form(admin_client):
    comparison = make_large(rows=40, columns=20)

    form = read_form(admin_client.get(grid_of(comparison)))
    changed = {name: "4" for name in form if name.startswith("judgement.")}
    answer = admin_client.post(grid_of(comparison), form | changed)

    assert (len(changed), answer.status_code) == (800, 302)
    assert set(Cell.objects.values_list("rating", "word")) == {(4, "Excellent")}
