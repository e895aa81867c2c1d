"""What is said of a listing, on the side of its category or of its technology."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.changes.rows import RowChange
from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Words
from catalog.changes.words.values import choice_word
from catalog.models import Listing, ThingKey


def _is_on_technology(change: RowChange) -> bool:
    return change.things[0].kind == "technology"


def _words(change: RowChange, titles: Titles) -> dict[str, str]:
    verdict = (change.after or change.before)["verdict"]
    return {
        "technology": titles.row(change.row),
        "category": titles.thing(ThingKey("category", change.row.key[0])),
        "verdict": choice_word(change.row, "verdict", verdict),
    }


def _made(change: RowChange, titles: Titles) -> str:
    """“lists Litestar as alternative”, without a verdict where there is none."""
    is_judged = change.after["verdict"] != Listing.Verdict.LISTED
    if _is_on_technology(change):
        text = _("is listed in %(category)s")
        if is_judged:
            text = _("is listed in %(category)s as %(verdict)s")
    else:
        text = _("lists %(technology)s")
        if is_judged:
            text = _("lists %(technology)s as %(verdict)s")
    return text % _words(change, titles)


def _gone(change: RowChange, titles: Titles) -> str:
    if _is_on_technology(change):
        return _("is no longer listed in %(category)s") % _words(change, titles)
    return _("no longer lists %(technology)s") % _words(change, titles)


def _subject(change: RowChange, titles: Titles) -> str:
    if _is_on_technology(change):
        return _("its listing in %(category)s") % _words(change, titles)
    return titles.row(change.row)


def _tell_verdict(difference: Difference) -> Iterator[Clause]:
    words = {
        "before": choice_word(difference.row, "verdict", difference.was("verdict")),
        "after": choice_word(difference.row, "verdict", difference.now("verdict")),
    }
    yield difference.remark(_("%(before)s becomes %(after)s") % words)


LISTING = Words(_made, _gone, _subject, ((("verdict",), _tell_verdict),))
