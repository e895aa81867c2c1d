"""A block from a spreadsheet: how it is read, where it goes, and what each text in it means."""

import time

import pytest

from catalog.admin.grid.block import NoBlockError, Placed, parts_of, place, read_block
from catalog.admin.grid.sheet import Place, Sheet, named
from catalog.history.rows import Fields

ROWS = {"speed": "Speed", "docs": "Documentation", "async": "Async"}
COLUMNS = {"flask": "Flask", "quart": "Quart", "aiohttp": "aiohttp"}


def make_sheet() -> Sheet:
    """Three rows in one group by three columns, and no cell."""
    sheet = Sheet(own={"slug": "web"})
    sheet.groups = {"running": {"slug": "running", "name": "Running it", "position": 0}}
    for position, (slug, name) in enumerate(ROWS.items()):
        sheet.criteria[slug] = {
            "slug": slug,
            "name": name,
            "position": position,
            "group": ["web", "running"],
            "kind": "rating",
        }
    for position, slug in enumerate(COLUMNS):
        sheet.contenders[slug] = {"technology": [slug], "position": position}
    return sheet


def placed(text: str, corner: Place = Place("speed", "flask")) -> Placed:  # noqa: B008
    sheet = make_sheet()
    return place(read_block(text), sheet, sheet.rows(), COLUMNS, corner)


def targets(found: Placed) -> dict[str, str]:
    return {".".join(cell): text for cell, text in found.texts.items()}


def fields(**said: object) -> Fields:
    return {"state": "unknown", "rating": None, "word": "", "value": "", "note": "", **said}


def meaning(text: str, kind: str = "rating", before: Fields | None = None) -> dict[str, str]:
    """What a text puts into the controls of a cell, by their parts."""
    return parts_of(text, kind, before or fields())


# Read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("Good\tSmall\n4\t?", [["Good", "Small"], ["4", "?"]]),
        ("Good\tSmall\r\n4\t?\r\n", [["Good", "Small"], ["4", "?"]]),
        ("Good", [["Good"]]),
        ("\tGood", [["", "Good"]]),
        ("Good\t\nSmall", [["Good", ""], ["Small"]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
        ("  much   room \tb", [["much room", "b"]]),
        ('"two\nlines"\tb', [["two lines", "b"]]),
        ('"two\r\n""quoted"" lines"\nb', [['two "quoted" lines'], ["b"]]),
        ('"quoted"\tb', [['"quoted"', "b"]]),
        ('"fast" one\tb', [['"fast" one', "b"]]),
        ('5" disk\t"open', [['5" disk', '"open']]),
        ('"open\tb\nc\td', [['"open', "b"], ["c", "d"]]),
    ],
)
def test_texts_stand_between_tabs_and_breaks(text, block):
    assert read_block(text) == block


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\t\n\t", "\r\n"])
def test_nothing_is_no_block(text):
    with pytest.raises(NoBlockError, match="There is nothing in this block"):
        read_block(text)


def test_a_block_has_a_limit():
    with pytest.raises(NoBlockError, match="too long"):
        read_block("x" * 500_001)


@pytest.mark.parametrize("piece", ['"', '""x\t', '"a\t', '"""\t', '"\n', "\t", '"x""\t'])
def test_no_block_takes_long_to_read(piece):
    text = "x" + piece * (500_000 // len(piece) - 1)
    start = time.process_time()

    read_block(text)

    assert time.process_time() - start < 5


# What a sheet puts into the block in place of a value.
@pytest.mark.parametrize("kind", ["rating", "text", "yes-no"])
@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "=A1+1"])
def test_a_formula_and_its_error_are_no_value(text, kind):
    with pytest.raises(NoBlockError, match="is no value but a formula or its error"):
        meaning(text, kind)


@pytest.mark.parametrize("text", ["4,0", "4.0", "4.00"])
def test_a_figure_with_zeros_is_the_figure(text):
    assert meaning(text) == meaning("4")


# Placed -----------------------------------------------------------------------------------------


NO_LINE = "The block is too high: there is no row for the line that begins with “%s”."
# A block and where it is laid, where each text of it goes, and what of it goes nowhere.
PLACED = {
    "a block without heads goes from its corner": (
        ("3\t2\n1\t4", Place("docs", "quart")),
        {"docs.quart": "3", "docs.aiohttp": "2", "async.quart": "1", "async.aiohttp": "4"},
        [],
    ),
    "heads say where it goes whatever the corner": (
        ("\tQuart\tFlask\nAsync\t4\t0\nSpeed\t3\t2", Place("docs", "aiohttp")),
        {"async.quart": "4", "async.flask": "0", "speed.quart": "3", "speed.flask": "2"},
        [],
    ),
    "heads are names in any letters and slugs": (
        ("Criterion\tQUART\tflask\nasync\t4\t0\nSPEED\t3\t2", Place("docs", "aiohttp")),
        {"async.quart": "4", "async.flask": "0", "speed.quart": "3", "speed.flask": "2"},
        [],
    ),
    "heads of rows alone": (
        ("Async\t\t4\nSpeed\t2\t3\n\t0\t4", Place("docs", "flask")),
        {"async.quart": "4", "speed.flask": "2", "speed.quart": "3"},
        ["There is no row “” here."],
    ),
    "heads of columns alone": (
        ("Quart\tFlask\n4\t0\n3\t2", Place("docs", "flask")),
        {"docs.quart": "4", "docs.flask": "0", "async.quart": "3", "async.flask": "2"},
        [],
    ),
    "a heading between rows is passed over": (
        ("\tFlask\nRunning it\t\nSpeed\t3\n\nAsync\t4",),
        {"speed.flask": "3", "async.flask": "4"},
        [],
    ),
    "what nobody has is named": (
        ("\tFlask\tDjango\tQuart\nSpeed\t3\t4\t2\nBeauty\t1\t1\t1",),
        {"speed.flask": "3", "speed.quart": "2"},
        ["There is no row “Beauty” here.", "There is no column “Django” here."],
    ),
    "a block may be too wide or too high": (
        ("1\t2\t3\n1\t2\t3", Place("async", "quart")),
        {"async.quart": "1", "async.aiohttp": "2"},
        [NO_LINE % 1, "The block is too wide: there is no column for its last 1."],
    ),
    "an empty line beyond the table is no matter": (
        ("1\n\n2", Place("async", "quart")),
        {"async.quart": "1"},
        [NO_LINE % 2],
    ),
    "nothing beyond the table is no matter": (
        ("1\t2\t\t\n\n\n", Place("async", "quart")),
        {"async.quart": "1", "async.aiohttp": "2"},
        [],
    ),
}


@pytest.mark.parametrize(("block", "cells", "left_out"), PLACED.values(), ids=PLACED)
def test_each_text_of_a_block_has_its_place(block, cells, left_out):
    found = placed(*block)

    assert (targets(found), found.left_out) == (cells, left_out)


def test_a_name_that_two_rows_have_places_nothing():
    sheet = make_sheet()
    sheet.criteria["docs"]["name"] = "speed"

    with pytest.raises(NoBlockError, match="Two here are called"):
        place(
            read_block("Speed\t3\nAsync\t4"), sheet, sheet.rows(), COLUMNS, Place("docs", "quart")
        )
    slugs = place(read_block("speed\t3"), sheet, sheet.rows(), COLUMNS, Place("docs", "quart"))
    assert targets(slugs) == {"speed.quart": "3"}


# Understood -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "judgement", "word"),
    [
        ("Excellent", "4", ""),
        ("good", "3", ""),
        ("MODERATE", "2", ""),
        ("growing", "2", "Growing"),
        ("Small", "1", ""),
        ("none", "0", ""),
        ("4", "4", ""),
        ("0", "0", ""),
    ],
)
def test_words_and_figures_are_ratings(text, judgement, word):
    assert meaning(text) == {"judgement": judgement, "word": word}


@pytest.mark.parametrize(
    ("text", "judgement"),
    [
        *(("yes", "4"), ("No", "0"), ("TRUE", "4"), ("false", "0"), ("y", "4"), ("n", "0")),
        *(("\N{CHECK MARK}", "4"), ("\N{BALLOT X}", "0"), ("4", "4"), ("0", "0")),
    ],
)
def test_yes_and_no(text, judgement):
    assert meaning(text, "yes-no") == {"judgement": judgement, "word": ""}


@pytest.mark.parametrize("kind", ["rating", "yes-no", "text"])
@pytest.mark.parametrize(
    ("text", "judgement"),
    [
        *(("?", "unknown"), ("Unknown", "unknown"), ("not known", "unknown")),
        *(("n/a", "not-applicable"), ("N/A", "not-applicable"), ("-", "not-applicable")),
        *(("\N{EN DASH}", "not-applicable"), ("does not apply", "not-applicable")),
    ],
)
def test_unknown_and_does_not_apply_empty_a_cell(kind, text, judgement):
    assert meaning(text, kind) == {"judgement": judgement, "word": "", "value": ""}


def test_a_value_follows_a_comma_and_a_note_a_colon():
    assert meaning("Good, 12 ms: with three nodes, warm") == {
        "judgement": "3",
        "word": "",
        "value": "12 ms",
        "note": "with three nodes, warm",
    }
    assert meaning("yes: since 3.0", "yes-no") == {
        "judgement": "4",
        "word": "",
        "note": "since 3.0",
    }
    assert meaning("?: nobody has measured it") == {
        "judgement": "unknown",
        "word": "",
        "value": "",
        "note": "nobody has measured it",
    }


def test_text_is_a_value():
    text = "Small sites, APIs: and more"

    assert meaning(text, "text") == {"judgement": "known", "word": "", "value": text}
    assert meaning("4", "text")["value"] == "4"


def test_a_cell_keeps_its_way_of_writing():
    """Some cells name their rating, some do not: what is pasted as it was changes neither."""
    named_before, bare = fields(word="Small"), fields()

    assert meaning("Good", before=named_before)["word"] == "Good"
    assert meaning("3", before=named_before)["word"] == "Good"
    assert meaning("Good", before=bare)["word"] == ""
    assert meaning("yes", "yes-no", fields(word="No"))["word"] == "Yes"


@pytest.mark.parametrize("text", ["super", "5", "12 ms", "Good-ish", "yes", "3.5"])
def test_what_is_no_rating_is_refused_with_the_words_that_are(text):
    with pytest.raises(NoBlockError) as refused:
        meaning(text)

    assert str(refused.value) == (
        f"“{text}” is none of these: Excellent, Good, Moderate, Small, None, Unknown, "
        "Does not apply. What else there is to say follows a comma."
    )


def test_names_of_controls_hold_no_ambiguity():
    assert named("word", "a-b", "c") != named("word", "a", "b-c")
