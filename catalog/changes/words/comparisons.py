"""What is said of a comparison: its place and its contenders, rows and groups of rows."""

from collections.abc import Iterator

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
from catalog.changes.words.values import quoted


def _tell_review(difference: Difference) -> Iterator[Clause]:
    before, after = difference.was("review_months"), difference.now("review_months")
    text = (
        "review period changes from %(before)d to %(after)d month"
        if after == 1
        else "review period changes from %(before)d to %(after)d months"
    )
    yield difference.phrase(text % {"before": before, "after": after})


COMPARISON: Tellers = (
    (("category",), lambda difference: moving(difference, "category")),
    (("review_months",), _tell_review),
)


def _tell_weight(difference: Difference) -> Iterator[Clause]:
    words = {
        "row": difference.subject,
        "before": difference.was("weight"),
        "after": difference.now("weight"),
    }
    if words["after"] > words["before"]:
        first = "weight of %(row)s rises from %(before)d to %(after)d"
        behind = "weight rises from %(before)d to %(after)d"
    else:
        first = "weight of %(row)s falls from %(before)d to %(after)d"
        behind = "weight falls from %(before)d to %(after)d"
    yield Clause(first % words, behind % words)


def _tell_group(difference: Difference) -> Iterator[Clause]:
    before = difference.target("group", difference.change.before)
    after = difference.target("group", difference.change.after)
    words = {"before": quoted(before), "after": quoted(after)}
    if not before:
        text = "joins the group %(after)s"
    elif not after:
        text = "leaves the group %(before)s"
    elif before == after:
        text = "moves to another group %(after)s"
    else:
        text = "moves from the group %(before)s to %(after)s"
    yield difference.phrase(text % words)


CONTENDER = Words(
    by_title("new contender: %(row)s"),
    by_title("%(row)s is no longer compared"),
    title,
)

CRITERION = Words(
    by_field("new row: %(row)s", "name"),
    by_field("row “%(row)s” is gone", "name"),
    by_field("%(row)s", "name"),
    (
        *renaming("row %(before)s becomes %(after)s"),
        (("weight",), _tell_weight),
        (("group",), _tell_group),
    ),
)

CRITERION_GROUP = Words(
    by_field("new group: %(row)s", "name"),
    by_field("group “%(row)s” is gone", "name"),
    by_field("%(row)s", "name"),
    renaming("group %(before)s becomes %(after)s"),
)
