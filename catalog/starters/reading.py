"""From the database to a start: a stack and its technologies as an edition left them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from catalog.history import documents
from catalog.history.documents import in_todays_fields
from catalog.history.rows import RowKey, State, state_of
from catalog.models import Revision, Stack, Status, Technology, ThingKey, VersionSet
from catalog.starters.choosing import choose, own, places_in
from catalog.starters.project import BASE, Start
from catalog.starters.versions import pinned


class Documents(NamedTuple):
    """What readers may see of the technologies of a stack, and of the version sets, by slug."""

    technologies: Mapping[str, State]
    version_sets: Mapping[str, State]
    names: Mapping[str, str]  # of what their edges lead to as well


def rows_of(stack: Stack) -> State:
    """Return what the document of a stack says of its roles, from a row of `for_detail()`."""
    rows = {RowKey("stack", (stack.slug,)): {"name": stack.name}}
    for role in stack.roles.all():
        rows[RowKey("role", (stack.slug, role.slug))] = {"name": role.name, "mode": role.mode}
        for choice in role.choices.all():
            beside = [choice.beside.slug] if choice.beside else None
            key = RowKey("choice", (stack.slug, role.slug, choice.technology.slug))
            rows[key] = {"version": choice.version, "with_technology": beside}
    return rows


def named_in(stack: State) -> tuple[str, ...]:
    """Return the technologies that a stack's document names, and that which every project has."""
    named = [BASE]
    for row, fields in stack.items():
        if row.model == "choice":
            named += [row.key[2], *(fields["with_technology"] or ())]
    return tuple(sorted(set(named)))


def documents_now(named: tuple[str, ...], _today: date) -> Documents:
    """Return these technologies and the version sets as they are. Fifteen queries."""
    things = [ThingKey(Technology.KIND, slug) for slug in named]
    sets = VersionSet.objects.published().order_by().values_list("slug", flat=True)
    things += [ThingKey(VersionSet.KIND, slug) for slug in sets]
    found = {one: state_of(rows) for one, rows in documents.of(things).items()}
    edges = {row.key[2] for rows in found.values() for row in rows if row.model == "compatibility"}
    readable = Technology.objects.readable().filter(slug__in={*named, *edges}).order_by()
    return Documents(
        *(
            {one.slug: rows for one, rows in found.items() if one.kind == kind and _is_shown(rows)}
            for kind in (Technology.KIND, VersionSet.KIND)
        ),
        dict(readable.values_list("slug", "name")),
    )


def documents_then(named: Iterable[str], number: int) -> Documents:
    """Return these technologies and the version sets as an edition left them. Two queries."""
    technologies = _revisions(number, kind=Technology.KIND, slug__in=named)
    return Documents(technologies, _revisions(number, kind=VersionSet.KIND), {})


def _revisions(number: int, **which: Any) -> dict[str, State]:
    newest = Revision.objects.filter(kind=OuterRef("kind"), slug=OuterRef("slug"))
    newest = newest.filter(edition_id__lte=number).order_by("-edition_id").values("edition_id")[:1]
    rows = Revision.objects.filter(edition_id=Subquery(newest), **which).order_by("slug")
    found = {row.slug: state_of(in_todays_fields(row.document)) for row in rows}
    return {slug: rows for slug, rows in found.items() if _is_shown(rows)}


def _is_shown(document: State) -> bool:
    """Return whether readers see a thing; of version sets only what is published is taken."""
    if not document:
        return False
    (model, _key), fields = next(iter(document.items()))
    taken = [Status.PUBLISHED, *([Status.ARCHIVED] if model == "technology" else ())]
    return fields["status"] in taken


def start_of(
    stack: State, found: Documents, asked: Mapping[str, Sequence[str]], number: int
) -> Start:
    """Return what is started with a stack, in the words of its document, by what is asked."""
    chosen = choose(places_in(stack, found.technologies), asked)
    wanted = dict.fromkeys([BASE, *chosen.technologies])
    technologies = {slug: found.technologies[slug] for slug in wanted if slug in found.technologies}
    offers = (offer for filled in chosen.filled.values() for offer in filled)
    slug = next(iter(stack)).key[0]
    return Start(
        slug=slug,
        title=own(stack)["name"],
        chosen=chosen,
        documents=found.technologies,
        technologies=technologies,
        pinned=pinned(
            technologies, found.version_sets, {one.technology: one.version for one in offers}
        ),
        edition=number,
        path=reverse("catalog:stack_detail", args=[slug]),
        site=settings.SITE_URL,
    )
