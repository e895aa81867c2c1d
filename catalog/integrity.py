"""What must be true of the content but no database constraint can say.

The editor sees the problems as warnings after saving; `manage.py check --database default` and
the tests name them too. Stock `loaddata` asks neither save() nor clean(), so what a fixture
could break without a constraint noticing is found here.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q

from catalog.models import (
    CONTENT,
    Category,
    Cell,
    Choice,
    Comparison,
    Contender,
    Criterion,
    Pin,
    Role,
    Status,
)


def find_problems() -> Iterator[str]:
    """Rules across rows, each as a sentence. A fixed number of queries, cheap enough for a save."""
    yield from _deep_categories()
    yield from _crossed_cells()
    yield from _cells_against_their_row()
    yield from _foreign_groups()
    yield from _thin_comparisons()
    yield from _roles_without_choice()
    yield from _references_to_drafts()


def find_invalid_rows() -> Iterator[str]:
    """Rows that break their own model's rules. Reads every row: for commands and tests."""
    for model in CONTENT:
        names = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = model.objects.select_related(*names) if names else model.objects.all()
        for row in rows:
            try:
                # References, uniqueness and constraints are the database's job and hold already.
                row.full_clean(exclude=names, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                yield "{} {}: {}".format(
                    model._meta.verbose_name, "/".join(row.natural_key()), " ".join(error.messages)
                )


def _deep_categories() -> Iterator[str]:
    for category in Category.objects.filter(parent__parent__isnull=False):
        yield f"Category “{category}” is on a third level; there are two at most."


def _crossed_cells() -> Iterator[str]:
    crossed = Cell.objects.exclude(criterion__comparison=F("contender__comparison"))
    for cell in crossed.select_related("criterion__comparison", "contender__technology"):
        yield (
            f"“{cell.criterion}” of {cell.criterion.comparison} has a cell of a contender from "
            "another table."
        )


def _cells_against_their_row() -> Iterator[str]:
    known = Q(state=Cell.State.KNOWN)
    text, yes_no, rating = Criterion.Kind.TEXT, Criterion.Kind.YES_NO, Criterion.Kind.RATING
    faulty = Cell.objects.filter(known).filter(
        Q(criterion__kind=text, rating__isnull=False)
        | Q(criterion__kind=yes_no) & (Q(rating__isnull=True) | Q(rating__in=(1, 2, 3)))
        | Q(criterion__kind=rating, rating__isnull=True)
    )
    for cell in faulty.select_related("criterion__comparison", "contender__technology"):
        place = f"{cell.criterion.comparison}, {cell.criterion}, {cell.contender}"
        yield f"{place}: {cell.fault_of_kind()}"


def _foreign_groups() -> Iterator[str]:
    foreign = Criterion.objects.exclude(group=None).exclude(comparison=F("group__comparison"))
    for criterion in foreign.select_related("comparison"):
        yield f"Criterion “{criterion}” of {criterion.comparison} is in a group of another table."


def _thin_comparisons() -> Iterator[str]:
    counted = Comparison.objects.published().annotate(contender_count=Count("contenders"))
    for comparison in counted.filter(contender_count__lt=2):
        yield f"Comparison “{comparison}” is published with fewer than two contenders."


def _roles_without_choice() -> Iterator[str]:
    empty = Role.objects.filter(stack__status=Status.PUBLISHED, choices=None)
    for role in empty.select_related("stack"):
        yield f"“{role}” of stack “{role.stack}” has no choice."


def _references_to_drafts() -> Iterator[str]:
    sentence = "“%(page)s” is published but names “%(draft)s”, which is a draft."
    draft = {"technology__status": Status.DRAFT}
    for contender in Contender.objects.filter(
        comparison__status=Status.PUBLISHED, **draft
    ).select_related("comparison", "technology"):
        yield sentence % {"page": contender.comparison, "draft": contender.technology}
    for choice in Choice.objects.filter(
        role__stack__status=Status.PUBLISHED, **draft
    ).select_related("role__stack", "technology"):
        yield sentence % {"page": choice.role.stack, "draft": choice.technology}
    for comparison in (
        Comparison.objects.published()
        .filter(category__status=Status.DRAFT)
        .select_related("category")
    ):
        yield sentence % {"page": comparison, "draft": comparison.category}
    for pin in Pin.objects.filter(
        version_set__status=Status.PUBLISHED, package__technology__status=Status.DRAFT
    ).select_related("version_set", "package__technology"):
        yield sentence % {"page": pin.version_set, "draft": pin.package.technology}
