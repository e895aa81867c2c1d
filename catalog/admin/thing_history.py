"""The history of a thing, the difference of any two of its revisions, and what was deleted."""

from itertools import islice

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from catalog.admin.base import is_key
from catalog.admin.field_difference import MOST_LINES, lines_of
from catalog.admin.past import (
    address_of_form,
    address_of_past,
    check_may_look,
    may_look,
    may_recover,
    model_admin_of,
    page,
)
from catalog.admin.revisions import (
    DELETED_PER_PAGE,
    KINDS,
    Past,
    deleted,
    name_deleted,
    sentences_of,
)
from catalog.describe import Labels
from catalog.models import Revision, ThingKey
from catalog.models.base import SLUG_CHARACTERS


@require_safe
def thing_history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """All revisions of a thing; with `from` or `to` in the query, what differs between two."""
    check_may_look(request, kind)
    if not set(slug) <= set(SLUG_CHARACTERS):
        raise Http404  # and PostgreSQL would not even look for a NUL
    past = Past.of(ThingKey(kind, slug))
    if past.thing.slug != slug:
        query = request.META.get("QUERY_STRING", "")
        address = address_of_past(past.thing)
        return HttpResponseRedirect(f"{address}?{query}" if query else address)
    if not any(request.GET.get(name) for name in ("from", "to")):
        return _list(request, past)
    try:
        earlier, later = past.two(_number(request, "from"), _number(request, "to"))
    except (ValueError, Revision.DoesNotExist):
        complaint = "No two editions that changed it stand in the address: choose two below."
        return _list(request, past, complaint)
    if earlier == later:
        return _list(request, past, "These two are one and the same: choose two that differ.")
    return _difference(request, past, earlier, later)


@require_safe
def deleted_things(request: HttpRequest) -> HttpResponse:
    """What is gone and can be brought back, of the kinds that somebody may see."""
    kinds = [kind for kind in KINDS if may_look(request, kind)]
    if not kinds:
        raise PermissionDenied
    asked = request.GET.get("kind")
    if asked in kinds:
        kinds = [asked]
    found = Paginator(deleted(kinds), DELETED_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Deleted things",
        "page": found,
        "things": name_deleted(found),
        "may_recover": [kind for kind in kinds if may_recover(request, kind)],
        "kept": f"kind={asked}&" if asked in kinds else "",
    }
    return page(request, "deleted_things.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    """The number of an edition; raises ValueError for what is none."""
    text = request.GET.get(name, "")
    if text and not is_key(text):
        raise ValueError(name)
    return int(text) if text else None


def _list(request: HttpRequest, past: Past, complaint: str = "") -> HttpResponse:
    found, entries, title = past.page(request.GET.get("page"))
    if not entries and past.row is None:
        raise Http404
    model_admin = model_admin_of(past.thing.kind)
    context = {
        "title": f"History of “{title}”",
        "thing": past.thing,
        "page": found,
        "entries": entries,
        "complaint": complaint,
        "form_address": address_of_form(past),
        "may_revert": model_admin.has_change_permission(request),
    }
    return page(request, "thing_history.html", context)


def _difference(
    request: HttpRequest, past: Past, earlier: Revision | None, later: Revision
) -> HttpResponse:
    changes = past.between(earlier, later)
    titles = Labels.of(changes)
    lines = list(islice(lines_of(changes, titles), MOST_LINES + 1))
    names = {
        "name": past.title(titles),
        "from": earlier.edition_id if earlier else 0,
        "to": later.edition_id,
    }
    title = "“%(name)s” from edition %(from)s to edition %(to)s"
    if earlier is None:
        title = "“%(name)s” in edition %(to)s, its first"
    context = {
        "title": title % names,
        "thing": past.thing,
        "earlier": earlier,
        "later": later,
        "sentences": sentences_of(past.thing, changes, titles),
        "lines": lines[:MOST_LINES],
        "most": MOST_LINES if len(lines) > MOST_LINES else 0,
    }
    return page(request, "thing_difference.html", context)
