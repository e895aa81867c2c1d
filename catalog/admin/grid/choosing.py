"""The technology of a new column: picked by searching, or by its name where there is no script."""

from typing import NamedTuple

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import QueryDict
from django.utils.safestring import SafeString

from catalog.admin.base import Autocomplete, is_key
from catalog.admin.grid.controls import NEW_COLUMN, named
from catalog.admin.grid.posted import Reading
from catalog.models import Contender, Technology

KEY, NAME = named(NEW_COLUMN, "technology"), named(NEW_COLUMN, "name")


class Picker(NamedTuple):
    """The control that searches, and the scripts and styles that it needs."""

    html: SafeString
    media: forms.Media


def picker(typed: QueryDict) -> Picker:
    """The control, at what was chosen before. One query if something was."""
    widget = Autocomplete(Contender._meta.get_field("technology"), admin.site)
    field = forms.ModelChoiceField(Technology.objects.all(), widget=widget, required=False)
    html = field.widget.render(KEY, typed.get(KEY, ""), attrs={"id": KEY})
    return Picker(html, field.widget.media)


def technology(reading: Reading) -> str:
    """The slug of the technology that was chosen; blank for none, and where there is none such.

    Notes at the reading why nobody can tell. One query if something was chosen.
    """
    key, name = reading.post.get(KEY, ""), reading.post.get(NAME, "").strip()
    if not key and not name:
        return ""
    wanted = Q(pk=key) if is_key(key) else Q(slug=name) | Q(name__iexact=name)
    # PostgreSQL refuses the NUL character in any text; no name holds one.
    rows = Technology.objects.filter(wanted) if "\0" not in name else Technology.objects.none()
    found = list(rows.order_by().values_list("slug", flat=True)[:2])
    if len(found) == 1:
        return found[0]
    text = "There is no such technology: give its name or its slug as the guide has it."
    if found:
        text = "Several technologies are called so: give the slug of one."
    reading.fault(NAME if name else KEY, "New column", text)
    return ""
