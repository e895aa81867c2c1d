"""Values that a field does not take: nothing is turned into something else."""

import copy
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.packs.entries import read
from catalog.packs.loading import plan
from catalog.packs.problems import Problem, RefusedError
from tests.packs import packing
from tests.packs.packing import load_pack
from tests.packs.written import cell, faults_of, problems_of, row, rows_of, technology, write

BLANK = "This field cannot be blank."
SLUG = "Use lower-case letters, digits and single hyphens between them: “task-queues”."
KINDS = "“framework”, “database”, “library”, “tool”, “server”, “service”, “technique”"
POINT = {"technology": ["flask"], "slug": "small"}
FACTS = {"package": ["flask"]}
TWO = "This field names a criterion by a list of 2 texts, not by"
ONE = "This field names a technology by a list of 1 text, not by"
NUMBER = "This field takes a whole number, not"
TRUTH = "This field takes true or false, not"
NO_FIELD = "An entry of catalog.technology has no such field; remove it."
DAY = "This field takes a day that there is, such as '2026-11-22', not"
TOMORROW = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
KEY = {"criterion": ["a", "b"], "contender": ["a", "c"]}

# Told when the pack is read.
VALUES = [
    *[
        (technology(name=value), "name", f"This field takes text; {hint}.")
        for value, hint in [
            (7, "write 7 in quotes"),
            (True, "write true in quotes"),
            (None, "write '' for none"),
            (["Flask"], "this is a list of 1"),
            ({"a": 1}, "this is a mapping"),
        ]
    ],
    *[
        (technology(kind=kind), "kind", f"Choose one of {KINDS}; “{kind}” is none of them.")
        for kind in ("toy", "Library")
    ],
    *[
        (
            technology(summary=f"ab{letter}c"),
            "summary",
            f"This text holds the character {code} at place 3, which cannot be shown; remove it.",
        )
        for letter, code in [
            *[("\0", "U+0000"), ("\x08", "U+0008"), ("\x0b", "U+000B"), ("\x1b", "U+001B")],
            *[("\ud800", "U+D800"), ("\udfff", "U+DFFF"), ("\u202e", "U+202E")],
            *[("\u202a", "U+202A"), ("\u2066", "U+2066"), ("\u2069", "U+2069")],
        ]
    ],
    # numbers
    *[
        (row("point", **POINT, position=value), "position", f"{NUMBER} {said}.")
        for value, said in [
            *[("7", "the text “7”"), (True, "true"), (1.5, "1.5"), ([7], "a list of 1")],
            *[({}, "a mapping"), (10**30, "1" + "0" * 30), (float("nan"), "NaN")],
            *[(float("inf"), "Infinity"), (1.0, "1.0"), (None, "null")],
        ]
    ],
    *[
        (
            row("point", **POINT, position=position),
            "position",
            "Give a number from 0 to 2147483647.",
        )
        for position in (-1, 2**31)
    ],
    # truths
    *[
        (row("packagefacts", **FACTS, is_yanked=value), "is_yanked", f"{TRUTH} {said}.")
        for value, said in [(0, "0"), ("no", "the text “no”"), (None, "null"), ([], "a list of 0")]
    ],
    # days
    *[
        (row("cell", **KEY, verified_on=value), "verified_on", f"{DAY} {said}.")
        for value, said in [
            *[("2026-02-30", "the text “2026-02-30”"), ("2026-13-01", "the text “2026-13-01”")],
            *[("2026-11-22T10:00:00", "the text “2026-11-22T10:00:00”"), (20261122, "20261122")],
            *[("22.11.2026", "the text “22.11.2026”"), ("2026-11", "the text “2026-11”")],
            *[("٢٠٢٦-11-22", "the text “٢٠٢٦-11-22”"), ("", "the text “”"), (True, "true")],
        ]
    ],
    *[
        (row("cell", **KEY, verified_on=day), "verified_on", "Give a day from 1970 to 2100.")
        for day in ("0001-01-01", "1969-12-31", "2101-01-01", "9999-12-31")
    ],
    # references
    *[
        (row("listing", category=["a"], technology=value), "technology", f"{ONE} {said}.")
        for value, said in [
            *[("flask", "the text “flask”"), ([], "a list of 0"), (["a", "b"], "a list of 2")],
            *[([1], "a list of 1"), ([None], "a list of 1"), ([["a"]], "a list of 1"), (7, "7")],
            *[([""], "a list of 1"), ({"slug": "a"}, "a mapping"), (None, "null")],
        ]
    ],
    (row("cell", contender=["a", "c"], criterion=["a"]), "criterion", f"{TWO} a list of 1."),
    *[
        (
            technology(replaced_by=[f"a{letter}"]),
            "replaced_by",
            f"This text holds the character {code} at place 2, which cannot be shown; remove it.",
        )
        for letter, code in [("\0", "U+0000"), ("\ud800", "U+D800")]
    ],
    (
        technology(slug="a\0b"),
        "slug",
        "This text holds the character U+0000 at place 2, which cannot be shown; remove it.",
    ),
    # fields
    *[
        (technology(**{name: 1}), name, NO_FIELD)
        for name in ("color", "id", "pk", "replaced_by_id", "points", "<<")
    ],
    (row("technology", name="Flask"), "slug", "This field is missing; it names the row."),
    (row("alias", slug="a"), "technology", "This field is missing; it names the row."),
    (row("cell", contender=["a", "c"]), "criterion", "This field is missing; it names the row."),
    (technology(slug=""), "slug", "This field must not be empty; give a value."),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "field", "sentence"), VALUES)
def test_a_value_of_another_kind_is_refused(tmp_path, entry, field, sentence):
    assert faults_of(tmp_path, entry) == [(field, sentence)]


# What the entries below refer to.
TABLES = [
    packing.category("web"),
    *(packing.technology(slug) for slug in ("b", "q")),
    packing.technology("flask"),
    *(
        each
        for table in ("tables", "others")
        for each in (
            *packing.comparison(table, "web", "flask", "q"),
            row("criteriongroup", comparison=[table], slug="all", name="All"),
            packing.criterion(table, "speed"),
            packing.criterion(table, "notes", kind="text", weight=0),
        )
    ),
]

NO_SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
RESERVED = "A slug has lower-case letters, digits and hyphens, and is none of index, feed, compare."
ADDRESS = "Give a full address that starts with https://."

# Told when the pack is tried: a field, and what is said of it.
RULES = [
    (technology(name=""), "name", BLANK),
    (technology(name="x" * 81), "name",
     "Ensure this value has at most 80 characters (it has 81)."),
    (technology(description="x" * 20_001), "description",
     "Ensure this value has at most 20000 characters (it has 20001)."),
    (technology(slug="a-" * 1_000_000), "slug",
     "Ensure this value has at most 80 characters (it has 2000000).", SLUG),
    (technology(kind=""), "kind", BLANK),
    *[(technology(slug=slug), "slug", SLUG) for slug in ("TECH-1", "a--b", "-a", "a-", "a_b")],
    *[
        (technology(slug=slug), "slug", NO_SLUG, SLUG)
        for slug in ("../b", "<b>", "a b", "ß", "\u0430bc", "a\u200bb", "%61")
    ],
    *[(technology(slug=slug), "", RESERVED) for slug in ("index", "feed", "compare")],
    *[
        (technology(website=address), "website", ADDRESS)
        for address in (
            *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.org", "a.org"),
            *("https://", "https://a b.org", "ftp://example.org"),
        )
    ],
    (row("comparison", slug="a", review_months=121, title="A", category=["web"]), "review_months",
     "Ensure this value is less than or equal to 120."),
    (cell(rating=5), "rating", "Ensure this value is less than or equal to 4."),
    (cell(verified_on=TOMORROW), "verified_on",
     "This day is still to come; give the day it was verified."),
    (row("package", name="new"), "technology", "This field must not be empty; give a value."),
    (technology(replaced_by=["nobody"]), "replaced_by",
     "Technology “Flask” needs technology “nobody”, which is not there."),
    # rows
    (cell(verified_by="Ada", verified_on=None), "", "Say when it was verified, not only by whom."),
    (cell(criterion=["tables", "notes"], word="", rating=None, value=""), "",
     "A known cell needs a rating, a word or a value; otherwise it is unknown."),
    (cell(state="unknown", value=""), "",
     "Only a known cell has a rating, a word or a value; clear them or set it to known."),
    (row("criterion", comparison=["tables"], slug="b", name="B", kind="text", weight=1), "",
     "A text row cannot be weighed; set its weight to 0."),
    (row("criterion", comparison=["tables"], slug="b", name="B", group=["others", "all"]), "group",
     "This group belongs to another comparison; choose one of this table."),
    (cell(contender=["others", "flask"]), "contender",
     "This contender belongs to another comparison than the row."),
    (technology(replaced_by=["flask"]), "", "A technology cannot replace itself."),
    (row("companion", technology=["b"], companion=["b"]), "",
     "A technology cannot be its own companion."),
    (row("snippet", slug="a", title="A", language="python", code="x", technology=None), "",
     "A snippet belongs to a technology or to a category: choose one of the two."),
    (row("guide", slug="other", title="G"), "", "There is one guide; its slug is “guide”."),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES)
def test_an_entry_that_cannot_stand_in_the_guide_is_refused(tmp_path, rule):
    packing.load_pack(write(tmp_path / "tables", {"a.json": TABLES}))
    entry, field, *sentences = rule

    problems = plan(read(write(tmp_path / "pack", {"a.json": [entry]}))).problems.first

    said = [("a.json", 1, field, sentence) for sentence in sentences]
    assert sorted(problems) == sorted(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *[(number, number) for number in ("5.10", "1.5e+3", "010", "0x1f", "1_000", "+5", "1:30")],
        *[(number, number) for number in (".inf", "-.INF", ".nan", "-0", "1" * 60)],
        *[("true", "true"), ("no", "false"), ("~", ""), ("", "")],
    ],
)
def test_what_yaml_takes_for_something_else_is_no_text(tmp_path, text, said):
    written = f"[{{model: catalog.technology, fields: {{slug: flask, name: {text}}}}}]"
    hint = f"write {said} in quotes" if said else "write '' for none"

    assert problems_of(write(tmp_path / "pack", {"a.yaml": written})) == [
        f"a.yaml, entry 1, field “name”: This field takes text; {hint}."
    ]


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-22 10:00:00", "y", "N", "=", "a: b", "é"])
def test_what_yaml_takes_for_a_day_is_text_as_it_stands(tmp_path, text):
    written = f'[{{model: catalog.technology, fields: {{slug: flask, name: "{text}"}}}}]'
    plain = written if ":" in text else written.replace('"', "")

    assert rows_of(write(tmp_path / "pack", {"a.yaml": plain})) == [
        ("technology", ("flask",), {"slug": "flask", "name": text})
    ]


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "0.10", "-0"])
def test_a_number_of_another_kind_is_shown_as_it_is_written(tmp_path, number):
    fields = f'{{"technology": ["flask"], "slug": "a", "position": {number}}}'
    written = f'[{{"model": "catalog.point", "fields": {fields}}}]'

    assert problems_of(write(tmp_path / "pack", {"a.json": written})) == [
        f"a.json, entry 1, field “position”: {NUMBER} {number}."
    ]


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_signs_of_the_notation_are_text_within_text(tmp_path, name):
    said = '[{"a": [' * 30 + "," * 2_000 + '\\" # &a *a !b'
    pack = write(tmp_path / "pack", {name: [row("technology", slug="a", description=said)]})

    assert rows_of(pack) == [("technology", ("a",), {"slug": "a", "description": said})]


def test_all_that_is_wrong_with_an_entry_is_said_at_once(tmp_path):
    entry = {**technology(slug="B", kind="toy", color="red", name=1), "pk": 1, "x": 2}

    assert [field for field, _text in faults_of(tmp_path, entry)] == [
        *("pk", "x", "name", "kind", "color")
    ]


def test_a_sentence_shows_what_it_is_about_short_and_to_the_letter(tmp_path):
    ((_field, text),) = faults_of(tmp_path, technology(kind="\t\n" + "x" * 1_000))

    assert text == f"Choose one of {KINDS}; “\\t\\n{'x' * 58}…” is none of them."


def test_values_at_the_edges_are_taken(tmp_path):
    rows = [
        technology(name="x" * 80, summary="", website="https://example.org/ü", replaced_by=None),
        row("point", **POINT, position=2**31 - 1, text="👩‍🔬 e\u0301 \u200d"),
        row("packagefacts", **FACTS, read_on="1970-01-01", released_on="2026-11"),
        cell(state="unknown", rating=None, word="", value="", verified_on="2026-02-28"),
        row("criterion", comparison=["tables"], slug="speed", group=["tables", "all"], weight=5),
    ]

    assert faults_of(tmp_path, *rows) == []


def test_reading_asks_nothing_of_the_database(tmp_path):
    # No mark of a database on this test: a query would be refused.
    found = read(write(tmp_path / "pack", {"a.json": [technology(replaced_by=["nobody"])]}))
    assert len(found) == 1


# Whatever becomes of a shipped file on its way: it is read whole, or refused in sentences ---------


FILES = sorted((site.BASE_DIR / "fixtures" / "guide-2025").glob("*/*.yaml"))
# Of every kind, and small: what is tried is the change.
SMALL = [path for path in FILES if path.stat().st_size < 3_000]

texts = st.text(st.characters(), max_size=12)
numbers = st.integers() | st.floats()
words = st.sampled_from(["catalog.cell", "flask", "pk", "known", "2026-11-22", "<<", "", "model"])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | words, inner, max_size=4),
    max_leaves=10,
)


def places_in(value: Any) -> list[tuple[Any, Any]]:
    """Every place below a value, as what it is in and where there."""
    keys = [*value] if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places_in(value[key])
    return found


@st.composite
def changed_rows(draw) -> list[Any]:
    """The rows of a shipped file with a few nodes deleted, replaced or doubled."""
    rows = yaml.safe_load(draw(st.sampled_from(SMALL)).read_text())
    rows = json.loads(json.dumps(rows, default=str))
    for _change in range(draw(st.integers(1, 3))):
        places = places_in(rows)
        if not places:
            break
        owner, key = draw(st.sampled_from(places))
        how = draw(st.sampled_from(["delete", "replace", "double", "rename"]))
        if how == "delete":
            del owner[key]
        elif how == "replace":
            owner[key] = draw(values)
        elif isinstance(owner, list):
            owner.append(copy.deepcopy(owner[key]))
        else:
            owner[draw(texts | words)] = copy.deepcopy(owner[key])
    return rows


@st.composite
def changed_bytes(draw) -> bytes:
    """The bytes of a shipped file, with pieces cut out, put in or moved."""
    content = draw(st.sampled_from(SMALL)).read_bytes()
    for _change in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        piece = draw(
            st.binary(max_size=8)
            | st.sampled_from([b"&a ", b"*a", b"!!x ", b"[", b"{", b"- ", b": ", b"\t", b"---\n"])
            | st.just(content[start : start + 40])
        )
        content = content[:start] + piece + content[min(end, start + 40) :]
    return content


def outcome(path: Path) -> tuple[int, list[Problem]]:
    """How many rows are read, and what is wrong."""
    try:
        incoming = read(path)
        return len(incoming), incoming.problems.first
    except RefusedError as error:
        return 0, error.problems


def assert_read_or_refused(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)

        found, problems = outcome(path)

    assert found or problems
    for problem in problems:
        assert problem.file == name
        assert problem.text.endswith(".")
        assert str(problem).isprintable()


@settings(max_examples=200)
@given(changed_rows(), st.sampled_from(["a.json", "a.yaml"]))
def test_changed_rows(rows, name):
    text = json.dumps(rows) if name == "a.json" else yaml.safe_dump(rows, allow_unicode=False)

    assert_read_or_refused(name, text.encode())


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed_rows())
def test_changed_rows_over_the_guide(shipped_guide, rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps(rows))
        try:
            made = plan(read(path))
        except RefusedError:
            return

    for problem in made.problems.first:
        assert str(problem).isprintable()
        assert (problem.file, problem.text[-1:]) == ("a.json", ".")


@pytest.fixture
def shipped_guide() -> None:
    load_pack(FILES[0].parent.parent)


@settings(max_examples=200)
@given(changed_bytes(), st.sampled_from(["a.json", "a.yaml", "a.zip"]))
def test_changed_bytes(content, name):
    assert_read_or_refused(name, content)
