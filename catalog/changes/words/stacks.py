"""What is said of the roles of a stack and of what fills them."""

from collections.abc import Iterator

from catalog.changes.titles import Titles
from catalog.changes.words.rows import Clause, Difference, Words, by_field, renaming
from catalog.changes.words.values import choice_word, shortened
from catalog.history.rows import RowChange, RowKey


def _tell_mode(difference: Difference) -> Iterator[Clause]:
    yield difference.remark(
        f"{choice_word(difference.row, 'mode', difference.was('mode'))} becomes "
        f"{choice_word(difference.row, 'mode', difference.now('mode'))}"
    )


def _words(change: RowChange, titles: Titles) -> dict[str, str]:
    return {
        "technology": titles.row(change.row),
        "role": titles.row(RowKey("role", change.row.key[:2])),
    }


def _made(change: RowChange, titles: Titles) -> str:
    return "takes {technology} as {role}".format(**_words(change, titles))


def _gone(change: RowChange, titles: Titles) -> str:
    return "no longer takes {technology} as {role}".format(**_words(change, titles))


def _choice(change: RowChange, titles: Titles) -> str:
    return "{technology} as {role}".format(**_words(change, titles))


def _tell_company(difference: Difference) -> Iterator[Clause]:
    before = difference.target("with_technology", difference.change.before)
    after = difference.target("with_technology", difference.change.after)
    words = {"before": shortened(before), "after": shortened(after)}
    if not after:
        text = "no longer goes with %(before)s"
    elif not before:
        text = "goes with %(after)s"
    else:
        text = "goes with %(after)s instead of %(before)s"
    yield difference.phrase(text % words)


ROLE = Words(
    by_field("new role: %(row)s", "name"),
    by_field("role “%(row)s” is gone", "name"),
    by_field("%(row)s", "name"),
    (
        *renaming("role %(before)s becomes %(after)s"),
        (("mode",), _tell_mode),
    ),
)

CHOICE = Words(_made, _gone, _choice, ((("with_technology",), _tell_company),))
