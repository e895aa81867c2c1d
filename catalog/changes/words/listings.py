"""What is said of a listing, on the side of its category or of its technology."""

from collections.abc import Iterator

from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Words
from catalog.changes.words.values import choice_word
from catalog.history.rows import RowChange
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
        text = "is listed in %(category)s"
        if is_judged:
            text = "is listed in %(category)s as %(verdict)s"
    else:
        text = "lists %(technology)s"
        if is_judged:
            text = "lists %(technology)s as %(verdict)s"
    return text % _words(change, titles)


def _gone(change: RowChange, titles: Titles) -> str:
    if _is_on_technology(change):
        return "is no longer listed in {category}".format(**_words(change, titles))
    return "no longer lists {technology}".format(**_words(change, titles))


def _subject(change: RowChange, titles: Titles) -> str:
    if _is_on_technology(change):
        return "its listing in {category}".format(**_words(change, titles))
    return titles.row(change.row)


def _tell_verdict(difference: Difference) -> Iterator[Clause]:
    words = {
        "before": choice_word(difference.row, "verdict", difference.was("verdict")),
        "after": choice_word(difference.row, "verdict", difference.now("verdict")),
    }
    yield difference.remark("{before} becomes {after}".format(**words))


LISTING = Words(_made, _gone, _subject, ((("verdict",), _tell_verdict),))
