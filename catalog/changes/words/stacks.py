"""What is said of the roles of a stack and of what fills them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.changes.rows import RowChange, RowKey
from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Words, by_field, renaming
from catalog.changes.words.values import choice_word, shortened


def _tell_mode(difference: Difference) -> Iterator[Clause]:
    words = {
        "before": choice_word(difference.row, "mode", difference.was("mode")),
        "after": choice_word(difference.row, "mode", difference.now("mode")),
    }
    yield difference.remark(_("%(before)s becomes %(after)s") % words)


def _words(change: RowChange, titles: Titles) -> dict[str, str]:
    return {
        "technology": titles.row(change.row),
        "role": titles.row(RowKey("role", change.row.key[:2])),
    }


def _made(change: RowChange, titles: Titles) -> str:
    return _("takes %(technology)s as %(role)s") % _words(change, titles)


def _gone(change: RowChange, titles: Titles) -> str:
    return _("no longer takes %(technology)s as %(role)s") % _words(change, titles)


def _choice(change: RowChange, titles: Titles) -> str:
    return _("%(technology)s as %(role)s") % _words(change, titles)


def _tell_company(difference: Difference) -> Iterator[Clause]:
    before = difference.target("with_technology", difference.change.before)
    after = difference.target("with_technology", difference.change.after)
    words = {"before": shortened(before), "after": shortened(after)}
    if not after:
        text = _("no longer goes with %(before)s")
    elif not before:
        text = _("goes with %(after)s")
    else:
        text = _("goes with %(after)s instead of %(before)s")
    yield difference.phrase(text % words)


ROLE = Words(
    by_field(gettext_lazy("new role: %(row)s"), "name"),
    by_field(gettext_lazy("role “%(row)s” is gone"), "name"),
    by_field("%(row)s", "name"),
    (
        *renaming(gettext_lazy("role %(before)s becomes %(after)s")),
        (("mode",), _tell_mode),
    ),
)

CHOICE = Words(_made, _gone, _choice, ((("with_technology",), _tell_company),))
