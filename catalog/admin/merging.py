"""Saving a document through a form that somebody may have overtaken: merged, or asked about."""

from collections.abc import Set
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from catalog.admin import tokens
from catalog.admin.conflict_choices import SEEN, Choices
from catalog.admin.conflict_page import conflict_page, gone_page, problems_page
from catalog.admin.past import may_look
from catalog.admin.rebasing import rebased
from catalog.admin.revisions import KINDS, Past
from catalog.changes.problems import problem_sentences
from catalog.history import documents, editions
from catalog.history.pending import merge_document
from catalog.history.renames import SlugRenames
from catalog.history.rows import RowChange
from catalog.history.trial import write
from catalog.models import ThingKey

__all__ = ["gone", "problems_of_writing", "rebased", "save_document"]

Document = list[dict[str, Any]]


def save_document(
    request: HttpRequest,
    thing: ThingKey,
    token: str,
    mine: Document,
    shown: Set[str] | None = None,
) -> HttpResponse | None:
    """Write what a form makes of a thing, through the open door; None once that is done.

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
        problems = problems_of_writing(merge_document(past.thing, base, mine).changes)
        if problems:
            return problems_page(request, past, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
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
        elif not (problems := problems_of_writing(chosen.changes)):
            return None
    elif seen:
        notes = ["It has been changed once more. Nothing was saved: look again, and choose."]
    proposal = merge_document(past.thing, base, mine, shown=shown)
    problems = problems or problem_sentences(proposal.problems())
    return conflict_page(request, past, since, proposal, choices, notes=notes, problems=problems)


def gone(request: HttpRequest) -> HttpResponse | None:
    """The page for a post to a row that is not there any more; None where nobody knows whose.

    It is known from the token of the form.
    """
    names = SlugRenames.read()
    number, *slugs = request.POST.get(tokens.FIELD, "").split(" ")
    for text in slugs[:2]:
        kind, _slash, slug = text.partition("/")
        if kind in KINDS and tokens.is_number(number) and may_look(request, kind):
            past = Past(names.thing(ThingKey(kind, slug)), names)
            if past.revisions.exists():
                return gone_page(request, past, int(number))
    return None


def problems_of_writing(changes: list[RowChange]) -> list[str]:
    """Write these changes inside of record(); return what is wrong with them, if anything."""
    return problem_sentences(write(changes))


def _edition_of(token: str, thing: ThingKey, names: SlugRenames) -> int | None:
    """The edition that a form was made from; None for another thing's token, and nonsense."""
    number, _space, things = token.partition(" ")
    named = {names.thing(ThingKey(*text.split("/"))) for text in things.split(" ") if _is_key(text)}
    if thing not in named or not tokens.is_number(number):
        return None
    return int(number) if int(number) <= editions.number_now() else None


def _is_key(text: str) -> bool:
    return text.count("/") == 1
