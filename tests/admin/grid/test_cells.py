"""Cells typed into the grid: what is saved, what stays, and what is refused beside its cell."""

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from catalog.models import Cell, Criterion, Edition, Revision
from tests.admin.grid.tables import (
    count_of_editions,
    faults_of,
    grid_of,
    make_table,
    said,
    send,
)
from tests.admin.pages import messages_of, read_form
from tests.factories import make_cell, make_comparison, make_contender

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

UNKNOWN = ("unknown", None, "", "", "")


def test_the_page_shows_each_cell_as_it_is(admin_client: Client) -> None:
    comparison = make_table()

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


def test_a_line_says_how_much_is_known(admin_client: Client) -> None:
    page = admin_client.get(grid_of(make_table()))

    assert page.context["grounds"] == (
        "4 of 6 cells known, 1 with a source, oldest checked 2026-11-01"
    )


def test_rows_stand_in_the_order_of_readers(admin_client: Client) -> None:
    """Those of no group first, whatever their positions."""
    page = admin_client.get(grid_of(make_table()))

    rows = [row.head.slug for group in page.context["groups"] for row in group.rows]
    assert rows == ["best-for", "speed", "async"]


def test_one_save_is_one_edition(admin_client: Client) -> None:
    comparison = make_table()
    before = count_of_editions()

    answer = send(
        admin_client,
        grid_of(comparison),
        {
            "judgement.speed.flask": "2",
            "value.speed.quart": "12 ms",
            "note.best-for.flask": "And small teams",
            "judgement.async.quart": "4",
        },
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


def test_to_save_at_once_changes_nothing(admin_client: Client) -> None:
    comparison = make_table()
    before = count_of_editions()

    answer = send(admin_client, grid_of(comparison))

    assert messages_of(answer) == ["Nothing to save: it says all of that already."]
    assert (count_of_editions(), Cell.objects.count()) == (before, 5)


def test_a_cell_that_nobody_touched_is_not_made(admin_client: Client) -> None:
    comparison = make_table()

    send(admin_client, grid_of(comparison), {"judgement.speed.flask": "4"})

    assert not Cell.objects.filter(
        criterion__slug="async", contender__technology__slug="quart"
    ).exists()


def test_what_the_form_does_not_send_stays(admin_client: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison)
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
def test_a_word_that_only_names_the_rating_goes_along_with_it(
    admin_client: Client, judgement: str, word: str, saved: tuple
) -> None:
    comparison = make_table()

    send(
        admin_client,
        grid_of(comparison),
        {"judgement.speed.flask": judgement, "word.speed.flask": word},
    )

    assert said("speed", "flask") == saved


def test_an_authors_own_word_stays_when_the_rating_changes(admin_client: Client) -> None:
    comparison = make_table()
    Cell.objects.filter(criterion__slug="speed").update(word="Blazing")

    send(admin_client, grid_of(comparison), {"judgement.speed.flask": "2"})

    assert said("speed", "flask") == ("known", 2, "Blazing", "", "")


def test_a_text_is_known_once_it_is_typed(admin_client: Client) -> None:
    comparison = make_table()
    Cell.objects.filter(criterion__slug="best-for").update(state="unknown", value="")
    Cell.objects.filter(criterion__slug="best-for", contender__technology__slug="quart").delete()

    send(
        admin_client,
        grid_of(comparison),
        {"value.best-for.flask": "Small sites", "value.best-for.quart": "Streams"},
    )

    assert said("best-for", "flask") == ("known", None, "", "Small sites", "")
    assert said("best-for", "quart") == ("known", None, "", "Streams", "")


def test_a_reason_alone_makes_an_unknown_cell(admin_client: Client) -> None:
    comparison = make_table()

    send(admin_client, grid_of(comparison), {"note.async.quart": "Nobody has tried"})

    assert said("async", "quart") == ("unknown", None, "", "", "Nobody has tried")


@pytest.mark.parametrize(
    ("typed", "where", "text"),
    [
        (
            {"value.async.quart": "Since 2017"},
            "Async, Quart",
            "Say also how it is judged: a rating, unknown, or does not apply.",
        ),
        (
            {"judgement.speed.flask": "unknown", "value.speed.flask": "12 ms"},
            "Speed, Flask",
            "Only a known cell has a rating, a word or a value; clear them or set it to known.",
        ),
        (
            {"value.best-for.flask": ""},
            "Best for, Flask",
            "A known cell needs a rating, a word or a value; otherwise it is unknown.",
        ),
        (
            {"judgement.async.flask": "2"},
            "Async, Flask",
            "A yes or no row takes 4 for yes and 0 for no.",
        ),
        (
            {"judgement.best-for.flask": "4"},
            "Best for, Flask",
            "A text row has no ratings; clear the rating.",
        ),
        ({"judgement.speed.flask": "9"}, "Speed, Flask", "Choose one of the words offered."),
        ({"judgement.speed.flask": ""}, "Speed, Flask", "Choose one of the words offered."),
        ({"judgement.speed.flask": "x" * 999}, "Speed, Flask", "Choose one of the words offered."),
        (
            {"word.speed.flask": "w" * 61},
            "Speed, Flask",
            "Ensure this value has at most 60 characters (it has 61).",
        ),
        (
            {"note.speed.flask": "a\0b"},
            "Speed, Flask",
            "This text holds the character U+0000 at place 2, which cannot be shown; remove it.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_cell_and_on_top(
    admin_client: Client, typed: dict[str, str], where: str, text: str
) -> None:
    comparison = make_table()
    before = count_of_editions()

    page = send(admin_client, grid_of(comparison), {**typed, "note.speed.quart": "Typed"})

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


def test_what_the_model_refuses_is_said_beside_its_field(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grid has no rules of its own."""
    comparison = make_table()

    def clean(cell: Cell) -> None:
        assert (cell.criterion.kind, cell.rating) == ("rating", 4)
        raise ValidationError({"word": "Another word.", "rating": "Lower."})

    monkeypatch.setattr(Cell, "clean", clean)
    page = send(admin_client, grid_of(comparison), {"judgement.speed.flask": "4"})

    assert page.status_code == 400
    assert [(fault.control, fault.text) for fault in page.context["faults"]] == [
        ("word.speed.flask", "Another word."),
        ("judgement.speed.flask", "Lower."),
    ]


def test_every_fault_is_listed_and_what_was_typed_is_kept(admin_client: Client) -> None:
    comparison = make_table()
    typed = {
        "name.speed": "",
        "judgement.speed.flask": "unknown",
        "value.speed.flask": "12 ms",
        "versions.quart": "v" * 81,
    }

    page = send(admin_client, grid_of(comparison), typed)

    assert [where for where, _text in faults_of(page)] == ["Row “Speed”", "Quart", "Speed, Flask"]
    form = read_form(page)
    assert {name: form[name] for name in typed} == typed
    answer = admin_client.post(
        grid_of(comparison),
        form | {"name.speed": "Pace", "judgement.speed.flask": "3", "versions.quart": "0.19"},
    )
    assert answer.status_code == 302
    assert said("speed", "flask") == ("known", 3, "Good", "12 ms", "")


def test_texts_are_trimmed_as_in_any_form(admin_client: Client) -> None:
    comparison = make_table()

    send(admin_client, grid_of(comparison), {"value.speed.flask": "  12 ms \t"})

    assert said("speed", "flask")[3] == "12 ms"


def test_a_text_that_a_field_cannot_give_back_stays(admin_client: Client) -> None:
    """A field of one line shows neither breaks nor what surrounds a text."""
    comparison = make_table()
    Cell.objects.filter(criterion__slug="speed").update(value=" one\ntwo ", note="kept \r\n")

    answer = send(
        admin_client,
        grid_of(comparison),
        {
            "value.speed.flask": "onetwo",
            "note.speed.flask": "kept",
            "value.speed.quart": "onetwo",
            "note.speed.quart": "kept",
        },
    )

    assert messages_of(answer) == ["Nothing to save: it says all of that already."]


def test_names_and_texts_are_escaped(admin_client: Client) -> None:
    comparison = make_table()
    evil = '"><script>alert(1)</script>'
    Cell.objects.filter(criterion__slug="speed").update(value=evil, note=evil, word=evil)
    Criterion.objects.filter(slug="speed").update(name=evil)

    pages = [
        admin_client.get(grid_of(comparison)),
        admin_client.get(grid_of(comparison, "speed")),
        send(admin_client, grid_of(comparison), {"name.speed": "", "word.speed.flask": evil * 9}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 400]
    assert [page.content.decode().count("<script>alert") for page in pages] == [0, 0, 0]


def test_a_broken_cell_that_is_not_touched_bars_nothing(admin_client: Client) -> None:
    """Stock loaddata may have brought a rating that suits no row of that kind."""
    comparison = make_table()
    Cell.objects.filter(criterion__slug="async").update(state="known", rating=2)

    answer = send(admin_client, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert said("async", "flask")[:2] == ("known", 2)
    assert said("speed", "flask")[1] == 1


def test_a_cell_between_two_tables_is_left_as_it_is(admin_client: Client) -> None:
    comparison = make_table()
    stranger = make_contender(make_comparison(0, 0))
    crossed = make_cell(Criterion.objects.get(slug="speed"), stranger)

    answer = send(admin_client, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert Cell.objects.filter(pk=crossed.pk).exists()


def test_the_document_of_the_comparison_holds_what_was_saved(admin_client: Client) -> None:
    comparison = make_table()

    send(admin_client, grid_of(comparison), {"note.speed.flask": "Written down"})

    assert "Written down" in Revision.objects.filter(slug="web").first().document
