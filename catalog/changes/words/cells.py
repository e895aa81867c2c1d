"""What is said of a cell that is filled, judged anew, or emptied."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.changes.rows import Fields, RowChange
from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Tellers, Words, title
from catalog.changes.words.values import quoted, quoted_apart, rating_word, shortened
from catalog.models import Cell, Criterion


def _made(change: RowChange, titles: Titles) -> str:
    """“Documentation of Quart is Good”."""
    words = {"row": titles.row(change.row)}
    if change.after["state"] == Cell.State.NOT_APPLICABLE:
        return _("%(row)s does not apply") % words
    if change.after["state"] == Cell.State.UNKNOWN:
        return _("%(row)s is unknown") % words
    words["judgement"] = _judgement_and_value(change.after, titles.kind_of_row(change.row))
    return _("%(row)s is %(judgement)s") % words


def _gone(change: RowChange, titles: Titles) -> str:
    return _("%(row)s is no longer judged") % {"row": titles.row(change.row)}


def _tell_judgement(difference: Difference) -> Iterator[Clause]:
    if difference.differs("state"):
        yield difference.phrase(_new_state(difference))
    else:
        yield from _tell_known(difference)


def _new_state(difference: Difference) -> str:
    state, kind = difference.now("state"), difference.titles.kind_of_row(difference.row)
    if state == Cell.State.KNOWN:
        judgement = _judgement_and_value(difference.change.after, kind)
        return _("becomes known: %(judgement)s") % {"judgement": judgement}
    if state == Cell.State.UNKNOWN:
        return _("becomes unknown")
    was_known = difference.was("state") == Cell.State.KNOWN
    return _("no longer applies") if was_known else _("does not apply")


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
        text = _("changes from %(before)s to %(after)s") % {"before": was, "after": now}
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
        return _("changes from %(before)s to %(after)s") % words
    if after["rating"] > before["rating"]:
        return _("rises from %(before)s to %(after)s") % words
    return _("falls from %(before)s to %(after)s") % words


def _tell_source(difference: Difference) -> Iterator[Clause]:
    if not difference.was("source"):
        yield difference.phrase(_("gains a source"))
    elif not difference.now("source"):
        yield difference.phrase(_("loses its source"))
    else:
        yield difference.phrase(_("has another source"))


def _tell_note(difference: Difference) -> Iterator[Clause]:
    if not difference.was("note"):
        yield difference.phrase(_("gains a note"))
    elif not difference.now("note"):
        yield difference.phrase(_("loses its note"))
    else:
        yield difference.phrase(_("has another note"))


def _tell_verification(difference: Difference) -> Iterator[Clause]:
    day, name = difference.now("verified_on"), difference.now("verified_by")
    words = {"day": day, "name": shortened(name)}
    if not day and difference.differs("verified_on"):
        text = _("is no longer verified")
    elif not difference.differs("verified_by"):
        text = _("verified on %(day)s")
    elif not name:
        text = _("no longer says who verified it")
        if difference.differs("verified_on"):
            text = _("verified on %(day)s by nobody named")
    elif difference.differs("verified_on"):
        text = _("verified on %(day)s by %(name)s")
    else:
        text = _("verified by %(name)s")
    yield difference.phrase(text % words)


def _tell_versions(difference: Difference) -> Iterator[Clause]:
    if versions := difference.now("applies_to"):
        text = _("applies to %(versions)s") % {"versions": shortened(versions)}
    else:
        text = _("no longer says to which versions it applies")
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
    return _("%(judgement)s, %(value)s") % {
        "judgement": shortened(judgement),
        "value": quoted(value),
    }
