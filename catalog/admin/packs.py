"""Packs that were loaded, and the way in for another one: upload, plan, choose, apply, undo."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import ReadOnlyMixin, SiteAdmin, admin_url, render_page
from catalog.admin.confirm import Confirmation, NotConfirmedError, grouped
from catalog.admin.conflicts import PACK, Choices
from catalog.admin.saving import tell_problems
from catalog.describe import Labels
from catalog.history import editions
from catalog.history.rows import RowChange
from catalog.models import Edition, PackLoad
from catalog.packs import bases, uploads
from catalog.packs.entries import Incoming, read
from catalog.packs.loading import (
    MovedError,
    StuckError,
    changes_of_undo,
    is_loaded,
    load,
    plan,
    token_of,
    undo,
)
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from catalog.packs.report import Report, report

MAY_LOAD = "catalog.load_pack"
# A plan may have had ten thousand lines.
MOST_LINES = 500
# Each is a field of the form; the others wait for the next time.
MOST_QUESTIONS = 500


class UploadForm(forms.Form):
    """One file; what is in it the reader of packs says."""

    file = forms.FileField(
        label="File",
        # Its reader has a sentence of its own for a file that holds nothing.
        allow_empty_file=True,
        help_text=(
            "A .zip of a pack's folder, or one fixture file (.yaml, .yml, .json). Nothing is "
            "written to the guide yet: the next page shows what would change."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(uploads.UPLOADED)}),
    )


@admin.register(PackLoad)
class PackLoadAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["name", "version", "at", "user", "in_edition", "state"]
    list_filter = ["name"]
    search_fields = ["name", "user"]
    search_help_text = "By pack or user."
    change_list_template = "admin/catalog/pack_list.html"
    change_form_template = "admin/catalog/pack_load.html"
    fieldsets = [
        (None, {"fields": ["pack", "at", "user", "in_edition", "state", "over_packs", "digest"]}),
        ("Waiting for a choice", {"fields": ["waiting"]}),
        ("What it changed", {"fields": ["what_it_changed"]}),
    ]
    readonly_fields = ["pack", "in_edition", "state", "over_packs", "waiting", "what_it_changed"]

    def get_urls(self) -> list[URLPattern]:
        def view(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(may(page))

        may = permission_required(MAY_LOAD, raise_exception=True)
        return [
            path("upload/", view(self.upload_view), name="catalog_packload_upload"),
            path("plan/<str:key>/", view(self.plan_view), name="catalog_packload_plan"),
            path("<int:pk>/choose/", view(self.choose_view), name="catalog_packload_choose"),
            path("<int:pk>/undo/", view(self.undo_view), name="catalog_packload_undo"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(MAY_LOAD)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        loads = super().get_queryset(request).select_related("edition", "undone_in")
        return loads.annotate(waiting_count=Count("conflicts")).defer("plan")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["is_newest"] = bases.newest_of(kwargs["obj"].name) == kwargs["obj"]
        return super().render_change_form(request, context, *args, **kwargs)

    # What the list and the page say

    @admin.display(description="pack")
    def pack(self, load: PackLoad) -> str:
        return f"{load}, complete" if load.is_complete else str(load)

    @admin.display(description="edition", ordering="edition")
    def in_edition(self, load: PackLoad) -> str | SafeString:
        return link_to(load.edition) if load.edition else "none: the guide said so already"

    @admin.display(description="state")
    def state(self, load: PackLoad) -> str | SafeString:
        if load.undone_in:
            return format_html("undone in edition {}", link_to(load.undone_in))
        count = load.waiting_count
        return f"in force, {conflicts_wait(count)}" if count else "in force"

    @admin.display(description="over")
    def over_packs(self, load: PackLoad) -> str:
        return ", ".join(load.over) or "no other pack"

    @admin.display(description="conflicts")
    def waiting(self, load: PackLoad) -> str | SafeString:
        if not load.waiting_count:
            return "Nothing waits."
        texts = list(load.conflicts.values_list("text", flat=True)[:MOST_LINES])
        items = ((text,) for text in first_lines(texts, load.waiting_count))
        return format_html(
            '<ul class="pack-list">{}</ul>', format_html_join("", "<li>{}</li>", items)
        )

    @admin.display(description="plan")
    def what_it_changed(self, load: PackLoad) -> str | SafeString:
        lines = load.plan.splitlines()
        if not lines:
            return "Nothing: the guide said all of it already."
        text = "\n".join(first_lines(lines, len(lines)))
        return format_html('<div class="pack-record pack-text">{}</div>', text)

    # What it does

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file in, keep it, and go on to its plan."""
        form, refused = UploadForm(), None
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                key = take_in(form.cleaned_data["file"])
                return HttpResponseRedirect(reverse("admin:catalog_packload_plan", args=[key]))
            except RefusedError as error:
                refused = error
        context = {**framed("Load a pack"), "form": form, "refused": refused}
        status = HTTPStatus.BAD_REQUEST if refused or form.errors else HTTPStatus.OK
        return render_page(request, "pack_upload.html", context, status)

    def plan_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show the plan of an upload, which was made when it came in; a POST applies it."""
        file = uploads.path_of(key)
        if file is None:
            raise Http404
        return PlanPage(self, request, f"Plan of {file.name}", key=key).answer()

    def choose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the plan of what a loading left waiting, whose files need not be here."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        return PlanPage(self, request, f"Conflicts of {record}", record).answer()

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what undoing a loading takes back; a POST takes it back."""
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        return UndoLoading(self, request, record).answer()


class PlanPage:
    """One request for the plan of a pack: what it would do, what to choose, and applying it.

    The plan of an upload is kept beside it, so that looking at it waits for nobody. It is made
    anew by a button where the guide has moved, and once more while it is applied.
    """

    def __init__(
        self,
        model_admin: PackLoadAdmin,
        request: HttpRequest,
        title: str,
        load: PackLoad | None = None,  # of which it is what waits
        key: str = "",  # of the upload
    ) -> None:
        self.model_admin = model_admin
        self.request = request
        self.context = {"said": None, **framed(title, load)}
        self.load = load
        self.key = key
        self.choices = Choices(request.POST, PACK)

    def answer(self) -> HttpResponse:
        try:
            if self.request.method != "POST":
                return self._show()
            if "_anew" in self.request.POST:
                make_plan(self.open_pack(), self.key)
                return HttpResponseRedirect(self.request.get_full_path())
            return self._apply()
        except RefusedError as error:
            return self._page(HTTPStatus.BAD_REQUEST, refused=error)
        except editions.BusyError:
            if self.request.method == "POST":
                raise
            text = "The plan waits for somebody else's change, which is being written: look again."
            return self._page(HTTPStatus.OK, text)

    def open_pack(self) -> Incoming:
        """Return the pack. Raises RefusedError."""
        return read_upload(self.key) if self.load is None else WaitingConflicts(self.load)

    def _apply(self) -> HttpResponse:
        user = self.request.user.get_username()
        shown = self.request.POST.get("token", "") or "none"
        incoming = self.open_pack()
        try:
            said, record = load(incoming, user, choose=self.choices.choose, shown=shown)
        except MovedError:
            make_plan(incoming, self.key)
            return self._show(HTTPStatus.CONFLICT, self._moved())
        except RefusedError as error:
            return self._show(HTTPStatus.BAD_REQUEST, refused=error)
        count = len(said.conflicts)
        waits = f"{conflicts_wait(count)} for a choice." if count else ""
        if record is None:
            messages.info(self.request, waits or "Nothing to do: the guide says so already.")
            return HttpResponseRedirect(admin_url(PackLoad, "changelist"))
        self.model_admin.log_addition(self.request, record, [{"added": {}}])
        messages.success(self.request, told_of(record))
        if waits:
            messages.warning(self.request, waits)
        return HttpResponseRedirect(admin_url(PackLoad, "change", record.pk))

    def _show(
        self, status: int = HTTPStatus.OK, sentence: str = "", refused: RefusedError | None = None
    ) -> HttpResponse:
        """Return the plan as it is before anything is chosen."""
        made = uploads.plan_of(self.key) if self.key else None
        made = made or make_plan(self.open_pack(), self.key, wait=False)
        said = Report.from_data(made["report"])
        groups, more_things = grouped(said.things)
        shown = said.conflicts[:MOST_QUESTIONS]
        labels = Labels.of([], [(one.row, {}) for one, _text in shown])
        is_old = made["edition"] != editions.number_now()
        self.context |= {
            "made": made,
            "said": said,
            "moved": self._moved() if is_old and not sentence else "",
            "groups": groups,
            "more_things": more_things,
            "questions": [self.choices.question(one, labels, text=text) for one, text in shown],
            "more_questions": len(said.conflicts) - len(shown),
            "is_done": said.is_empty and is_loaded(made["digest"]),
        }
        if said.problems.first:
            refused = refused or RefusedError(said.problems.first, said.problems.more)
        return self._page(status, sentence, refused)

    def _page(
        self, status: int, sentence: str = "", refused: RefusedError | None = None
    ) -> HttpResponse:
        context = {"sentence": sentence, "refused": refused, **self.context}
        return render_page(self.request, "pack_plan.html", context, status)

    def _moved(self) -> str:
        """Return what has changed since the plan was made."""
        newest = editions.latest()
        if newest is None or self.request.POST.get("edition") == str(newest.number):
            return "Another pack was loaded since this plan was made; look again."
        by = f" by {newest.user}" if newest.user else ""
        place = f"(edition {newest.number}{by})"
        return f"The guide has changed since this plan was made {place}; look again."


class UndoLoading(Confirmation):
    """One request to undo a loading."""

    template = "pack_undo.html"
    nothing = "Nothing was undone."

    def __init__(self, model_admin: PackLoadAdmin, request: HttpRequest, record: PackLoad) -> None:
        super().__init__(request)
        self.model_admin = model_admin
        self.record = record

    def do(self) -> None:
        user = self.request.user.get_username()
        try:
            done = undo(self.record, user, check=self.check)
        except StuckError as error:
            raise NotConfirmedError(problems=error.reasons) from error
        except MovedError as error:
            self.record.refresh_from_db(fields=["undone_in"])
            raise NotConfirmedError from error
        self.model_admin.log_change(self.request, self.record, "Undone.")
        tell_problems(self.request)
        where = f" in edition {done.number}" if done else ". The guide itself did not change"
        messages.success(self.request, f"{self.record} is undone{where}.")

    def where_next(self) -> str:
        return admin_url(PackLoad, "change", self.record.pk)

    def changes(self) -> list[RowChange]:
        self.newest = newest = bases.newest_of(self.record.name)
        if self.record.undone_in_id or newest is None:
            number = self.record.undone_in_id
            raise NotConfirmedError(problems=[f"It is undone already, in edition {number}."])
        if newest.pk != self.record.pk:
            raise NotConfirmedError(problems=[f"{newest} was loaded after it. Undo that first."])
        try:
            return changes_of_undo(self.record)
        except StuckError as error:
            raise NotConfirmedError(problems=error.reasons) from error

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        newer = self.newest if self.newest != self.record else None
        return {**framed(f"Undo {self.record}", self.record), "newer": newer}


def framed(title: str, load: PackLoad | None = None) -> dict[str, Any]:
    """Return what stands around each page of packs."""
    return {"opts": PackLoad._meta, "title": title, "load": load}


def take_in(file: UploadedFile) -> str:
    """Keep an upload that can be read, with its plan; return its key.

    Raises RefusedError and editions.BusyError, and keeps nothing that was not here before.
    """
    key = uploads.keep(file.name, file.chunks())
    try:
        make_plan(read_upload(key), key)
    except Exception:
        if uploads.plan_of(key) is None:
            uploads.remove(key)
        raise
    return key


def read_upload(key: str) -> Incoming:
    """Return the pack of an upload. Raises RefusedError."""
    return read(uploads.path_of(key), most=uploads.MOST_ROWS)


def make_plan(incoming: Incoming, key: str = "", *, wait: bool = True) -> dict[str, Any]:
    """Return the plan of a pack as JSON holds it; keep it beside the upload of this key."""
    made = plan(incoming, wait=wait)
    data = {
        "edition": made.edition,
        "token": token_of(made),
        "digest": incoming.digest,
        "complete": incoming.manifest.complete,
        "report": report(made).as_data(),
    }
    if key:
        uploads.keep_plan(key, data)
    return data


def link_to(edition: Edition) -> SafeString:
    url = admin_url(Edition, "change", edition.pk)
    return format_html('<a href="{}">{}</a>', url, edition.number)


def told_of(load: PackLoad) -> str | SafeString:
    """Return that a pack is loaded, with the way back."""
    if load.edition is None:
        return f"“{load}” is loaded. The guide said all of it already."
    text = '“{}” is loaded: edition {}. <a href="{}">Undo</a>'
    way_back = admin_url(PackLoad, "undo", load.pk)
    return format_html(text, load, link_to(load.edition), way_back)


def conflicts_wait(count: int) -> str:
    return f"{count} conflict{' waits' if count == 1 else 's wait'}"


def first_lines(lines: list[str], count: int) -> list[str]:
    """Return the first lines of so many, and one that counts those left out."""
    more = count - MOST_LINES
    return [*lines[:MOST_LINES], *([f"… and {more} more."] if more > 0 else [])]
