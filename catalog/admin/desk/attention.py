"""What needs attention, as conditions on rows: the desk counts by them, lists filter by them."""

from datetime import date

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import (
    ByteOrder,
    Cell,
    Comparison,
    Contender,
    Criterion,
    PackageFacts,
    Revision,
    Status,
    Technology,
)
from catalog.models.base import add_months
from catalog.models.technology import ENDING, QUIET_YEARS
from catalog.package_index import LEFT

# Of cells.
IN_USE = ~Q(criterion__comparison__status=Status.ARCHIVED)
WITHOUT_EVIDENCE = Q(state=Cell.State.KNOWN) & (
    Q(source="", measurement=None) | Q(verified_on=None)
)


def worked_on(things: QuerySet, user: str) -> QuerySet:
    """Return the things of one kind of which this user, by name of account, made an edition."""
    revisions = Revision.objects.filter(kind=things.model.KIND, slug=OuterRef("slug"))
    return things.filter(Exists(revisions.filter(edition__user=user)))


def due(things: QuerySet, today: date) -> QuerySet:
    """Return the things that somebody wanted to see again by now."""
    return things.filter(review_by__lte=today)


def in_trouble(technologies: QuerySet, today: date) -> QuerySet:
    """Return those that may not be there much longer, or have a successor; no archived ones."""
    facts = PackageFacts.objects.filter(package__technology=OuterRef("pk"))
    return technologies.exclude(status=Status.ARCHIVED).filter(
        Q(lifecycle__in=ENDING)
        | Q(replaced_by__isnull=False)
        | Q(Exists(facts.filter(Q(project_status__in=LEFT) | Q(is_yanked=True))))
        # An editor has looked, and it needs no release.
        | is_quiet(today) & ~Q(lifecycle=Technology.Lifecycle.FINISHED)
    )


def is_quiet(today: date) -> Q:
    """Return the condition of technologies whose newest known release is long past."""
    known = PackageFacts.objects.filter(package__technology=OuterRef("pk")).exclude(released_on="")
    # By bytes: a collation may overlook the hyphens.
    known = known.annotate(released=ByteOrder("released_on"))
    day = add_months(today, -12 * QUIET_YEARS)
    # Not all days of that month and that year are long past.
    past = Q(released__lte=day.isoformat()) & ~Q(released_on__in=(f"{day:%Y-%m}", f"{day:%Y}"))
    return Q(Exists(known)) & ~Q(Exists(known.exclude(past)))


def is_stale(today: date) -> Q:
    """Return the condition of cells verified before their comparison's review period. One query."""
    periods = Comparison.objects.order_by().values_list("review_months", flat=True).distinct()
    stale = Q(pk__in=())
    for months in periods:
        day = add_months(today, -months)
        stale |= Q(criterion__comparison__review_months=months, verified_on__lt=day)
    return stale


def stale(cells: QuerySet, today: date) -> QuerySet:
    """Return the stale ones of tables in use. Two queries."""
    return cells.filter(IN_USE & is_stale(today))


def without_evidence(cells: QuerySet) -> QuerySet:
    """Return cells that claim something and do not say where it is written, or when it was read."""
    return cells.filter(IN_USE & WITHOUT_EVIDENCE)


def incomplete(comparisons: QuerySet) -> QuerySet:
    """Return comparisons in use with their numbers of `unknown` cells and `missing` ones."""
    # One that a fixture hung between two tables stands in neither.
    cells = Cell.objects.filter(criterion__comparison=F("contender__comparison"))
    unknown = cells.filter(state=Cell.State.UNKNOWN)
    places = _count(Contender.objects, "comparison") * _count(Criterion.objects, "comparison")
    return (
        comparisons.exclude(status=Status.ARCHIVED)
        .annotate(
            unknown=_count(unknown, "criterion__comparison"),
            missing=places - _count(cells, "criterion__comparison"),
        )
        .filter(Q(unknown__gt=0) | Q(missing__gt=0))
    )


def _count(rows: QuerySet[Model], path: str) -> Coalesce:
    """Return how many of these rows belong to a comparison, by the path that leads to it."""
    own = rows.order_by().filter(**{path: OuterRef("pk")}).values(path)
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)
