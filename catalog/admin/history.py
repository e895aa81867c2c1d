"""Editions and revisions as they are kept, the past of each thing, and the ways back to it."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from catalog import packs
from catalog.admin.base import (
    ReadOnlyMixin,
    SiteAdmin,
    admin_url,
    check_may_look,
    form_address,
    history_address,
    is_key,
    may_look,
    may_recover,
    model_admin_of,
    render_page,
)
from catalog.admin.confirm import Confirmation, NotConfirmedError
from catalog.admin.conflicts import first_lines
from catalog.admin.previews import preview_of_past
from catalog.admin.revisions import Past, revision_of, sentences_of
from catalog.admin.saving import may_write
from catalog.describe import Labels, problem_sentences
from catalog.history.diff import changes_to_restore, changes_to_undo
from catalog.history.documents import NOTHING, in_todays_fields
from catalog.history.renames import SlugRenames
from catalog.history.rows import RowChange, key_of
from catalog.models import THINGS, Changed, Edition, Moved, PackLoad, Revision, ThingKey
from catalog.models.base import SLUG_CHARACTERS

DELETED_PER_PAGE = 50


@admin.display(description="what changed")
def links_to_past(revision: Revision) -> SafeString | str:
    """Return links to what this edition changed of the thing, and to its whole history."""
    if revision.kind not in THINGS:
        return ""
    address = history_address(revision.thing)
    text = '<a href="{}?to={}">Difference</a> · <a href="{}">History</a>'
    return format_html(text, address, revision.edition_id, address)


class RevisionInline(ReadOnlyMixin, admin.TabularInline):
    model = Revision
    fields = ["kind", "slug", links_to_past]
    readonly_fields = [links_to_past]
    show_change_link = True  # to its document
    verbose_name_plural = "things changed"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("document")


@admin.register(Edition)
class EditionAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["number", "at", "user", "origin", "comment"]
    list_filter = ["origin", "at"]
    search_fields = ["user", "comment"]
    fields = ["number", "at", "user", "origin", "comment"]
    inlines = [RevisionInline]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(undo_edition)
        return [path("<str:key>/undo/", view, name="catalog_edition_undo"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        edition = kwargs["obj"]
        if UndoEdition(request, edition).is_open():
            context["undo_address"] = admin_url(Edition, "undo", edition.pk)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["__str__", "kind", "slug", "edition", "at", "user"]
    list_filter = ["kind"]
    list_select_related = ["edition"]
    search_fields = ["kind", "slug"]
    search_help_text = "By kind or slug: “technology django”."
    fields = ["kind", "slug", links_to_past, "edition", "at", "user", "comment", "as_it_was"]
    readonly_fields = [links_to_past, "at", "user", "comment", "as_it_was"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view  # asks who is there, and lets nobody keep the answer
        return [
            path("of/<str:kind>/<str:slug>/", view(thing_history), name="catalog_revision_of"),
            path("deleted/", view(deleted_things), name="catalog_revision_deleted"),
            path("<str:key>/preview/", view(preview_of_past), name="catalog_revision_preview"),
            path("<str:key>/revert/", view(revert), name="catalog_revision_revert"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Who may see a thing may see what it was."""
        may = super().has_view_permission(request, obj)
        return may or (obj is not None and obj.kind in THINGS and may_look(request, obj.kind))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("edition")

    @admin.display(description="at", ordering="edition__at")
    def at(self, revision: Revision) -> Any:
        return revision.edition.at

    @admin.display(description="user", ordering="edition__user")
    def user(self, revision: Revision) -> str:
        return revision.edition.user

    @admin.display(description="comment")
    def comment(self, revision: Revision) -> str:
        return revision.edition.comment

    @admin.display(description="as it was")
    def as_it_was(self, revision: Revision) -> str | SafeString:
        rows = json.loads(revision.document)
        if not rows:
            return "Deleted: there was nothing of it."
        return format_html("<pre>{}</pre>", packs.to_yaml(rows))


# The history of one thing -----------------------------------------------------------------------


@require_safe
def thing_history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Show all revisions of a thing; with `from` or `to` in the query, what differs between two."""
    check_may_look(request, kind)
    if not set(slug) <= set(SLUG_CHARACTERS):
        raise Http404  # and PostgreSQL would not even look for a NUL
    past = Past.of(ThingKey(kind, slug))
    if past.thing.slug != slug:
        query = request.META.get("QUERY_STRING", "")
        address = history_address(past.thing)
        return HttpResponseRedirect(f"{address}?{query}" if query else address)
    numbers = [request.GET.get(name, "") for name in ("from", "to")]
    if not any(numbers):
        return _list(request, past)
    try:
        earlier, later = past.two(*numbers)
    except Revision.DoesNotExist:
        complaint = "No two editions that changed it stand in the address: choose two below."
        return _list(request, past, complaint)
    if earlier == later:
        return _list(request, past, "These two are one and the same: choose two that differ.")
    return _difference(request, past, earlier, later)


@require_safe
def deleted_things(request: HttpRequest) -> HttpResponse:
    """Show what is gone and can be brought back, of the kinds that somebody may see."""
    kinds = [kind for kind in THINGS if may_look(request, kind)]
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
    return render_page(request, "deleted_things.html", context)


def deleted(kinds: Iterable[str]) -> QuerySet[Revision]:
    """Return what says of a thing of these kinds that it is gone: the latest first.

    With `last`: the key of the revision before. What merely has another name is not among them.
    """
    here = {"kind": OuterRef("kind"), "slug": OuterRef("slug")}
    newest = Changed.objects.filter(**here, edition_id=OuterRef("edition_id"))
    moved = Moved.objects.filter(kind=OuterRef("kind"), old=OuterRef("slug"))
    with_rows = Revision.objects.filter(**here).exclude(document=NOTHING)
    return (
        Revision.objects.filter(kind__in=list(kinds), document=NOTHING)
        .filter(Exists(newest), ~Exists(moved))
        .annotate(last=Subquery(with_rows.order_by("-edition_id").values("pk")[:1]))
        .exclude(last=None)
        .select_related("edition")
    )


def name_deleted(revisions: Iterable[Revision]) -> list[Revision]:
    """Return these, each with the title and the kind of its thing. One query, and those of titles.

    Each has `last`, the key of the last revision with rows.
    """
    rows = list(revisions)
    also = []
    for row in Revision.objects.in_bulk([row.last for row in rows]).values():
        itself = in_todays_fields(row.document)[0]
        also.append((key_of(itself), itself["fields"]))
    labels = Labels.of([], also)
    for row in rows:
        row.title = labels.thing(row.thing)
        row.kind_title = THINGS[row.kind]._meta.verbose_name
    return rows


def _list(request: HttpRequest, past: Past, complaint: str = "") -> HttpResponse:
    found, revisions, title = past.page(request.GET.get("page"))
    if not revisions and past.row is None:
        raise Http404
    context = {
        "title": f"History of “{title}”",
        "thing": past.thing,
        "page": found,
        "revisions": revisions,
        "complaint": complaint,
        "form_address": form_address(past.row),
        "may_revert": model_admin_of(past.thing.kind).has_change_permission(request),
    }
    return render_page(request, "thing_history.html", context)


def _difference(
    request: HttpRequest, past: Past, earlier: Revision | None, later: Revision
) -> HttpResponse:
    changes = past.between(earlier, later)
    labels = Labels.of(changes)
    name = past.title(labels)
    title = f"“{name}” in edition {later.edition_id}, its first"
    if earlier is not None:
        title = f"“{name}” from edition {earlier.edition_id} to edition {later.edition_id}"
    context = {
        "title": title,
        "thing": past.thing,
        "earlier": earlier,
        "later": later,
        "sentences": sentences_of(past.thing, changes, labels),
        **first_lines(changes, labels),
    }
    return render_page(request, "thing_difference.html", context)


# The way back ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def undo_edition(request: HttpRequest, key: str) -> HttpResponse:
    """Show what would change if an edition were taken back; a POST takes it back.

    What a pack brought is taken back with what the pack said: that has a page of its own.
    """
    edition = get_object_or_404(Edition, pk=key if is_key(key) else None)
    page = UndoEdition(request, edition)
    load = PackLoad.objects.filter(edition=edition).first()
    if load is not None and page.is_open():
        return HttpResponseRedirect(admin_url(PackLoad, "undo", load.pk))
    return page.answer()


@require_http_methods(["GET", "HEAD", "POST"])
def revert(request: HttpRequest, key: str) -> HttpResponse:
    """Show what would change if a thing were again as in this revision; a POST makes it so."""
    return Revert(request, revision_of(key)).answer()


class UndoEdition(Confirmation):
    """One request to take back an edition, for who may change all that it changed."""

    template = "undo_edition.html"
    nothing = "Nothing was undone."
    idle = "Nothing to do: all of it is undone already."

    def __init__(self, request: HttpRequest, edition: Edition) -> None:
        super().__init__(request)
        self.edition = edition
        names = SlugRenames.read()
        changed = [revision.thing for revision in edition.revisions.defer("document")]
        self.things = {names.thing(thing) for thing in changed if thing.kind in THINGS}
        self.thing = min(self.things) if len(self.things) == 1 else None
        self.comment = f"Took back edition {edition.pk}"
        self.success = f"Edition {edition.pk} is undone."

    def is_open(self) -> bool:
        kinds = {thing.kind for thing in self.things}
        return all(model_admin_of(kind).has_change_permission(self.request) for kind in kinds)

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

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        return {"title": f"Undo edition {self.edition.pk}", "edition": self.edition}

    def where_next(self) -> str:
        """Return what waits, the thing that it was about, or the edition."""
        row = None
        if self.thing is not None:
            row = THINGS[self.thing.kind].objects.filter(slug=self.thing.slug).first()
        if address := super().where_next() or form_address(row):
            return address
        if self.request.user.has_perm("catalog.view_edition"):
            return admin_url(Edition, "change", self.edition.pk)
        return reverse("admin:index")


class Revert(Confirmation):
    """One request to make a thing as an edition left it, or to bring it back."""

    template = "revert.html"
    nothing = "Nothing was changed."

    def __init__(self, request: HttpRequest, revision: Revision) -> None:
        super().__init__(request)
        self.revision = revision
        self.past = Past.of(revision.thing)
        self.thing = self.past.thing
        self.comment = f"Reverted to edition {revision.edition_id}"
        self.success = f"It is again as in edition {revision.edition_id}."
        self.idle = f"Nothing to do: it is as in edition {revision.edition_id}."

    def is_open(self) -> bool:
        """To bring something back is to add it, to empty it is to delete it."""
        model_admin = model_admin_of(self.thing.kind)
        if self.past.row is None:
            return may_recover(self.request, self.thing.kind)
        if self.revision.is_empty:
            return model_admin.has_delete_permission(self.request)
        return model_admin.has_change_permission(self.request)

    def changes(self) -> list[RowChange]:
        return changes_to_restore(self.thing, in_todays_fields(self.revision.document))

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
            "sentences": sentences_of(self.thing, changes, labels),
            "is_gone": is_gone,
        }

    def where_next(self) -> str:
        return super().where_next() or history_address(self.thing)
