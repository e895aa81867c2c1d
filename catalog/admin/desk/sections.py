"""What a part of the desk consists of: a heading with a count, the first few, ways to them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

# More would make another list of the desk.
MOST_ENTRIES = 5


class Place(NamedTuple):
    """A form on which something is named."""

    text: str
    address: str


class Entry(NamedTuple):
    """One of what is counted, where somebody goes on with it, and what is said beside it."""

    text: str
    address: str
    note: str = ""
    says_of_day: str = ""  # what the day is of: “due”
    day: date | datetime | None = None
    places: Sequence[Place] = ()  # where it is named
    more: int = 0  # places that are not shown


class Way(NamedTuple):
    """A link to a list that shows exactly so many rows."""

    text: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    ways: Sequence[Way]
    entries: Sequence[Entry]
    remark: str = ""  # is said also where there is nothing to count

    @property
    def count(self) -> int:
        return sum(way.count for way in self.ways)


def section(
    key: str, title: str, ways: Iterable[Way], entries: Iterable[Entry], remark: str = ""
) -> Section:
    """A section of those ways that lead to anything, and of the first entries."""
    some = [way for way in ways if way.count]
    return Section(key, title, some, list(entries)[:MOST_ENTRIES], remark)


def sees(request: HttpRequest, model: type[models.Model]) -> bool:
    return admin.site.get_model_admin(model).has_view_or_change_permission(request)


def changes(request: HttpRequest, model: type[models.Model]) -> bool:
    return admin.site.get_model_admin(model).has_change_permission(request)


def address_of(model: type[models.Model], page: str, *key: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=key)


def list_of(model: type[models.Model], **filters: str | int) -> str:
    """The address of a model's list, filtered."""
    address = address_of(model, "changelist")
    return f"{address}?{urlencode(filters)}" if filters else address
