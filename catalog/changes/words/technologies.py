"""What is said of a technology: its state, its other names, packages, points and companions."""

from collections.abc import Iterator

from catalog.changes.titles import Titles
from catalog.changes.words.rows import (
    Clause,
    Difference,
    Tellers,
    Words,
    by_field,
    by_title,
    moving,
    renaming,
    title,
)
from catalog.changes.words.values import choice_word, quoted, quoted_apart, shortened
from catalog.history.rows import RowChange
from catalog.models import Point

# The technology itself ---------------------------------------------------------------------------


def _tell_lifecycle(difference: Difference) -> Iterator[Clause]:
    """“active becomes deprecated, replaced by pwdlib”."""
    before = difference.target("replaced_by", difference.change.before)
    after = difference.target("replaced_by", difference.change.after)
    words = {
        "before": choice_word(difference.row, "lifecycle", difference.was("lifecycle")),
        "after": choice_word(difference.row, "lifecycle", difference.now("lifecycle")),
        "replacement": shortened(after),
    }
    if difference.differs("lifecycle"):
        text = "%(before)s becomes %(after)s"
        if after and not before:
            text = "%(before)s becomes %(after)s, replaced by %(replacement)s"
        yield difference.phrase(text % words)
        if after and not before:
            return
    if difference.differs("replaced_by"):
        yield difference.phrase(_replacement(before, after))


def _replacement(before: str, after: str) -> str:
    if not after:
        return f"is no longer replaced by {shortened(before)}"
    if not before:
        return f"is replaced by {shortened(after)}"
    return f"is replaced by {shortened(after)} instead of {shortened(before)}"


def _tell_day(difference: Difference) -> Iterator[Clause]:
    text = "lifecycle is no longer verified"
    if day := difference.now("lifecycle_verified_on"):
        text = f"lifecycle verified on {day}"
    yield difference.phrase(text)


TECHNOLOGY: Tellers = (
    (("lifecycle", "replaced_by"), _tell_lifecycle),
    (("lifecycle_verified_on",), _tell_day),
)

# Points ------------------------------------------------------------------------------------------


_NEW_POINTS = {
    Point.Kind.PRO: "new pro: %(text)s",
    Point.Kind.CON: "new con: %(text)s",
    Point.Kind.USE_WHEN: "new case to use it: %(text)s",
    Point.Kind.AVOID_WHEN: "new case to avoid it: %(text)s",
}
_DROPPED_POINTS = {
    Point.Kind.PRO: "drops the pro %(text)s",
    Point.Kind.CON: "drops the con %(text)s",
    Point.Kind.USE_WHEN: "drops the case to use it %(text)s",
    Point.Kind.AVOID_WHEN: "drops the case to avoid it %(text)s",
}


def _point_made(change: RowChange, _titles: Titles) -> str:
    text = _NEW_POINTS[change.after["kind"]]
    return str(text) % {"text": shortened(change.after["text"])}


def _point_gone(change: RowChange, _titles: Titles) -> str:
    text = _DROPPED_POINTS[change.before["kind"]]
    return str(text) % {"text": quoted(change.before["text"])}


def _point(change: RowChange, _titles: Titles) -> str:
    return quoted(change.before["text"])


def _tell_text(difference: Difference) -> Iterator[Clause]:
    before, after = quoted_apart([difference.was("text"), difference.now("text")])
    if before != after:
        text = (
            f"{choice_word(difference.row, 'kind', difference.was('kind'))} {before} "
            f"becomes {after}"
        )
        yield Clause(text, text)


def _tell_kind(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(
        f"changes from {choice_word(difference.row, 'kind', difference.was('kind'))} to "
        f"{choice_word(difference.row, 'kind', difference.now('kind'))}"
    )


POINT = Words(_point_made, _point_gone, _point, ((("text",), _tell_text), (("kind",), _tell_kind)))

# Aliases, packages and companions ----------------------------------------------------------------

ALIAS = Words(
    by_field("new alias: %(row)s", "name"),
    by_field("drops the alias “%(row)s”", "name"),
    by_field("%(row)s", "name"),
    renaming("alias %(before)s becomes %(after)s"),
)

COMPANION = Words(
    by_title("new companion: %(row)s"),
    by_title("drops the companion %(row)s"),
    title,
)

PACKAGE = Words(
    by_title("new package: %(row)s"),
    by_title("drops the package %(row)s"),
    title,
    ((("technology",), lambda difference: moving(difference, "technology")),),
)

# What a package index says -----------------------------------------------------------------------


def _on_the_index(change: RowChange, titles: Titles) -> str:
    return f"{titles.row(change.row)} on the index"


def _facts_made(change: RowChange, titles: Titles) -> str:
    """“litestar on the index: 2.4, released 2026-11”."""
    if not change.after["released_on"]:
        return f"{_on_the_index(change, titles)}: {shortened(change.after['latest_version'])}"
    return (
        f"{_on_the_index(change, titles)}: {shortened(change.after['latest_version'])}, "
        f"released {change.after['released_on']}"
    )


def _facts_gone(change: RowChange, titles: Titles) -> str:
    return f"{_on_the_index(change, titles)}: no longer known"


def _tell_facts(difference: Difference) -> Iterator[Clause]:
    """All of it in one remark. That it was read again is said only where nothing else is."""
    texts = [
        tell(difference)
        for name, tell in _FACTS.items()
        if name != "read_on" and difference.differs(name)
    ]
    yield difference.remark(", ".join(texts or [_read(difference)]))


def _version(difference: Difference) -> str:
    before, after = shortened(difference.was("latest_version")), difference.now("latest_version")
    return f"{before} becomes {shortened(after)}"


def _release(difference: Difference) -> str:
    if day := difference.now("released_on"):
        return f"released {day}"
    return "day of release unknown"


def _python(difference: Difference) -> str:
    if python := difference.now("requires_python"):
        return f"requires Python {shortened(python)}"
    return "no longer says which Python it requires"


def _yanked(difference: Difference) -> str:
    return "yanked" if difference.now("is_yanked") else "no longer yanked"


def _status(difference: Difference) -> str:
    words = {
        "before": choice_word(difference.row, "project_status", difference.was("project_status")),
        "after": choice_word(difference.row, "project_status", difference.now("project_status")),
    }
    return "project status {before} becomes {after}".format(**words)


def _read(difference: Difference) -> str:
    return "read on {day}".format(day=difference.now("read_on"))


_FACTS = {
    "latest_version": _version,
    "released_on": _release,
    "requires_python": _python,
    "is_yanked": _yanked,
    "project_status": _status,
    "read_on": _read,
}

PACKAGE_FACTS = Words(_facts_made, _facts_gone, _on_the_index, ((tuple(_FACTS), _tell_facts),))
