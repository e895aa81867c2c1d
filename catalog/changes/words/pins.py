"""What is said of the pins of a version set: which way each version goes, and how many go so."""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from catalog.changes.rows import RowChange
from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Tellers, Words, title
from catalog.changes.words.values import choice_word, shortened
from catalog.models.specifiers import direction


class Way(StrEnum):
    """Where a pin goes."""

    RAISED = "raised"
    LOWERED = "lowered"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"


# The first number of a count says what is counted, those behind it do not.
FIRST = {
    Way.RAISED: ngettext_lazy("%(count)d pin raised", "%(count)d pins raised", "count"),
    Way.LOWERED: ngettext_lazy("%(count)d pin lowered", "%(count)d pins lowered", "count"),
    Way.ADDED: ngettext_lazy("%(count)d pin added", "%(count)d pins added", "count"),
    Way.DROPPED: ngettext_lazy("%(count)d pin dropped", "%(count)d pins dropped", "count"),
    Way.CHANGED: ngettext_lazy("%(count)d pin changed", "%(count)d pins changed", "count"),
}
BEHIND = {
    Way.RAISED: ngettext_lazy("%(count)d raised", "%(count)d raised", "count"),
    Way.LOWERED: ngettext_lazy("%(count)d lowered", "%(count)d lowered", "count"),
    Way.ADDED: ngettext_lazy("%(count)d added", "%(count)d added", "count"),
    Way.DROPPED: ngettext_lazy("%(count)d dropped", "%(count)d dropped", "count"),
    Way.CHANGED: ngettext_lazy("%(count)d changed", "%(count)d changed", "count"),
}


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
    found = []
    for way in Way:
        if count := ways.get(way, 0):
            found.append((BEHIND if found else FIRST)[way] % {"count": count})
    return ", ".join(found)


def sum_of(many: Iterator[Mapping[Way, int]]) -> Counter[Way]:
    """The counts of several version sets together."""
    return sum((Counter(ways) for ways in many), Counter())


def _made(change: RowChange, titles: Titles) -> str:
    words = {"package": titles.row(change.row), "version": shortened(change.after["specifier"])}
    return _("adds %(package)s %(version)s") % words


def _gone(change: RowChange, titles: Titles) -> str:
    return _("drops %(package)s") % {"package": titles.row(change.row)}


def movement(before: str, after: str) -> str:
    """“rises from ^5.0 to ^5.2”; empty where it neither rises nor falls."""
    words = {"before": shortened(before), "after": shortened(after)}
    goes = direction(before, after)
    if not goes:
        return ""
    if goes > 0:
        return _("rises from %(before)s to %(after)s") % words
    return _("falls from %(before)s to %(after)s") % words


def _tell_specifier(difference: Difference) -> Iterator[Clause]:
    before, after = difference.was("specifier"), difference.now("specifier")
    if moves := movement(before, after):
        yield difference.phrase(moves)
    elif shortened(before) != shortened(after):
        words = {"before": shortened(before), "after": shortened(after)}
        yield difference.remark(_("%(before)s becomes %(after)s") % words)


def _tell_group(difference: Difference) -> Iterator[Clause]:
    words = {
        "before": choice_word(difference.row, "group", difference.was("group")),
        "after": choice_word(difference.row, "group", difference.now("group")),
    }
    yield difference.phrase(_("moves from %(before)s to %(after)s") % words)


_TELLERS: Tellers = ((("specifier",), _tell_specifier), (("group",), _tell_group))

PIN = Words(_made, _gone, title, _TELLERS)
