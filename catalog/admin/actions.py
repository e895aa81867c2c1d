"""What can be done to many things of a list at once: each action plans what it would change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from catalog import completeness
from catalog.admin.base import may_look
from catalog.admin.saving import publishes
from catalog.advice import used_in
from catalog.history.rows import Fields, RowChange, RowKey, own_row, owners_of
from catalog.history.store import rows_of
from catalog.http import today
from catalog.models import (
    ByteOrder,
    Category,
    Comparison,
    Page,
    Snippet,
    Status,
    Technology,
    Thing,
    ThingKey,
)
from catalog.models.base import add_months, is_not_to_come
from catalog.models.fields import is_web_address

Sentences = dict[ThingKey, list[str]]


@dataclass
class Plan:
    """The changes of an action, and what is said of those things besides."""

    changes: list[RowChange] = field(default_factory=list)
    stays: dict[ThingKey, str] = field(default_factory=dict)  # why nothing becomes of a thing
    warnings: Sentences = field(default_factory=dict)  # what to know before it is confirmed
    refused: Sentences = field(default_factory=dict)  # why it cannot be done to a thing


class Action:
    """Something that can be done to many things of a kind at once. It only plans."""

    name: ClassVar[str]
    label: ClassVar[str]  # in the list of actions; may name %(verbose_name_plural)s
    verb: ClassVar[str]  # heads the page, and stands on its button
    form: ClassVar[type[forms.Form]] = forms.Form  # without fields: it does always the same
    # Kinds whose names the form offers.
    offers: ClassVar[Sequence[str]] = ()

    def is_open_to(self, request: HttpRequest) -> bool:
        """Return whether somebody who may change such things may do this to them."""
        return all(may_look(request, kind) for kind in self.offers)

    def plan(self, things: Sequence[Thing], chosen: dict[str, Any]) -> Plan:
        """Return what it would do to these things of one model, by what the form says."""
        raise NotImplementedError

    def done(self, chosen: dict[str, Any]) -> str:
        """Return what was done, as a heading for names: “Published”."""
        raise NotImplementedError


def rewritten(things: Iterable[Thing], fields: Fields) -> list[RowChange]:
    """Return what differs once these things, all of one model, have these values.

    One query, in batches.
    """
    rows = [own_row(thing.key) for thing in things]
    if not rows:
        return []
    changes = []
    for row, before in rows_of(rows[0].model, rows).items():
        after = {**before, **fields}
        if after != before:
            changes.append(RowChange(row, before, after, owners_of(row, after)))
    return changes


# Status -----------------------------------------------------------------------------------------


class SetStatus(Action):
    status: ClassVar[Status]

    def plan(self, things: Sequence[Page], chosen: dict[str, Any]) -> Plan:
        status = self.status.value
        stays = {thing.key: f"is {status} already" for thing in things if thing.status == status}
        warnings = self.warnings([thing for thing in things if thing.key not in stays])
        return Plan(rewritten(things, {"status": status}), stays, warnings)

    def warnings(self, pages: list[Page]) -> Sentences:
        """Return what to know of pages that are about to get the status."""
        raise NotImplementedError

    def done(self, chosen: dict[str, Any]) -> str:
        return self.status.value.capitalize()


class Publish(SetStatus):
    name = "publish"
    label = "Publish selected %(verbose_name_plural)s"
    verb = "Publish"
    status = Status.PUBLISHED

    def warnings(self, pages: list[Page]) -> Sentences:
        """Return what each still lacks; it can be published all the same."""
        return completeness.lacks_of([page.key for page in pages])


class Archive(SetStatus):
    name = "archive"
    label = "Archive selected %(verbose_name_plural)s"
    verb = "Archive"
    status = Status.ARCHIVED

    def warnings(self, pages: list[Page]) -> Sentences:
        text = "It is a draft: archived, it has an address that readers can open."
        drafts = {page.key: [text] for page in pages if page.status == Status.DRAFT}
        named = used_in(page for page in pages if page.status == Status.PUBLISHED)
        return drafts | {key: [sentence] for key, sentence in named.items()}


# Review -----------------------------------------------------------------------------------------


class MonthsForm(forms.Form):
    months = forms.IntegerField(
        label="Months until the next review",
        initial=6,
        min_value=1,
        max_value=120,
        help_text="Counted from today. A later day that is set already stays.",
    )


class MarkReviewed(Action):
    name = "mark_reviewed"
    label = "Mark selected %(verbose_name_plural)s as reviewed"
    verb = "Mark as reviewed"
    form = MonthsForm

    def plan(self, things: Sequence[Thing], chosen: dict[str, Any]) -> Plan:
        """Bring nothing forward: who set a later day had a reason."""
        day = add_months(today(), chosen["months"])
        stays = {
            thing.key: f"is to be reviewed by {thing.review_by.isoformat()} already"
            for thing in things
            if thing.review_by and thing.review_by >= day
        }
        earlier = [thing for thing in things if thing.key not in stays]
        return Plan(rewritten(earlier, {"review_by": day.isoformat()}), stays)

    def done(self, chosen: dict[str, Any]) -> str:
        return "Reviewed"


# Lifecycle --------------------------------------------------------------------------------------

UNKNOWN = "unknown"


class LifecycleForm(forms.Form):
    """The claim with all it rests on, and what to take instead."""

    lifecycle = forms.ChoiceField(
        label="Lifecycle",
        choices=[
            ("", "Choose one"),
            *Technology.Lifecycle.choices,
            (UNKNOWN, "unknown: nobody has checked"),
        ],
        help_text="Lifecycle, note, source and day are one claim: what is left empty here is "
        "emptied.",
    )
    lifecycle_note = forms.CharField(
        label="Note",
        required=False,
        max_length=Technology._meta.get_field("lifecycle_note").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    lifecycle_source = forms.URLField(
        label="Source",
        required=False,
        max_length=Technology._meta.get_field("lifecycle_source").max_length,
        assume_scheme="https",
        validators=[is_web_address],
        help_text="Where the project itself says so.",
        widget=forms.URLInput(attrs={"class": "vTextField"}),
    )
    lifecycle_verified_on = forms.DateField(
        label="Verified on",
        required=False,
        initial=today,
        validators=[is_not_to_come],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    replaced_by = forms.ModelChoiceField(
        label="Replaced by",
        required=False,
        queryset=Technology.objects.order_by(ByteOrder("slug")).only("name", "slug"),
        to_field_name="slug",
        empty_label="Leave it as it is",
    )
    is_replaced_by_nothing = forms.BooleanField(
        label="Replaced by nothing",
        required=False,
        help_text="Empties what to take instead.",
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        if chosen.get("replaced_by") and chosen.get("is_replaced_by_nothing"):
            raise ValidationError("Choose what to take instead, or nothing: not both.")
        return chosen


class SetLifecycle(Action):
    """Say of technologies what became of them, as their makers do."""

    name = "set_lifecycle"
    label = "Set the lifecycle of selected %(verbose_name_plural)s"
    verb = "Set the lifecycle"
    form = LifecycleForm
    offers = ("technology",)

    def plan(self, things: Sequence[Technology], chosen: dict[str, Any]) -> Plan:
        lifecycle, day = chosen["lifecycle"], chosen["lifecycle_verified_on"]
        fields = {
            "lifecycle": "" if lifecycle == UNKNOWN else lifecycle,
            "lifecycle_note": chosen["lifecycle_note"],
            "lifecycle_source": chosen["lifecycle_source"],
            "lifecycle_verified_on": day and day.isoformat(),
        }
        refused = {}
        if chosen["is_replaced_by_nothing"]:
            fields["replaced_by"] = None
        elif successor := chosen["replaced_by"]:
            fields["replaced_by"] = [successor.slug]
            refused = {successor.key: ["It cannot replace itself."]} if successor in things else {}
        able = [thing for thing in things if thing.key not in refused]
        return Plan(rewritten(able, fields), refused=refused)

    def done(self, chosen: dict[str, Any]) -> str:
        lifecycle = chosen["lifecycle"]
        if lifecycle != UNKNOWN:
            lifecycle = Technology.Lifecycle(lifecycle).label
        return f"Lifecycle set to “{lifecycle}”"


# Category ---------------------------------------------------------------------------------------


class CategoryField(forms.ModelChoiceField):
    """A category, those of the second level with the one above them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Category.objects.as_tree().select_related("parent"))
        super().__init__(to_field_name="slug", **kwargs)

    def label_from_instance(self, category: Category) -> str:
        return f"{category.parent}: {category}" if category.parent_id else str(category)


class ToForm(forms.Form):
    to = CategoryField(label="Category", empty_label="Choose one")


class ParentForm(forms.Form):
    to = CategoryField(
        label="Parent",
        queryset=Category.objects.filter(parent=None),
        required=False,
        empty_label="None: on top",
    )


class FromToForm(forms.Form):
    of = CategoryField(label="From", empty_label="Choose one")
    to = CategoryField(label="To", empty_label="Choose one")

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        if chosen.get("of") and chosen.get("of") == chosen.get("to"):
            raise ValidationError("Choose two categories that differ.")
        return chosen


class Move(Action):
    name = "move"
    label = "Move selected %(verbose_name_plural)s to a category"
    verb = "Move"
    form = ToForm
    offers = ("category",)

    def done(self, chosen: dict[str, Any]) -> str:
        return f"Moved to “{chosen['to']}”" if chosen["to"] else "Moved to the top"


class MoveComparisons(Move):
    def plan(self, things: Sequence[Comparison], chosen: dict[str, Any]) -> Plan:
        return Plan(rewritten(things, {"category": [chosen["to"].slug]}))


class MoveSnippets(Move):
    """A snippet stands in one place: in a category it is no technology's any more."""

    def plan(self, things: Sequence[Snippet], chosen: dict[str, Any]) -> Plan:
        return Plan(rewritten(things, {"category": [chosen["to"].slug], "technology": None}))


class MoveCategories(Move):
    label = "Move selected %(verbose_name_plural)s below another"
    form = ParentForm

    def plan(self, things: Sequence[Category], chosen: dict[str, Any]) -> Plan:
        to = chosen["to"]
        refused = {}
        if to is not None:
            parents = set(Category.objects.exclude(parent=None).values_list("parent_id", flat=True))
            for thing in things:
                if thing == to:
                    refused[thing.key] = ["It cannot be its own parent."]
                elif thing.pk in parents:
                    refused[thing.key] = ["It has categories below it, so it must stay on top."]
        able = [thing for thing in things if thing.key not in refused]
        return Plan(rewritten(able, {"parent": to and [to.slug]}), refused=refused)


class MoveTechnologies(Move):
    """What one category says of technologies is said by another, in the same words.

    Such a change is of two categories and a technology, of which each would wait by itself: half
    of it could be applied. So it is left to those who publish.
    """

    label = "Move selected %(verbose_name_plural)s from a category to another"
    form = FromToForm

    def is_open_to(self, request: HttpRequest) -> bool:
        may = request.user.has_perm("catalog.change_listing") and publishes(request)
        return may and super().is_open_to(request)

    def plan(self, things: Sequence[Technology], chosen: dict[str, Any]) -> Plan:
        of, to = chosen["of"], chosen["to"]
        keys = [RowKey("listing", (of.slug, thing.slug)) for thing in things]
        keys += [RowKey("listing", (to.slug, thing.slug)) for thing in things]
        listings = {row.key: fields for row, fields in rows_of("listing", keys).items()}
        changes, stays, refused = [], {}, {}
        for thing in things:
            fields = listings.get((of.slug, thing.slug))
            if fields is None:
                stays[thing.key] = f"is not listed in “{of}”"
            elif (to.slug, thing.slug) in listings:
                text = f"“{to}” lists it already; what is said there would be lost."
                refused[thing.key] = [text]
            else:
                changes += _moved(thing.key, fields, of.slug, to.slug)
        return Plan(changes, stays, refused=refused)


def _moved(technology: ThingKey, fields: Fields, of: str, to: str) -> Iterator[RowChange]:
    """Yield the end of a listing and the beginning of another: its category is part of its name.

    Both are told on the side of the technology.
    """
    old, new = (RowKey("listing", (slug, technology.slug)) for slug in (of, to))
    yield RowChange(old, fields, None, (technology, ThingKey("category", of)))
    after = {**fields, "category": [to]}
    yield RowChange(new, None, after, (technology, ThingKey("category", to)))


# Which are offered -------------------------------------------------------------------------------

OF_PAGES: list[Action] = [Publish(), Archive()]
OF_THINGS: list[Action] = [MarkReviewed()]
OF_MODEL: dict[type[Thing], list[Action]] = {
    Category: [MoveCategories()],
    Technology: [SetLifecycle(), MoveTechnologies()],
    Comparison: [MoveComparisons()],
    Snippet: [MoveSnippets()],
}
NAMES = {action.name for actions in (OF_PAGES, OF_THINGS, *OF_MODEL.values()) for action in actions}


def actions_of(model: type[Thing]) -> list[Action]:
    """Return what can be done to many things of a model at once."""
    of_pages = OF_PAGES if issubclass(model, Page) else []
    return [*of_pages, *OF_THINGS, *OF_MODEL.get(model, [])]
