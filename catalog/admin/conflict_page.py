"""The pages for whoever was overtaken: to choose, to be told what is wrong, or that it is gone."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from catalog.admin.conflict_choices import EDITORS, SEEN, Asked, Choices, Sides, carried
from catalog.admin.past import address_of_past, may_recover, page
from catalog.admin.revisions import MOST_SENTENCES, Past, how, is_empty, sentences_of
from catalog.admin.typed import typed_into
from catalog.changes.names import references_of
from catalog.changes.proposing import Proposal
from catalog.changes.rows import MODELS, RowChange, RowKey
from catalog.describe import Labels
from catalog.models import Edition, Revision, ThingKey

# Whoever was away for long reads the rest in the history.
MOST_EDITIONS = 20


class Overtaking(NamedTuple):
    """An edition that came since the form was opened, and where its difference is shown."""

    edition: Edition
    how: str
    address: str


def conflict_page(
    request: HttpRequest,
    past: Past,
    since: int,
    proposal: Proposal,
    choices: Choices,
    *,
    notes: Sequence[str] = (),
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Who changed what since that edition, and a choice in each conflict.

    `proposal` is one in which nothing is chosen. All that was posted goes along.
    """
    # Theirs last: what is saved gives things their names.
    rows = [*proposal.mine, *proposal.changes, *proposal.theirs]
    titles = Labels.of(rows)
    editions, more = overtakings(past, since)
    newest = past.changed()
    context = {
        "title": f"“{past.title(titles)}” has been changed since you opened it",
        "thing": past.thing,
        "editions": editions,
        "more_editions": more,
        "history": address_of_past(past.thing),
        "theirs": sentences_of(past.thing, proposal.theirs, titles),
        "mine": sentences_of(past.thing, proposal.changes, titles),
        "questions": list(questions_of(past.thing, proposal, choices, titles)),
        "is_idle": not (proposal.changes or proposal.asked),
        "is_there": bool(proposal.mine),
        "notes": notes,
        "problems": problems,
        "carried": list(carried(request.POST)),
        "typed": typed_into(request) if problems else [],
        "seen_name": SEEN,
        "seen": newest.number if newest else 0,
        "form": request.get_full_path(),
    }
    return page(request, "conflict.html", context, HTTPStatus.CONFLICT)


def problems_page(
    request: HttpRequest, past: Past, problems: Sequence[str], status: int
) -> HttpResponse:
    """Why nothing was written, and all that was typed."""
    context = {
        "title": f"“{past.title(Labels.of([]))}” was not saved",
        "thing": past.thing,
        "problems": problems,
        "typed": typed_into(request),
        "form": request.get_full_path(),
    }
    return page(request, "not_saved.html", context, status)


def gone_page(request: HttpRequest, past: Past, since: int) -> HttpResponse:
    """That what the form was for is gone, by whom, and all that was typed into it."""
    newest: Revision | None = past.revisions.first()
    last = past.revisions.filter(edition_id__lte=since).first()
    titles = Labels.of(past.between(None, last) if last else [])
    editions, more = overtakings(past, since)
    context = {
        "title": "What you were editing has been deleted",
        "name": past.title(titles),
        "thing": past.thing,
        "is_thing_gone": past.row is None,
        "deleted_in": newest if newest and is_empty(newest) else None,
        "how": how(newest.edition) if newest else "",
        "editions": editions,
        "more_editions": more,
        "history": address_of_past(past.thing),
        "last": last,
        "may_recover": past.row is None and may_recover(request, past.thing.kind),
        "typed": typed_into(request),
    }
    return page(request, "gone.html", context, HTTPStatus.CONFLICT)


def questions_of(
    thing: ThingKey,
    proposal: Proposal,
    choices: Choices,
    titles: Labels,
    sides: Sides = EDITORS,
) -> Iterator[Asked]:
    """Each conflict of a proposal as it is asked; of a row also what it is needed for."""
    for conflict in proposal.asked:
        told = []
        if not conflict.field:
            changes = proposal.theirs if conflict.mine is None else proposal.mine
            told = sentences_of(thing, _about(conflict.row, changes), titles)[:MOST_SENTENCES]
        yield choices.asked(conflict, titles, sides, told)


def _about(row: RowKey, changes: Iterable[RowChange]) -> Iterator[RowChange]:
    """Changes of a row and of what belongs to it; to a thing belongs all of it."""
    is_thing = not MODELS[row.model].OWNERS
    for change in changes:
        fields = change.after or change.before
        above = (
            RowKey(reference.model, tuple(fields[reference.name] or ()))
            for reference in references_of(change.row.model)
        )
        if is_thing or change.row == row or row in above:
            yield change


def overtakings(past: Past, since: int) -> tuple[list[Overtaking], int]:
    """The newest editions that changed a thing since this one, and how many more there are."""
    rows = past.revisions.filter(edition_id__gt=since)
    address = address_of_past(past.thing)
    shown = [
        Overtaking(row.edition, how(row.edition), f"{address}?to={row.edition_id}")
        for row in rows[:MOST_EDITIONS]
    ]
    return shown, max(rows.count() - len(shown), 0) if len(shown) == MOST_EDITIONS else 0
