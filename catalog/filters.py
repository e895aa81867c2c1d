"""From the query string of /technologies/ to its list: what is asked, in which order, counts."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.text import get_text_list

from catalog.comparison.engine.question import LONGEST_QUOTE, MOST_COMPLAINTS
from catalog.models import (
    ByteOrder,
    Category,
    Changed,
    Listing,
    PackageFacts,
    Status,
    Technology,
)
from catalog.search import answering, finding

LONGEST_TEXT = 100
FACETS = ("category", "verdict", "kind", "lifecycle")

# What `lifecycle` says where it was never checked; the column itself is empty.
UNKNOWN = "unknown"

# The order of a list is the best answer first where there is a text, and by name where not.
RELEVANCE, NAME = "relevance", "name"
ORDERS = [
    ("-name", "name, from Z"),
    ("verdict", "strongest verdict first"),
    ("release", "newest release first"),
    ("changed", "last changed first"),
]


class Choice(NamedTuple):
    """A value of a facet, and how many it would find beside what the other facets say."""

    value: str
    label: str
    count: int
    is_chosen: bool
    is_below: bool

    @property
    def classes(self) -> str:
        return " ".join(["below"] * self.is_below + ["none"] * (not self.count))


class Facet(NamedTuple):
    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.is_chosen]


class _Row(NamedTuple):
    """A technology in one of its categories or in none, with the values it has in each facet."""

    slug: str
    category: tuple[str, ...]
    verdict: tuple[str, ...]
    kind: tuple[str, ...]
    lifecycle: tuple[str, ...]


class _Several(forms.MultipleChoiceField):
    """Keeps the values that are choices, in their order: one that is none harms no other."""

    def clean(self, value: Iterable[str]) -> list[str]:
        return [choice for choice, _ in self.choices if choice in value]


class _FacetFilter(django_filters.Filter):
    field_class = _Several


class TechnologyFilter(django_filters.FilterSet):
    """The form of /technologies/. What cannot be read is not applied, and named on the page.

    A technology answers to a facet by one of its values, and to all facets at once. Category and
    verdict ask for one listing that answers to both: "avoid" in "Web Frameworks" is not satisfied
    by something to avoid that is also a web framework. `stamp` names the state of the guide.

    All technologies are read in one query, and narrowed and counted by the same condition.
    """

    text = django_filters.CharFilter(label="Text", max_length=LONGEST_TEXT)
    category = _FacetFilter(label="Category")
    verdict = _FacetFilter(label="Verdict", choices=Listing.Verdict.choices)
    kind = _FacetFilter(label="Kind", choices=Technology.Kind.choices)
    lifecycle = _FacetFilter(
        label="Lifecycle", choices=[*Technology.Lifecycle.choices, (UNKNOWN, "unknown")]
    )
    sort = django_filters.ChoiceFilter(label="Order", choices=ORDERS, empty_label=NAME)

    class Meta:
        model = Technology
        fields = ("text", *FACETS, "sort")

    def __init__(self, data: MultiValueDict, queryset: QuerySet, stamp: Hashable) -> None:
        readable = data.copy()
        for name, values in data.lists():
            readable.setlist(name, [_without_controls(value) for value in values])
        super().__init__(readable, queryset)
        self.stamp = stamp
        tree = Category.objects.published().as_tree()
        categories = list(tree.values_list("slug", "name", "parent"))
        self.below = {slug for slug, _, parent in categories if parent}
        self.filters["category"].extra["choices"] = [(slug, name) for slug, name, _ in categories]
        self.usual = NAME
        if 0 < len(readable.get("text", "").strip()) <= LONGEST_TEXT:
            self.usual = RELEVANCE
            choices = [(NAME, NAME), *ORDERS]
            self.filters["sort"].extra.update(choices=choices, empty_label=RELEVANCE)
        if readable.get("sort") == self.usual:
            readable["sort"] = ""

    @cached_property
    def asked(self) -> dict[str, Any]:
        """Return what was asked and understood: a text, an order, lists of values."""
        self.form.is_valid()
        return {name: self.form.cleaned_data.get(name) or "" for name in self.Meta.fields}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return what was asked as it stands in the canonical address."""
        values = {
            name: [said] if isinstance(said, str) else said for name, said in self.asked.items()
        }
        return [(name, one) for name, several in values.items() for one in several if one]

    @cached_property
    def answer(self) -> finding.Answer | None:
        """Return what a text finds, of all kinds; None where there is none. Two to four queries."""
        return answering.answer(self.asked["text"], self.stamp) if self.asked["text"] else None

    @property
    def meant(self) -> str:
        """Return what was taken for words that stand nowhere, as a sentence; blank for none."""
        if not self.answer or not self.answer.meant:
            return ""
        typed = get_text_list([f"“{word}”" for word in self.answer.meant], "or")
        meant = get_text_list(list(dict.fromkeys(self.answer.meant.values())), "and")
        return f"Nothing is called {typed}; this list answers for {meant}."

    @property
    def left_out(self) -> list[str]:
        """Return a sentence for each parameter of which something was left out."""
        said = [
            f"{self.form[name].label}: {' '.join(why)}" for name, why in self.form.errors.items()
        ]
        for name in FACETS:
            known = {"", *(value for value, _ in self.form.fields[name].choices)}
            none = [one for one in dict.fromkeys(self.data.getlist(name)) if one not in known]
            named = [f"“{one[:LONGEST_QUOTE]}”" for one in none[:MOST_COMPLAINTS]]
            if none[MOST_COMPLAINTS:]:
                named.append("others")
            if named:
                said.append(f"{self.form[name].label}: there is no {get_text_list(named, 'or')}.")
        return said

    @cached_property
    def total(self) -> int:
        return len({row.slug for row in self._rows})

    @cached_property
    def slugs(self) -> list[str]:
        """Return what is found, in order. One more query to order by release or change."""
        rows = list(self._answering())
        worth = self._worth(rows)
        # Of what is worth the same the first name comes first: a sort changes no order of equals.
        slugs = sorted({row.slug for row in rows}, reverse=self.asked["sort"] == "-name")
        return sorted(slugs, key=lambda slug: worth.get(slug, ()), reverse=True)

    @property
    def facets(self) -> list[Facet]:
        """Return each facet with its choices and their counts. No query."""
        return [Facet(name, self.form[name].label, self._choices(name)) for name in FACETS]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.filter(slug__in=self.slugs)

    def _choices(self, name: str) -> list[Choice]:
        """Return choices with counts; one counts once in a category and the one above it."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._answering(without=name):
            for value in getattr(row, name):
                found[value].add(row.slug)
        return [
            Choice(value, label, len(found[value]), value in self.asked[name], value in self.below)
            for value, label in self.form.fields[name].choices
        ]

    def _answering(self, without: str = "") -> Iterator[_Row]:
        """Yield the rows that answer to the text and to all facets, or all but one."""
        asked = [(name, {*self.asked[name]}) for name in FACETS if name != without]
        asked = [(name, values) for name, values in asked if values]
        for row in self._rows:
            if self.answer and row.slug not in self._places:
                continue
            if all(not values.isdisjoint(getattr(row, name)) for name, values in asked):
                yield row

    @cached_property
    def _rows(self) -> list[_Row]:
        """Return every published technology in each of its published categories. One query."""
        listing = ("verdict", "category__slug", "category__parent__slug", "category__status")
        columns = ("slug", "kind", "lifecycle", *(f"listings__{name}" for name in listing))
        rows = []
        for slug, kind, lifecycle, verdict, *categories, status in (
            Technology.objects.published().order_by().values_list(*columns)
        ):
            is_shown = status == Status.PUBLISHED
            listed = (tuple(categories), (verdict,)) if is_shown else ((), ())
            rows.append(_Row(slug, *listed, (kind,), (lifecycle or UNKNOWN,)))
        return rows

    @cached_property
    def _places(self) -> dict[str, int]:
        """Return the place of each technology among those that the text finds."""
        hits = self.answer.hits if self.answer else []
        found = [hit.slug for hit in hits if hit.kind == Technology.KIND]
        return {slug: place for place, slug in enumerate(found)}

    def _worth(self, rows: list[_Row]) -> dict[str, tuple]:
        """Return by slug what is compared to order these, the highest first; nothing stands last.

        In Python, so that it is the same on every database.
        """
        sort = self.asked["sort"] or self.usual
        if sort == RELEVANCE:
            return {slug: (-place,) for slug, place in self._places.items()}
        if sort == "verdict":
            strength = {verdict: -place for place, verdict in enumerate(Listing.Verdict.values)}
            listed = sorted((strength[one], row.slug) for row in rows for one in row.verdict)
            return {slug: (worth,) for worth, slug in listed}
        if sort == "release":
            # Of several packages the first, whose release stands in the list, comes last.
            order = ("-package__position", ByteOrder("package__name").desc())
            columns = ("package__technology__slug", "released_on")
            facts = dict(PackageFacts.objects.order_by(*order).values_list(*columns))
            return {slug: (released,) for slug, released in facts.items() if released}
        if sort == "changed":
            changed = Changed.objects.filter(kind=Technology.KIND).values_list("slug", "edition")
            return {slug: (edition,) for slug, edition in changed}
        return {}


def _without_controls(text: str) -> str:
    """Drop characters that cannot be printed: PostgreSQL refuses some, and no page repeats them."""
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())
