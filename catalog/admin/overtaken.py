"""Saving through a form that somebody may have overtaken: merged, asked about, or refused."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from http import HTTPStatus
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.formsets import (
    INITIAL_FORM_COUNT,
    MAX_NUM_FORM_COUNT,
    MIN_NUM_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from catalog.admin.base import history_address, is_key, may_look, may_recover, render_page
from catalog.admin.confirm import problems_of
from catalog.admin.conflicts import SEEN, Choices, Question, carried, changes_about, is_long
from catalog.admin.revisions import MOST_SENTENCES, Past, sentences_of
from catalog.admin.saving import posted_token
from catalog.describe import Labels, problem_sentences
from catalog.history import documents, editions
from catalog.history.pending import Merged, merge_document
from catalog.history.renames import SlugRenames
from catalog.history.rows import Document
from catalog.history.trial import write
from catalog.models import THINGS, ThingKey

# Whoever was away for long reads the rest in the history.
MOST_EDITIONS = 20

# A grid has thousands of fields; whoever typed more than this has them in the page before.
MOST_VALUES = 500

# What Django's own pages send along, and in the name of a row that is there for a script to copy.
CONTROLS = ("action", "select_across", "index", "post", "next")
TEMPLATE = "__prefix__"
PART = re.compile(r"(?P<table>.+)-(?P<place>[0-9]{1,5})-(?P<field>[^-]+)")  # points-0-text
COUNTS = (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT, MIN_NUM_FORM_COUNT, MAX_NUM_FORM_COUNT)


def save_document(
    request: HttpRequest, thing: ThingKey, token: str, mine: Document, shown: Set[str] | None = None
) -> HttpResponse | None:
    """Write what a form makes of a thing, inside of record(); None once that is done.

    `token` says from which edition the form was made. Where the thing has changed since, what was
    typed is merged with that, and the answer is a page that asks: the same post comes again with
    the choices. Otherwise the answer says what is wrong, and nothing is written. `shown` are the
    models of which the form shows the rows, where it does not show all.
    """
    names = SlugRenames.read()
    past = Past(names.thing(thing), names)
    since, made_for = _read(token, names)
    if past.thing not in made_for:
        text = "It is not known which state this form was made from: open it anew."
        return _problems_page(request, past, [text], HTTPStatus.CONFLICT)
    newest = past.changed()
    now = newest.number if newest else 0
    if since >= now:
        base = documents.of([past.thing])[past.thing]
        if problems := write(merge_document(past.thing, base, mine).changes):
            sentences = problem_sentences(problems)
            return _problems_page(request, past, sentences, HTTPStatus.UNPROCESSABLE_ENTITY)
        return None
    base = documents.at(past.thing, since)
    if past.row is None and base:
        return _gone_page(request, past, since)
    seen = request.POST.get(SEEN, "")
    choices = Choices(request.POST, count=seen == str(now))
    notes, problems = [], []
    if seen == str(now):
        chosen = merge_document(past.thing, base, mine, choices.choose, shown)
        if chosen.conflicts:
            notes = ["Nothing was saved yet: choose in each conflict below."]
        elif not (problems := write(chosen.changes)):
            return None
    elif seen:
        notes = ["It has been changed once more. Nothing was saved: look again, and choose."]
    merged = merge_document(past.thing, base, mine, shown=shown)
    # Theirs last: what is saved gives things their names.
    labels = Labels.of([*merged.mine, *merged.changes, *merged.theirs])
    problems = problem_sentences(problems) or problems_of(merged.changes)
    context = {
        "title": f"“{past.title(labels)}” has been changed since you opened it",
        "thing": past.thing,
        **_overtakings(past, since),
        "theirs": sentences_of(past.thing, merged.theirs, labels),
        "mine": sentences_of(past.thing, merged.changes, labels),
        "questions": list(questions_of(past.thing, merged, choices, labels)),
        "is_idle": not (merged.changes or merged.asked),
        "is_there": bool(merged.mine),
        "notes": notes,
        "problems": problems,
        "carried": list(carried(request.POST)),
        "typed": submitted_values(request) if problems else [],
        "seen_name": SEEN,
        "seen": now,
        "form": request.get_full_path(),
    }
    return render_page(request, "conflict.html", context, HTTPStatus.CONFLICT)


def page_of_deleted(request: HttpRequest) -> HttpResponse | None:
    """Return the page for a post to a row that is gone; None if the token does not tell whose."""
    names = SlugRenames.read()
    since, things = _read(posted_token(request), names)
    for thing in things[:2]:
        if thing.kind in THINGS and may_look(request, thing.kind):
            past = Past(thing, names)
            if past.revisions.exists():
                return _gone_page(request, past, since)
    return None


def questions_of(
    thing: ThingKey, merged: Merged, choices: Choices, labels: Labels
) -> Iterator[Question]:
    """Yield each conflict as it is asked; of a row also what it is needed for."""
    for conflict in merged.asked:
        told = []
        if not conflict.field:
            changes = merged.theirs if conflict.mine is None else merged.mine
            about = changes_about(conflict.row, changes)
            told = sentences_of(thing, about, labels)[:MOST_SENTENCES]
        yield choices.question(conflict, labels, told=told)


def _problems_page(
    request: HttpRequest, past: Past, problems: Sequence[str], status: int
) -> HttpResponse:
    """Return why nothing was written, and all that was typed."""
    context = {
        "title": f"“{past.title(Labels.of([]))}” was not saved",
        "thing": past.thing,
        "problems": problems,
        "typed": submitted_values(request),
        "form": request.get_full_path(),
    }
    return render_page(request, "not_saved.html", context, status)


def _gone_page(request: HttpRequest, past: Past, since: int) -> HttpResponse:
    """Return that what the form was for is gone, by whom, and all that was typed into it."""
    newest = past.revisions.first()
    last = past.revisions.filter(edition_id__lte=since).first()
    labels = Labels.of(past.between(None, last) if last else [])
    context = {
        "title": "What you were editing has been deleted",
        "name": past.title(labels),
        "thing": past.thing,
        "is_thing_gone": past.row is None,
        "deleted_in": newest if newest and newest.is_empty else None,
        **_overtakings(past, since),
        "last": last,
        "may_recover": past.row is None and may_recover(request, past.thing.kind),
        "typed": submitted_values(request),
    }
    return render_page(request, "gone.html", context, HTTPStatus.CONFLICT)


def _overtakings(past: Past, since: int) -> dict[str, object]:
    """Return the newest editions that changed a thing since, and how many more there are."""
    rows = past.revisions.filter(edition_id__gt=since)
    return {
        "editions": rows[:MOST_EDITIONS],
        "more_editions": max(rows.count() - MOST_EDITIONS, 0),
        "history": history_address(past.thing),
    }


def _read(token: str, names: SlugRenames) -> tuple[int, list[ThingKey]]:
    """Return the edition and the things that a token names, by their names of today.

    Nonsense, and a number that is not reached yet, names no thing.
    """
    number, *things = token.split(" ")
    if not is_key(number) or int(number) > editions.number_now():
        return 0, []
    pairs = [text.split("/") for text in things if text.count("/") == 1]
    return int(number), [names.thing(ThingKey(*pair)) for pair in pairs]


# What was submitted ------------------------------------------------------------------------------


class Submitted(NamedTuple):
    """A field of the form, and what stood in it."""

    name: str
    label: str
    value: str
    field: models.Field | None = None  # None where it is not known which

    @property
    def is_long(self) -> bool:
        return is_long(self.value)


def submitted_values(request: HttpRequest) -> list[Submitted]:
    """Return all that was posted and is not blank, in the words of the form where it is one's.

    Names of referred rows take a query for each model; who is not signed in sees their keys.
    """
    # The model whose form this is, by the name of its address.
    match = request.resolver_match
    parts = (match.url_name or "").split("_") if match else []
    model = apps.all_models.get(parts[0], {}).get(parts[1]) if len(parts) == 3 else None
    found = []
    for name, value in carried(request.POST):
        is_of_form = not name.startswith("_") and name not in CONTROLS and TEMPLATE not in name
        if value and is_of_form and len(found) < MOST_VALUES:
            found += _values(model, name, value)
    names = _names_of_targets(found) if request.user.is_authenticated else {}
    return [one._replace(value=_text(one, names)) for one in found]


def _values(model: type[models.Model] | None, name: str, value: str) -> Iterator[Submitted]:
    part = PART.fullmatch(name)
    if part is None:
        if not name.endswith(COUNTS):
            field = _field_of(model, name)
            yield Submitted(name, capfirst(field.verbose_name) if field else name, value, field)
        return
    relations = model._meta.related_objects if model else ()
    # The prefix that Django gives to a table of parts.
    tables = {relation.get_accessor_name(): relation.related_model for relation in relations}
    of = tables.get(part["table"])
    field = _field_of(of, part["field"])
    title = part["table"] if of is None else capfirst(of._meta.verbose_name)
    row = f"{title} {int(part['place']) + 1}"
    if part["field"] == "DELETE":
        yield Submitted(name, f"{row}, delete", "yes")
    elif of is None and part["field"] != "id":
        yield Submitted(name, name, value)
    elif field is not None and not (field.primary_key or field.related_model is model):
        yield Submitted(name, f"{row}, {field.verbose_name}", value, field)


def _field_of(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if field is not None and field.concrete else None


def _names_of_targets(found: Iterable[Submitted]) -> dict[tuple[type[models.Model], str], str]:
    wanted = defaultdict(set)
    for one in found:
        if one.field is not None and one.field.is_relation and is_key(one.value):
            wanted[one.field.related_model].add(one.value)
    names = {}
    for model, keys in wanted.items():
        rows = model._base_manager.filter(pk__in=keys)
        # A row may be called after what it refers to.
        if related := [one.name for one in model._meta.concrete_fields if one.is_relation]:
            rows = rows.select_related(*related)
        names |= {(model, str(row.pk)): str(row) for row in rows}
    return names


def _text(one: Submitted, names: dict[tuple[type[models.Model], str], str]) -> str:
    field = one.field
    if field is None:
        return one.value
    if field.is_relation:
        return names.get((field.related_model, one.value), one.value)
    return str(dict(field.flatchoices).get(one.value, one.value))
