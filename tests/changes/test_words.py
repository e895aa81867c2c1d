"""What changes, in words: grouped by thing, counted, short, and never without words."""

import gc
from collections.abc import Iterator
from datetime import date
from itertools import permutations, product
from typing import Any

import pytest
from django.db import models

from catalog.changes.words import conflict_text, of_field, say, summary
from catalog.changes.words.fields import NO_NOUNS
from catalog.history import documents
from catalog.history.rows import MODELS, Fields, RowChange
from catalog.models import ThingKey
from tests.changes.worded import (
    changed,
    fields_of,
    gone,
    made,
    sentences_of,
    titles_of,
    told,
)


def lines(*changes: RowChange) -> list[str]:
    return [str(said) for said in told(*changes)]


# Examples ----------------------------------------------------------------------------------------


def test_a_cell_falls_and_loses_its_source() -> None:
    change = changed(
        "cell",
        {"rating": 3, "word": "Good", "source": "https://example.org"},
        {"rating": 2, "word": "Moderate"},
    )

    assert lines(change) == [
        "Async frameworks: Documentation of Quart falls from Good to Moderate; loses its source"
    ]


def test_a_technology_is_deprecated_and_replaced() -> None:
    passlib = {"slug": "passlib", "name": "passlib"}
    change = changed(
        "technology",
        {**passlib, "lifecycle": "active"},
        {**passlib, "lifecycle": "deprecated", "replaced_by": ["pwdlib"]},
    )

    assert lines(change) == ["passlib: active becomes deprecated, replaced by pwdlib"]


def test_a_new_technology_comes_into_a_category() -> None:
    changes = [
        made("technology", slug="litestar", name="Litestar"),
        made("listing", technology=["litestar"], verdict="alternative"),
        changed("listing", {"verdict": "recommended"}, {"verdict": "alternative"}),
    ]

    assert lines(*changes) == [
        "Async: Flask: recommended becomes alternative; lists Litestar as alternative",
        "new technology: Litestar",
    ]


# Grouping ----------------------------------------------------------------------------------------


def test_things_stand_in_the_order_of_kinds_then_titles_then_slugs() -> None:
    names = [("b", "Zope"), ("c", "aiohttp"), ("e", "Zope"), ("d", "élan")]
    changes = [
        changed("versionset", {}, {"as_of": "2027"}),
        *(
            changed("technology", {"slug": slug}, {"slug": slug, "name": name})
            for slug, name in names
        ),
        changed("guide", {}, {"title": "Ours"}),
        made("role"),
        made("snippet"),
        changed("cell", {}, {"rating": 4}),
        made("listing"),
    ]

    orders = {
        tuple(said.thing for said in told(*order))
        for order in (changes, changes[::-1], changes[5:] + changes[:5])
    }

    assert orders == {
        (
            ThingKey("guide", "guide"),
            ThingKey("category", "async"),
            ThingKey("technology", "b"),
            ThingKey("technology", "e"),
            ThingKey("technology", "c"),
            ThingKey("technology", "d"),
            ThingKey("snippet", "hello"),
            ThingKey("comparison", "async-frameworks"),
            ThingKey("stack", "startup"),
            ThingKey("version", "python-2026"),
        )
    }


def test_sentences_stand_in_the_order_of_rows_whatever_comes_first() -> None:
    changes = [
        gone("point", slug="slow", kind="con", text="Slow"),
        made("point"),
        changed("technology", {}, {"summary": "New", "status": "published"}),
        made("alias"),
    ]

    assert {sentences_of(*order) for order in permutations(changes)} == {
        (
            "is published",
            "summary: “New” is added",
            "new alias: QRT",
            "new pro: Fast",
            "drops the con “Slow”",
        )
    }


def test_a_summary_counts_things_by_kind() -> None:
    changes = [
        *(made("technology", slug=f"new-{number}") for number in range(2)),
        *(
            changed("technology", {"slug": slug}, {"slug": slug, "summary": "A"})
            for slug in ("a", "b", "c")
        ),
        changed("technology", {}, {"status": "published"}),
        changed("technology", {"slug": "d"}, {"slug": "d", "status": "archived"}),
        changed("technology", {"slug": "e", "status": "published"}, {"slug": "e"}),
        gone("technology", slug="f"),
        changed("guide", {}, {"title": "Ours"}),
        made("snippet"),
    ]

    assert summary(told(*changes)) == [
        "Guide: 1 changed",
        "Technologies: 2 new, 3 changed, 1 published, 1 archived, 1 back to draft, 1 deleted",
        "Snippets: 1 new",
    ]


def test_nothing_changed_is_nothing_said() -> None:
    assert told() == []
    assert told(changed("technology", {}, {}), changed("cell", {}, {})) == []
    assert summary([]) == []


# Length ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "last"),
    [
        (50, "new pro: Point 049"),
        (51, "… and 1 more"),
        (7000, "… and 6950 more"),
    ],
)
def test_at_most_fifty_sentences_for_a_thing(points: int, last: str) -> None:
    changes = [
        made("point", slug=f"point-{number:03}", text=f"Point {number:03}")
        for number in reversed(range(points))
    ]

    sentences = sentences_of(*changes)

    first = [f"new pro: Point {number:03}" for number in range(50)]
    assert sentences[:50] == tuple(first)
    assert sentences[-1] == last


def test_what_is_said_of_many_rows_has_its_room() -> None:
    changes = [
        changed("criterion", {"slug": f"row-{number}"}, {"slug": f"row-{number}", "weight": 2})
        for number in range(60)
    ]

    sentences = sentences_of(*changes, changed("criterion", {}, {"position": 1}))

    assert sentences[49:] == ("… and 11 more", "order of rows changes")


def test_no_change_is_kept() -> None:
    alive = []

    def stream() -> Iterator[RowChange]:
        for number in range(100):
            yield made("point", slug=f"point-{number}")
        alive.extend(each for each in gc.get_objects() if type(each) is RowChange)

    titles = titles_of()
    before = sum(type(each) is RowChange for each in gc.get_objects())
    [said] = say(stream(), titles)

    assert said.sentences[-1] == "… and 50 more"
    assert len(alive) - before == 1  # the one that was said last


# Hostile text ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("%(row)s %s %", "%(row)s %s %"),
        ("\x1b[31mred\x07", "[31mred"),
        ("a\nb\r\n\tc", "a b c"),
        ("turned \u202egnimoc", "turned gnimoc"),
        ("x" * 70, "x" * 59 + "…"),
        ("“quoted”", "“quoted”"),
    ],
)
@pytest.mark.parametrize(
    ("model", "field", "sentence"),
    [
        ("technology", "summary", "summary: “{}” is added"),
        ("contender", "versions", "versions of Quart: “{}” is added"),
        ("cell", "applies_to", "Documentation of Quart applies to {}"),
    ],
)
def test_what_somebody_wrote_stays_plain_text_on_one_line(
    model: str, field: str, sentence: str, text: str, shown: str
) -> None:
    said = sentences_of(changed(model, {}, {field: text}))

    assert said == (sentence.replace("{}", shown),)
    assert [type(each) for each in said] == [str]


def test_a_title_can_be_anything() -> None:
    [said] = told(changed("technology", {}, {"name": "%(title)s\n<b>"}))

    assert said.title == "%(title)s <b>"
    assert str(said) == "%(title)s <b>: name: “Quart” becomes “%(title)s <b>”"


@pytest.mark.parametrize(
    ("before", "after"), [("Words", "Words "), ("Two words", "Two\u00a0words"), ("A", "A\u202e")]
)
@pytest.mark.parametrize("model", ["technology", "criterion", "alias"])
def test_a_difference_that_cannot_be_seen_is_said(model: str, before: str, after: str) -> None:
    [sentence] = sentences_of(changed(model, {"name": before}, {"name": after}))

    assert sentence in {
        "name changes only in what cannot be seen",
        f"name of {before} changes only in what cannot be seen",
    }


# Every field -------------------------------------------------------------------------------------

EVERY_FIELD = [
    (model, column.name) for model in MODELS for column in documents.columns(MODELS[model])
]


def another(model: str, name: str) -> Any:
    """Another value of the field than the row has."""
    field, value = MODELS[model]._meta.get_field(name), fields_of(model)[name]
    if field.is_relation:
        kin = field.related_model
        return [f"other-{place}" for place in range(len(kin.NATURAL_KEY))]
    if field.choices:
        return next(choice for choice, _word in reversed(field.flatchoices) if choice != value)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateField):
        return date(2026, 11, 22).isoformat()
    return (value or 0) + 1 if isinstance(field, models.IntegerField) else "Other words"


def states(model: str, name: str) -> Iterator[tuple[Fields, Fields]]:
    """Pairs of states that differ in this field: there and back, and to nothing where it may."""
    one, other = fields_of(model), fields_of(model, **{name: another(model, name)})
    yield from [(one, other), (other, one)]


@pytest.mark.parametrize(("model", "name"), EVERY_FIELD)
def test_every_field_has_words(model: str, name: str) -> None:
    plain = made(model)
    titles = titles_of(plain)

    for before, after in states(model, name):
        change = RowChange(plain.row, before, after, plain.things)
        [said] = say([change], titles)
        texts = [
            *said.sentences,
            of_field(plain.row, name, before[name], after[name], titles),
            conflict_text(plain.row, name, before[name], after[name], None, titles),
        ]
        assert [text for text in texts if not text or "  " in text or "%(" in text] == []
        label = str(MODELS[model]._meta.get_field(name).verbose_name)
        assert name in label or [text for text in texts if name in text.split()] == []


@pytest.mark.parametrize("model", MODELS)
def test_every_row_that_comes_or_goes_has_words(model: str) -> None:
    assert [len(told(change)[0].sentences) for change in (made(model), gone(model))] == (
        [2, 2] if model == "pin" else [1, 1]
    )


@pytest.mark.parametrize(("model", "name"), EVERY_FIELD)
def test_a_field_that_is_no_noun_is_known_to_be_none(model: str, name: str) -> None:
    label = str(MODELS[model]._meta.get_field(name).verbose_name)

    ends = ("on", "by", "to", "of", "for", "with", "Python", "because", "yanked")
    looks_so = label.split()[-1] in ends and name not in ("python", "python_note")
    assert (name in NO_NOUNS) == looks_so


def test_no_two_fields_of_a_row_are_told_alike() -> None:
    for model in MODELS:
        names = [name for of_model, name in EVERY_FIELD if of_model == model]
        plain = made(model)
        told_of = [
            (name, say([RowChange(plain.row, *state, plain.things)], titles_of(plain))[0].sentences)
            for name in names
            for state in states(model, name)
        ]

        same = [
            (one, other, sentences)
            for (one, sentences), (other, others) in product(told_of, told_of)
            if one < other and sentences == others
        ]
        assert same == []
