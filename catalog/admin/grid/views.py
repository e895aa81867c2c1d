"""Where the grid hangs in the admin: its addresses, who may do what there, and what a post does."""

from collections.abc import Container, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from catalog.admin.base import is_key, render_page
from catalog.admin.conflicts import carried
from catalog.admin.content import ThingAdmin
from catalog.admin.grid import words
from catalog.admin.grid.block import NoBlockError, paste
from catalog.admin.grid.page import Drawing, Window
from catalog.admin.grid.posted import Fault, Reading
from catalog.admin.grid.sheet import Place, Sheet, named
from catalog.admin.overtaken import page_of_deleted, save_document
from catalog.admin.saving import (
    BASIS,
    STATE,
    basis_token,
    posted_token,
    publishes,
    refusal_to_amend,
    save_or_propose,
    saving_of,
    shown_with_pending,
    state_of,
    to_amend,
    token_of,
)
from catalog.history import documents
from catalog.history.pending import pending_for
from catalog.history.rows import Document, RowChange, RowKey, changes_between
from catalog.http import today
from catalog.models import Comparison, Technology

SEEN_BY = ("catalog.view_cell", "catalog.change_cell")

# Each right as a template asks for it.
PARTS = ("criterion", "criteriongroup", "contender")
RIGHTS = [
    "change_cell",
    *(f"{verb}_{part}" for verb in ("add", "change", "delete") for part in PARTS),
]


class GridAdmin(ThingAdmin):
    """The admin of comparisons, with their cells as the table that readers see."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.grid_view)
        return [
            path("<str:object_id>/grid/", view, name="catalog_comparison_grid"),
            path("<str:object_id>/grid/<str:criterion>/", view, name="catalog_comparison_grid_row"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def grid_view(self, request: HttpRequest, object_id: str, criterion: str = "") -> HttpResponse:
        """Show the table, or one row of it with what its cells rest on; a POST saves it."""
        sees_cells = any(map(request.user.has_perm, SEEN_BY))
        if not (sees_cells and self.has_view_or_change_permission(request)):
            raise PermissionDenied
        comparison = self.get_object(request, object_id) if is_key(object_id) else None
        if comparison is None:
            if request.method == "POST" and (page := page_of_deleted(request)):
                return page
            raise Http404
        return GridPage(request, self, comparison, criterion).answer()


class GridPage:
    """One request for the table, or for one row of it where `criterion` names one.

    `base` is what its form is or was made from, `token` is of that; where a `refusal` says that it
    cannot be told, `base` is what is live. Raises Http404 where there is nothing to show.
    """

    def __init__(
        self, request: HttpRequest, model_admin: Any, comparison: Comparison, criterion: str
    ) -> None:
        self.request, self.model_admin = request, model_admin
        self.comparison, self.criterion = comparison, criterion
        self.address = reverse("admin:catalog_comparison_grid", args=[comparison.pk])
        may_change = model_admin.has_change_permission(request, comparison)
        # Nobody changes a part of a comparison that they may not change.
        self.may = {
            right: may_change and request.user.has_perm(f"catalog.{right}") for right in RIGHTS
        }
        # Before anything that is shown, so that it is never newer than that.
        self.token, self.refusal = token_of(comparison), ""
        saving_of(request).pending = pending_for(comparison.key)
        self.amended = to_amend(request)
        with shown_with_pending(self.amended):
            document = documents.of([comparison.key])[comparison.key]
        if request.method == "POST":
            now, self.token = self.token, posted_token(request)
            state = state_of(self.token, comparison)
            self.refusal = state.refusal
            if self.token != now and not self.refusal and self.amended is None:
                document = documents.at(comparison.key, state.edition) or document
        if not document:  # it goes with what waits, or has just gone
            raise Http404
        self.base = Sheet.of(document)
        self.window = Window(self.base, request.GET, today())
        rows = Technology.objects.filter(slug__in=self.base.contenders).order_by()
        names = dict(rows.values_list("slug", "name"))
        self.names = {slug: names.get(slug, slug) for slug in self.base.contenders}

    def answer(self) -> HttpResponse:
        request = self.request
        if request.method == "POST" and not any(self.may.values()):
            raise PermissionDenied
        if self.criterion and self.criterion not in self.base.criteria:
            raise Http404
        if request.method != "POST":
            return self._show(QueryDict())
        if self.refusal:
            return self._show(request.POST, note=self.refusal, status=HTTPStatus.CONFLICT)
        if "_paste" in request.POST:
            return self._preview()
        if "_fill" in request.POST:
            text = "Nothing is saved yet: what you typed stands below."
            return self._show(request.POST, note=text)
        return self._save()

    # Saving

    def _save(self) -> HttpResponse:
        post, thing = self.request.POST, self.comparison.key
        reading = Reading(self.base, post, self.names)
        signed = None
        if "_verify" in post:
            user = self.request.user
            name = user.get_full_name() or user.get_username()
            signed = reading.verify(post["_verify"], name, today())
        reading.add_lines()
        button = reading.sheet.move(post.get("_move", ""))
        before, mine = ({thing: sheet.document()} for sheet in (self.base, reading.sheet))
        changes = changes_between(before, mine)
        self._check_rights(changes)
        if reading.faults:
            return self._show(post, reading.faults, status=HTTPStatus.BAD_REQUEST)
        if not {*reading.removed} <= {*post.getlist("_confirm")}:
            return self._confirm(reading.removed)
        if signed == 0:
            messages.warning(self.request, "There is nothing to verify: what is unknown, is.")
        page = None
        if changes:
            page = self._write(mine[thing], words.summary(changes))
        elif signed != 0:
            messages.info(self.request, "Nothing to save: it says all of that already.")
        return page or HttpResponseRedirect(self._next(button))

    def _write(self, mine: Document, summary: str) -> HttpResponse | None:
        """Write what the form makes of the table; return the page that says why not."""
        request, comparison = self.request, self.comparison
        saving = saving_of(request)
        with save_or_propose(request, comparison.key, in_place=self.amended):
            if refusal := refusal_to_amend(request):
                return self._show(request.POST, note=refusal, status=HTTPStatus.CONFLICT)
            # What waits is there already, and was found unchanged by its version.
            token = self.token if self.amended is None else token_of(comparison)
            page = save_document(request, comparison.key, token, mine)
            if page is None:
                self.model_admin.log_change(request, comparison, summary)
                saving.queue_message(messages.SUCCESS, f"“{comparison}”: {summary}")
        return page

    def _check_rights(self, changes: Sequence[RowChange]) -> None:
        """Raise PermissionDenied where one of these changes is not allowed."""
        gone = {change.row for change in changes if change.after is None}
        for change in changes:
            verb = "change" if change.before and change.after else "delete"
            right = f"{verb if change.before else 'add'}_{change.row.model}"
            if change.row.model == "cell":
                # A cell that nobody had written is as much there as any other; and it is never
                # taken away but with its row or column.
                is_allowed = change.after is None or self.may["change_cell"]
            else:
                is_allowed = self.may[right] or _only_lost_its_group(change, gone)
            if not is_allowed:
                raise PermissionDenied

    def _next(self, button: str) -> str:
        """Return where to go on: at the button of a move, from a row's page at its row."""
        here = self.request.get_full_path()
        if button:
            return f"{here}#{button}"
        if self.criterion and "_continue" not in self.request.POST:
            return f"{self.address}#{named('row', self.criterion)}"
        return here

    # Pages

    def _preview(self) -> HttpResponse:
        """Show what a pasted block would change."""
        post = self.request.POST
        block = {"_paste", "_block", "_corner_row", "_corner_column"}
        corner = Place(post.get("_corner_row", ""), post.get("_corner_column", ""))
        try:
            reading = Reading(self.base, post, self.names)
            pasted = paste(post.get("_block", ""), corner, self.window.rows, reading)
        except NoBlockError as error:
            fault = Fault("_block", "Block", str(error))
            return self._show(post, [fault], status=HTTPStatus.BAD_REQUEST)
        context = {
            "pasted": pasted,
            "carried": [pair for pair in carried(pasted.form) if pair[0] not in block],
        }
        return self._page("grid_paste.html", f"A block for “{self.comparison}”", context)

    def _confirm(self, filled: Sequence[str]) -> HttpResponse:
        context = {
            "going": words.going(self.base, filled, self.names),
            "carried": [pair for pair in carried(self.request.POST) if pair[0] != "_confirm"],
            "filled": filled,
        }
        return self._page("grid_remove.html", f"Remove from “{self.comparison}”", context)

    def _show(
        self, form: QueryDict, faults: Sequence[Fault] = (), note: str = "", status: int = 200
    ) -> HttpResponse:
        """Show the form, with what was typed into it."""
        drawing = Drawing(self.window, self.names, self.may, form, faults, self.address)
        context = {"faults": faults, "note": note}
        if self.criterion:
            context |= drawing.row(self.criterion)
            title = f"Row “{context['row']['name']}”"
            return self._page("grid_row.html", title, context, status)
        context |= drawing.table()
        return self._page("grid.html", f"Cells of “{self.comparison}”", context, status)

    def _page(
        self, template: str, title: str, context: dict[str, Any], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        frame = {
            "title": title,
            "opts": self.model_admin.opts,
            "original": self.comparison,
            "grid_address": self.address,
            "token_name": STATE,
            "token": self.token,
            "basis_name": BASIS,
            "basis": basis_token(self.request),
            "pending": saving_of(self.request).pending,
            "publishes": publishes(self.request),
            "may": self.may,
            "may_save": any(self.may.values()),
        }
        return render_page(self.request, template, frame | context, status)


def _only_lost_its_group(change: RowChange, gone: Container[RowKey]) -> bool:
    if change.changed != ["group"] or change.before["group"] is None or change.after["group"]:
        return False
    return RowKey("criteriongroup", tuple(change.before["group"])) in gone
