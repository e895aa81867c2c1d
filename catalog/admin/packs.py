"""Packs that were loaded, and the way in for another one: upload, plan, choose, apply, undo."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import ReadOnlyMixin, SiteAdmin
from catalog.admin.pack_plan import PlanPage
from catalog.admin.pack_undo import UndoPage
from catalog.models import Edition, PackLoad
from catalog.packs import bases, uploads
from catalog.packs.problems import RefusedError
from catalog.packs.reading import read
from catalog.packs.remembered import Remembered
from catalog.packs.report import Report

MAY_LOAD = "catalog.load_pack"
# A plan may have had ten thousand lines.
MOST_LINES = 500


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
        view = self.admin_site.admin_view
        return [
            path("upload/", view(self.upload_view), name="catalog_packload_upload"),
            re_path(
                rf"^plan/(?P<key>{uploads.KEY.pattern})/$",
                view(self.plan_view),
                name="catalog_packload_plan",
            ),
            path("<int:pk>/choose/", view(self.choose_view), name="catalog_packload_choose"),
            path("<int:pk>/undo/", view(self.undo_view), name="catalog_packload_undo"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or may_load(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        loads = super().get_queryset(request).select_related("edition", "undone_in")
        return loads.annotate(waiting_count=Count("conflicts")).defer("plan")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {**(extra_context or {}), "may_load": may_load(request)}
        return super().changelist_view(request, extra)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        load = kwargs["obj"]
        context |= {
            "may_choose": may_load(request) and load.waiting_count > 0,
            "may_undo": may_load(request) and bases.newest_of(load.name) == load,
        }
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
        if not count:
            return "in force"
        text = (
            "in force, %(count)d conflict waits"
            if count == 1
            else "in force, %(count)d conflicts wait"
        )
        return text % {"count": count}

    @admin.display(description="over")
    def over_packs(self, load: PackLoad) -> str:
        return ", ".join(load.over) or "no other pack"

    @admin.display(description="conflicts")
    def waiting(self, load: PackLoad) -> str | SafeString:
        if not load.waiting_count:
            return "Nothing waits."
        texts = list(load.conflicts.values_list("text", flat=True)[: MOST_LINES + 1])
        return as_list(texts, load.waiting_count)

    @admin.display(description="plan")
    def what_it_changed(self, load: PackLoad) -> str | SafeString:
        lines = load.plan.splitlines()
        if not lines:
            return "Nothing: the guide said all of it already."
        text = "\n".join([*lines[:MOST_LINES], *more_than(len(lines))])
        return format_html('<div class="pack-record pack-text">{}</div>', text)

    # What it does

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file in, keep it, and go on to its plan."""
        require_loader(request)
        form, refused = UploadForm(), None
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
            if form.is_valid():
                try:
                    key = take_in(form.cleaned_data["file"])
                except RefusedError as error:
                    refused = error
                else:
                    return HttpResponseRedirect(address("plan", key))
        context = {
            **self._surroundings(request, "Load a pack"),
            "form": form,
            "refused": refused,
        }
        status = 400 if refused or form.errors else 200
        return TemplateResponse(request, "admin/catalog/pack_upload.html", context, status=status)

    def plan_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """The plan of an upload."""
        require_loader(request)
        file = uploads.path_of(key)
        if file is None:
            raise Http404
        context = self._surroundings(request, f"Plan of {file.name}")
        page = PlanPage(request, context, partial(self._applied, request))
        return page.answer(partial(read, file))

    def choose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The plan of what a loading left waiting, whose files need not be here."""
        require_loader(request)
        load = self._load(request, pk)
        context = self._surroundings(request, f"Conflicts of {load}", load)
        page = PlanPage(request, context, partial(self._applied, request))
        return page.answer(partial(Remembered, load))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What undoing a loading takes back; a POST takes it back."""
        require_loader(request)
        load = self._load(request, pk)
        context = self._surroundings(request, f"Undo {load}", load)
        return UndoPage(request, context, load, partial(self._undone, request, load)).answer()

    def _load(self, request: HttpRequest, pk: int) -> PackLoad:
        load = self.get_object(request, str(pk))
        if load is None:
            raise Http404
        return load

    def _surroundings(
        self, request: HttpRequest, title: str, load: PackLoad | None = None
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "subtitle": None,
            "load": load,
        }

    def _applied(self, request: HttpRequest, load: PackLoad | None, said: Report) -> HttpResponse:
        waiting = len(said.questions)
        if load is None:
            messages.info(request, waits(waiting) or "Nothing to do: the guide says so already.")
            return HttpResponseRedirect(address("changelist"))
        self.log_addition(request, load, [{"added": {}}])
        messages.success(request, told_of(load))
        if waiting:
            messages.warning(request, waits(waiting))
        return HttpResponseRedirect(address("change", load.pk))

    def _undone(self, request: HttpRequest, load: PackLoad, done: Edition | None) -> HttpResponse:
        self.log_change(request, load, "Undone.")
        words = {"pack": load, "number": done and done.number}
        text = "%(pack)s is undone. The guide itself did not change."
        if done:
            text = "%(pack)s is undone in edition %(number)d."
        messages.success(request, text % words)
        return HttpResponseRedirect(address("change", load.pk))


def may_load(request: HttpRequest) -> bool:
    """Whether who asks may load packs and undo them."""
    return request.user.has_perm(MAY_LOAD)


def require_loader(request: HttpRequest) -> None:
    """Raises PermissionDenied for whoever may not."""
    if not may_load(request):
        raise PermissionDenied


def take_in(file: UploadedFile) -> str:
    """Keep an upload that can be read; returns its key. Raises RefusedError, and keeps nothing."""
    key = uploads.keep(file.name, file.chunks())
    try:
        read(uploads.path_of(key)).close()
    except RefusedError:
        uploads.remove(key)
        raise
    return key


def address(page: str, *args: Any) -> str:
    return reverse(f"admin:catalog_packload_{page}", args=args)


def link_to(edition: Edition) -> SafeString:
    url = reverse("admin:catalog_edition_change", args=[edition.pk])
    return format_html('<a href="{}">{}</a>', url, edition.number)


def told_of(load: PackLoad) -> str | SafeString:
    """That a pack is loaded, with the way back."""
    if load.edition is None:
        text = "%(pack)s is loaded. The guide said all of it already."
        return text % {"pack": load}
    return format_html(
        '{} is loaded: edition {}. <a href="{}">Undo</a>',
        load,
        link_to(load.edition),
        address("undo", load.pk),
    )


def waits(count: int) -> str:
    """That so many conflicts wait; blank for none."""
    if not count:
        return ""
    text = (
        "%(count)d conflict waits for a choice."
        if count == 1
        else "%(count)d conflicts wait for a choice."
    )
    return text % {"count": count}


def more_than(count: int) -> list[str]:
    """A line that counts the lines which a page leaves out."""
    more = count - MOST_LINES
    if more <= 0:
        return []
    return [f"… and {more} more."]


def as_list(texts: list[str], count: int) -> SafeString:
    """Sentences as a list, of `count` the first."""
    items = [*texts[:MOST_LINES], *more_than(count)]
    return format_html(
        '<ul class="pack-list">{}</ul>', format_html_join("", "<li>{}</li>", ((i,) for i in items))
    )
