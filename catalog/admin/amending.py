"""Going on with a pending change: who may, and from which version of it a form was made.

`request.pending` is what waits of the thing of the page, None where nothing does.
"""

from django.http import HttpRequest

from catalog.admin.door import may_amend, publishes
from catalog.admin.tokens import is_number
from catalog.history import editions
from catalog.history.pending import Basis
from catalog.models import Pending

# The name of the hidden field: version of the pending change, and the edition it was shown on.
FIELD = "_pending"


def to_amend(request: HttpRequest) -> Pending | None:
    """The pending change that this user's form shows, and goes on with when it is saved."""
    pending = request.pending
    if pending is None or publishes(request):
        return None
    return pending if may_amend(request, pending) else None


def basis_of(request: HttpRequest) -> str:
    """What the form carries: what was posted, or what it is made from."""
    if request.method == "POST":
        return request.POST.get(FIELD, "")
    pending = to_amend(request)
    return f"{pending.version} {pending.shown_on}" if pending is not None else ""


def posted_basis(request: HttpRequest) -> Basis | None:
    """What the posted form was made from; None where it does not say."""
    version, _space, number = request.POST.get(FIELD, "").partition(" ")
    if not (is_number(version) and is_number(number)) or int(number) > editions.number_now():
        return None
    return Basis(int(version), int(number))


def refusal_of(request: HttpRequest, basis: Basis | None) -> str:
    """Why what was posted cannot become part of what waits; empty where it can."""
    pending = request.pending
    if pending is None or publishes(request):
        return ""
    if to_amend(request) is None:
        return (
            f"A change of “{pending.slug}” by {pending.user} waits for a publisher, and "
            "is not yours to go on with. Nothing of yours was saved, and what you "
            "typed is still here."
        )
    if basis is None or basis.version != pending.version:
        return (
            f"{pending.user} went on with the pending change of “{pending.slug}” since "
            "you opened this form. Nothing of yours was saved, and what you typed is "
            "still here: open the form anew beside it and carry over."
        )
    return ""
