"""Rows in words: what things and parts of them say differently, and what is new or removed."""

import pytest

from catalog.describe import describe
from catalog.history.rows import RowChange
from catalog.models import ThingKey
from tests.describe.changes import changed, gone, labels_of, made, sentences_of

LONG = "Long words. " * 6
WEBSOCKETS = {"criterion": ["async-frameworks", "websockets"], "rating": 4}
LICENCE = {"criterion": ["async-frameworks", "licence"], "rating": None, "value": "MIT"}
UNKNOWN = {"state": "unknown", "rating": None, "value": ""}
DOES_NOT_APPLY = {"state": "not-applicable", "rating": None, "value": ""}


@pytest.mark.parametrize(
    ("model", "before", "after", "sentences"),
    [
        ("guide", {}, {"title": "Ours"}, ["Title: “The guide” → “Ours”"]),
        ("category", {}, {"position": 3}, ["Position: 0 → 3"]),
        ("versionset", {}, {"python": "^3.13"}, ["Python: ^3.11 → ^3.13"]),
        ("snippet", {}, {"code": "a\nb"}, ["Code: added"]),
        ("technology", {"lifecycle": "active"},
         {"lifecycle": "deprecated", "replaced_by": ["pwdlib"], "summary": LONG},
         ["Lifecycle: active → deprecated, replaced by pwdlib", "Summary: added"]),
        ("technology", {"lifecycle": "active"}, {}, ["Lifecycle: active → unknown"]),
        ("technology", {}, {"replaced_by": ["pwdlib"]}, ["Replaced by: empty → pwdlib"]),
        (
            "technology",
            {"lifecycle": "deprecated", "replaced_by": ["pwdlib"]},
            {"lifecycle": "end-of-life", "replaced_by": ["argon2"], "name": "Q"},
            [
                "Lifecycle: deprecated → end of life",
                "Name: “Quart” → “Q”",
                "Replaced by: pwdlib → argon2",
            ],
        ),
        ("technology", {"lifecycle": "deprecated", "replaced_by": ["pwdlib"]},
         {"lifecycle": "active"},
         ["Lifecycle: deprecated → active", "Replaced by: pwdlib → empty"]),
        ("stack", {}, {"status": "published", "position": 1, "introduction": LONG},
         ["Status: draft → published", "Introduction: added", "Position: 0 → 1"]),
    ],
)  # fmt: skip
def test_what_a_thing_says_differently(model, before, after, sentences):
    assert sentences_of(changed(model, before, after)) == sentences


@pytest.mark.parametrize(
    ("model", "before", "after", "sentence"),
    [
        # Parts that have a name of their own.
        ("alias", {}, {"name": "Q"}, "Alias: “QRT” → “Q”"),
        ("role", {}, {"name": "Queue"}, "Role: “Task Queue” → “Queue”"),
        ("role", {}, {"mode": "one-of"}, "Role “Task Queue”, mode: all of → one of"),
        ("criteriongroup", {}, {"name": "Us"}, "Group of criteria: “People” → “Us”"),
        ("criterion", {}, {"name": "Docs"}, "Criterion: “Documentation” → “Docs”"),
        ("criterion", {}, {"weight": 3}, "Criterion “Documentation”, weight: 1 → 3"),
        ("criterion", {}, {"group": ["async-frameworks", "people"]},
         "Criterion “Documentation”, group: empty → People"),
        ("criterion", {}, {"name": "Docs", "weight": 3, "kind": "yes-no", "position": 4},
         "Criterion: “Documentation” → “Docs”; kind: rating → yes or no; weight: 1 → 3"),
        ("criterion", {"name": "Two words"}, {"name": "Two\u00a0words"},
         "Criterion “Two words”, name: changed, though it looks the same"),
        ("point", {}, {"text": "Very fast"}, "Pro: “Fast” → “Very fast”"),
        ("point", {}, {"kind": "con"}, "Pro “Fast”, kind: pro → con"),
        ("point", {"kind": "use-when"}, {"kind": "use-when", "text": "B"},
         "Case to use it: “Fast” → “B”"),
        ("point", {"text": f"{LONG}Fast"}, {"text": f"{LONG}Slow"},
         "Pro: “… words. Long words. Fast” → “… words. Long words. Slow”"),
        # Parts that are called as what they are about.
        ("companion", {"label": "A"}, {"label": "B"}, "Companion “Celery”, label: “A” → “B”"),
        ("contender", {"versions": "0.19"}, {"versions": "0.20"},
         "Contender “Quart”, versions: 0.19 → 0.20"),
        ("package", {"technology": ["flask"]}, {}, "Package “quart”, technology: Flask → Quart"),
        (
            "packagefacts",
            {"requires_python": ">=3.10"},
            {"latest_version": "2.4", "is_yanked": True},
            "quart on the index, latest version: 2.1 → 2.4; requires Python: >=3.10 → empty; "
            "yanked: no → yes",
        ),
        ("choice", {}, {"version": "5"}, "Celery as Task Queue, version: empty → 5"),
        ("choice", {"with_technology": ["quart"]}, {"with_technology": ["flask"]},
         "Celery as Task Queue, with: Quart → Flask"),
        # Verdicts.
        ("listing", {"verdict": "recommended"}, {"verdict": "alternative"},
         "Flask: recommended → alternative"),
        ("listing", {"verdict": "recommended", "note": "A"},
         {"verdict": "avoid", "because": LONG, "note": "B"},
         "Flask: recommended → avoid; note: “A” → “B”; because: added"),
        ("listing", {}, {"best_for": "APIs"}, "Flask, best for: empty → “APIs”"),
    ],
)  # fmt: skip
def test_what_a_part_says_differently(model, before, after, sentence):
    assert sentences_of(changed(model, before, after))[0] == sentence


@pytest.mark.parametrize(
    ("base", "before", "after", "sentence"),
    [
        ({}, {}, {"rating": 2}, "Documentation of Quart: Good → Moderate"),
        ({}, {"word": "Good", "source": "https://a"}, {"rating": 2},
         "Documentation of Quart: Good → Moderate; source removed"),
        ({}, {"rating": 2, "word": "Growing"}, {}, "Documentation of Quart: Growing → Good"),
        ({"word": "Growing"}, {"rating": 2}, {"rating": 3},
         "Documentation of Quart: Growing (Moderate) → Growing (Good)"),
        ({}, {}, {"word": "Good"}, "Documentation of Quart, word: empty → “Good”"),
        ({}, {"value": "12k"}, {"value": "15k"}, "Documentation of Quart, value: “12k” → “15k”"),
        ({}, {"value": "12k"}, {"value": "15k", "rating": 4},
         "Documentation of Quart: Good → Excellent; value: “12k” → “15k”"),
        ({}, {"value": "12k"}, UNKNOWN, "Documentation of Quart: Good, “12k” → unknown"),
        ({}, UNKNOWN, {}, "Documentation of Quart: unknown → Good"),
        ({}, UNKNOWN, DOES_NOT_APPLY, "Documentation of Quart: unknown → does not apply"),
        (
            {},
            {"word": "unknown"},
            UNKNOWN,
            "Documentation of Quart, state: known → unknown; rating: Good → empty; "
            "word: “unknown” → empty",
        ),
        (WEBSOCKETS, {}, {"rating": 0}, "WebSockets of Quart: yes → no"),
        (WEBSOCKETS, {}, {"word": "Native"}, "WebSockets of Quart: yes → Native"),
        (LICENCE, {}, {"value": "BSD"}, "Licence of Quart: “MIT” → “BSD”"),
        (LICENCE, {}, {"word": "Free"}, "Licence of Quart: “MIT” → Free"),
        (LICENCE, {}, {"word": "Free", "value": ""}, "Licence of Quart: “MIT” → Free"),
        (LICENCE, {"value": f"{LONG}A"}, {"value": f"{LONG}B"}, "Licence of Quart, value: changed"),
        ({}, {}, {"source": "https://a"}, "Documentation of Quart: source added"),
        ({"source": "https://a"}, {}, {"source": "https://b"},
         "Documentation of Quart: source changed"),
        ({}, {"note": "A"}, {}, "Documentation of Quart: note removed"),
        (
            {},
            {},
            {"verified_on": "2026-11-22", "verified_by": "Ada", "applies_to": "5.2"},
            "Documentation of Quart, verified on: empty → 2026-11-22; "
            "verified by: empty → “Ada”; applies to: empty → “5.2”",
        ),
    ],
)  # fmt: skip
def test_a_cell_says_its_judgement_before_its_evidence(base, before, after, sentence):
    base = {"rating": 3} | base

    assert sentences_of(changed("cell", base | before, base | after)) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (made("alias"), "New alias: QRT"),
        (gone("alias"), "Alias removed: QRT"),
        (made("package"), "New package: quart"),
        (gone("package"), "Package removed: quart"),
        (made("packagefacts"), "quart on the index: 2.1"),
        (made("packagefacts", released_on="2026-11"), "quart on the index: 2.1, released 2026-11"),
        (gone("packagefacts"), "Package facts removed: quart"),
        (made("point"), "New pro: Fast"),
        (made("point", kind="use-when"), "New case to use it: Fast"),
        (gone("point", kind="con", text="Slow"), "Con removed: Slow"),
        (gone("point", kind="avoid-when"), "Case to avoid it removed: Fast"),
        (made("listing"), "New listing: Flask"),
        (made("listing", verdict="alternative"), "New listing: Flask as alternative"),
        (gone("listing", verdict="alternative"), "Listing removed: Flask"),
        (made("companion"), "New companion: Celery"),
        (made("migration"), "New migration: Celery"),
        (made("compatibility"), "New compatibility: Celery"),
        (made("piece"), "New piece: app"),
        (made("supportwindow"), "Support of 1.0: end of life 2027-04"),
        (made("criteriongroup"), "New group of criteria: People"),
        (gone("contender"), "Contender removed: Quart"),
        (made("criterion", name="Licence"), "New criterion: Licence"),
        (made("cell"), "Documentation of Quart: Good"),
        (made("cell", value="12k", word="Fine"), "Documentation of Quart: Fine, “12k”"),
        (made("cell", **DOES_NOT_APPLY), "Documentation of Quart: does not apply"),
        (made("cell", **LICENCE), "Licence of Quart: “MIT”"),
        (gone("cell"), "Cell removed: Documentation of Quart"),
        (gone("role"), "Role removed: Task Queue"),
        (made("choice"), "New choice: Celery as Task Queue"),
        (gone("choice"), "Choice removed: Celery as Task Queue"),
    ],
)
def test_a_part_that_is_new_or_removed(change, sentence):
    assert sentences_of(change) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (made("listing", verdict="avoid"), "New listing: in Async as avoid"),
        (gone("listing"), "Listing removed: in Async"),
        (changed("listing", {}, {"verdict": "avoid"}), "Listing in Async: listed → avoid"),
        (changed("listing", {"note": "A"}, {}), "Listing in Async, note: “A” → empty"),
    ],
)
def test_a_listing_among_the_changes_of_its_technology(change, sentence):
    thing = ThingKey("technology", "flask")
    change = RowChange(change.row, change.before, change.after, (thing,))

    [one] = describe([change], labels_of(change))

    assert (one.thing, one.sentences) == (thing, [sentence])


def test_a_part_is_called_as_the_change_says_whatever_it_is_called_later():
    earlier, later = made("point"), changed("point", {}, {"text": "Very fast"})

    [one] = describe([earlier], labels_of(earlier, later))

    assert one.sentences == ["New pro: Fast"]
