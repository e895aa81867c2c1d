"""From the document of a thing to what is found of it: title, priority and texts. Pure.

A comparison gives an entry of its own and one for each row; other things give one or none. What
readers may not see gives none, and names of it are left out of what others say.
"""

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from catalog.models import Listing, Status, Technology
from catalog.models.category import Verdict
from catalog.models.technology import Lifecycle
from catalog.search import words

# Raise it when the rules here or in words.py change: what was kept under another is made anew.
VERSION = 1

LONGEST_NOTE = 200
ENDING = (Lifecycle.DEPRECATED, Lifecycle.END_OF_LIFE)

Rows = Mapping[str, list[dict[str, Any]]]
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


def texts_of(kind: str, document: list[dict[str, Any]], names: Names) -> Iterator[Text]:
    """Yield the entries of a thing, from its document as history keeps it."""
    make = _MAKERS.get(kind)
    if not document or make is None:
        return
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in document:
        rows.setdefault(row["model"].partition(".")[2], []).append(row["fields"])
    own = next(iter(rows.values()))[0]
    if own.get("status", Status.PUBLISHED) == Status.PUBLISHED:
        for text in make(own, rows, names):
            kept = [(int(field), said) for field, said in text.texts if said]
            yield text._replace(texts=kept, note=text.note[:LONGEST_NOTE])


def plain(markdown: str) -> str:
    """Return Markdown without its marks and addresses; code stays."""
    return " ".join(_LINK.sub(r"\1", markdown).split())


def _technology(own: dict, rows: Rows, names: Names) -> Iterator[Text]:
    # Those of a category that is not to be seen say nothing.
    listed = [
        (names["category", row["category"][0]], row)
        for row in rows.get("listing", ())
        if ("category", row["category"][0]) in names
    ]
    listed.sort(key=lambda pair: Verdict.values.index(pair[1]["verdict"]))
    verdicts = [Verdict(row["verdict"]) for _, row in listed]
    judged = [one.label for one in verdicts if one != Verdict.LISTED]
    lifecycle = own["lifecycle"] and Lifecycle(own["lifecycle"])
    kind = Technology.Kind(own["kind"]).label
    texts = [
        (Field.NAME, own["name"]),
        *((Field.ALIAS, row["name"]) for row in rows.get("alias", ())),
        *((Field.PACKAGE, row["name"]) for row in rows.get("package", ())),
        *((Field.KEYWORD, category) for category, _ in listed),
        *((Field.KEYWORD, row["label"]) for _, row in listed),
        (Field.KEYWORD, kind),
        *((Field.KEYWORD, said) for said in dict.fromkeys(judged)),
        (Field.KEYWORD, lifecycle.label if lifecycle and lifecycle != Lifecycle.ACTIVE else ""),
        (Field.BODY, own["summary"]),
        (Field.BODY, plain(own["description"])),
        *((Field.BODY, row["text"]) for row in rows.get("point", ())),
        *(
            (Field.BODY, row[name])
            for _, row in listed
            for name in ("qualifier", "best_for", "note", "because")
        ),
        *((Field.BODY, said) for said in _companions(rows, names)),
        (Field.BODY, own["lifecycle_note"]),
        (Field.BODY, own["licence"]),
    ]
    first = listed[0] if listed else None
    note = f"{kind}, in {first[0]}" if first else kind
    if judged:
        note = f"{judged[0]} in {first[0]}"
    left = own["replaced_by"] or lifecycle in ENDING or verdicts[:1] == [Verdict.AVOID]
    rank = Verdict.values.index(verdicts[0]) if verdicts else len(Verdict.values)
    yield Text("technology", own["slug"], own["name"], note, 60 if left else rank * 5, texts)


def _companions(rows: Rows, names: Names) -> Iterator[str]:
    for row in rows.get("companion", ()):
        if name := names.get(("technology", row["companion"][0])):
            yield " ".join(filter(None, (row["label"] or name, row["requirement"], row["note"])))


def _category(own: dict, rows: Rows, names: Names) -> Iterator[Text]:
    listed = [
        (names["technology", row["technology"][0]], row)
        for row in rows.get("listing", ())
        if ("technology", row["technology"][0]) in names
    ]
    first = [name for name, row in listed if row["verdict"] == Listing.Verdict.RECOMMENDED]
    parent = names.get(("category", (own["parent"] or [""])[0]), "")
    texts = [
        (Field.NAME, own["name"]),
        (Field.KEYWORD, parent),
        *((Field.KEYWORD, name) for name, _ in listed),
        *((Field.KEYWORD, row["label"]) for _, row in listed),
        (Field.BODY, own["qualifier"]),
        (Field.BODY, own["best_for"]),
        (Field.BODY, plain(own["introduction"])),
    ]
    note = f"Recommended: {', '.join(first)}" if first else f"{len(listed)} listed"
    yield Text("category", own["slug"], own["name"], note, 1, texts)


def _comparison(own: dict, rows: Rows, names: Names) -> Iterator[Text]:
    columns = {
        slug: names["technology", slug]
        for slug in (row["technology"][0] for row in rows.get("contender", ()))
        if ("technology", slug) in names
    }
    category = names.get(("category", own["category"][0]), "")
    texts = [
        (Field.NAME, own["title"]),
        *((Field.KEYWORD, said) for said in (category, *columns.values())),
        *((Field.BODY, row["name"]) for row in rows.get("preset", ())),
        (Field.BODY, plain(own["introduction"])),
    ]
    yield Text("comparison", own["slug"], own["title"], ", ".join(columns.values()), 2, texts)
    cells: dict[str, list[str]] = {}
    for row in rows.get("cell", ()):
        if column := columns.get(row["contender"][1]):
            said = " ".join(filter(None, (row["word"], row["value"], row["note"])))
            cells.setdefault(row["criterion"][1], []).append(f"{column}: {said}" if said else "")
    for row in rows.get("criterion", ()):
        texts = [
            (Field.NAME, row["name"]),
            (Field.BODY, row["question"]),
            *((Field.BODY, said) for said in cells.get(row["slug"], ())),
        ]
        slug = f"{own['slug']}/{row['slug']}"
        yield Text("row", slug, row["name"], f"in {own['title']}", 25, texts)


def _stack(own: dict, rows: Rows, names: Names) -> Iterator[Text]:
    texts = [
        (Field.NAME, own["name"]),
        *((Field.KEYWORD, row["name"]) for row in rows.get("role", ())),
        (Field.BODY, plain(own["introduction"])),
    ]
    chosen = []
    for row in rows.get("choice", ()):
        slugs = (row["technology"][0], (row["with_technology"] or [""])[0])
        chosen += [names[key] for slug in slugs if (key := ("technology", slug)) in names]
        texts.append((Field.BODY, row["note"]))
    texts += [(Field.KEYWORD, name) for name in dict.fromkeys(chosen)]
    yield Text("stack", own["slug"], own["name"], ", ".join(dict.fromkeys(chosen)), 15, texts)


def _version(own: dict, rows: Rows, names: Names) -> Iterator[Text]:
    pinned = [row for row in rows.get("pin", ()) if ("package", row["package"][0]) in names]
    texts = [
        (Field.NAME, own["title"]),
        (Field.KEYWORD, f"Python versions {own['as_of']}"),
        *((Field.KEYWORD, row["package"][0]) for row in pinned),
        (Field.BODY, own["python_note"]),
        (Field.BODY, plain(own["introduction"])),
        *((Field.BODY, row["note"]) for row in pinned),
    ]
    note = f"{len(pinned)} packages, as of {own['as_of']}"
    yield Text("version", own["slug"], own["title"], note, 26, texts)


def _snippet(own: dict, _rows: Rows, names: Names) -> Iterator[Text]:
    owners = [(kind, own[kind][0]) for kind in ("technology", "category") if own[kind]]
    for owner in owners:
        if owner in names:
            texts = [
                (Field.NAME, own["title"]),
                (Field.KEYWORD, names[owner]),
                (Field.KEYWORD, own["language"]),
                (Field.BODY, " ".join(own["code"].split())),
                (Field.BODY, own["run_with"]),
            ]
            slug = "/".join((*owner, own["slug"]))
            yield Text("snippet", slug, own["title"], f"in {names[owner]}", 30, texts)


_MAKERS = {
    "technology": _technology,
    "category": _category,
    "comparison": _comparison,
    "stack": _stack,
    "version": _version,
    "snippet": _snippet,
}
