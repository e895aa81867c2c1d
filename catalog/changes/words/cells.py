"""What is said of a cell that is filled, judged anew, or emptied."""

from collections.abc import Iterator

from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Tellers, Words, title
from catalog.changes.words.values import quoted, quoted_apart, rating_word, shortened
from catalog.history.rows import Fields, RowChange
from catalog.models import Cell, Criterion


def _made(change: RowChange, titles: Titles) -> str:
    """“Documentation of Quart is Good”."""
    words = {"row": titles.row(change.row)}
    if change.after["state"] == Cell.State.NOT_APPLICABLE:
        return "{row} does not apply".format(**words)
    if change.after["state"] == Cell.State.UNKNOWN:
        return "{row} is unknown".format(**words)
    words["judgement"] = _judgement_and_value(change.after, titles.kind_of_row(change.row))
    return "{row} is {judgement}".format(**words)


def _gone(change: RowChange, titles: Titles) -> str:
    return f"{titles.row(change.row)} is no longer judged"


def _tell_judgement(difference: Difference) -> Iterator[Clause]:
    if difference.differs("state"):
        yield difference.phrase(_new_state(difference))
    else:
        yield from _tell_known(difference)


def _new_state(difference: Difference) -> str:
    state, kind = difference.now("state"), difference.titles.kind_of_row(difference.row)
    if state == Cell.State.KNOWN:
        judgement = _judgement_and_value(difference.change.after, kind)
        return f"becomes known: {judgement}"
    if state == Cell.State.UNKNOWN:
        return "becomes unknown"
    was_known = difference.was("state") == Cell.State.KNOWN
    return "no longer applies" if was_known else "does not apply"


def _tell_known(difference: Difference) -> Iterator[Clause]:
    before, after = difference.change.before, difference.change.after
    kind = difference.titles.kind_of_row(difference.row)
    was, now = _judgement(before, kind), _judgement(after, kind)
    told = set()
    if _is_rated(before) and _is_rated(after) and difference.differs("rating"):
        yield difference.phrase(_move(difference, kind))
        told |= {"rating", "word"}
    elif was != now:
        told |= {"rating", "word"}
        if was == before["value"] or now == after["value"]:
            told.add("value")
        was, now = quoted_apart([was, now])
        text = f"changes from {was} to {now}"
        yield difference.phrase(text)
    for name in ("rating", "word", "value"):
        if difference.differs(name) and name not in told:
            yield difference.field(name)


def _move(difference: Difference, kind: str) -> str:
    """From one rating to another, in words; with the figures where the words are the same."""
    before, after = difference.change.before, difference.change.after
    words = {
        "before": shortened(_judgement(before, kind)),
        "after": shortened(_judgement(after, kind)),
    }
    is_yes_no = kind == Criterion.Kind.YES_NO
    if words["before"] == words["after"]:
        for name, fields in (("before", before), ("after", after)):
            figure = rating_word(fields["rating"], kind) if is_yes_no else fields["rating"]
            words[name] = f"{words[name]} ({figure})"
    if is_yes_no:
        return "changes from {before} to {after}".format(**words)
    if after["rating"] > before["rating"]:
        return "rises from {before} to {after}".format(**words)
    return "falls from {before} to {after}".format(**words)


def _tell_source(difference: Difference) -> Iterator[Clause]:
    if not difference.was("source"):
        yield difference.phrase("gains a source")
    elif not difference.now("source"):
        yield difference.phrase("loses its source")
    else:
        yield difference.phrase("has another source")


def _tell_note(difference: Difference) -> Iterator[Clause]:
    if not difference.was("note"):
        yield difference.phrase("gains a note")
    elif not difference.now("note"):
        yield difference.phrase("loses its note")
    else:
        yield difference.phrase("has another note")


def _tell_verification(difference: Difference) -> Iterator[Clause]:
    day, name = difference.now("verified_on"), difference.now("verified_by")
    words = {"day": day, "name": shortened(name)}
    if not day and difference.differs("verified_on"):
        text = "is no longer verified"
    elif not difference.differs("verified_by"):
        text = "verified on %(day)s"
    elif not name:
        text = "no longer says who verified it"
        if difference.differs("verified_on"):
            text = "verified on %(day)s by nobody named"
    elif difference.differs("verified_on"):
        text = "verified on %(day)s by %(name)s"
    else:
        text = "verified by %(name)s"
    yield difference.phrase(text % words)


def _tell_versions(difference: Difference) -> Iterator[Clause]:
    if versions := difference.now("applies_to"):
        text = f"applies to {shortened(versions)}"
    else:
        text = "no longer says to which versions it applies"
    yield difference.phrase(text)


_TELLERS: Tellers = (
    (("state", "rating", "word", "value"), _tell_judgement),
    (("source",), _tell_source),
    (("verified_on", "verified_by"), _tell_verification),
    (("note",), _tell_note),
    (("applies_to",), _tell_versions),
)

CELL = Words(_made, _gone, title, _TELLERS)


def _is_rated(fields: Fields) -> bool:
    return fields["rating"] is not None


def _judgement(fields: Fields, kind: str) -> str:
    """What a known cell says in a word: the author's own, else the rating's, else its value."""
    if fields["word"]:
        return fields["word"]
    return rating_word(fields["rating"], kind) if _is_rated(fields) else fields["value"]


def _judgement_and_value(fields: Fields, kind: str) -> str:
    judgement, value = _judgement(fields, kind), fields["value"]
    if judgement == value:
        return quoted(value)
    if not value:
        return shortened(judgement)
    return f"{shortened(judgement)}, {quoted(value)}"
