"""The page on which a thing is given another slug, and its addresses go along."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from catalog.admin.base import SiteAdmin, form_address, is_key, render_page
from catalog.admin.saving import STATE, posted_token, publishes, save_or_propose, state_of, token_of
from catalog.history.renames import rename
from catalog.models import Guide, Moved, Page, Snippet, Status, Thing
from catalog.models.fields import is_slug

TEMPLATE = "rename.html"


class RenameForm(forms.Form):
    """The new slug. One that was another thing's once is taken only when that is known."""

    slug = forms.CharField(
        label="New slug",
        max_length=Thing._meta.get_field("slug").max_length,
        validators=[is_slug],
        help_text="Lower-case letters, digits and single hyphens between them.",
        widget=forms.TextInput(attrs={"class": "vTextField", "autocapitalize": "off"}),
    )
    known = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, thing: Thing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug == self.thing.slug:
            raise ValidationError("This is its slug already.")
        if type(self.thing).objects.filter(slug=slug).exists():
            raise ValidationError("This slug is taken; give another.")
        return slug


class RenamingAdmin(SiteAdmin):
    """A page for a thing that whoever publishes can rename."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.rename_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_rename"
        return [path("<str:object_id>/rename/", view, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def rename_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what renaming does; a POST renames, or says why not."""
        if not self.may_rename(request):
            raise PermissionDenied
        things = self.model.objects.all()
        thing = things.filter(pk=object_id).first() if is_key(object_id) else None
        if thing is None:
            raise Http404
        return _Renaming(self, request, thing).answer()

    def may_rename(self, request: HttpRequest) -> bool:
        """Return whether somebody may rename things of this kind; the guide has no address."""
        may = self.model is not Guide and publishes(request)
        return may and self.has_change_permission(request)


class _Renaming:
    """One request for the page. Looking at it takes no lock and writes nothing."""

    def __init__(self, model_admin: RenamingAdmin, request: HttpRequest, thing: Thing) -> None:
        self.model_admin = model_admin
        self.request = request
        self.thing = thing

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._show(RenameForm(self.thing, initial={"slug": self.thing.slug}))
        form = RenameForm(self.thing, self.request.POST)
        if not form.is_valid():
            return self._show(form)
        old, address = self.thing.slug, public_address(self.thing)
        with save_or_propose(self.request, self.thing.key):
            refusal, former = self._refusal(), self._former(form)
            if not (refusal or former):
                self._rename(form)
        if refusal:
            return self._show(form, refusal, status=HTTPStatus.CONFLICT)
        if former or form.errors:
            return self._show(form, former=former)
        messages.success(self.request, told_of(self._there(), old, address))
        return HttpResponseRedirect(form_address(self.thing))

    def _there(self) -> Thing:
        """Return the thing as it is stored now. Raises Http404 where it is not there any more."""
        thing = type(self.thing).objects.filter(pk=self.thing.pk).first()
        if thing is None:
            raise Http404
        return thing

    def _refusal(self) -> str:
        """Return why what was posted does not count: the thing is not as the page showed it."""
        row = self._there()
        state = state_of(posted_token(self.request), row)
        if state.is_stale:
            return f"“{row}” has been changed since you opened this page; look again."
        return state.refusal

    def _former(self, form: RenameForm) -> Thing | None:
        """Return the other thing that had the slug once, unless whoever renames has been told."""
        slug = form.cleaned_data["slug"]
        moved = Moved.objects.filter(kind=self.thing.KIND, old=slug).first()
        if moved is None or form.cleaned_data["known"] == slug:
            return None
        others = type(self.thing).objects.exclude(pk=self.thing.pk)
        return others.filter(slug=moved.new).first()

    def _rename(self, form: RenameForm) -> None:
        thing = self._there()
        old = thing.slug
        try:
            rename(thing, form.cleaned_data["slug"])
        except ValidationError as error:
            # Of whatever field: it is written whole, and what is wrong in it is said here.
            form.add_error(None, error.messages)
        else:
            text = f"Renamed from “{old}” to “{thing.slug}”."
            self.model_admin.log_change(self.request, thing, text)

    def _show(
        self,
        form: RenameForm,
        refusal: str = "",
        former: Thing | None = None,
        status: int = HTTPStatus.OK,
    ) -> HttpResponse:
        thing = self._there()
        token = token_of(thing)  # before the rest: what changes in between makes it stale
        if former is not None:
            form.data = form.data.copy()
            form.data["known"] = form.cleaned_data["slug"]
        context = {
            "title": f"Rename “{thing}”",
            "thing": thing,
            "model_title": capfirst(thing._meta.verbose_name_plural),
            "list_address": reverse(f"admin:catalog_{thing._meta.model_name}_changelist"),
            "form_address": form_address(thing),
            "address": public_address(thing),
            "place": f"#snippet-{thing.slug}" if isinstance(thing, Snippet) else "",
            "named_by": len(type(thing).objects.filter(pk=thing.pk).referrers() - {thing.key}),
            "form": form,
            "former": former,
            "refusal": refusal,
            "token_name": STATE,
            "token": token,
        }
        return render_page(self.request, TEMPLATE, context, status)


def public_address(thing: Thing) -> str:
    """Return where readers find a thing; blank for a draft, and for what has no page."""
    is_page = isinstance(thing, Page) and thing.status != Status.DRAFT
    return thing.get_absolute_url() if is_page else ""


def told_of(thing: Thing, old: str, old_address: str) -> str | SafeString:
    """Return that it has another slug, with the addresses that readers may try."""
    if not old_address:
        return f"“{thing}” was “{old}” and is “{thing.slug}” now."
    return format_html(
        '“{}” is at <a href="{}">{}</a> now; <a href="{}">{}</a> leads there.',
        thing,
        *(public_address(thing),) * 2,
        *(old_address,) * 2,
    )
