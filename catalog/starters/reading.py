"""From the database to a start: a stack and its technologies as an edition left them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import OuterRef, Subquery

from catalog.history import documents
from catalog.history.documents import in_todays_fields
from catalog.history.rows import State, state_of
from catalog.models import (
    Compatibility,
    Migration,
    Package,
    Piece,
    Pin,
    Revision,
    Status,
    SupportWindow,
    Technology,
    ThingKey,
    VersionSet,
)
from catalog.starters.choosing import choose, name_in, places_in, status_in
from catalog.starters.project import BASE, Start
from catalog.starters.versions import pinned

# What of a technology and of a version set goes into a project, or into what is said of it.
ASKED = (Technology, Package, SupportWindow, Migration, Compatibility, Piece, VersionSet, Pin)


class Documents(NamedTuple):
    """What readers may see of the technologies of a stack, and of the version sets, by slug."""

    technologies: Mapping[str, State]
    version_sets: Mapping[str, State]


def named_in(stack: State) -> tuple[str, ...]:
    """Return the technologies that a stack's document names, and that which every project has."""
    named = [BASE]
    for row, fields in stack.items():
        if row.model == "choice":
            named += [row.key[2], *(fields["with_technology"] or ())]
    return tuple(sorted(set(named)))


def documents_now(named: tuple[str, ...], _today: date) -> Documents:
    """Return these technologies and the version sets as they are. Nine queries."""
    things = [ThingKey(Technology.KIND, slug) for slug in named]
    sets = VersionSet.objects.published().order_by().values_list("slug", flat=True)
    things += [ThingKey(VersionSet.KIND, slug) for slug in sets]
    found = {one: state_of(rows) for one, rows in documents.of(things, only=ASKED).items()}
    return _readable(
        *(
            {one.slug: state for one, state in found.items() if one.kind == model.KIND}
            for model in (Technology, VersionSet)
        )
    )


def documents_then(named: Iterable[str], number: int) -> Documents:
    """Return these technologies and the version sets as an edition left them. Two queries."""
    technologies = _revisions(number, kind=Technology.KIND, slug__in=named)
    return _readable(technologies, _revisions(number, kind=VersionSet.KIND))


def _revisions(number: int, **which: Any) -> dict[str, State]:
    newest = Revision.objects.filter(kind=OuterRef("kind"), slug=OuterRef("slug"))
    newest = newest.filter(edition_id__lte=number).order_by("-edition_id").values("edition_id")[:1]
    rows = Revision.objects.filter(edition_id=Subquery(newest), **which).order_by("slug")
    return {row.slug: state_of(in_todays_fields(row.document)) for row in rows}


def _readable(technologies: dict[str, State], version_sets: dict[str, State]) -> Documents:
    """Leave out what is a draft, gone, or of version sets archived."""

    return Documents(
        {slug: one for slug, one in technologies.items() if one and status_in(one) != Status.DRAFT},
        {
            slug: one
            for slug, one in version_sets.items()
            if one and status_in(one) == Status.PUBLISHED
        },
    )


def start_of(
    stack: State, found: Documents, asked: Mapping[str, Sequence[str]], number: int
) -> Start:
    """Return what is started with a stack, in the words of its document, by what is asked."""
    chosen = choose(places_in(stack, found.technologies), asked)
    wanted = dict.fromkeys([BASE, *chosen.technologies])
    technologies = {slug: found.technologies[slug] for slug in wanted if slug in found.technologies}
    offers = (offer for filled in chosen.filled.values() for offer in filled)
    return Start(
        slug=next(iter(stack)).key[0],
        title=name_in(stack),
        chosen=chosen,
        documents=found.technologies,
        technologies=technologies,
        pinned=pinned(
            technologies, found.version_sets, {one.technology: one.version for one in offers}
        ),
        edition=number,
        site=settings.SITE_URL,
    )
