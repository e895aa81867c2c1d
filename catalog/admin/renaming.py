"""The page on which a thing is given another slug, and its addresses go along."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalog.admin.base import admin_url, form_address
from catalog.admin.confirm import Confirmation, NotConfirmedError
from catalog.admin.saving import posted_token, saving_of, state_of, token_of
from catalog.history.renames import rename
from catalog.history.rows import RowChange
from catalog.models import Moved, Page, Status, Thing
from catalog.models.fields import is_slug


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
        if other := type(self.thing).objects.filter(slug=slug).first():
            raise ValidationError(f"This slug is taken by “{other}”; give another.")
        return slug


class Rename(Confirmation):
    """One request to give a thing another slug. Looking at it takes no lock and writes nothing."""

    template = "rename.html"

    def __init__(self, model_admin: ModelAdmin, request: HttpRequest, row: Thing) -> None:
        super().__init__(request)
        self.model_admin = model_admin
        self.row = row
        self.thing = row.key
        self.form = RenameForm(row, request.POST or None, initial={"slug": row.slug})
        self.former: Thing | None = None  # another thing that had the slug once

    def changes(self) -> list[RowChange]:
        return []  # which slug it will be is typed into the page

    def check(self, changes: list[RowChange]) -> None:
        if not self.form.is_valid():
            raise NotConfirmedError(status=HTTPStatus.OK)
        self.row = get_object_or_404(type(self.row), pk=self.row.pk)
        state = state_of(posted_token(self.request), self.row)
        if state.is_stale:
            text = f"“{self.row}” has been changed since you opened this page; look again."
            raise NotConfirmedError(text)
        if state.refusal:
            raise NotConfirmedError(state.refusal)
        slug = self.form.cleaned_data["slug"]
        moved = Moved.objects.filter(kind=self.row.KIND, old=slug).first()
        if moved is not None and self.form.cleaned_data["known"] != slug:
            others = type(self.row).objects.exclude(pk=self.row.pk)
            self.former = others.filter(slug=moved.new).first()
        if self.former is not None:
            self.form.data = self.form.data.copy()
            self.form.data["known"] = slug
            raise NotConfirmedError(status=HTTPStatus.OK)

    def write(self, changes: list[RowChange]) -> None:
        old, address = self.row.slug, public_address(self.row)
        try:
            rename(self.row, self.form.cleaned_data["slug"])
        except ValidationError as error:
            # Of whatever field: it is written whole, and what is wrong in it is said here.
            self.form.add_error(None, error.messages)
            raise NotConfirmedError(status=HTTPStatus.OK) from error
        text = f"Renamed from “{old}” to “{self.row.slug}”."
        self.model_admin.log_change(self.request, self.row, text)
        told = told_of(self.row, old, address)
        saving_of(self.request).queue_message(messages.SUCCESS, told)

    def where_next(self) -> str:
        return form_address(self.row)

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        row = get_object_or_404(type(self.row), pk=self.row.pk)
        token = token_of(row)  # before the rest: what changes in between makes it stale
        return {
            "title": f"Rename “{row}”",
            "thing": row,
            "model_title": capfirst(row._meta.verbose_name_plural),
            "list_address": admin_url(type(row), "changelist"),
            "form_address": form_address(row),
            "address": public_address(row),
            "place": "" if isinstance(row, Page) else "#" + row.get_absolute_url().split("#")[1],
            "named_by": len(type(row).objects.filter(pk=row.pk).referrers() - {row.key}),
            "form": self.form,
            "former": self.former,
            "token": token,
        }


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
