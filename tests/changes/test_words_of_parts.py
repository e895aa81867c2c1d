"""Parts of things in words: what comes, goes, and says something else."""

import pytest

from catalog.changes.words import say
from catalog.history.rows import Fields, RowChange
from catalog.models import ThingKey
from tests.changes.worded import changed, gone, made, sentences_of, titles_of, told

LONG = "Long words. " * 6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (made("alias"), "new alias: QRT"),
        (gone("alias"), "drops the alias “QRT”"),
        (made("package"), "new package: quart"),
        (gone("package"), "drops the package quart"),
        (
            made("packagefacts", released_on="2026-11"),
            "quart on the index: 2.1, released 2026-11",
        ),
        (made("packagefacts"), "quart on the index: 2.1"),
        (gone("packagefacts"), "quart on the index: no longer known"),
        (made("point"), "new pro: Fast"),
        (made("point", kind="con"), "new con: Fast"),
        (made("point", kind="use-when"), "new case to use it: Fast"),
        (made("point", kind="avoid-when"), "new case to avoid it: Fast"),
        (gone("point"), "drops the pro “Fast”"),
        (gone("point", kind="con", text="Slow"), "drops the con “Slow”"),
        (gone("point", kind="use-when"), "drops the case to use it “Fast”"),
        (gone("point", kind="avoid-when"), "drops the case to avoid it “Fast”"),
        (made("listing", verdict="alternative"), "lists Flask as alternative"),
        (made("listing"), "lists Flask"),
        (gone("listing"), "no longer lists Flask"),
        (made("companion"), "new companion: Celery"),
        (gone("companion"), "drops the companion Celery"),
        (made("criteriongroup"), "new group: People"),
        (gone("criteriongroup"), "group “People” is gone"),
        (made("contender", technology=["litestar"]), "new contender: Litestar"),
        (gone("contender"), "Quart is no longer compared"),
        (made("criterion", name="Licence"), "new row: Licence"),
        (gone("criterion"), "row “Documentation” is gone"),
        (made("role"), "new role: Task Queue"),
        (gone("role"), "role “Task Queue” is gone"),
        (made("choice"), "takes Celery as Task Queue"),
        (gone("choice"), "no longer takes Celery as Task Queue"),
    ],
)
def test_a_part_that_comes_or_goes(change: RowChange, sentence: str) -> None:
    assert sentences_of(change) == (sentence,)


@pytest.mark.parametrize(
    ("model", "before", "after", "sentence"),
    [
        ("alias", {}, {"name": "Q"}, "alias “QRT” becomes “Q”"),
        (
            "packagefacts",
            {},
            {"latest_version": "2.4", "released_on": "2026-11", "read_on": "2026-11-22"},
            "quart on the index: 2.1 becomes 2.4, released 2026-11",
        ),
        ("packagefacts", {}, {"read_on": "2026-11-22"}, "quart on the index: read on 2026-11-22"),
        (
            "packagefacts",
            {},
            {"requires_python": ">=3.10", "is_yanked": True},
            "quart on the index: requires Python >=3.10, yanked",
        ),
        (
            "packagefacts",
            {"requires_python": ">=3.10", "is_yanked": True, "released_on": "2026"},
            {},
            "quart on the index: day of release unknown, no longer says which Python it requires, "
            "no longer yanked",
        ),
        (
            "packagefacts",
            {"project_status": "active"},
            {"project_status": "archived"},
            "quart on the index: project status active becomes archived",
        ),
        ("point", {}, {"text": "Very fast"}, "pro “Fast” becomes “Very fast”"),
        ("point", {}, {"kind": "con"}, "“Fast” changes from pro to con"),
        (
            "point",
            {"text": f"{LONG}Fast"},
            {"text": f"{LONG}Slow"},
            "pro “… words. Long words. Fast” becomes “… words. Long words. Slow”",
        ),
        (
            "listing",
            {"verdict": "recommended"},
            {"verdict": "alternative"},
            "Flask: recommended becomes alternative",
        ),
        (
            "listing",
            {"verdict": "recommended", "note": "A"},
            {"verdict": "avoid", "because": LONG, "note": "B"},
            "Flask: recommended becomes avoid; note: “A” becomes “B”; “because” is written",
        ),
        ("listing", {}, {"best_for": "APIs"}, "“best for” of Flask: “APIs” is added"),
        ("listing", {}, {"because": LONG}, "“because” of Flask is written"),
        ("companion", {"label": "A"}, {"label": "B"}, "label of Celery: “A” becomes “B”"),
        ("criteriongroup", {}, {"name": "Us"}, "group “People” becomes “Us”"),
        (
            "contender",
            {"versions": "0.19"},
            {"versions": "0.20"},
            "versions of Quart: “0.19” becomes “0.20”",
        ),
        ("criterion", {}, {"name": "Docs"}, "row “Documentation” becomes “Docs”"),
        ("criterion", {}, {"weight": 3}, "weight of Documentation rises from 1 to 3"),
        ("criterion", {"weight": 3}, {}, "weight of Documentation falls from 3 to 1"),
        (
            "criterion",
            {},
            {"name": "Docs", "weight": 3},
            "row “Documentation” becomes “Docs”; weight rises from 1 to 3",
        ),
        (
            "criterion",
            {},
            {"group": ["async-frameworks", "people"]},
            "Documentation joins the group “People”",
        ),
        (
            "criterion",
            {"group": ["async-frameworks", "people"]},
            {},
            "Documentation leaves the group “People”",
        ),
        (
            "criterion",
            {"group": ["async-frameworks", "people"]},
            {"group": ["async-frameworks", "speed"]},
            "Documentation moves from the group “People” to “Speed”",
        ),
        (
            "criterion",
            {},
            {"kind": "yes-no"},
            "kind of Documentation: “rating” becomes “yes or no”",
        ),
        ("role", {}, {"name": "Queue"}, "role “Task Queue” becomes “Queue”"),
        ("role", {}, {"mode": "one-of"}, "Task Queue: all of becomes one of"),
        ("choice", {}, {"version": "5"}, "version of Celery as Task Queue: “5” is added"),
        ("choice", {}, {"with_technology": ["quart"]}, "Celery as Task Queue goes with Quart"),
        (
            "choice",
            {"with_technology": ["quart"]},
            {},
            "Celery as Task Queue no longer goes with Quart",
        ),
        (
            "choice",
            {"with_technology": ["quart"]},
            {"with_technology": ["flask"]},
            "Celery as Task Queue goes with Flask instead of Quart",
        ),
    ],
)
def test_what_a_part_says_differently(
    model: str, before: Fields, after: Fields, sentence: str
) -> None:
    assert sentences_of(changed(model, before, after)) == (sentence,)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (made("listing", verdict="avoid"), "is listed in Async as avoid"),
        (made("listing"), "is listed in Async"),
        (gone("listing"), "is no longer listed in Async"),
        (
            changed("listing", {}, {"verdict": "avoid"}),
            "its listing in Async: listed becomes avoid",
        ),
        (
            changed("listing", {"note": "A"}, {"note": "B"}),
            "note of its listing in Async: “A” becomes “B”",
        ),
    ],
)
def test_a_listing_is_told_from_the_side_of_its_technology(
    change: RowChange, sentence: str
) -> None:
    thing = ThingKey("technology", "flask")
    change = RowChange(change.row, change.before, change.after, (thing,))

    [said] = say([change], titles_of(change))

    assert (said.thing, said.sentences) == (thing, (sentence,))


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("package", "order of packages changes"),
        ("point", "order of points changes"),
        ("listing", "order of technologies changes"),
        ("companion", "order of companions changes"),
        ("criteriongroup", "order of groups changes"),
        ("contender", "order of contenders changes"),
        ("criterion", "order of rows changes"),
        ("role", "order of roles changes"),
        ("choice", "order of choices changes"),
        ("pin", "order of pins changes"),
    ],
)
def test_another_order_is_said_once(model: str, sentence: str) -> None:
    moves = [changed(model, {"position": place}, {"position": place + 1}) for place in range(3)]

    assert sentences_of(*moves) == (sentence,)


def test_a_place_is_said_besides_what_else_a_part_says() -> None:
    change = changed("criterion", {}, {"weight": 2, "position": 4})

    assert sentences_of(change) == (
        "weight of Documentation rises from 1 to 2",
        "order of rows changes",
    )


def test_the_place_of_a_part_that_comes_or_goes_is_no_other_order() -> None:
    assert sentences_of(made("role", position=4), gone("role", slug="db", name="DB")) == (
        "role “DB” is gone",
        "new role: Task Queue",
    )


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            [gone("cell"), gone("contender")],
            ("Quart is no longer compared",),
        ),
        ([gone("cell"), gone("criterion")], ("row “Documentation” is gone",)),
        ([gone("choice"), gone("role")], ("role “Task Queue” is gone",)),
        ([gone("packagefacts"), gone("package")], ("drops the package quart",)),
        (
            [
                made("contender", technology=["litestar"]),
                made("cell", contender=["async-frameworks", "litestar"]),
            ],
            ("new contender: Litestar", "1 new cell"),
        ),
        (
            [
                made("criterion"),
                made("cell"),
                made("cell", contender=["async-frameworks", "flask"]),
            ],
            ("new row: Documentation", "2 new cells"),
        ),
        ([made("role"), made("choice")], ("new role: Task Queue", "takes Celery as Task Queue")),
    ],
)
def test_parts_come_and_go_with_what_they_are_part_of(
    changes: list[RowChange], sentences: tuple[str, ...]
) -> None:
    for order in (changes, changes[::-1]):
        assert sentences_of(*order) == sentences


def test_facts_of_a_package_that_is_nowhere_are_nobodys() -> None:
    change = made("packagefacts")

    assert told(RowChange(change.row, change.before, change.after, ())) == []
