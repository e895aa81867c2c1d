"""The guide itself, its categories with the technologies listed in them, and snippets of code."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from catalog.models import fields, rules
from catalog.models.base import (
    ByteOrder,
    ContentModel,
    ContentQuerySet,
    Page,
    PageQuerySet,
    Status,
    Thing,
)
from catalog.models.records import Code
from catalog.models.technology import Technology


class Guide(Thing):
    KIND = "guide"
    NAME_FIELD = "title"
    MARKDOWN = ("introduction", "closing")

    title = models.CharField(max_length=200)
    introduction = fields.markdown("Markdown. Opens the front page.")
    closing = fields.markdown("Markdown. Ends the front page.", "closing words")

    class Meta(Thing.Meta):
        verbose_name_plural = "guide"
        ordering = ["slug"]
        constraints = [
            rules.check(
                "guide_is_only_one", Q(slug="guide"), "There is one guide; its slug is “guide”."
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("catalog:home")


class CategoryQuerySet(PageQuerySet):
    def top(self) -> Self:
        return self.filter(parent=None)

    def as_tree(self) -> Self:
        """Order each top category before its children."""
        return self.order_by(
            Coalesce("parent__position", "position"),
            ByteOrder(Coalesce("parent__slug", "slug")),
            F("parent").asc(nulls_first=True),
            "position",
            ByteOrder("slug"),
        )

    def for_home(self) -> Self:
        """Return every top category with its children and the listings of both. Four queries."""
        children = Prefetch("children", Category.objects.published().with_listings())
        return self.top().published().with_listings().prefetch_related(children)

    def for_detail(self) -> Self:
        return self.select_related("parent")

    def with_listings(self) -> Self:
        """Fetch the listings a reader may see as well. One more query."""
        return self.prefetch_related(Prefetch("listings", Listing.objects.published()))


class Category(Page):
    KIND = "category"
    NAME_FIELD = "name"
    MARKDOWN = ("introduction",)

    name = models.CharField(max_length=80)
    parent = fields.reference(
        "self", "children", "Leave empty for a top category. There are two levels at most."
    )
    qualifier = fields.line(120, "As in “FastAPI Built-in”.")
    best_for = fields.line(200)
    introduction = fields.markdown()
    position = fields.position()

    objects = CategoryQuerySet.as_manager()

    class Meta(Page.Meta):
        verbose_name_plural = "categories"
        ordering = ["position", ByteOrder("slug")]
        constraints = [
            *Page.Meta.constraints,
            rules.not_itself("parent", "A category cannot be its own parent."),
        ]

    def clean(self) -> None:
        if self.parent is None:
            return
        if self.parent.parent_id is not None:
            raise ValidationError(
                {
                    "parent": f"“{self.parent}” is itself below another category; choose a top "
                    "category."
                }
            )
        if self.pk and self.children.exists():
            raise ValidationError(
                {"parent": "This category has categories below it, so it must stay on top."}
            )

    def picks(self) -> list["Listing"]:
        """Return the listings to take first, of those that were fetched with the category."""
        return [
            listing for listing in self.listings.all() if listing.verdict == Verdict.RECOMMENDED
        ]

    def by_verdict(self) -> list["Listing"]:
        """Return all of these, the best verdict first."""
        return strongest_first(self.listings.all())


class Verdict(models.TextChoices):
    RECOMMENDED = "recommended", "recommended"
    ALTERNATIVE = "alternative", "alternative"
    SITUATIONAL = "situational", "situational"
    AVOID = "avoid", "avoid"
    LISTED = "listed", "listed"


def strongest_first(listings: Iterable["Listing"]) -> list["Listing"]:
    """Return listings by their verdict, from recommended to listed."""
    return sorted(listings, key=lambda listing: Verdict.values.index(listing.verdict))


class ListingQuerySet(ContentQuerySet):
    def published(self) -> Self:
        """Return the listings a reader may see from either end, with both ends."""
        return self.of_published_technologies().in_published_categories()

    def of_published_technologies(self) -> Self:
        """Return what the page of a category shows, whatever its own status, with both ends."""
        rows = self.filter(technology__status=Status.PUBLISHED)
        return rows.select_related("technology", "category")

    def in_published_categories(self) -> Self:
        """Return what the page of a technology shows, whatever its own status, with both ends."""
        rows = self.filter(category__status=Status.PUBLISHED)
        return rows.select_related("technology", "category")


class Listing(ContentModel):
    """A technology in a category, with the guide's verdict on it there."""

    Verdict = Verdict
    NATURAL_KEY = ("category__slug", "technology__slug")
    OWNERS = ("category", "technology")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="listings")
    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="listings")
    label = fields.line(120, "As the list writes it; empty for the technology's own name.")
    requirement = fields.line(120, "The package with its extras: “passlib[bcrypt]”.")
    verdict = fields.choice(
        Verdict, default=Verdict.LISTED, help_text="“Listed” gives no judgement."
    )
    qualifier = fields.line(120, "Narrows the verdict: “for Modern APIs”.")
    best_for = fields.line(200)
    note = fields.line(300)
    because = fields.LinesField(blank=True, help_text="Why this verdict; one or two sentences.")
    position = fields.position()

    objects = ListingQuerySet.as_manager()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("technology__slug"), ByteOrder("category__slug")]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "technology"],
                name="listing_once_in_a_category",
                violation_error_message="This technology is already listed in this category.",
            ),
            rules.choice("verdict", Verdict),
        ]

    def __str__(self) -> str:
        return self.label or self.technology.name

    @property
    def has_judgement(self) -> bool:
        return self.verdict != self.Verdict.LISTED


class Snippet(Thing):
    KIND = "snippet"
    NAME_FIELD = "title"
    CODE = ("language", "code")

    title = models.CharField(max_length=120)
    technology = fields.reference(Technology, "snippets")
    category = fields.reference(Category, "snippets")
    language = models.CharField(max_length=20, help_text="python, toml, yaml, bash …")
    code = fields.LinesField()
    run_with = fields.line(300, "The versions it was run with: “fastapi 0.163.2, pydantic 2.14.3”.")
    position = fields.position()

    class Meta(Thing.Meta):
        ordering = ["position", ByteOrder("slug")]
        constraints = [
            *Thing.Meta.constraints,
            rules.check(
                "snippet_has_one_place",
                Q(technology__isnull=True, category__isnull=False)
                | Q(technology__isnull=False, category__isnull=True),
                "A snippet belongs to a technology or to a category: choose one of the two.",
            ),
        ]

    @property
    def source(self) -> Code:
        """Return what is rendered of it."""
        return Code(self.language, self.code)

    def get_absolute_url(self) -> str:
        owner = self.technology or self.category
        return f"{owner.get_absolute_url()}#snippet-{self.slug}"
