"""Saving through a form that somebody may have overtaken: merged, asked about, or refused."""

from collections.abc import Iterator, Sequence, Set
from http import HTTPStatus
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from catalog.admin.base import history_address, is_key, may_look, may_recover, render_page
from catalog.admin.conflicts import (
    EDITORS,
    SEEN,
    Choices,
    Question,
    Sides,
    carried,
    changes_about,
)
from catalog.admin.formstate import posted_token
from catalog.admin.revisions import MOST_SENTENCES, Past, how, is_empty, sentences_of
from catalog.admin.submitted import submitted_values
from catalog.describe import Labels, problem_sentences
from catalog.history import documents, editions
from catalog.history.pending import Merged, merge_document
from catalog.history.renames import SlugRenames
from catalog.history.rows import Document
from catalog.history.trial import write
from catalog.models import THINGS, Edition, Revision, ThingKey

# Whoever was away for long reads the rest in the history.
MOST_EDITIONS = 20


class Overtaking(NamedTuple):
    """An edition that came since the form was opened, and where its difference is shown."""

    edition: Edition
    how: str
    address: str


def save_document(
    request: HttpRequest,
    thing: ThingKey,
    token: str,
    mine: Document,
    shown: Set[str] | None = None,
) -> HttpResponse | None:
    """Write what a form makes of a thing, inside of record(); None once that is done.

    `token` says from which edition the form was made. Where the thing has changed since, what was
    typed is merged with that, and the answer is a page that asks: the same post comes again with
    the choices. Otherwise the answer says what is wrong, and nothing is written. `shown` are the
    models of which the form shows the rows, where it does not show all.
    """
    names = SlugRenames.read()
    past = Past(names.thing(thing), names)
    since = _edition_of(token, past.thing, names)
    if since is None:
        text = "It is not known which state this form was made from: open it anew."
        return problems_page(request, past, [text], HTTPStatus.CONFLICT)
    newest = past.changed()
    now = newest.number if newest else 0
    if since >= now:
        base = documents.of([past.thing])[past.thing]
        if problems := write(merge_document(past.thing, base, mine).changes):
            sentences = problem_sentences(problems)
            return problems_page(request, past, sentences, HTTPStatus.UNPROCESSABLE_ENTITY)
        return None
    base = documents.at(past.thing, since)
    if past.row is None and base:
        return gone_page(request, past, since)
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
    sentences = problem_sentences(problems or merged.problems())
    return conflict_page(request, past, since, merged, choices, notes=notes, problems=sentences)


def page_of_deleted(request: HttpRequest) -> HttpResponse | None:
    """Return the page for a post to a row that is gone; None if the token does not tell whose."""
    names = SlugRenames.read()
    number, *slugs = posted_token(request).split(" ")
    for text in slugs[:2]:
        kind, _slash, slug = text.partition("/")
        if kind in THINGS and is_key(number) and may_look(request, kind):
            past = Past(names.thing(ThingKey(kind, slug)), names)
            if past.revisions.exists():
                return gone_page(request, past, int(number))
    return None


def conflict_page(
    request: HttpRequest,
    past: Past,
    since: int,
    merged: Merged,
    choices: Choices,
    *,
    notes: Sequence[str] = (),
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Return who changed what since that edition, and a choice in each conflict.

    In `merged` nothing is chosen. All that was posted goes along.
    """
    # Theirs last: what is saved gives things their names.
    rows = [*merged.mine, *merged.changes, *merged.theirs]
    labels = Labels.of(rows)
    newest = past.changed()
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
        "seen": newest.number if newest else 0,
        "form": request.get_full_path(),
    }
    return render_page(request, "conflict.html", context, HTTPStatus.CONFLICT)


def problems_page(
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


def gone_page(request: HttpRequest, past: Past, since: int) -> HttpResponse:
    """Return that what the form was for is gone, by whom, and all that was typed into it."""
    newest: Revision | None = past.revisions.first()
    last = past.revisions.filter(edition_id__lte=since).first()
    labels = Labels.of(past.between(None, last) if last else [])
    context = {
        "title": "What you were editing has been deleted",
        "name": past.title(labels),
        "thing": past.thing,
        "is_thing_gone": past.row is None,
        "deleted_in": newest if newest and is_empty(newest) else None,
        "how": how(newest.edition) if newest else "",
        **_overtakings(past, since),
        "last": last,
        "may_recover": past.row is None and may_recover(request, past.thing.kind),
        "typed": submitted_values(request),
    }
    return render_page(request, "gone.html", context, HTTPStatus.CONFLICT)


def questions_of(
    thing: ThingKey,
    merged: Merged,
    choices: Choices,
    labels: Labels,
    sides: Sides = EDITORS,
) -> Iterator[Question]:
    """Yield each conflict as it is asked; of a row also what it is needed for."""
    for conflict in merged.asked:
        told = []
        if not conflict.field:
            changes = merged.theirs if conflict.mine is None else merged.mine
            about = changes_about(conflict.row, changes)
            told = sentences_of(thing, about, labels)[:MOST_SENTENCES]
        yield choices.question(conflict, labels, sides, told=told)


def _overtakings(past: Past, since: int) -> dict[str, object]:
    """Return the newest editions that changed a thing since, and how many more there are."""
    rows = past.revisions.filter(edition_id__gt=since)
    address = history_address(past.thing)
    shown = [
        Overtaking(row.edition, how(row.edition), f"{address}?to={row.edition_id}")
        for row in rows[:MOST_EDITIONS]
    ]
    more = rows.count() - len(shown) if len(shown) == MOST_EDITIONS else 0
    return {"editions": shown, "more_editions": max(more, 0), "history": address}


def _edition_of(token: str, thing: ThingKey, names: SlugRenames) -> int | None:
    """Return the edition that a form was made from; None for another's token, and nonsense."""
    number, _space, things = token.partition(" ")
    pairs = [text.split("/") for text in things.split(" ") if text.count("/") == 1]
    if thing not in {names.thing(ThingKey(*pair)) for pair in pairs} or not is_key(number):
        return None
    return int(number) if int(number) <= editions.number_now() else None
