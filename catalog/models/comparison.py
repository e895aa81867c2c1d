"""Comparisons: contenders are columns, criteria are rows, a cell is their meeting."""

from datetime import date
from typing import Self
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from catalog.comparison.engine.table import HIGHEST_RATING, HIGHEST_WEIGHT
from catalog.models import fields, rules
from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    Thing,
    add_months,
    is_not_to_come,
)
from catalog.models.category import Category
from catalog.models.technology import Technology

LONGEST_REVIEW = 120  # months


class ComparisonQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        return self.select_related("category")


class Comparison(Page):
    KIND = "comparison"
    NAME_FIELD = "title"
    MARKDOWN = ("introduction", "verdict")

    title = models.CharField(max_length=120)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="comparisons")
    introduction = fields.markdown("Markdown. For whom this table is.")
    verdict = fields.markdown("Markdown. What it comes to.")
    review_months = models.PositiveSmallIntegerField(
        "review period",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_REVIEW)],
        help_text="Months after which what was verified counts as stale.",
    )
    position = fields.position()

    objects = ComparisonQuerySet.as_manager()

    class Meta(Page.Meta):
        ordering = ["position", ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            rules.check(
                "comparison_review_months_is_1_to_120",
                Q(review_months__gte=1, review_months__lte=LONGEST_REVIEW),
                "A review period is 1 to 120 months.",
            ),
        ]

    def cells(self) -> "CellQuerySet":
        return Cell.objects.filter(criterion__comparison=self)

    def stale_before(self, today: date) -> date:
        """Return the day before which a verification is older than the review period."""
        return add_months(today, -self.review_months)


class ContenderQuerySet(ContentQuerySet):
    def readable(self) -> Self:
        """Return the contenders whose technology has a page, with the technology."""
        return self.exclude(technology__status=Status.DRAFT).select_related("technology")


class Contender(ContentModel):
    """A technology in a comparison: a column."""

    NATURAL_KEY = ("comparison__slug", "technology__slug")
    OWNERS = ("comparison",)

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="contenders")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="contenders")
    versions = fields.line(80, "The versions that were judged.")
    position = fields.position()

    objects = ContenderQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("technology__slug"), ByteOrder("comparison__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "technology"],
                name="contender_once_in_a_comparison",
                violation_error_message="This technology is already in this comparison.",
            ),
        ]

    def __str__(self) -> str:
        return self.technology.name


class CriterionGroup(ContentModel):
    """A heading above some criteria of a comparison."""

    NATURAL_KEY = ("comparison__slug", "slug")
    OWNERS = ("comparison",)
    NAME_FIELD = "name"

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="groups")
    slug = fields.slug()
    name = models.CharField(max_length=80)
    position = fields.position()

    class Meta(ContentModel.Meta):
        verbose_name = "group of criteria"
        verbose_name_plural = "groups of criteria"
        ordering = ["position", ByteOrder("slug"), ByteOrder("comparison__slug")]
        constraints = [
            rules.unique_slug("comparison", "criterion_group_once_in_a_comparison", "a group"),
            rules.not_slug("none", "“none” asks for no group at all; take another slug."),
        ]


class CriterionKind(models.TextChoices):
    RATING = "rating", "rating"
    YES_NO = "yes-no", "yes or no"
    TEXT = "text", "text"


class Criterion(ContentModel):
    """One question put to every contender: a row."""

    Kind = CriterionKind
    NATURAL_KEY = ("comparison__slug", "slug")
    OWNERS = ("comparison",)
    NAME_FIELD = "name"

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="criteria")
    slug = fields.slug()
    group = models.ForeignKey(
        CriterionGroup, null=True, blank=True, on_delete=models.RESTRICT, related_name="criteria"
    )
    name = models.CharField(max_length=80, help_text="Heads the row.")
    question = fields.line(200, "What is asked of each contender.")
    kind = fields.choice(Kind, default=Kind.RATING)
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MaxValueValidator(HIGHEST_WEIGHT)],
        help_text="0 to 5: how much it counts. Text is never weighed: 0.",
    )
    position = fields.position()

    class Meta(ContentModel.Meta):
        verbose_name_plural = "criteria"
        ordering = ["position", ByteOrder("slug"), ByteOrder("comparison__slug")]
        constraints = [
            rules.unique_slug("comparison", "criterion_once_in_a_comparison", "a criterion"),
            rules.choice("kind", CriterionKind),
            rules.not_slug("fit", "“fit” sorts by fit; take another slug."),
            rules.check(
                "criterion_weight_is_0_to_5", Q(weight__lte=HIGHEST_WEIGHT), "A weight is 0 to 5."
            ),
            rules.check(
                "criterion_text_is_not_weighed",
                ~Q(kind="text") | Q(weight=0),
                "A text row cannot be weighed; set its weight to 0.",
            ),
        ]

    def clean(self) -> None:
        if self.group is not None and self.group.comparison_id != self.comparison_id:
            raise ValidationError(
                {"group": "This group belongs to another comparison; choose one of this table."}
            )


# A weight or a must-have as the address of the table has it, and several of them.
_ASKED = r"(?:w=[a-z0-9-]+\.[0-5]|must=[a-z0-9-]+\.(?:[1-4]|yes))"


class Preset(ContentModel):
    """Weights and must-haves of a comparison by the name of the case that they are for."""

    NATURAL_KEY = ("comparison__slug", "slug")
    OWNERS = ("comparison",)
    NAME_FIELD = "name"

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="presets")
    slug = fields.slug()
    name = models.CharField(max_length=40, help_text="The case it is for: “JSON API”.")
    asks = models.CharField(
        "weights and must-haves",
        max_length=1500,
        validators=[
            RegexValidator(
                rf"^{_ASKED}(?:&{_ASKED})*\Z",
                "Give weights and must-haves as the address of the table has them, joined by “&”: "
                "“w=speed.5&must=openapi.yes”.",
            )
        ],
        help_text="Weigh the table on its public page and paste that page's address here.",
    )
    position = fields.position()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("slug"), ByteOrder("comparison__slug")]
        constraints = [rules.unique_slug("comparison", "preset_once_in_a_comparison", "a preset")]

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """Return the weights as `w` and the must-haves as `must`, as a query string has them."""
        return {name: tuple(values) for name, values in parse_qs(self.asks).items()}


class Measurement(Thing):
    """What was measured by a script of the repository, and the file with what came of it."""

    KIND = "measurement"
    NAME_FIELD = "title"

    title = models.CharField(max_length=120, help_text="What was measured.")
    script = fields.line(120, "Its path in the repository; empty for what was read, not run.")
    result = models.CharField(max_length=120, help_text="The path of the dated result file.")
    date = models.DateField(validators=[is_not_to_come], help_text="The day it was run.")
    setting = fields.line(200, "The machine and the versions that matter.")

    class Meta(Thing.Meta):
        ordering = [ByteOrder("slug")]

    def get_absolute_url(self) -> str:
        return measurement_address(self.slug)


def measurement_address(slug: str) -> str:
    """Return where readers find a measurement; of no slug, what begins all such addresses."""
    return f"{reverse('catalog:measurements')}#{slug}"


class CellState(models.TextChoices):
    KNOWN = "known", "known"
    UNKNOWN = "unknown", "unknown"
    NOT_APPLICABLE = "not-applicable", "does not apply"


class CellQuerySet(ContentQuerySet):
    def with_evidence(self) -> Self:
        """Add `evidence`: the address of what each rests on, a page or a measurement."""
        measured = Concat(Value(measurement_address("")), "measurement__slug")
        is_measured = When(measurement__isnull=False, then=measured)
        return self.annotate(evidence=Case(is_measured, default="source"))

    def measured(self) -> Self:
        """Return those that readers may see and that rest on a measurement, with both ends."""
        rows = self.filter(
            measurement__isnull=False, criterion__comparison__status=Status.PUBLISHED
        ).exclude(contender__technology__status=Status.DRAFT)
        return rows.select_related("criterion__comparison", "contender__technology")

    def get_by_natural_key(self, comparison: str, criterion: str, technology: str) -> models.Model:
        """Find no cell that crosses two comparisons: it could be taken for another."""
        return self.get(
            criterion__comparison__slug=comparison,
            criterion__slug=criterion,
            contender__comparison__slug=comparison,
            contender__technology__slug=technology,
        )


class Cell(ContentModel):
    """A finding on one contender under one criterion, with its evidence."""

    State = CellState
    NATURAL_KEY = ("criterion__comparison__slug", "criterion__slug", "contender__technology__slug")
    OWNERS = ("criterion__comparison",)

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="cells")
    contender = models.ForeignKey(Contender, on_delete=models.CASCADE, related_name="cells")
    state = fields.choice(State, default=State.KNOWN)
    rating = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(HIGHEST_RATING)],
        help_text="0 to 4; yes is 4, no is 0; text has none.",
    )
    word = fields.line(60, "The author's own: “Excellent”.")
    value = fields.line(200, "A fact in few words or a figure.")
    note = fields.line(300)
    source = fields.web_address("The page that says so.")
    measurement = fields.reference(
        Measurement, "cells", "What measured it, in place of a page that says so."
    )
    verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    verified_by = fields.line(80, "A name, not an account.")
    applies_to = fields.line(80, "Versions: “5.2 and newer”.")

    objects = CellQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = [
            "criterion__position",
            ByteOrder("criterion__slug"),
            "contender__position",
            ByteOrder("contender__technology__slug"),
            ByteOrder("criterion__comparison__slug"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "contender"],
                name="cell_once_per_row_and_column",
                violation_error_message="This row already has a cell for this contender.",
            ),
            rules.choice("state", CellState),
            rules.check(
                "cell_rating_is_0_to_4",
                Q(rating__isnull=True) | Q(rating__lte=HIGHEST_RATING),
                "A rating is 0 to 4.",
            ),
            rules.check(
                "cell_says_nothing_unless_known",
                Q(state="known") | Q(rating__isnull=True, word="", value=""),
                "Only a known cell has a rating, a word or a value; clear them or set it to known.",
            ),
            rules.check(
                "cell_says_something_if_known",
                ~Q(state="known") | Q(rating__isnull=False) | ~Q(word="") | ~Q(value=""),
                "A known cell needs a rating, a word or a value; otherwise it is unknown.",
            ),
            rules.check(
                "cell_verified_by_has_a_date",
                Q(verified_by="") | Q(verified_on__isnull=False),
                "Say when it was verified, not only by whom.",
            ),
            rules.web_address("source"),
            rules.check(
                "cell_has_one_source",
                Q(source="") | Q(measurement__isnull=True),
                "A cell rests on a page or on a measurement, not on both; clear one of the two.",
            ),
        ]

    def __str__(self) -> str:
        return self.word or self.value or self.get_state_display()

    def clean(self) -> None:
        if self.criterion_id is None or self.contender_id is None:
            return
        if self.criterion.comparison_id != self.contender.comparison_id:
            raise ValidationError(
                {"contender": "This contender belongs to another comparison than the row."}
            )
        if fault := fault_of_cell(self.criterion.kind, self.state, self.rating):
            raise ValidationError({"rating": fault})


def fault_of_cell(kind: str, state: str, rating: int | None) -> str:
    """Return why a rating does not suit a row of this kind; empty when it does."""
    if state != CellState.KNOWN:
        return ""
    if kind == CriterionKind.TEXT and rating is not None:
        return "A text row has no ratings; clear the rating."
    if kind == CriterionKind.YES_NO and rating not in (0, HIGHEST_RATING):
        return "A yes or no row takes 4 for yes and 0 for no."
    if kind == CriterionKind.RATING and rating is None:
        return "A rating row needs a rating from 0 to 4, or the state “unknown”."
    return ""
