"""A public page as a pending change would make it: written, shown, and taken back."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.admin.base import is_key
from catalog.admin.door import in_place
from catalog.admin.past import may_look, page
from catalog.admin.past_preview import ASK_AGAIN, public_page
from catalog.history import editions
from catalog.history.pending import CannotShowError
from catalog.http import wants_fragment
from catalog.models import Pending


@require_safe
def preview_of_pending(request: HttpRequest, key: str) -> HttpResponse:
    """The public view's own answer for a thing as its pending change says, whatever its status."""
    pending = Pending.objects.filter(pk=key).first() if is_key(key) else None
    if pending is None:
        raise Http404
    if not (request.user.has_perm("catalog.view_pending") and may_look(request, pending.kind)):
        raise PermissionDenied
    try:
        with in_place(pending):
            response = public_page(request, pending.thing)
            if isinstance(response, TemplateResponse) and not wants_fragment(request):
                response.context_data |= {"shown": response.template_name, "pending": pending}
                response.template_name = "admin/catalog/preview_of_pending.html"
            if isinstance(response, TemplateResponse):
                response.render()  # while there is something to be read
    except CannotShowError:
        reason = "It does not go together with what the guide says today: look at the change."
        return _refusal(request, pending, reason, HTTPStatus.CONFLICT)
    except editions.BusyError:
        reason = "Somebody else's change is being written just now: ask again in a moment."
        response = _refusal(request, pending, reason, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(ASK_AGAIN)
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def address_of(pending: Pending) -> str:
    """Where a pending change is looked at and decided."""
    return reverse("admin:catalog_pending_change", args=[pending.pk])


def _refusal(request: HttpRequest, pending: Pending, reason: str, status: int) -> HttpResponse:
    context = {
        "title": "This change cannot be shown",
        "thing": pending.thing,
        "reasons": [reason],
    }
    return page(request, "no_preview.html", context, status)
