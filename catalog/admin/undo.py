"""The page on which an edition is taken back: what that would change, or what stands in the way."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog import edition
from catalog.admin import listed, merging, said, tokens, waiting
from catalog.admin.base import is_key
from catalog.admin.door import hold, open_door, publishes
from catalog.admin.pack_plan import grouped
from catalog.admin.past import model_admin_of, page
from catalog.admin.revisions import KINDS, how
from catalog.changes.names import Names
from catalog.changes.returning import StuckError, taking_back
from catalog.changes.rows import RowChange
from catalog.describe import Labels, barrier_texts, describe, summary
from catalog.models import Edition, PackLoad, ThingKey

ASK_AGAIN = "5"  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
def undo_edition(request: HttpRequest, key: str) -> HttpResponse:
    """Shows what would change if an edition were taken back; a POST takes it back.

    What a pack brought is taken back with what the pack said: that has a page of its own.
    """
    row = Edition.objects.filter(pk=key).first() if is_key(key) else None
    if row is None:
        raise Http404
    things = _things(row)
    if not _may_change(request, things):
        raise PermissionDenied
    if load := PackLoad.objects.filter(edition=row).first():
        return HttpResponseRedirect(reverse("admin:catalog_packload_undo", args=[load.pk]))
    page_of = _Undo(request, row, things)
    return page_of.take_back() if request.method == "POST" else page_of.show()


def address_of_undo(request: HttpRequest, key: str) -> str:
    """Where an edition is taken back, for who may change all that it changed; empty for others."""
    row = Edition.objects.filter(pk=key).first() if is_key(key) else None
    if row is None or not _may_change(request, _things(row)):
        return ""
    return reverse("admin:catalog_edition_undo", args=[row.pk])


def _things(row: Edition) -> set[ThingKey]:
    """The things that an edition changed, by what they are called today."""
    names = Names.read()
    found = row.revisions.values_list("kind", "slug")
    return {names.thing(ThingKey(*thing)) for thing in found if thing[0] in KINDS}


def _may_change(request: HttpRequest, things: set[ThingKey]) -> bool:
    kinds = {thing.kind for thing in things}
    return all(model_admin_of(kind).has_change_permission(request) for kind in kinds)


class _Undo:
    """One request to take back an edition. Looking at it takes no lock and writes nothing."""

    def __init__(self, request: HttpRequest, row: Edition, things: set[ThingKey]) -> None:
        self.request = request
        self.edition = row
        self.things = things

    def take_back(self) -> HttpResponse:
        only = min(self.things) if len(self.things) == 1 else None
        comment = f"Took back edition {self.edition.pk}"
        try:
            with open_door(self.request, only, comment=comment):
                refusal, problems = self._write()
        except StuckError as stuck:
            return self.show(problems=barrier_texts(stuck.barriers), status=HTTPStatus.CONFLICT)
        except edition.BusyError:
            text = (
                "Somebody else's change is being written just now; nothing was undone. Try again."
            )
            response = self.show(text, status=HTTPStatus.SERVICE_UNAVAILABLE)
            response.headers["Retry-After"] = ASK_AGAIN
            return response
        if refusal or problems:
            return self.show(refusal, problems, HTTPStatus.CONFLICT)
        if self.request.proposed:
            waits = self.request.proposed[0]
            return HttpResponseRedirect(reverse("admin:catalog_pending_change", args=[waits.pk]))
        return HttpResponseRedirect(self._onwards())

    def _write(self) -> tuple[str, Sequence[str]]:
        """Write what takes it back; or why not, as a sentence above the page or as a list."""
        shown = listed.Listed.posted(self.request.POST)
        if shown is None or not self.things <= shown.things:
            return "It is not known which state this page was made from: look again.", ()
        if changed := shown.changed(self.things):
            text = "Nothing was undone. %(changes)s Below is what would change now."
            return text % {"changes": listed.told(changed)}, ()
        if reasons := self._reasons():
            return "", reasons
        changes = self._changes()
        if not listed.were_listed(self.request.POST, changes):
            return "Nothing was undone: below is what would change now.", ()
        if at_work := waiting.of_others(self.request, self.things):
            return "", at_work
        problems = merging.problems_of_writing(changes)
        if not problems:
            self._tell(is_done=bool(changes))
        return "", problems

    def _tell(self, *, is_done: bool) -> None:
        if is_done:
            text = f"Edition {self.edition.pk} is undone."
            hold(self.request, messages.SUCCESS, text)
        else:
            text = "Nothing to do: all of it is undone already."
            hold(self.request, messages.INFO, text)

    def show(
        self, refusal: str = "", problems: Sequence[str] = (), status: int = HTTPStatus.OK
    ) -> HttpResponse:
        number = edition.number_now()  # before the rows: what changes in between makes it stale
        changes, reasons = [], [*problems] or self._reasons()
        if not reasons:
            try:
                changes = self._changes()
            except StuckError as stuck:
                reasons = barrier_texts(stuck.barriers)
        told = describe(changes, Labels.of(changes))
        groups, more = grouped(told)
        context = {
            "title": f"Undo edition {self.edition.pk}",
            "edition": self.edition,
            "how": how(self.edition),
            "refusal": refusal,
            "reasons": reasons,
            "summary": summary(told),
            "groups": groups,
            "more_things": more,
            "is_done": not (changes or reasons),
            "waits": not publishes(self.request),
            "token_name": tokens.FIELD,
            "token": listed.token_of(number, self.things),
            "seen_name": listed.SEEN,
            "seen": listed.seen_of(changes),
            "may_look_at_edition": self.request.user.has_perm("catalog.view_edition"),
        }
        return page(self.request, "undo_edition.html", context, status)

    def _changes(self) -> list[RowChange]:
        """What would take it back. Raises StuckError, and PermissionDenied for who may not."""
        changes = taking_back(self.edition)
        if not said.may_write(self.request, changes):
            raise PermissionDenied
        return changes

    def _reasons(self) -> list[str]:
        """Why it is not taken back here whatever it changed."""
        load = PackLoad.objects.filter(undone_in=self.edition).first()
        if load is None:
            return []
        text = "It took back the pack %(pack)s: to have that again, load the pack."
        return [text % {"pack": load}]

    def _onwards(self) -> str:
        """Where to go on: the thing that it was about, or the edition."""
        if len(self.things) == 1:
            (thing,) = self.things
            row = KINDS[thing.kind].objects.filter(slug=thing.slug).first()
            if row is not None:
                return reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])
        if self.request.user.has_perm("catalog.view_edition"):
            return reverse("admin:catalog_edition_change", args=[self.edition.pk])
        return reverse("admin:index")
