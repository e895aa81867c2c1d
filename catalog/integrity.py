"""What must be true of the content but no database constraint can say.

The editor sees the problems as warnings after saving; `manage.py check --database default` and
tests name them too. Stock `loaddata` calls neither save() nor clean(), so what a fixture
could break without a constraint noticing is found here.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Count, F, Q, QuerySet

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
    Preset,
    Role,
    Status,
)
from catalog.models.base import follow
from catalog.models.comparison import fault_of_cell


class Problem(NamedTuple):
    """A broken rule: the row at fault, and a sentence that stands by itself."""

    row: ContentModel
    text: str

    def __str__(self) -> str:
        return self.text


def find_problems() -> Iterator[Problem]:
    """Find what breaks the rules across rows. Ten queries, cheap enough for a save."""
    for rule in RULES:
        for row in rule.broken_by.all():
            yield Problem(row, rule.sentence(row))


def find_presets_without_their_rows() -> Iterator[Problem]:
    """Find presets that ask for what their table does not weigh. Two queries.

    Whoever takes a row out of a table must not be stopped by them, so this is for the check.
    """
    weighed = Criterion.objects.exclude(kind=Criterion.Kind.TEXT).order_by()
    rows = set(weighed.values_list("comparison_id", "slug"))
    for preset in Preset.objects.select_related("comparison"):
        for value in chain(*preset.asked.values()):
            slug = value.rpartition(".")[0]
            if (preset.comparison_id, slug) not in rows:
                yield Problem(
                    preset,
                    f"Preset “{preset}” of {preset.comparison} asks for “{slug}”, which is no row "
                    "that can be weighed there.",
                )


def find_invalid_rows() -> Iterator[Problem]:
    """Find rows that break their own model's rules. Reads every row: for commands and tests."""
    for model in CONTENT:
        names = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = model.objects.select_related(*names) if names else model.objects.all()
        for row in rows:
            texts = [
                f"The text of “{row._meta.get_field(name).verbose_name}” has margins, or its "
                "characters are not composed; save it once in the admin."
                for name in row.normalise()
            ]
            try:
                # References, uniqueness and constraints are the database's job and hold already.
                row.full_clean(exclude=names, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                texts += error.messages
            if texts:
                key = "/".join(row.natural_key())
                yield Problem(row, f"{model._meta.verbose_name} {key}: {' '.join(texts)}")


def check_content(app_configs: Any, databases: Any, **_kwargs: Any) -> list[checks.Warning]:
    """Return each problem as a warning of Django's checks; nothing before the tables are there."""
    found = []
    for alias in databases or []:
        tables = set(connections[alias].introspection.table_names())
        if {model._meta.db_table for model in CONTENT} <= tables:
            problems = [
                *find_problems(),
                *find_presets_without_their_rows(),
                *find_invalid_rows(),
            ]
            found += [checks.Warning(str(problem), id="catalog.W001") for problem in problems]
    return found


class Rule(NamedTuple):
    """A rule across rows: the rows that break it, and what to say of each."""

    broken_by: QuerySet
    sentence: Callable[[ContentModel], str]


def _published_names_no_draft(model: type[ContentModel], page: str, named: str) -> Rule:
    """Return the rule for what a row names; `page` and `named` lead to both, blank to itself."""
    status = f"{page}__status" if page else "status"
    rows = model.objects.filter(**{status: Status.PUBLISHED, f"{named}__status": Status.DRAFT})

    def sentence(row: ContentModel) -> str:
        own = follow(row, page) if page else row
        return f"“{own}” is published but names “{follow(row, named)}”, which is a draft."

    return Rule(rows.select_related(*filter(None, (page, named))), sentence)


RULES = (
    Rule(
        Category.objects.filter(parent__parent__isnull=False),
        lambda category: f"Category “{category}” is on a third level; there are two at most.",
    ),
    Rule(
        Cell.objects.exclude(criterion__comparison=F("contender__comparison")).select_related(
            "criterion__comparison", "contender__technology"
        ),
        lambda cell: (
            f"“{cell.criterion}” of {cell.criterion.comparison} has a cell of a contender from "
            "another table."
        ),
    ),
    # As fault_of_cell() has it.
    Rule(
        Cell.objects.filter(
            Q(criterion__kind=Criterion.Kind.TEXT, rating__isnull=False)
            | Q(criterion__kind=Criterion.Kind.YES_NO)
            & (Q(rating__isnull=True) | Q(rating__in=(1, 2, 3)))
            | Q(criterion__kind=Criterion.Kind.RATING, rating__isnull=True),
            state=Cell.State.KNOWN,
        ).select_related("criterion__comparison", "contender__technology"),
        lambda cell: (
            f"{cell.criterion.comparison}, {cell.criterion}, {cell.contender}: "
            f"{fault_of_cell(cell.criterion.kind, cell.state, cell.rating)}"
        ),
    ),
    Rule(
        Criterion.objects.exclude(group=None)
        .exclude(comparison=F("group__comparison"))
        .select_related("comparison"),
        lambda row: f"Criterion “{row}” of {row.comparison} is in a group of another table.",
    ),
    Rule(
        Comparison.objects.published().annotate(columns=Count("contenders")).filter(columns__lt=2),
        lambda row: f"Comparison “{row}” is published with fewer than two contenders.",
    ),
    Rule(
        Role.objects.filter(stack__status=Status.PUBLISHED, choices=None).select_related("stack"),
        lambda role: f"“{role}” of stack “{role.stack}” has no choice.",
    ),
    _published_names_no_draft(Contender, "comparison", "technology"),
    _published_names_no_draft(Choice, "role__stack", "technology"),
    _published_names_no_draft(Comparison, "", "category"),
    _published_names_no_draft(Pin, "version_set", "package__technology"),
)
