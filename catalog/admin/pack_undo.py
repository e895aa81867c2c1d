"""The page on which a loading is undone: what it takes back, or what stands in the way."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog import edition
from catalog.admin.door import warn_of_problems
from catalog.admin.pack_plan import grouped
from catalog.changes.returning import StuckError
from catalog.describe import Labels, barrier_texts, describe, summary
from catalog.models import Edition, PackLoad
from catalog.packs import bases
from catalog.packs.loading import MovedError, changes_of_undo, undo

TEMPLATE = "admin/catalog/pack_undo.html"

Undone = Callable[[Edition | None], HttpResponse]


class UndoPage:
    """One request to undo a loading. Looking at it takes no lock and writes nothing."""

    def __init__(
        self, request: HttpRequest, context: dict[str, Any], load: PackLoad, undone: Undone
    ) -> None:
        """`undone` answers once it is done, with the edition, None where nothing changed."""
        self.request = request
        self.context = context
        self.load = load
        self.undone = undone

    def answer(self) -> HttpResponse:
        """Show what would be taken back; a POST takes it back, or says why not."""
        if self.request.method != "POST":
            return self._show()
        try:
            done = undo(self.load, self.request.user.get_username())
        except MovedError:
            self.load.refresh_from_db(fields=["undone_in"])
            return self._show(409)
        except StuckError as stuck:
            return self._show(409, reasons=barrier_texts(stuck.barriers))
        except edition.BusyError:
            text = (
                "Somebody else's change is being written just now; nothing was undone. Try again."
            )
            response = self._show(503, text)
            response.headers["Retry-After"] = "5"
            return response
        warn_of_problems(partial(messages.add_message, self.request))
        return self.undone(done)

    def _show(
        self, status: int = 200, sentence: str = "", reasons: Sequence[str] = ()
    ) -> HttpResponse:
        shown = {"sentence": sentence, "reasons": reasons, "summary": [], "groups": []}
        newest = bases.newest_of(self.load.name)
        if self.load.undone_in_id or newest is None:
            text = "It is undone already, in edition %(number)d."
            shown["reasons"] = [text % {"number": self.load.undone_in_id}]
        elif newest.pk != self.load.pk:
            text = "%(newer)s was loaded after it. Undo that first."
            shown |= {"reasons": [text % {"newer": newest}], "newer": newest}
        elif not reasons:
            shown |= self._taken_back()
        context = {"newer": None, "more_things": 0, **shown, **self.context}
        return TemplateResponse(self.request, TEMPLATE, context, status=status)

    def _taken_back(self) -> dict[str, Any]:
        try:
            changes = changes_of_undo(self.load)
        except StuckError as error:
            return {"reasons": barrier_texts(error.barriers)}
        things = describe(changes, Labels.of(changes))
        groups, more = grouped(things)
        return {"summary": summary(things), "groups": groups, "more_things": more}
