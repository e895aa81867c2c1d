"""Taking back an edition, and making a thing as an edition left it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.admin.base import (
    form_address,
    history_address,
    is_key,
    may_recover,
    model_admin_of,
)
from catalog.admin.confirm import Confirmation, NotConfirmedError
from catalog.admin.revisions import Past, how, is_empty, past_of, revision_of, sentences_of
from catalog.admin.saving import may_write, saving_of
from catalog.describe import Labels, problem_sentences
from catalog.history.diff import changes_to_restore, changes_to_undo
from catalog.history.documents import in_todays_fields
from catalog.history.renames import SlugRenames
from catalog.history.rows import RowChange
from catalog.models import THINGS, Edition, PackLoad, Revision, ThingKey

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_POST)
def undo_edition(request: HttpRequest, key: str) -> HttpResponse:
    """Show what would change if an edition were taken back; a POST takes it back.

    What a pack brought is taken back with what the pack said: that has a page of its own.
    """
    edition = Edition.objects.filter(pk=key).first() if is_key(key) else None
    if edition is None:
        raise Http404
    things = _things(edition)
    if not _may_change(request, things):
        raise PermissionDenied
    if load := PackLoad.objects.filter(edition=edition).first():
        return HttpResponseRedirect(reverse("admin:catalog_packload_undo", args=[load.pk]))
    return UndoEdition(request, edition, things).answer()


@require_http_methods(READ_OR_POST)
def revert(request: HttpRequest, key: str) -> HttpResponse:
    """Show what would change if a thing were again as in this revision; a POST makes it so."""
    revision = revision_of(key)
    past = past_of(revision)
    _check_may_revert(request, past, revision)
    return Revert(request, past, revision).answer()


def undo_address(request: HttpRequest, key: str) -> str:
    """Return where an edition is taken back, for who may change all of it; blank for others."""
    edition = Edition.objects.filter(pk=key).first() if is_key(key) else None
    if edition is None or not _may_change(request, _things(edition)):
        return ""
    return reverse("admin:catalog_edition_undo", args=[edition.pk])


class UndoEdition(Confirmation):
    """One request to take back an edition."""

    template = "undo_edition.html"
    nothing = "Nothing was undone."

    def __init__(self, request: HttpRequest, edition: Edition, things: set[ThingKey]) -> None:
        super().__init__(request)
        self.edition = edition
        self.things = things
        self.thing = min(things) if len(things) == 1 else None
        self.comment = f"Took back edition {edition.pk}"

    def changes(self) -> list[RowChange]:
        if load := PackLoad.objects.filter(undone_in=self.edition).first():
            text = f"It took back the pack {load}: to have that again, load the pack."
            raise NotConfirmedError(problems=[text])
        changes, problems = changes_to_undo(self.edition)
        if problems:
            raise NotConfirmedError(problems=problem_sentences(problems))
        if not may_write(self.request, changes):
            raise PermissionDenied
        return changes

    def write(self, changes: list[RowChange]) -> None:
        super().write(changes)
        saving = saving_of(self.request)
        if changes:
            saving.queue_message(messages.SUCCESS, f"Edition {self.edition.pk} is undone.")
        else:
            saving.queue_message(messages.INFO, "Nothing to do: all of it is undone already.")

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        return {
            "title": f"Undo edition {self.edition.pk}",
            "edition": self.edition,
            "how": how(self.edition),
            "may_look_at_edition": self.request.user.has_perm("catalog.view_edition"),
        }

    def done(self, changes: list[RowChange]) -> HttpResponse:
        """Go on to what waits, the thing that it was about, or the edition."""
        if kept := saving_of(self.request).kept:
            return _to_pending(kept[0].pk)
        row = None
        if self.thing is not None:
            row = THINGS[self.thing.kind].objects.filter(slug=self.thing.slug).first()
        if row is not None:
            return HttpResponseRedirect(form_address(row))
        if self.request.user.has_perm("catalog.view_edition"):
            address = reverse("admin:catalog_edition_change", args=[self.edition.pk])
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("admin:index"))


class Revert(Confirmation):
    """One request to make a thing as an edition left it, or to bring it back."""

    template = "revert.html"
    nothing = "Nothing was changed."

    def __init__(self, request: HttpRequest, past: Past, revision: Revision) -> None:
        super().__init__(request)
        self.past = past
        self.revision = revision
        self.thing = past.thing
        self.comment = f"Reverted to edition {revision.edition_id}"

    def changes(self) -> list[RowChange]:
        return changes_to_restore(self.thing, in_todays_fields(self.revision.document))

    def write(self, changes: list[RowChange]) -> None:
        super().write(changes)
        number, saving = self.revision.edition_id, saving_of(self.request)
        if changes:
            saving.queue_message(messages.SUCCESS, f"It is again as in edition {number}.")
        else:
            saving.queue_message(messages.INFO, f"Nothing to do: it is as in edition {number}.")

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        labels = Labels.of(changes or self.past.between(None, self.revision))
        name, number = self.past.title(labels), self.revision.edition_id
        is_gone = self.past.row is None
        return {
            "title": f"Recover “{name}” from edition {number}"
            if is_gone
            else f"Revert “{name}” to edition {number}",
            "thing": self.thing,
            "revision": self.revision,
            "how": how(self.revision.edition),
            "sentences": sentences_of(self.thing, changes, labels),
            "is_gone": is_gone,
            "is_empty": is_empty(self.revision),
        }

    def done(self, changes: list[RowChange]) -> HttpResponse:
        if kept := saving_of(self.request).kept:
            return _to_pending(kept[0].pk)
        return HttpResponseRedirect(history_address(self.thing))


def _to_pending(key: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalog_pending_change", args=[key]))


def _things(edition: Edition) -> set[ThingKey]:
    """Return the things that an edition changed, by what they are called today."""
    names = SlugRenames.read()
    found = edition.revisions.values_list("kind", "slug")
    return {names.thing(ThingKey(*thing)) for thing in found if thing[0] in THINGS}


def _may_change(request: HttpRequest, things: set[ThingKey]) -> bool:
    kinds = {thing.kind for thing in things}
    return all(model_admin_of(kind).has_change_permission(request) for kind in kinds)


def _check_may_revert(request: HttpRequest, past: Past, revision: Revision) -> None:
    """Raise PermissionDenied: to bring something back is to add it, to empty it is to delete it."""
    model_admin = model_admin_of(revision.kind)
    if past.row is None:
        may = may_recover(request, revision.kind)
    elif is_empty(revision):
        may = model_admin.has_delete_permission(request)
    else:
        may = model_admin.has_change_permission(request)
    if not may:
        raise PermissionDenied
