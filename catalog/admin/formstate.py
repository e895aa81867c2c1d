"""What a form was made from, and whether that still stands.

A form carries the edition in which its thing last changed; a save with another token than that of
the moment must not overwrite what came since, and so must none without. A form that shows a
pending change carries its version as well.
"""

from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils.html import format_html

from catalog.admin.base import is_key
from catalog.admin.confirm import STATE
from catalog.admin.saving import may_amend, publishes, saving_of
from catalog.history import editions
from catalog.history.pending import Basis
from catalog.models import Changed, ContentModel, Edition, Pending, Unrecorded

# The hidden field with the version of the pending change, and the edition it was shown on.
BASIS = "_pending"


class State(NamedTuple):
    """What became of what a form was made from."""

    edition: int = 0  # in which its things last changed when it was opened
    is_stale: bool = False
    refusal: str = ""  # why nothing can be said of it at all


def token_of(row: ContentModel) -> str:
    """Return the token of a row's form: its things, and the last edition that changed one.

    Read it before anything that the form shows, so that it is never newer than that. A change
    that is noted but not recorded yet counts: the next record() keeps it under that number.
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


def state_of(token: str, row: ContentModel) -> State:
    """Return whether a form with this token still shows what there is. Call it inside record().

    A number that is not yet reached, another thing's token and nonsense are no tokens.
    """
    now, _space, names = token_of(row).partition(" ")
    given, _space, of = token.partition(" ")
    if of != names or not is_key(given) or int(given) > editions.number_now():
        refusal = "It is not known which state this form was made from: open it anew."
        return State(refusal=refusal)
    return State(int(given), is_stale=int(given) < int(now))


def overtaken(row: ContentModel, history: str) -> str:
    """Return who changed a row since a form was opened; `history` is where the change is shown."""
    newest = Edition.objects.get(number=int(token_of(row).partition(" ")[0]))
    return format_html(
        "“{}” has been changed since you opened this form: edition {} by {} ({}). Nothing of yours "
        'was saved, and what you typed is still here. <a href="{}">See what changed</a>, then '
        '<a href="" target="_blank">open the form anew</a> and carry over what you want to keep.',
        row,
        newest.number,
        newest.user or newest.get_origin_display(),
        newest.comment or "without a comment",
        history,
    )


# Pending changes ---------------------------------------------------------------------------------


def to_amend(request: HttpRequest) -> Pending | None:
    """Return the pending change that this user's form shows, and amends when it is saved."""
    pending = saving_of(request).pending
    if pending is None or publishes(request):
        return None
    return pending if may_amend(request, pending) else None


def basis_token(request: HttpRequest) -> str:
    """Return what the form carries: what was posted, or what it is made from."""
    if request.method == "POST":
        return request.POST.get(BASIS, "")
    pending = to_amend(request)
    return f"{pending.version} {pending.shown_on}" if pending is not None else ""


def posted_basis(request: HttpRequest) -> Basis | None:
    """Return what the posted form was made from; None where it does not say."""
    version, _space, number = request.POST.get(BASIS, "").partition(" ")
    if not (is_key(version) and is_key(number)) or int(number) > editions.number_now():
        return None
    return Basis(int(version), int(number))


def refusal_to_amend(request: HttpRequest) -> str:
    """Return why what was posted cannot become part of what waits; blank where it can."""
    saving = saving_of(request)
    pending = saving.pending
    if pending is None or publishes(request):
        return ""
    if to_amend(request) is None:
        return (
            f"A change of “{pending.slug}” by {pending.user} waits for a publisher, and "
            "is not yours to go on with. Nothing of yours was saved, and what you "
            "typed is still here."
        )
    if saving.basis is None or saving.basis.version != pending.version:
        return (
            f"{pending.user} went on with the pending change of “{pending.slug}” since "
            "you opened this form. Nothing of yours was saved, and what you typed is "
            "still here: open the form anew beside it and carry over."
        )
    return ""


def posted_token(request: HttpRequest) -> str:
    """Return the token that a posted form carries."""
    return request.POST.get(STATE, "")
