"""What speaks against naming a technology anew. No rule forbids it: an editor reads and decides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.text import get_text_list

from catalog.history import documents
from catalog.history.rows import MODELS, Fields, RowChange, RowKey, references_of, state_of
from catalog.models import (
    THINGS,
    ContentModel,
    Listing,
    Package,
    Page,
    Pin,
    Status,
    Technology,
    ThingKey,
)
from catalog.models.category import Verdict
from catalog.models.technology import ENDING

# The field by which a row of these chooses a technology, itself or by a package.
CHOOSES = {
    "choice": "technology",
    "companion": "companion",
    "compatibility": "other",
    "contender": "technology",
    "listing": "technology",
    "migration": "to",
    "pin": "package",
}

# From what to take to what to leave.
RECOMMENDED, NEITHER, AVOIDED, OVER = range(4)


def with_rank(rows: QuerySet, path: str = "") -> QuerySet:
    """Annotate rows by the technology at the end of `path` with `rank`, from RECOMMENDED to OVER.

    What is recommended in one category and avoided in another is recommended.
    """
    technology = f"{path}__" if path else ""

    def has(verdict: Verdict) -> Exists:
        listings = Listing.objects.order_by().filter(technology=OuterRef(f"{technology}pk"))
        return Exists(listings.filter(verdict=verdict))

    is_over = Q(**{f"{technology}lifecycle__in": ENDING})
    is_over |= Q(**{f"{technology}replaced_by__isnull": False})
    return rows.annotate(
        rank=Case(
            When(is_over, then=Value(OVER)),
            When(has(Verdict.RECOMMENDED), then=Value(RECOMMENDED)),
            When(has(Verdict.AVOID), then=Value(AVOIDED)),
            default=Value(NEITHER),
        )
    )


def standing(technology: Technology, rank: int) -> str:
    """Return what speaks for or against a technology in a few words; blank for nothing.

    Example: "end of life, replaced by redis-py".
    """
    words = [technology.get_lifecycle_display()] if technology.lifecycle else []
    if technology.replaced_by:
        words.append(f"replaced by {technology.replaced_by}")
    if rank == AVOIDED:
        words.append("to be avoided")
    return ", ".join(words)


def doubts(changes: Sequence[RowChange]) -> list[str]:
    """Return a sentence for each technology that is newly chosen or published and past its time.

    One query where anything is, and the documents of what is newly published.
    """
    chosen = {
        target
        for one in changes
        if (target := _chosen(one.row, one.after)) and target != _chosen(one.row, one.before)
    }
    published = {thing for one in changes if is_published_by(one) for thing in one.things}
    chosen |= {RowKey("technology", (slug,)) for kind, slug in published if kind == "technology"}
    for document in documents.of(published).values():
        chosen |= {_chosen(row, fields) for row, fields in state_of(document).items()} - {None}
    if not chosen:
        return []
    names = {model: [row.key[0] for row in chosen if row.model == model] for model in MODELS}
    of_packages = Package.objects.order_by().filter(name__in=names["package"])
    is_chosen = Q(slug__in=names["technology"]) | Q(pk__in=of_packages.values("technology"))
    rows = Technology.objects.filter(is_chosen).select_related("replaced_by")
    return [
        f"Mind that “{one}” is {standing(one, one.rank)}."
        for one in with_rank(rows).filter(rank__gte=AVOIDED)
    ]


def same_names(changes: Iterable[RowChange]) -> list[str]:
    """Return a sentence for each published technology of these that has another's name."""
    slugs = {
        change.row.key[0]
        for change in changes
        if change.row.model == "technology" and {"name", "status"} & {*change.changed}
    }
    if not slugs:
        return []
    names = Technology.objects.published().order_by().filter(slug__in=slugs).values("name")
    rows = Technology.objects.published().order_by("name").filter(name__in=names)
    twice = rows.values("name").annotate(count=Count("pk")).filter(count__gt=1)
    return [
        f"{one['count']} published technologies are called “{one['name']}”. If they are the same, "
        "keep one and archive the other."
        for one in twice
    ]


def is_published_by(change: RowChange) -> bool:
    """Return whether a change publishes a page."""
    was, now = change.before or {}, change.after or {}
    return now.get("status") == Status.PUBLISHED and was.get("status") != Status.PUBLISHED


def used_in(pages: Iterable[Page]) -> dict[ThingKey, str]:
    """Return for each of these pages of one kind, where others name it, a sentence that says so.

    A query for each way to name one, and for each kind that does.
    """
    named: dict[ThingKey, set[ThingKey]] = defaultdict(set)
    pages = {page.pk: page.key for page in pages}
    for model, field in _names_of(pages.values()):
        for kind, path in model.owner_slugs():
            rows = model.objects.order_by().filter(**{f"{field}__in": pages})
            for pk, slug in rows.values_list(field, path):
                named[pages[pk]] |= {ThingKey(kind, slug)} - {pages[pk]}
    titles = {}
    for kind, same_kind in groupby(sorted(set().union(*named.values())), key=lambda key: key.kind):
        rows = THINGS[kind].objects.filter(slug__in=[key.slug for key in same_kind])
        titles |= {row.key: f"{row._meta.verbose_name} “{row}”" for row in rows}
    return {
        key: f"It stays named in {get_text_list([titles[one] for one in sorted(by)], 'and')}."
        for key, by in named.items()
        if by
    }


def _names_of(keys: Iterable[ThingKey]) -> list[tuple[type[ContentModel], str]]:
    """Return the models whose rows name pages of a kind, each with the field that does."""
    kind = next((key.kind for key in keys), "")
    if not kind:
        return []
    relations = THINGS[kind]._meta.related_objects
    found = [
        (one.related_model, one.field.name)
        for one in relations
        if issubclass(one.related_model, ContentModel)
    ]
    return [*found, (Pin, "package__technology")] if kind == Technology.KIND else found


def _chosen(row: RowKey, fields: Fields | None) -> RowKey | None:
    """Return the technology or package that a row chooses; a mere or bad verdict is no choice."""
    if not fields or row.model not in CHOOSES:
        return None
    if row.model == "listing" and fields["verdict"] not in (
        Verdict.RECOMMENDED,
        Verdict.ALTERNATIVE,
    ):
        return None
    name = CHOOSES[row.model]
    return next(one for one in references_of(row.model) if one.name == name).target(fields)
