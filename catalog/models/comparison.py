"""Comparisons: contenders are columns, criteria are rows, a cell is their meeting."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    add_months,
    choice_constraint,
    is_not_to_come,
    is_slug,
    not_slug,
    web_address_constraint,
)
from catalog.models.category import Category
from catalog.models.fields import markdown_field, position_field, web_address_field
from catalog.models.technology import Technology

HIGHEST_RATING = 4
HIGHEST_WEIGHT = 5
LONGEST_REVIEW = 120  # months


class ComparisonQuerySet(PageQuerySet):
    def for_detail(self) -> Self:
        return self.select_related("category")

    def for_list(self) -> Self:
        """With category and the contenders a reader may see."""
        contenders = models.Prefetch("contenders", Contender.objects.readable())
        return self.select_related("category").prefetch_related(contenders)


class Comparison(Page):
    KIND = "comparison"
    MARKDOWN = ("introduction", "verdict")

    title = models.CharField("title", max_length=120)
    category = models.ForeignKey(
        Category, verbose_name="category", on_delete=models.PROTECT, related_name="comparisons"
    )
    introduction = markdown_field("introduction", "Markdown. For whom this table is.")
    verdict = markdown_field("verdict", "Markdown. What it comes to.")
    review_months = models.PositiveSmallIntegerField(
        "review period",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_REVIEW)],
        help_text="Months after which what was verified counts as stale.",
    )
    position = position_field()

    objects = ComparisonQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name = "comparison"
        verbose_name_plural = "comparisons"
        ordering = ["position", ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            models.CheckConstraint(
                condition=Q(review_months__gte=1, review_months__lte=LONGEST_REVIEW),
                name="comparison_review_months_is_1_to_120",
                violation_error_message="A review period is 1 to 120 months.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:comparison_detail", args=[self.slug])

    def cells(self) -> "CellQuerySet":
        """Every cell of the table."""
        return Cell.objects.filter(criterion__comparison=self)

    def stale_before(self, today: date) -> date:
        """What was verified before this day is older than the review period."""
        return add_months(today, -self.review_months)


class ContenderQuerySet(ContentQuerySet):
    def readable(self) -> Self:
        """Contenders whose technology has a page, with the technology."""
        return self.exclude(technology__status=Status.DRAFT).select_related("technology")

    def published(self) -> Self:
        """Contenders of published comparisons, with the comparison."""
        return self.filter(comparison__status=Status.PUBLISHED).select_related("comparison")

    def with_cells(self) -> Self:
        """With what was found of each, row by row."""
        return self.prefetch_related(
            models.Prefetch("cells", Cell.objects.select_related("criterion"))
        )


class Contender(ContentModel):
    """A technology in a comparison: a column."""

    NATURAL_KEY = ("comparison__slug", "technology__slug")
    OWNERS = ("comparison",)

    comparison = models.ForeignKey(
        Comparison,
        verbose_name="comparison",
        on_delete=models.CASCADE,
        related_name="contenders",
    )
    technology = models.ForeignKey(
        Technology,
        verbose_name="technology",
        on_delete=models.PROTECT,
        related_name="contenders",
    )
    versions = models.CharField(
        "versions", max_length=80, blank=True, help_text="The versions that were judged."
    )
    position = position_field()

    objects = ContenderQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        verbose_name = "contender"
        verbose_name_plural = "contenders"
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

    comparison = models.ForeignKey(
        Comparison, verbose_name="comparison", on_delete=models.CASCADE, related_name="groups"
    )
    slug = models.SlugField("slug", max_length=80, validators=[is_slug])
    name = models.CharField("name", max_length=80)
    position = position_field()

    class Meta(ContentModel.Meta):
        verbose_name = "group of criteria"
        verbose_name_plural = "groups of criteria"
        ordering = ["position", ByteOrder("slug"), ByteOrder("comparison__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "slug"],
                name="criterion_group_once_in_a_comparison",
                violation_error_message="This comparison already has a group of that slug.",
            ),
            not_slug("none", "“none” asks for no group at all; take another slug."),
        ]

    def __str__(self) -> str:
        return self.name


class CriterionKind(models.TextChoices):
    RATING = "rating", "rating"
    YES_NO = "yes-no", "yes or no"
    TEXT = "text", "text"


class Criterion(ContentModel):
    """One question put to every contender: a row."""

    Kind = CriterionKind
    NATURAL_KEY = ("comparison__slug", "slug")
    OWNERS = ("comparison",)

    comparison = models.ForeignKey(
        Comparison, verbose_name="comparison", on_delete=models.CASCADE, related_name="criteria"
    )
    slug = models.SlugField("slug", max_length=80, validators=[is_slug])
    group = models.ForeignKey(
        CriterionGroup,
        verbose_name="group",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="criteria",
    )
    name = models.CharField("name", max_length=80, help_text="Heads the row.")
    question = models.CharField(
        "question", max_length=200, blank=True, help_text="What is asked of each contender."
    )
    kind = models.CharField("kind", max_length=6, choices=Kind, default=Kind.RATING)
    weight = models.PositiveSmallIntegerField(
        "weight",
        default=1,
        validators=[MaxValueValidator(HIGHEST_WEIGHT)],
        help_text="0 to 5: how much it counts. Text is never weighed: 0.",
    )
    position = position_field()

    class Meta(ContentModel.Meta):
        verbose_name = "criterion"
        verbose_name_plural = "criteria"
        ordering = ["position", ByteOrder("slug"), ByteOrder("comparison__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "slug"],
                name="criterion_once_in_a_comparison",
                violation_error_message="This comparison already has a criterion of that slug.",
            ),
            choice_constraint("kind", CriterionKind),
            not_slug("fit", "“fit” sorts by fit; take another slug."),
            models.CheckConstraint(
                condition=Q(weight__lte=HIGHEST_WEIGHT),
                name="criterion_weight_is_0_to_5",
                violation_error_message="A weight is 0 to 5.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="text") | Q(weight=0),
                name="criterion_text_is_not_weighed",
                violation_error_message="A text row cannot be weighed; set its weight to 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.group is not None and self.group.comparison_id != self.comparison_id:
            raise ValidationError(
                {"group": "This group belongs to another comparison; choose one of this table."}
            )


class CellState(models.TextChoices):
    KNOWN = "known", "known"
    UNKNOWN = "unknown", "unknown"
    NOT_APPLICABLE = "not-applicable", "does not apply"


class CellQuerySet(ContentQuerySet):
    def said(self) -> "CellQuerySet":
        """Tuples of criterion, contender and what the cell says: a table has hundreds of them."""
        return self.order_by().values_list(
            "criterion_id",
            "contender_id",
            *("state", "rating", "word", "value", "note"),
            *("source", "verified_on", "verified_by", "applies_to"),
        )

    def get_by_natural_key(self, comparison: str, criterion: str, technology: str) -> models.Model:
        """A cell that crosses two comparisons has no key: it could be taken for another."""
        return self.get(
            criterion__comparison__slug=comparison,
            criterion__slug=criterion,
            contender__comparison__slug=comparison,
            contender__technology__slug=technology,
        )


class Cell(ContentModel):
    """What is known of one contender under one criterion, and what that rests on."""

    State = CellState
    NATURAL_KEY = (
        "criterion__comparison__slug",
        "criterion__slug",
        "contender__technology__slug",
    )
    OWNERS = ("criterion__comparison",)

    criterion = models.ForeignKey(
        Criterion, verbose_name="criterion", on_delete=models.CASCADE, related_name="cells"
    )
    contender = models.ForeignKey(
        Contender, verbose_name="contender", on_delete=models.CASCADE, related_name="cells"
    )
    state = models.CharField("state", max_length=14, choices=State, default=State.KNOWN)
    rating = models.PositiveSmallIntegerField(
        "rating",
        null=True,
        blank=True,
        validators=[MaxValueValidator(HIGHEST_RATING)],
        help_text="0 to 4; yes is 4, no is 0; text has none.",
    )
    word = models.CharField(
        "word", max_length=60, blank=True, help_text="The author's own: “Excellent”."
    )
    value = models.CharField(
        "value", max_length=200, blank=True, help_text="A fact in few words or a figure."
    )
    note = models.CharField("note", max_length=300, blank=True)
    source = web_address_field("source", "The page that says so.")
    verified_on = models.DateField(
        "verified on", null=True, blank=True, validators=[is_not_to_come]
    )
    verified_by = models.CharField(
        "verified by", max_length=80, blank=True, help_text="A name, not an account."
    )
    applies_to = models.CharField(
        "applies to", max_length=80, blank=True, help_text="Versions: “5.2 and newer”."
    )

    objects = CellQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        verbose_name = "cell"
        verbose_name_plural = "cells"
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
            choice_constraint("state", CellState),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__lte=HIGHEST_RATING),
                name="cell_rating_is_0_to_4",
                violation_error_message="A rating is 0 to 4.",
            ),
            models.CheckConstraint(
                condition=Q(state="known") | Q(rating__isnull=True, word="", value=""),
                name="cell_says_nothing_unless_known",
                violation_error_message=(
                    "Only a known cell has a rating, a word or a value; "
                    "clear them or set it to known."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="known") | Q(rating__isnull=False) | ~Q(word="") | ~Q(value=""),
                name="cell_says_something_if_known",
                violation_error_message="A known cell needs a rating, a word or a value; otherwise "
                "it is unknown.",
            ),
            models.CheckConstraint(
                condition=Q(verified_by="") | Q(verified_on__isnull=False),
                name="cell_verified_by_has_a_date",
                violation_error_message="Say when it was verified, not only by whom.",
            ),
            web_address_constraint("source"),
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
        if fault := self.fault_of_kind():
            raise ValidationError({"rating": fault})

    def fault_of_kind(self) -> str:
        """Why the rating does not suit the row's kind; empty when it does."""
        return fault_of_cell(self.criterion.kind, self.state, self.rating)


def fault_of_cell(kind: str, state: str, rating: int | None) -> str:
    """Why a rating does not suit a row of this kind; empty when it does."""
    if state != CellState.KNOWN:
        return ""
    if kind == CriterionKind.TEXT and rating is not None:
        return "A text row has no ratings; clear the rating."
    if kind == CriterionKind.YES_NO and rating not in (0, HIGHEST_RATING):
        return "A yes or no row takes 4 for yes and 0 for no."
    if kind == CriterionKind.RATING and rating is None:
        return "A rating row needs a rating from 0 to 4, or the state “unknown”."
    return ""
