"""What a form was made from: the edition in which its thing last changed, and whether it stands.

A form that was opened before somebody else's change must not overwrite it: a save with another
token than that of the moment is refused, and so is one without.
"""

from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Max, Q
from django.utils.html import format_html

from catalog.history import editions
from catalog.models import Changed, ContentModel, Edition, Unrecorded

# The name of the hidden field.
FIELD = "_state"


def token_of(row: ContentModel) -> str:
    """Names the things that a row is part of and the last edition in which one of them changed.

    Read it before anything that the form shows, so that it is never newer than that. A change
    that is noted but not recorded yet counts: the next door records it under that number.
    Three queries, and one for each owner that was not fetched with the row.
    """
    things = sorted(row.things())
    wanted = reduce(or_, (Q(kind=thing.kind, slug=thing.slug) for thing in things))
    numbers = [
        model.objects.filter(wanted).aggregate(newest=Max("edition_id"))["newest"] or 0
        for model in (Changed, Unrecorded)
    ]
    names = " ".join("/".join(thing) for thing in things)
    return f"{max(numbers)} {names}"


class State(NamedTuple):
    """What became of what a form was made from."""

    edition: int = 0  # in which its things last changed when it was opened
    is_stale: bool = False
    refusal: str = ""  # why nothing can be said of it at all


def state_of(token: str, row: ContentModel) -> State:
    """Whether a form with this token still shows what there is. Call it with the door open.

    A number that is not yet reached, another thing's token and nonsense are no tokens.
    """
    now, _space, names = token_of(row).partition(" ")
    given, _space, of = token.partition(" ")
    if of != names or not is_number(given) or int(given) > editions.number_now():
        refusal = "It is not known which state this form was made from: open it anew."
        return State(refusal=refusal)
    return State(int(given), is_stale=int(given) < int(now))


def overtaken(row: ContentModel, history: str) -> str:
    """Who changed a row since a form was opened. `history` is the address of what became of it."""
    newest = Edition.objects.get(number=int(token_of(row).partition(" ")[0]))
    return format_html(
        (
            "“{row}” has been changed since you opened this form: edition {number} by {who} "
            "({comment}). Nothing of yours was saved, and what you typed is still here. "
            '<a href="{history}">See what changed</a>, then <a href="" target="_blank">open the '
            "form anew</a> and carry over what you want to keep."
        ),
        row=row,
        number=newest.number,
        who=newest.user or newest.get_origin_display(),
        comment=newest.comment or "without a comment",
        history=history,
    )


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
