"""A public page as an edition left its thing: written, shown, and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from inspect import unwrap

from django.db import DataError, IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import resolve
from django.views.decorators.http import require_safe

from catalog import edition
from catalog.admin.past import address_of_past, check_may_look, page, past_of, revision_of
from catalog.admin.revisions import KINDS, is_empty
from catalog.changes import writing
from catalog.changes.returning import StuckError, making_as
from catalog.describe import barrier_texts
from catalog.documents import in_todays_fields
from catalog.http import state_of, wants_fragment
from catalog.models import Edition, Page, Revision, Snippet, ThingKey

# Seconds after which a reader who met a writer may ask again.
ASK_AGAIN = 5


@require_safe
def preview_of_past(request: HttpRequest, key: str) -> HttpResponse:
    """The public view's own answer for a thing as this revision says, whatever its status."""
    revision = revision_of(key)
    check_may_look(request, revision.kind)
    if is_empty(revision):
        raise Http404  # there was nothing of it
    past = past_of(revision)
    try:
        with _as_it_was(past.thing, revision):
            response = public_page(request, past.thing)
            _put_banner(request, response, past.thing, revision)
            if isinstance(response, TemplateResponse):
                response.render()  # while there is something to be read
    except StuckError as stuck:
        return _refusal(request, past.thing, revision, barrier_texts(stuck.barriers))
    except (IntegrityError, DataError):
        reason = "What it says breaks a rule that the guide has today."
        return _refusal(request, past.thing, revision, [reason])
    except edition.BusyError:
        reason = "Somebody else's change is being written just now: ask again in a moment."
        response = _refusal(request, past.thing, revision, [reason])
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = str(ASK_AGAIN)
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@contextmanager
def _as_it_was(thing: ThingKey, revision: Revision) -> Iterator[None]:
    """The guide with this thing as the revision says, for as long as the block lasts.

    An edition of its own says so, which goes with the rest: what is kept in memory by number and
    time of the edition is found by nobody else. Raises what making and writing raise.
    """
    with edition.atomic():
        with edition.change("", "", Edition.Door.ADMIN):
            changes = making_as(thing, in_todays_fields(revision.document))
            writing.write(lambda: changes)
        try:
            yield
        finally:
            transaction.set_rollback(True)


def public_page(request: HttpRequest, thing: ThingKey) -> HttpResponse:
    """The page that shows the thing: its own, its owner's, or for the guide the front page."""
    state_of(request)  # before the row is read
    row = KINDS[thing.kind].objects.get(slug=thing.slug)
    if isinstance(row, Snippet):
        row = row.technology or row.category
    view = resolve(row.get_absolute_url()).func
    if not isinstance(row, Page):
        return unwrap(view)(request)  # not made ready: the banner is still to come
    return view.show(request, type(row).objects.for_detail().get(pk=row.pk))


def _put_banner(
    request: HttpRequest, response: HttpResponse, thing: ThingKey, revision: Revision
) -> None:
    """Say above the page what it is; a piece of a page, and one that is ready, stay as they are."""
    if not isinstance(response, TemplateResponse) or wants_fragment(request):
        return
    response.context_data |= {
        "shown": response.template_name,
        "previewed": revision,
        "history_address": address_of_past(thing),
    }
    response.template_name = "admin/catalog/preview_of_past.html"
    # Head and foot name the edition that is looked at, not the one that is taken back.
    request.state = revision.edition


def _refusal(
    request: HttpRequest, thing: ThingKey, revision: Revision, reasons: list[str]
) -> HttpResponse:
    context = {
        "title": f"Edition {revision.edition_id} cannot be shown",
        "thing": thing,
        "reasons": reasons,
    }
    return page(request, "no_preview.html", context, HTTPStatus.CONFLICT)
