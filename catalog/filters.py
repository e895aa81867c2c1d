"""From the query string of /technologies/ to its list: what is asked, in which order, counts."""

from collections import Counter, defaultdict
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.datastructures import MultiValueDict

from catalog.models import ByteOrder, Category, Changed, Listing, Status, Technology

LONGEST_TEXT = 100
MOST_WORDS = 8

# What `lifecycle` says where it was never checked; the column itself is empty.
UNKNOWN = "unknown"


class TechnologyFilter(django_filters.FilterSet):
    """The form of /technologies/. What cannot be read is not applied, and named on the page.

    Category and verdict ask for one listing that answers to both: "avoid" in "Web Frameworks"
    is not satisfied by something to avoid that is also a web framework.
    """

    text = django_filters.CharFilter(label="Text", method="having_text", max_length=LONGEST_TEXT)
    category = django_filters.ModelChoiceFilter(
        label="Category",
        queryset=Category.objects.published().as_tree(),
        to_field_name="slug",
        empty_label="all",
        method="leave",
    )
    verdict = django_filters.ChoiceFilter(
        label="Verdict", choices=Listing.Verdict, empty_label="all", method="leave"
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=Technology.Kind, empty_label="all")
    lifecycle = django_filters.ChoiceFilter(
        label="Lifecycle",
        choices=[*Technology.Lifecycle.choices, (UNKNOWN, "unknown")],
        empty_label="all",
        method="in_lifecycle",
    )
    sort = django_filters.ChoiceFilter(
        label="Order",
        choices=[("-name", "name, from Z"), ("changed", "last changed first")],
        empty_label="name",
        method="leave",
    )

    def __init__(self, data: MultiValueDict, queryset: QuerySet) -> None:
        readable = data.copy()
        for name, values in data.lists():
            readable.setlist(name, [_without_controls(value) for value in values])
        super().__init__(readable, queryset)

    class Meta:
        model = Technology
        fields = ("text", "category", "verdict", "kind", "lifecycle", "sort")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = self.form.cleaned_data
        found = super().filter_queryset(queryset)
        if asked.get("category") or asked.get("verdict"):
            found = found.filter(Exists(_listings(asked.get("category"), asked.get("verdict"))))
        return _in_order(found, asked.get("sort"))

    def having_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Find technologies with every word in a name, an alias, a package or the summary."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(name__icontains=word)
                | Q(slug__icontains=word)
                | Q(summary__icontains=word)
                | Q(pk__in=Technology.objects.filter(aliases__name__icontains=word).values("pk"))
                | Q(pk__in=Technology.objects.filter(packages__name__icontains=word).values("pk"))
            )
        return queryset

    def in_lifecycle(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(lifecycle="" if value == UNKNOWN else value)

    def leave(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Change nothing: filter_queryset() takes it up, where the other parameters are known."""
        return queryset

    @property
    def asked(self) -> dict[str, str]:
        """Return what was asked and understood, as it stands in the address."""
        values = {name: self.form.cleaned_data.get(name) for name in self.Meta.fields}
        return {name: getattr(value, "slug", value) for name, value in values.items() if value}


def count_listed() -> dict[str, dict[str, int]]:
    """Count the published technologies that each choice of the form would find by itself.

    By parameter and value, in three queries. A technology counts once in a category and the
    one above it.
    """
    technologies = Technology.objects.published().order_by()
    listings = Listing.objects.published().order_by()
    by_category: dict[str, set[int]] = defaultdict(set)
    for slug, parent, technology in listings.values_list(
        "category__slug", "category__parent__slug", "technology"
    ):
        for category in filter(None, (slug, parent)):
            by_category[category].add(technology)
    by_verdict = listings.values_list("verdict").annotate(count=Count("technology", distinct=True))
    by_kind, by_lifecycle = Counter(), Counter()
    counted = technologies.values_list("kind", "lifecycle").annotate(count=Count("pk"))
    for kind, lifecycle, count in counted:
        by_kind[kind] += count
        by_lifecycle[lifecycle or UNKNOWN] += count
    return {
        "category": {slug: len(found) for slug, found in by_category.items()},
        "verdict": dict(by_verdict),
        "kind": by_kind,
        "lifecycle": by_lifecycle,
    }


def show_counts(form: forms.Form, counts: dict[str, dict[str, int]]) -> None:
    """Put counts behind the labels of choices: "framework (7)"; a lower category gets a dash."""
    for name, by_value in counts.items():
        # The widget's choices, which are only shown: what is valid stays the field's business.
        widget = form.fields[name].widget
        widget.choices = [
            (value, _label(value, label, by_value)) for value, label in widget.choices
        ]


def _without_controls(text: str) -> str:
    """Drop characters that cannot be printed: PostgreSQL refuses some, and no page repeats them."""
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())


def _label(value: Any, label: str, by_value: dict[str, int]) -> str:
    if str(value) == "":
        return label
    inset = "\N{EN DASH} " if getattr(getattr(value, "instance", None), "parent_id", None) else ""
    return f"{inset}{label} ({by_value.get(str(value), 0)})"


def _listings(category: Category | None, verdict: str | None) -> QuerySet:
    listings = Listing.objects.filter(
        technology=OuterRef("pk"), category__status=Status.PUBLISHED
    ).order_by()
    if category:
        listings = listings.filter(Q(category=category) | Q(category__parent=category))
    return listings.filter(verdict=verdict) if verdict else listings


def _in_order(technologies: QuerySet, sort: str | None) -> QuerySet:
    if sort == "-name":
        return technologies.order_by(ByteOrder("slug").desc())
    if sort == "changed":
        changed = Changed.objects.filter(kind=Technology.KIND, slug=OuterRef("slug"))
        newest = Subquery(changed.values("edition_id")[:1])
        return technologies.annotate(changed_in=newest).order_by("-changed_in", ByteOrder("slug"))
    return technologies.order_by(ByteOrder("slug"))
