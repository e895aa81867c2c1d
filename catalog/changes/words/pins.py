"""What is said of the pins of a version set: which way each version goes, and how many go so."""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Tellers, Words, title
from catalog.changes.words.values import choice_word, shortened
from catalog.history.rows import RowChange
from catalog.models.specifiers import direction


class Way(StrEnum):
    """Where a pin goes."""

    RAISED = "raised"
    LOWERED = "lowered"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"


def way_of(change: RowChange) -> Way:
    """Where a pin goes. One that says something else at the same version is changed."""
    if change.before is None:
        return Way.ADDED
    if change.after is None:
        return Way.DROPPED
    goes = direction(change.before["specifier"], change.after["specifier"])
    return {1: Way.RAISED, -1: Way.LOWERED, 0: Way.CHANGED}[goes]


def counted(ways: Mapping[Way, int]) -> str:
    """“3 pins raised, 1 dropped”; empty for no pins."""
    found: list[str] = []
    for way in Way:
        if count := ways.get(way, 0):
            # The first number says what is counted, those behind it do not.
            what = "" if found else " pin" if count == 1 else " pins"
            found.append(f"{count}{what} {way}")
    return ", ".join(found)


def sum_of(many: Iterator[Mapping[Way, int]]) -> Counter[Way]:
    """The counts of several version sets together."""
    return sum((Counter(ways) for ways in many), Counter())


def _made(change: RowChange, titles: Titles) -> str:
    return f"adds {titles.row(change.row)} {shortened(change.after['specifier'])}"


def _gone(change: RowChange, titles: Titles) -> str:
    return f"drops {titles.row(change.row)}"


def movement(before: str, after: str) -> str:
    """“rises from ^5.0 to ^5.2”; empty where it neither rises nor falls."""
    goes = direction(before, after)
    if not goes:
        return ""
    if goes > 0:
        return f"rises from {shortened(before)} to {shortened(after)}"
    return f"falls from {shortened(before)} to {shortened(after)}"


def _tell_specifier(difference: Difference) -> Iterator[Clause]:
    before, after = difference.was("specifier"), difference.now("specifier")
    if moves := movement(before, after):
        yield difference.phrase(moves)
    elif shortened(before) != shortened(after):
        yield difference.remark(f"{shortened(before)} becomes {shortened(after)}")


def _tell_group(difference: Difference) -> Iterator[Clause]:
    words = {
        "before": choice_word(difference.row, "group", difference.was("group")),
        "after": choice_word(difference.row, "group", difference.now("group")),
    }
    yield difference.phrase("moves from {before} to {after}".format(**words))


_TELLERS: Tellers = ((("specifier",), _tell_specifier), (("group",), _tell_group))

PIN = Words(_made, _gone, title, _TELLERS)
