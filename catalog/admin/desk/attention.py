"""What needs attention, as conditions on rows: the desk counts by them, lists filter by them."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
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
from catalog.models.technology import QUIET_YEARS

GIVEN_UP = (Technology.Lifecycle.DEPRECATED, Technology.Lifecycle.END_OF_LIFE)
LEFT = (
    PackageFacts.ProjectStatus.ARCHIVED,
    PackageFacts.ProjectStatus.DEPRECATED,
    PackageFacts.ProjectStatus.QUARANTINED,
)

IN_USE = ~Q(criterion__comparison__status=Status.ARCHIVED)


# Things -----------------------------------------------------------------------------------------


def worked_on(things: QuerySet, user: str) -> QuerySet:
    """Things of one kind of which this user, by name of account, made an edition."""
    its = Revision.objects.filter(kind=things.model.KIND, slug=OuterRef("slug"))
    return things.filter(Exists(its.filter(edition__user=user)))


def due(things: QuerySet, today: date) -> QuerySet:
    """Things that somebody wanted to see again by now."""
    return things.filter(review_by__lte=today)


# Technologies -----------------------------------------------------------------------------------


def in_trouble(technologies: QuerySet, today: date) -> QuerySet:
    """Technologies, archived ones aside, that may not be there much longer, or have a successor."""
    facts = PackageFacts.objects.filter(package__technology=OuterRef("pk"))
    return technologies.exclude(status=Status.ARCHIVED).filter(
        Q(lifecycle__in=GIVEN_UP)
        | Q(replaced_by__isnull=False)
        | Q(Exists(facts.filter(project_status__in=LEFT)))
        # An editor has looked, and it needs no release.
        | quiet(today) & ~Q(lifecycle=Technology.Lifecycle.FINISHED)
    )


def quiet(today: date) -> Q:
    """Technologies whose newest known release is long past."""
    known = PackageFacts.objects.filter(package__technology=OuterRef("pk")).exclude(released_on="")
    # By bytes: a collation may overlook the hyphens.
    known = known.annotate(released=ByteOrder("released_on"))
    day, *open_periods = _horizon(today)
    past = Q(released__lte=day) & ~Q(released_on__in=open_periods)
    return Q(Exists(known)) & ~Q(Exists(known.exclude(past)))


def is_long_past(released_on: str, today: date) -> bool:
    """The same of one release."""
    day, *open_periods = _horizon(today)
    return released_on <= day and released_on not in open_periods


def _horizon(today: date) -> tuple[str, str, str]:
    """The last day that is long past, and the month and the year in which not all days are."""
    try:
        day = today.replace(year=today.year - QUIET_YEARS)
    except ValueError:  # the 29th of February
        day = today.replace(year=today.year - QUIET_YEARS, day=28)
    return day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"


# Comparisons and cells --------------------------------------------------------------------------


def stale(cells: QuerySet, today: date) -> QuerySet:
    """Cells that were verified longer ago than their comparison's review period. Two queries."""
    return cells.filter(IN_USE & is_stale(today))


def is_stale(today: date) -> Q:
    """The same as a condition, made from the review periods that there are: one query."""
    periods = Comparison.objects.order_by().values_list("review_months", flat=True).distinct()
    found = Q(pk__in=())
    for months in periods:
        day = Comparison(review_months=months).stale_before(today)
        found |= Q(criterion__comparison__review_months=months, verified_on__lt=day)
    return found


NO_EVIDENCE = Q(state=Cell.State.KNOWN) & (Q(source="") | Q(verified_on=None))


def without_evidence(cells: QuerySet) -> QuerySet:
    """Cells that claim something and do not say where it is written, or when that was read."""
    return cells.filter(IN_USE & NO_EVIDENCE)


def incomplete(comparisons: QuerySet) -> QuerySet:
    """Comparisons, archived ones aside, with places where nothing is known.

    With `unknown`, the number of cells that say so, and `missing`, of places without a cell.
    """
    # One that a fixture hung between two tables stands in neither.
    cells = Cell.objects.filter(criterion__comparison=F("contender__comparison"))
    in_table = {"path": "criterion__comparison"}
    places = _number_of(Contender) * _number_of(Criterion)
    return (
        comparisons.exclude(status=Status.ARCHIVED)
        .annotate(
            unknown=_count(cells.filter(state=Cell.State.UNKNOWN), **in_table),
            missing=places - _count(cells, **in_table),
        )
        .filter(Q(unknown__gt=0) | Q(missing__gt=0))
    )


def _number_of(model: type) -> Coalesce:
    return _count(model.objects.all(), path="comparison")


def _count(rows: QuerySet, path: str) -> Coalesce:
    """How many of these rows belong to a comparison."""
    its = rows.order_by().filter(**{path: OuterRef("pk")}).values(path)
    return Coalesce(Subquery(its.annotate(number=Count("pk")).values("number")), 0)
