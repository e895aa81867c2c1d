"""Saving a document through a form that somebody may have overtaken: merged, or asked about."""

from collections.abc import Iterable, Iterator, Set
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from catalog import documents, edition
from catalog.admin import tokens
from catalog.admin.conflict_choices import SEEN, Choices
from catalog.admin.conflict_page import conflict_page, gone_page, problems_page
from catalog.admin.past import may_look
from catalog.admin.rebasing import rebased
from catalog.admin.revisions import KINDS, Past
from catalog.changes import writing
from catalog.changes.barriers import barriers_against
from catalog.changes.names import Names
from catalog.changes.proposing import merged
from catalog.changes.rows import MODELS, RowChange, RowKey
from catalog.changes.stored import in_batches, primary_keys
from catalog.describe import Labels, barrier_texts
from catalog.describe.fields import field_label
from catalog.models import Cell, ThingKey
from catalog.packs.reading.validation import check

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
    names = Names.read()
    past = Past(names.thing(thing), names)
    since = _edition_of(token, past.thing, names)
    if since is None:
        text = "It is not known which state this form was made from: open it anew."
        return problems_page(request, past, [text], HTTPStatus.CONFLICT)
    newest = past.changed()
    now = newest.number if newest else 0
    if since >= now:
        base = documents.of([past.thing])[past.thing]
        problems = problems_of_writing(merged(past.thing, base, mine).changes)
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
        chosen = merged(past.thing, base, mine, choices.choose, shown)
        if chosen.conflicts:
            notes = ["Nothing was saved yet: choose in each conflict below."]
        elif not (problems := problems_of_writing(chosen.changes)):
            return None
    elif seen:
        notes = ["It has been changed once more. Nothing was saved: look again, and choose."]
    proposal = merged(past.thing, base, mine, shown=shown)
    problems = problems or barrier_texts(proposal.barriers())
    return conflict_page(request, past, since, proposal, choices, notes=notes, problems=problems)


def gone(request: HttpRequest) -> HttpResponse | None:
    """The page for a post to a row that is not there any more; None where nobody knows whose.

    It is known from the token of the form.
    """
    names = Names.read()
    number, *slugs = request.POST.get(tokens.FIELD, "").split(" ")
    for text in slugs[:2]:
        kind, _slash, slug = text.partition("/")
        if kind in KINDS and tokens.is_number(number) and may_look(request, kind):
            past = Past(names.thing(ThingKey(kind, slug)), names)
            if past.revisions.exists():
                return gone_page(request, past, int(number))
    return None


def problems_of_writing(changes: list[RowChange]) -> list[str]:
    """Write these changes, which stand in writing order; what is wrong with them, if anything.

    They are held to all that a form would hold them to, and nothing of them stays written where
    a rule is broken. Queries grow with the models they are about, not with the rows.
    """
    if problems := [*barrier_texts(barriers_against(changes)), *_problems_of_values(changes)]:
        return problems
    try:
        with transaction.atomic():
            writing.write(lambda: changes)
            problems = list(_problems_of_rows(changes))
            transaction.set_rollback(bool(problems))
    except (IntegrityError, DataError):
        return ["What would stand there breaks a rule of the guide, so nothing was saved."]
    return problems


def _edition_of(token: str, thing: ThingKey, names: Names) -> int | None:
    """The edition that a form was made from; None for another thing's token, and nonsense."""
    number, _space, things = token.partition(" ")
    named = {names.thing(ThingKey(*text.split("/"))) for text in things.split(" ") if _is_key(text)}
    if thing not in named or not tokens.is_number(number):
        return None
    return int(number) if int(number) <= edition.number_now() else None


def _is_key(text: str) -> bool:
    return text.count("/") == 1


def _problems_of_values(changes: Iterable[RowChange]) -> Iterator[str]:
    """What is wrong with rows by themselves."""
    faulty = []
    for change in changes:
        if change.after is not None:
            entry = {"model": f"catalog.{change.row.model}", "fields": change.after}
            if faults := check(entry).faults:
                faulty.append((change, faults))
    titles = _titles(change for change, _faults in faulty)
    for change, faults in faulty:
        yield from (_sentence(change.row, field, text, titles) for field, text in faults)


def _problems_of_rows(changes: list[RowChange]) -> Iterator[str]:
    """What is wrong with rows beside others, once they are written: what their clean() says."""
    written = [change.row for change in changes if change.after is not None]
    of_another_kind = [
        change.row.key
        for change in changes
        if change.row.model == "criterion" and change.before and "kind" in change.changed
    ]
    titles = _titles(changes)
    for model, rows in groupby(sorted(written), key=lambda row: row.model):
        if MODELS[model].clean is not models.Model.clean:
            for batch in in_batches(primary_keys(model, rows).values()):
                yield from _unclean(MODELS[model].objects.filter(pk__in=batch), titles)
    for comparison, criterion in of_another_kind:
        cells = Cell.objects.filter(
            criterion__comparison__slug=comparison, criterion__slug=criterion
        )
        yield from _unclean(cells, titles)


def _unclean(rows: models.QuerySet, titles: Labels) -> Iterator[str]:
    references = [field.name for field in rows.model._meta.concrete_fields if field.is_relation]
    for row in rows.select_related(*references) if references else rows:
        try:
            row.clean()
        except ValidationError as error:
            key = RowKey(row._meta.model_name, row.natural_key())
            found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for field, texts in found.items():
                name = "" if field == NON_FIELD_ERRORS else field
                yield from (_sentence(key, name, text, titles) for text in texts)


def _titles(changes: Iterable[RowChange]) -> Labels:
    return Labels.of(changes)


def _sentence(row: RowKey, field: str, text: str, titles: Labels) -> str:
    """Whose fault it is, and which: “Cell “Speed of Quart”, word: …”."""
    words = {
        "model": capfirst(MODELS[row.model]._meta.verbose_name),
        "row": titles.row(row),
        "text": text,
    }
    if not field:
        return "{model} “{row}”: {text}".format(**words)
    return "%(model)s “%(row)s”, %(field)s: %(text)s" % (words | {"field": field_label(row, field)})
