"""What stands on the desk, the index page of the admin above Django's list of models."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from catalog.admin.desk import evidence, recent, things, work
from catalog.admin.desk.sections import Section, section, sees
from catalog.models import Cell, Comparison, Link, Technology


def desk_of(request: HttpRequest) -> dict[str, Any]:
    """The sections that there is something to say in, the titles of the others, recent editions."""
    those = work.Changes(request)
    editions = recent.newest(request)
    called = {*those.shown(), *(thing for one in editions for thing in one.things)}
    names = things.names_of(called)
    for one in editions:
        one.call(names)
    sections = list(_sections(request, those, names))
    return {
        "sections": [one for one in sections if one.count or one.remark],
        "quiet": [one.title for one in sections if not (one.count or one.remark)],
        "recent": editions,
    }


def _sections(request: HttpRequest, those: work.Changes, names: work.Names) -> Iterator[Section]:
    """What is for whoever asks; what nobody lets them see is not there at all."""
    these = work.Things(request)
    cells = evidence.Cells() if sees(request, Cell) else None
    if those.edits and those.is_seen:
        yield those.returned(names)
    if those.edits:
        yield work.own(these, those, names)
    if those.publishes and those.is_seen:
        yield those.waiting(names)
    if these.due_ways or cells:
        yield _to_review(these, cells)
    if cells:
        yield cells.without_evidence()
    if sees(request, Link):
        yield evidence.dead_sources(request)
    if sees(request, Technology):
        yield evidence.technologies_in_trouble(request)
    if sees(request, Comparison):
        yield evidence.missing_data(request)


def _to_review(these: work.Things, cells: evidence.Cells | None) -> Section:
    ways, entries = [*these.due_ways], [*these.due_entries()]
    if cells:
        ways.append(cells.stale_way())
        entries += cells.stale_entries()
    return section("review", "Due for review", ways, entries)
