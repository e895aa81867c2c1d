"""From the document of a thing to what is found of it: title, priority and texts. Pure.

A comparison gives an entry of its own and one for each row; other things give one or none. What
readers may not see gives none, and names of it are left out of what others say.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from catalog.models import Comparison, Status, Technology
from catalog.models.category import Verdict
from catalog.models.technology import ENDING, Lifecycle
from catalog.search import words

# Raise it when the rules here or in words.py change: what was kept under another is made anew.
VERSION = 2

LONGEST_NOTE = 200

# What of a row names a page, and where in the reference its slug stands.
NAMED = {
    "technology": ("technology", 0),
    "with_technology": ("technology", 0),
    "companion": ("technology", 0),
    "to": ("technology", 0),
    "category": ("category", 0),
    "parent": ("category", 0),
    "contender": ("technology", 1),
    "package": ("package", 0),
}

Rows = dict[str, list[dict[str, Any]]]
# Of pages that are published, and of packages whose technology is: the title by kind and slug.
Names = Mapping[tuple[str, str], str]

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|^#+ |^[-*>] |[`*]|^```.*$", re.MULTILINE)


class Field(IntEnum):
    """Where a word stands, the strongest first."""

    NAME = 0
    ALIAS = 1
    PACKAGE = 2
    KEYWORD = 3
    BODY = 4


class Text(NamedTuple):
    """What one entry is made of. `texts` are pairs of field and text; less `priority` is first."""

    kind: str
    slug: str
    title: str
    note: str
    priority: int
    texts: list[tuple[int, str]]


class Posting(NamedTuple):
    term: str
    field: int
    position: int


def postings_of(texts: list[tuple[int, str]]) -> set[Posting]:
    """Return every term of an entry with its field and place; texts stand three places apart."""
    found = set()
    at = 0
    for field, text in texts:
        terms, length = words.terms_of(text, is_body=field == Field.BODY)
        found |= {Posting(term, field, at + place) for term, place in terms}
        if field <= Field.KEYWORD and (whole := words.whole(text)):
            found.add(Posting(words.WHOLE + whole, field, at))
            starts = {whole[:1], whole[:2]} if field == Field.NAME else set()
            found |= {Posting(words.START + start, field, at) for start in starts}
        at += length + 3
    return found


# Where the words of a thing stand: field, model, columns; “@” is the name of what a column names.
TEXTS: dict[str, tuple[tuple[Field, str, str], ...]] = {
    "technology": (
        (Field.NAME, "technology", "name"),
        (Field.ALIAS, "alias", "name"),
        (Field.PACKAGE, "package", "name"),
        (Field.KEYWORD, "listing", "@category label"),
        (Field.BODY, "technology", "summary description"),
        (Field.BODY, "point", "text"),
        (Field.BODY, "listing", "qualifier best_for note because"),
        (Field.BODY, "companion", "@companion label requirement note"),
        (Field.BODY, "migration", "@to steps"),
        (Field.BODY, "package", "import_name"),
        (Field.BODY, "technology", "lifecycle_note licence"),
    ),
    "category": (
        (Field.NAME, "category", "name"),
        (Field.KEYWORD, "category", "@parent"),
        (Field.KEYWORD, "listing", "@technology label"),
        (Field.BODY, "category", "qualifier best_for introduction"),
    ),
    "comparison": (
        (Field.NAME, "comparison", "title"),
        (Field.KEYWORD, "comparison", "@category"),
        (Field.KEYWORD, "contender", "@technology"),
        (Field.BODY, "preset", "name"),
        (Field.BODY, "comparison", "introduction"),
    ),
    "stack": (
        (Field.NAME, "stack", "name"),
        (Field.KEYWORD, "role", "name"),
        (Field.KEYWORD, "choice", "@technology @with_technology"),
        (Field.BODY, "stack", "introduction"),
        (Field.BODY, "choice", "note"),
    ),
    "version": (
        (Field.NAME, "versionset", "title"),
        (Field.KEYWORD, "versionset", "as_of"),
        (Field.KEYWORD, "pin", "@package"),
        (Field.BODY, "versionset", "python_note introduction"),
        (Field.BODY, "pin", "note"),
    ),
    "snippet": (
        (Field.NAME, "snippet", "title"),
        (Field.KEYWORD, "snippet", "@technology @category language"),
        (Field.BODY, "snippet", "code run_with"),
    ),
}
# What stands first where all else is equal: less is better; a technology goes by its verdict.
PRIORITIES = {"category": 1, "comparison": 2, "stack": 15, "version": 26, "snippet": 30}
OF_A_ROW, OF_WHAT_IS_LEFT, PER_VERDICT = 25, 60, 5


def texts_of(kind: str, document: list[dict[str, Any]], names: Names) -> Iterator[Text]:
    """Yield the entries of a thing, from its document as history keeps it."""
    if not document or kind not in TEXTS:
        return
    own = document[0]["fields"]
    rows: Rows = defaultdict(list)
    for row in document:
        named = [key for key in named_by(row["fields"]) if key not in names]
        # A row that names what readers may not see says nothing; nor does a snippet of such a page.
        if not named or (row["fields"] is own and kind != "snippet"):
            rows[row["model"].partition(".")[2]].append(row["fields"])
    is_seen = own.get("status", Status.PUBLISHED) == Status.PUBLISHED
    if not is_seen or own not in next(iter(rows.values()), ()):
        return
    said = [
        (int(field), text)
        for field, model, columns in TEXTS[kind]
        for row in rows[model]
        for column in columns.split()
        if (text := _said(row, column, names, field))
    ]
    title, slug = said[0][1], own["slug"]
    note, priority = _NOTES[kind](own, rows, names), PRIORITIES.get(kind, 0)
    if kind == Technology.KIND:
        words, priority = _judged(own, rows)
        said += [(int(Field.KEYWORD), word) for word in words if word]
    if kind == "snippet":
        slug = "/".join((*named_by(own)[0], slug))
    yield Text(kind, slug, title, note[:LONGEST_NOTE], priority, said)
    if kind == Comparison.KIND:
        yield from _rows(own, rows, names)


def plain(markdown: str) -> str:
    """Return Markdown without its marks and addresses; code stays."""
    return " ".join(_LINK.sub(r"\1", markdown).split())


def named_by(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return kind and slug of the pages that a row names."""
    return [(kind, row[column][at]) for column, (kind, at) in NAMED.items() if row.get(column)]


def _said(row: Mapping[str, Any], column: str, names: Names, field: Field) -> str:
    if column.startswith("@"):
        kind, at = NAMED[column[1:]]
        return names.get((kind, row[column[1:]][at]), "") if row[column[1:]] else ""
    return plain(row[column]) if field == Field.BODY else row[column]


def _strongest(listings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(listings, key=lambda row: Verdict.values.index(row["verdict"]))


def _judged(own: Mapping[str, Any], rows: Rows) -> tuple[list[str], int]:
    """Return the words for what a technology is, how it is judged and kept up; and its priority."""
    verdicts = [Verdict(row["verdict"]) for row in _strongest(rows["listing"])]
    lifecycle = own["lifecycle"] and Lifecycle(own["lifecycle"])
    judged = dict.fromkeys(one.label for one in verdicts if one != Verdict.LISTED)
    kept_up = lifecycle.label if lifecycle and lifecycle != Lifecycle.ACTIVE else ""
    left = own["replaced_by"] or lifecycle in ENDING or verdicts[:1] == [Verdict.AVOID]
    rank = Verdict.values.index(verdicts[0]) if verdicts else len(Verdict.values)
    said = [Technology.Kind(own["kind"]).label, *judged, kept_up]
    return said, OF_WHAT_IS_LEFT if left else rank * PER_VERDICT


def _rows(own: Mapping[str, Any], rows: Rows, names: Names) -> Iterator[Text]:
    """Yield an entry for each row of a comparison, with what its cells say."""
    cells: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for cell in rows["cell"]:
        if text := " ".join(filter(None, (cell["word"], cell["value"], cell["note"]))):
            name = names["technology", cell["contender"][1]]
            cells[cell["criterion"][1]].append((int(Field.BODY), f"{name}: {text}"))
    for row in rows["criterion"]:
        texts = [(int(Field.NAME), row["name"]), (int(Field.BODY), row["question"])]
        said = [pair for pair in (*texts, *cells[row["slug"]]) if pair[1]]
        slug, note = f"{own['slug']}/{row['slug']}", f"in {own['title']}"
        yield Text("row", slug, row["name"], note[:LONGEST_NOTE], OF_A_ROW, said)


# What stands beside the title of each kind while one types ------------------------------------


def _note_of_technology(own: Mapping[str, Any], rows: Rows, names: Names) -> str:
    kind, listed = Technology.Kind(own["kind"]).label, _strongest(rows["listing"])[:1]
    for row in listed:
        category = names["category", row["category"][0]]
        is_judged = row["verdict"] != Verdict.LISTED
        return f"{row['verdict']} in {category}" if is_judged else f"{kind}, in {category}"
    return kind


def _note_of_category(_own: Mapping[str, Any], rows: Rows, names: Names) -> str:
    first = [row for row in rows["listing"] if row["verdict"] == Verdict.RECOMMENDED]
    recommended = _list(first, names, "technology")
    return f"Recommended: {recommended}" if first else f"{len(rows['listing'])} listed"


def _list(rows: list[dict[str, Any]], names: Names, *columns: str) -> str:
    named = (_said(row, f"@{column}", names, Field.NAME) for row in rows for column in columns)
    return ", ".join(filter(None, dict.fromkeys(named)))


_NOTES: dict[str, Callable[[Mapping[str, Any], Rows, Names], str]] = {
    "technology": _note_of_technology,
    "category": _note_of_category,
    "comparison": lambda _own, rows, names: _list(rows["contender"], names, "technology"),
    "stack": lambda _own, rows, names: _list(
        rows["choice"], names, "technology", "with_technology"
    ),
    "version": lambda own, rows, _names: f"{len(rows['pin'])} packages, as of {own['as_of']}",
    "snippet": lambda own, _rows, names: f"in {names[named_by(own)[0]]}",
}
