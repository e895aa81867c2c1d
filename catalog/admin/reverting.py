"""A thing made as an edition left it: first what that would change, then the change itself."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from catalog import edition
from catalog.admin.door import ask_again, hold, open_door
from catalog.admin.past import (
    address_of_past,
    may_recover,
    model_admin_of,
    page,
    past_of,
    revision_of,
)
from catalog.admin.revisions import Past, how, is_empty, sentences_of
from catalog.changes import writing
from catalog.changes.returning import StuckError, making_as
from catalog.describe import Labels, barrier_texts
from catalog.documents import in_todays_fields
from catalog.models import Edition, Revision

# What the form carries: the edition in which the thing last changed.
TOKEN = "edition"  # noqa: S105 - no secret


@require_http_methods(["GET", "HEAD", "POST"])
def revert(request: HttpRequest, key: str) -> HttpResponse:
    """Shows what would change if a thing were again as in this revision; a POST makes it so."""
    revision = revision_of(key)
    past = past_of(revision)
    _check_may_revert(request, past, revision)
    if request.method != "POST":
        return _show(request, past, revision)
    try:
        return _revert(request, past, revision)
    except edition.BusyError:
        return ask_again(request)


def _check_may_revert(request: HttpRequest, past: Past, revision: Revision) -> None:
    """To bring something back is to add it, too; to make it as nothing is to delete it."""
    model_admin = model_admin_of(revision.kind)
    if past.row is None:
        may = may_recover(request, revision.kind)
    elif is_empty(revision):
        may = model_admin.has_delete_permission(request)
    else:
        may = model_admin.has_change_permission(request)
    if not may:
        raise PermissionDenied


def _revert(request: HttpRequest, past: Past, revision: Revision) -> HttpResponse:
    number = {"edition": revision.edition_id}
    comment = "Reverted to edition {edition}".format(**number)
    try:
        with open_door(request, past.thing, comment=comment):
            newest = past.changed()
            if request.POST.get(TOKEN) == _token(newest):
                changes = making_as(past.thing, in_todays_fields(revision.document))
                writing.write(lambda: changes)
                if changes:
                    said = "It is again as in edition {edition}.".format(**number)
                    hold(request, messages.SUCCESS, said)
    except StuckError:
        return _show(request, past, revision, status=HTTPStatus.CONFLICT)
    except (IntegrityError, DataError):
        refusal = (
            "What edition %(edition)s says breaks a rule that the guide has today, so nothing "
            "was changed. Look at the difference, and edit by hand what should be as it was."
        )
        return _show(request, past, revision, refusal % number, HTTPStatus.CONFLICT)
    if request.POST.get(TOKEN) != _token(newest):
        return _show(request, past, revision, _stale(newest), HTTPStatus.CONFLICT)
    if request.proposed:
        return HttpResponseRedirect(
            reverse("admin:catalog_pending_change", args=[request.proposed[0].pk])
        )
    if not changes:
        messages.info(request, "Nothing to do: it is as in edition {edition}.".format(**number))
    return HttpResponseRedirect(address_of_past(past.thing))


def _show(
    request: HttpRequest,
    past: Past,
    revision: Revision,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    newest = past.changed()  # before the rows: what changes in between makes the form stale
    changes, reasons = [], []
    try:
        changes = making_as(past.thing, in_todays_fields(revision.document))
    except StuckError as stuck:
        reasons = barrier_texts(stuck.barriers)
    titles = Labels.of(changes or past.between(None, revision))
    title = "Revert “%(name)s” to edition %(edition)s"
    if past.row is None:
        title = "Recover “%(name)s” from edition %(edition)s"
    context = {
        "title": title % {"name": past.title(titles), "edition": revision.edition_id},
        "thing": past.thing,
        "revision": revision,
        "how": how(revision.edition),
        "is_same": not (changes or reasons),
        "sentences": sentences_of(past.thing, changes, titles),
        "reasons": reasons,
        "refusal": refusal,
        "token_name": TOKEN,
        "token": _token(newest),
        "is_gone": past.row is None,
        "is_empty": is_empty(revision),
    }
    return page(request, "revert.html", context, status)


def _token(newest: Edition | None) -> str:
    return str(newest.number if newest else 0)


def _stale(newest: Edition | None) -> str:
    if newest is None:
        return "It is not known which state this form was made for. Look again, then send it."
    said = (
        "Nothing was changed: edition %(edition)s of %(at)s (%(who)s) may be newer than what you "
        "looked at. Below is what would change now."
    )
    at = date_format(newest.at, "DATETIME_FORMAT")
    return said % {"edition": newest.number, "at": at, "who": newest.user or how(newest)}
