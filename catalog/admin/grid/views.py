"""The pages of a grid: the table, one of its rows, and those that ask before they save."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property

from catalog.admin.confirm import STATE
from catalog.admin.conflicts import carried
from catalog.admin.formstate import BASIS, refusal_to_amend, token_of
from catalog.admin.grid import choosing, structure
from catalog.admin.grid.controls import CONFIRM, MOVE, REMOVE, ROW, VERIFY, named
from catalog.admin.grid.markup import Controls
from catalog.admin.grid.opened import Opened
from catalog.admin.grid.page import Drawing
from catalog.admin.grid.pasted import paste
from catalog.admin.grid.pasting import NoBlockError
from catalog.admin.grid.posted import Fault, Reading, Verifier
from catalog.admin.grid.sheet import Document, Place, Sheet
from catalog.admin.grid.shown import Asked, Window, window
from catalog.admin.grid.summary import going, summary
from catalog.admin.overtaken import save_document
from catalog.admin.saving import publishes, save_or_propose, saving_of
from catalog.http import today

# Seconds after which somebody who met a writer may ask again.
ASK_AGAIN = 5

# What the buttons of a pasted block, and the block's own fields, are called.
PASTE, FILL, BLOCK, CORNER_ROW, CORNER_COLUMN = (
    *("_paste", "_fill", "_block"),
    *("_corner_row", "_corner_column"),
)


@dataclass
class GridPage:
    """One request for the table, or for one row of it where `criterion` names one."""

    request: HttpRequest
    model_admin: Any
    opened: Opened
    criterion: str = ""

    def answer(self) -> HttpResponse:
        if self.criterion and self.criterion not in self.base.criteria:
            raise Http404
        if self.request.method != "POST":
            return self._show()
        if self.opened.refusal:
            return self._refused(self.opened.refusal)
        if PASTE in self.request.POST:
            return self._preview()
        if FILL in self.request.POST:
            text = "Nothing is saved yet: what you typed stands below."
            return self._show(self.request.POST, note=text)
        return self._save()

    @cached_property
    def base(self) -> Sheet:
        """What the form shows, or showed."""
        return self.opened.sheet()

    @cached_property
    def window(self) -> Window:
        return window(self.base, Asked.read(self.request.GET, self.base), today())

    # Saving

    def _save(self) -> HttpResponse:
        post = self.request.POST
        reading = Reading(self.base, post, self.opened.names)
        filled = structure.remove(reading.sheet, post.getlist(REMOVE))
        reading.fields()
        signed = reading.verify(self._verifier()) if VERIFY in post else None
        technology = choosing.technology(reading)
        structure.add(reading, technology)
        if MOVE in post:
            structure.move(reading.sheet, post[MOVE])
        mine = reading.sheet.document()
        self.opened.rights.check(self.opened.document, mine)
        if reading.faults:
            return self._show(post, reading.faults, status=HTTPStatus.BAD_REQUEST)
        if not set(filled) <= set(post.getlist(CONFIRM)):
            return self._confirm(filled)
        if signed == 0:
            messages.warning(self.request, "There is nothing to verify: what is unknown, is.")
        said = summary(self.opened.document, mine)
        if not said:
            if signed != 0:
                messages.info(self.request, "Nothing to save: it says all of that already.")
            return HttpResponseRedirect(self._next(reading.sheet))
        return self._write(mine, said, self._next(reading.sheet))

    def _write(self, mine: Document, said: str, onwards: str) -> HttpResponse:
        """Write what the form makes of the table; `said` is what that changes in words."""
        opened, request = self.opened, self.request
        page = None
        with save_or_propose(request, opened.thing, in_place=opened.amended):
            refusal = refusal_to_amend(request)
            if not refusal:
                # What waits is there already, and was found unchanged by its version.
                token = opened.token
                if opened.amended is not None:
                    token = token_of(opened.comparison)
                page = save_document(request, opened.thing, token, mine)
                if page is None:
                    self.model_admin.log_change(request, opened.comparison, said)
                    text = f"“{opened.comparison}”: {said}"
                    saving_of(request).queue_message(messages.SUCCESS, text)
        if refusal:
            return self._refused(refusal)
        return page or HttpResponseRedirect(onwards)

    def _verifier(self) -> Verifier:
        user = self.request.user
        return Verifier(user.get_full_name() or user.get_username(), today())

    def _next(self, sheet: Sheet) -> str:
        """Where to go on: to the button of a move, from a row's page to its row in the table."""
        here = self.request.get_full_path()
        if button := structure.button_after(sheet, self.request.POST.get(MOVE, "")):
            return f"{here}#{button}"
        if self.criterion and "_continue" not in self.request.POST:
            return f"{self._address()}#{named(ROW, self.criterion)}"
        return here

    # Pages

    def _refused(self, refusal: str) -> HttpResponse:
        return self._show(self.request.POST, note=refusal, status=HTTPStatus.CONFLICT)

    def _preview(self) -> HttpResponse:
        """What a pasted block would change."""
        post = self.request.POST
        corner = Place(post.get(CORNER_ROW, ""), post.get(CORNER_COLUMN, ""))

        def read(typed: QueryDict) -> Reading:
            reading = Reading(self.base, typed, self.opened.names)
            structure.remove(reading.sheet, typed.getlist(REMOVE))
            reading.fields()
            return reading

        try:
            pasted = paste(post.get(BLOCK, ""), corner, self.window.rows, post, read)
        except NoBlockError as error:
            fault = Fault(BLOCK, "Block", str(error))
            return self._show(post, [fault], status=HTTPStatus.BAD_REQUEST)
        context = {
            "pasted": pasted,
            "carried": [
                (name, value)
                for name, value in carried(pasted.typed)
                if name not in (PASTE, BLOCK, CORNER_ROW, CORNER_COLUMN)
            ],
            "fill_name": FILL,
        }
        return self._page("grid_paste.html", "A block for “%(name)s”", context)

    def _confirm(self, filled: Sequence[str]) -> HttpResponse:
        """What goes with the rows and columns that are ticked."""
        context = {
            "going": going(self.base, filled, self.opened.names),
            "carried": [pair for pair in carried(self.request.POST) if pair[0] != CONFIRM],
            "confirm_name": CONFIRM,
            "filled": filled,
            "fill_name": FILL,
        }
        return self._page("grid_remove.html", "Remove from “%(name)s”", context)

    def _show(
        self,
        typed: QueryDict | None = None,
        faults: Sequence[Fault] = (),
        *,
        note: str = "",
        status: int = HTTPStatus.OK,
    ) -> HttpResponse:
        """The form, with what was typed into it."""
        typed = typed if typed is not None else QueryDict()
        controls = Controls(typed, faults, frozenset(typed.getlist(REMOVE)))
        drawing = Drawing(
            self.base,
            self.opened.names,
            self.opened.rights,
            controls,
            today(),
            self._address(),
        )
        context = {"faults": faults, "note": note, "typed_block": typed.get(BLOCK, "")}
        if self.criterion:
            context |= drawing.row(self.criterion)
            return self._page("grid_row.html", "Row “%(row)s”", context, status)
        context |= drawing.grid(self.window)
        context |= {
            "window": self.window,
            "parts": self._parts(),
            "block_error": controls.said(BLOCK),
            "corner_row": typed.get(CORNER_ROW, ""),
            "corner_column": typed.get(CORNER_COLUMN, ""),
            "picker": choosing.picker(typed)
            if self.opened.rights.may("add", "contender")
            else None,
        }
        return self._page("grid.html", "Cells of “%(name)s”", context, status)

    def _parts(self) -> list[tuple[int, str]]:
        """The other parts of a table that does not fit into one form, with their queries."""
        if self.window.parts == 1:
            return []
        numbers = range(1, self.window.parts + 1)
        return [(number, self.window.asked.query(number)) for number in numbers]

    def _page(
        self, template: str, title: str, context: dict[str, Any], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        opened, site = self.opened, self.model_admin.admin_site
        self.request.current_app = site.name
        row = self.base.criteria.get(self.criterion, {}).get("name", "")
        rights = opened.rights
        frame = {
            **site.each_context(self.request),
            "title": title % {"name": opened.comparison, "row": row},
            "subtitle": None,
            "opts": self.model_admin.opts,
            "comparison": opened.comparison,
            "original": opened.comparison,
            "grid_address": self._address(),
            "criterion": self.criterion,
            "row_name": row,
            "token_name": STATE,
            "token": opened.token,
            "basis_name": BASIS,
            "basis": opened.basis,
            "pending": getattr(self.request, "pending", None),
            "publishes": publishes(self.request),
            "may": rights.by_code(),
            "may_save": bool(rights.allowed),
        }
        path = f"admin/catalog/{template}"
        return TemplateResponse(self.request, path, frame | context, status=status)

    def _address(self) -> str:
        return reverse("admin:catalog_comparison_grid", args=[self.opened.comparison.pk])
