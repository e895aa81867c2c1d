"""What must be true of the content but no database constraint can say.

The editor sees the problems as warnings after saving; `manage.py check --database default` and
the tests name them too. Stock `loaddata` calls neither save() nor clean(), so what a fixture
could break without a constraint noticing is found here.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q

from catalog.models import (
    CONTENT,
    Category,
    Cell,
    Choice,
    Comparison,
    Contender,
    ContentModel,
    Criterion,
    Pin,
    Role,
    Status,
)
from catalog.models.base import follow


class Problem(NamedTuple):
    """A broken rule: the row at fault, and a sentence that stands by itself."""

    row: ContentModel
    text: str

    def __str__(self) -> str:
        return self.text


def find_problems() -> Iterator[Problem]:
    """Find what breaks the rules across rows. Ten queries, cheap enough for a save."""
    yield from _deep_categories()
    yield from _crossed_cells()
    yield from _cells_against_their_row()
    yield from _foreign_groups()
    yield from _thin_comparisons()
    yield from _roles_without_choice()
    yield from _references_to_drafts()


def find_invalid_rows() -> Iterator[Problem]:
    """Find rows that break their own model's rules. Reads every row: for commands and tests."""
    for model in CONTENT:
        names = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = model.objects.select_related(*names) if names else model.objects.all()
        for row in rows:
            try:
                # References, uniqueness and constraints are the database's job and hold already.
                row.full_clean(exclude=names, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                key, sentences = "/".join(row.natural_key()), " ".join(error.messages)
                yield Problem(row, f"{model._meta.verbose_name} {key}: {sentences}")


def _deep_categories() -> Iterator[Problem]:
    for category in Category.objects.filter(parent__parent__isnull=False):
        yield Problem(
            category, f"Category “{category}” is on a third level; there are two at most."
        )


def _crossed_cells() -> Iterator[Problem]:
    crossed = Cell.objects.exclude(criterion__comparison=F("contender__comparison"))
    for cell in crossed.select_related("criterion__comparison", "contender__technology"):
        place = f"“{cell.criterion}” of {cell.criterion.comparison}"
        yield Problem(cell, f"{place} has a cell of a contender from another table.")


def _cells_against_their_row() -> Iterator[Problem]:
    text, yes_no, rating = Criterion.Kind.TEXT, Criterion.Kind.YES_NO, Criterion.Kind.RATING
    faulty = Cell.objects.filter(
        Q(criterion__kind=text, rating__isnull=False)
        | Q(criterion__kind=yes_no) & (Q(rating__isnull=True) | Q(rating__in=(1, 2, 3)))
        | Q(criterion__kind=rating, rating__isnull=True),
        state=Cell.State.KNOWN,
    )
    for cell in faulty.select_related("criterion__comparison", "contender__technology"):
        place = f"{cell.criterion.comparison}, {cell.criterion}, {cell.contender}"
        yield Problem(cell, f"{place}: {cell.fault_of_kind()}")


def _foreign_groups() -> Iterator[Problem]:
    foreign = Criterion.objects.exclude(group=None).exclude(comparison=F("group__comparison"))
    for criterion in foreign.select_related("comparison"):
        place = f"Criterion “{criterion}” of {criterion.comparison}"
        yield Problem(criterion, f"{place} is in a group of another table.")


def _thin_comparisons() -> Iterator[Problem]:
    counted = Comparison.objects.published().annotate(contender_count=Count("contenders"))
    for comparison in counted.filter(contender_count__lt=2):
        sentence = f"Comparison “{comparison}” is published with fewer than two contenders."
        yield Problem(comparison, sentence)


def _roles_without_choice() -> Iterator[Problem]:
    empty = Role.objects.filter(stack__status=Status.PUBLISHED, choices=None)
    for role in empty.select_related("stack"):
        yield Problem(role, f"“{role}” of stack “{role.stack}” has no choice.")


# Each model that can name a draft, with the way to the page that is read and to what it names.
_REFERENCES = (
    (Contender, "comparison", "technology"),
    (Choice, "role__stack", "technology"),
    (Comparison, "", "category"),
    (Pin, "version_set", "package__technology"),
)


def _references_to_drafts() -> Iterator[Problem]:
    for model, to_page, to_named in _REFERENCES:
        page_status = f"{to_page}__status" if to_page else "status"
        rows = model.objects.filter(
            **{page_status: Status.PUBLISHED, f"{to_named}__status": Status.DRAFT}
        )
        for row in rows.select_related(*filter(None, (to_page, to_named))):
            page = follow(row, to_page) if to_page else row
            sentence = (
                f"“{page}” is published but names “{follow(row, to_named)}”, which is a draft."
            )
            yield Problem(row, sentence)
