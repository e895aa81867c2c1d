"""What is said of a thing itself: that it is new, how its status changes, what it says now."""

from collections.abc import Iterator, Mapping

from django.utils.text import get_text_list

from catalog.changes.titles import Titles
from catalog.changes.words.comparisons import COMPARISON
from catalog.changes.words.pins import movement
from catalog.changes.words.rows import Clause, Difference, Tellers, clauses, moving
from catalog.changes.words.technologies import TECHNOLOGY
from catalog.changes.words.values import quoted, quoted_apart, shortened
from catalog.history.rows import MODELS, RowChange
from catalog.models import Status, ThingKey

# How many parts a new thing has, in the order in which they are said. Package facts are not
# counted: they come with their package.
PARTS = {
    "point": ("point", "points"),
    "package": ("package", "packages"),
    "alias": ("alias", "aliases"),
    "listing": ("listing", "listings"),
    "companion": ("companion", "companions"),
    "contender": ("contender", "contenders"),
    "criteriongroup": ("group", "groups"),
    "criterion": ("row", "rows"),
    "cell": ("cell", "cells"),
    "role": ("role", "roles"),
    "choice": ("choice", "choices"),
    "pin": ("pin", "pins"),
}


def say_new(thing: ThingKey, title: str, counts: Mapping[str, int]) -> str:
    """“new technology: Litestar, with 4 points and 1 package”, from the number of each part."""
    model = next(m for m in MODELS.values() if not m.OWNERS and thing.kind == m.KIND)
    parts = [
        f"{counts[name]} {one if counts[name] == 1 else many}"
        for name, (one, many) in PARTS.items()
        if counts.get(name)
    ]
    if not parts:
        return f"new {model._meta.verbose_name}: {title}"
    return f"new {model._meta.verbose_name}: {title}, with {get_text_list(parts, 'and')}"


def say_own(change: RowChange, titles: Titles) -> list[str]:
    """A sentence for each thing that a thing says differently itself."""
    tellers = (*EVERY, *TELLERS.get(change.row.model, ()))
    difference = Difference(change, "", titles)
    return [clause.first for clause in clauses(difference, change.changed, tellers)]


_STATUSES = {
    Status.PUBLISHED: "is published",
    Status.ARCHIVED: "is archived",
    Status.DRAFT: "becomes a draft",
}


def _tell_status(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(str(_STATUSES[difference.now("status")]))


def _tell_place(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase("place in lists changes")


def _tell_owner(difference: Difference) -> Iterator[Clause]:
    """Two names that look alike are left to the plain clause, which says so."""
    before, after = quoted_apart([difference.was("owner"), difference.now("owner")])
    if not difference.now("owner"):
        yield difference.phrase("nobody answers for it any longer")
    elif before != after:
        yield difference.phrase(f"the owner is now {after}")


def _tell_review(difference: Difference) -> Iterator[Clause]:
    text = "is no longer to be reviewed by a day"
    if day := difference.now("review_by"):
        text = f"is to be reviewed by {day}"
    yield difference.phrase(text)


def _tell_parent(difference: Difference) -> Iterator[Clause]:
    before = difference.target("parent", difference.change.before)
    after = difference.target("parent", difference.change.after)
    if not after:
        yield difference.phrase(f"moves from {quoted(before)} to the top")
    elif not before:
        yield difference.phrase(f"moves from the top to {quoted(after)}")
    else:
        yield from moving(difference, "parent")


def _tell_code(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase("code changes")


def _tell_run(difference: Difference) -> Iterator[Clause]:
    text = "no longer says what it was run with"
    if versions := difference.now("run_with"):
        text = f"run with {shortened(versions)}"
    yield difference.phrase(text)


def _tell_day(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase("as of {day}".format(day=difference.now("as_of")))


def _tell_python(difference: Difference) -> Iterator[Clause]:
    if moves := movement(difference.was("python"), difference.now("python")):
        yield difference.phrase(f"Python {moves}")


EVERY: Tellers = (
    (("status",), _tell_status),
    (("position",), _tell_place),
    (("owner",), _tell_owner),
    (("review_by",), _tell_review),
)

TELLERS: dict[str, Tellers] = {
    "category": ((("parent",), _tell_parent),),
    "technology": TECHNOLOGY,
    "snippet": (
        (("technology", "category"), lambda it: moving(it, "technology", "category")),
        (("code",), _tell_code),
        (("run_with",), _tell_run),
    ),
    "comparison": COMPARISON,
    "versionset": ((("as_of",), _tell_day), (("python",), _tell_python)),
}
