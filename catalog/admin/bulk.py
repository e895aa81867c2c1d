"""Many things of a list changed at once: what is offered above it, what it would do, doing it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst, get_text_list

from catalog import completeness, integrity
from catalog.admin.base import SiteAdmin, may_look
from catalog.admin.confirm import (
    Confirmation,
    NotConfirmedError,
    changed_since,
    posted_state,
    ticked_rows,
)
from catalog.admin.saving import PUBLISH, STATE, publishes, saving_of
from catalog.advice import used_in
from catalog.describe import Labels, describe
from catalog.history.documents import rows_of
from catalog.history.rows import Fields, RowChange, RowKey, own_row, owners_of
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

# More than an editor reads, and than one request should write.
MOST_ROWS = 500

# A wall of names is not read.
MOST_NAMES = 5

CONFIRM = "_confirm"
UNKNOWN = "unknown"

Chosen = dict[str, Any]


@dataclass
class Plan:
    """What an action would do."""

    done: str  # a heading for names, once it is done: “Published”
    changes: list[RowChange] = field(default_factory=list)
    stays: dict[ThingKey, str] = field(default_factory=dict)  # why nothing becomes of a thing
    refused: dict[ThingKey, str] = field(default_factory=dict)  # why it cannot be done to a thing
    warnings: dict[ThingKey, list[str]] = field(default_factory=dict)  # to know before it is done


class Action(NamedTuple):
    """Something that can be done to many things of one model at once."""

    name: str
    label: str  # in the list of actions; may name %(verbose_name_plural)s
    verb: str  # heads the page, and stands on its button
    plan: Callable[[Sequence[Thing], Chosen], Plan]  # for these things, by what the form says
    form: type[forms.Form] = forms.Form  # without fields: it does always the same
    needs: Sequence[str] = ()  # permissions, besides that to change such things

    def is_open_to(self, request: HttpRequest) -> bool:
        """Return whether somebody may take it: also see all that its form offers."""
        fields = self.form.base_fields.values()
        offered = [one for one in fields if isinstance(one, forms.ModelChoiceField)]
        may = all(may_look(request, one.queryset.model.KIND) for one in offered)
        return may and request.user.has_perms(self.needs)


def rewrite(things: Iterable[Thing], fields: Fields, plan: Plan) -> Plan:
    """Plan that those of these things of which the plan says nothing else have these values.

    One query, in batches.
    """
    left = plan.stays.keys() | plan.refused.keys()
    rows = [own_row(thing.key) for thing in things if thing.key not in left]
    if rows:
        for row, before in rows_of(rows[0].model, rows).items():
            after = {**before, **fields}
            if after != before:
                plan.changes.append(RowChange(row, before, after, owners_of(row, after)))
    return plan


# Status and review ------------------------------------------------------------------------------


def publish(pages: Sequence[Page], _chosen: Chosen) -> Plan:
    """Plan to publish, and say what each still lacks; it can be published all the same."""
    plan = _with_status(pages, Status.PUBLISHED)
    drafts = [page.key for page in pages if page.key not in plan.stays]
    plan.warnings = completeness.lacks_of(drafts)
    return plan


def archive(pages: Sequence[Page], _chosen: Chosen) -> Plan:
    """Plan to archive, and say what that is for a draft, and where others are named still."""
    plan = _with_status(pages, Status.ARCHIVED)
    text = "It is a draft: archived, it has an address that readers can open."
    plan.warnings = {page.key: [text] for page in pages if page.status == Status.DRAFT}
    named = used_in(page for page in pages if page.status == Status.PUBLISHED)
    plan.warnings |= {key: [sentence] for key, sentence in named.items()}
    return plan


def _with_status(pages: Sequence[Page], status: Status) -> Plan:
    name = status.value
    stays = {page.key: f"is {name} already" for page in pages if page.status == status}
    return rewrite(pages, {"status": name}, Plan(name.capitalize(), stays=stays))


class MonthsForm(forms.Form):
    months = forms.IntegerField(
        label="Months until the next review",
        initial=6,
        min_value=1,
        max_value=120,
        help_text="Counted from today. A later day that is set already stays.",
    )


def mark_reviewed(things: Sequence[Thing], chosen: Chosen) -> Plan:
    """Plan the next review; bring nothing forward: who set a later day had a reason."""
    day = add_months(today(), chosen["months"])
    stays = {
        thing.key: f"is to be reviewed by {thing.review_by.isoformat()} already"
        for thing in things
        if thing.review_by and thing.review_by >= day
    }
    return rewrite(things, {"review_by": day.isoformat()}, Plan("Reviewed", stays=stays))


# Lifecycle --------------------------------------------------------------------------------------


WIDE = forms.TextInput({"class": "vTextField"})


def _of_technology(name: str, **kwargs: Any) -> forms.Field:
    return Technology._meta.get_field(name).formfield(**kwargs)


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
    lifecycle_note = _of_technology("lifecycle_note", label="Note", widget=WIDE)
    lifecycle_source = _of_technology(
        "lifecycle_source",
        label="Source",
        assume_scheme="https",
        validators=[is_web_address],
        widget=forms.URLInput(WIDE.attrs),
    )
    lifecycle_verified_on = _of_technology(
        "lifecycle_verified_on",
        label="Verified on",
        initial=today,
        validators=[is_not_to_come],
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
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


def set_lifecycle(things: Sequence[Technology], chosen: Chosen) -> Plan:
    """Plan to say of technologies what became of them, as their makers do."""
    lifecycle, day = chosen["lifecycle"], chosen["lifecycle_verified_on"]
    label = lifecycle if lifecycle == UNKNOWN else Technology.Lifecycle(lifecycle).label
    plan = Plan(f"Lifecycle set to “{label}”")
    fields = {
        "lifecycle": "" if lifecycle == UNKNOWN else lifecycle,
        "lifecycle_note": chosen["lifecycle_note"],
        "lifecycle_source": chosen["lifecycle_source"],
        "lifecycle_verified_on": day and day.isoformat(),
    }
    if chosen["is_replaced_by_nothing"]:
        fields["replaced_by"] = None
    elif successor := chosen["replaced_by"]:
        fields["replaced_by"] = [successor.slug]
        if successor in things:
            plan.refused[successor.key] = "It cannot replace itself."
    return rewrite(things, fields, plan)


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


def move_comparisons(things: Sequence[Comparison], chosen: Chosen) -> Plan:
    """Plan to put comparisons into a category."""
    return rewrite(things, {"category": [chosen["to"].slug]}, Plan(f"Moved to “{chosen['to']}”"))


def move_snippets(things: Sequence[Snippet], chosen: Chosen) -> Plan:
    """Plan to put snippets into a category, of which each is then no technology's any more."""
    fields = {"category": [chosen["to"].slug], "technology": None}
    return rewrite(things, fields, Plan(f"Moved to “{chosen['to']}”"))


def move_categories(things: Sequence[Category], chosen: Chosen) -> Plan:
    """Plan to put categories below another one, or on top."""
    to = chosen["to"]
    if to is None:
        return rewrite(things, {"parent": None}, Plan("Moved to the top"))
    plan = Plan(f"Moved to “{to}”")
    parents = set(Category.objects.exclude(parent=None).values_list("parent_id", flat=True))
    for thing in things:
        if thing == to:
            plan.refused[thing.key] = "It cannot be its own parent."
        elif thing.pk in parents:
            plan.refused[thing.key] = "It has categories below it, so it must stay on top."
    return rewrite(things, {"parent": [to.slug]}, plan)


def move_technologies(things: Sequence[Technology], chosen: Chosen) -> Plan:
    """Plan to let another category say of technologies what one says, in the same words."""
    of, to = chosen["of"], chosen["to"]
    plan = Plan(f"Moved to “{to}”")
    keys = [
        RowKey("listing", (category.slug, thing.slug)) for category in (of, to) for thing in things
    ]
    listings = {row.key: fields for row, fields in rows_of("listing", keys).items()}
    for thing in things:
        fields = listings.get((of.slug, thing.slug))
        if fields is None:
            plan.stays[thing.key] = f"is not listed in “{of}”"
        elif (to.slug, thing.slug) in listings:
            text = f"“{to}” lists it already; what is said there would be lost."
            plan.refused[thing.key] = text
        else:
            # The category is part of a listing's name. Both are told on the technology's side.
            ends, begins = (RowKey("listing", (category.slug, thing.slug)) for category in (of, to))
            after = {**fields, "category": [to.slug]}
            plan.changes += [
                RowChange(ends, fields, None, (thing.key, of.key)),
                RowChange(begins, None, after, (thing.key, to.key)),
            ]
    return plan


# What is offered ---------------------------------------------------------------------------------

SELECTED = "selected %(verbose_name_plural)s"

OF_PAGES = [
    Action("publish", f"Publish {SELECTED}", "Publish", publish),
    Action("archive", f"Archive {SELECTED}", "Archive", archive),
]
MARK_REVIEWED = Action(
    "mark_reviewed", f"Mark {SELECTED} as reviewed", "Mark as reviewed", mark_reviewed, MonthsForm
)
SET_LIFECYCLE = Action(
    "set_lifecycle",
    f"Set the lifecycle of {SELECTED}",
    "Set the lifecycle",
    set_lifecycle,
    LifecycleForm,
)
# It is of two categories and a technology. Each would wait by itself: half could be applied.
MOVE_TECHNOLOGIES = Action(
    "move",
    f"Move {SELECTED} from a category to another",
    "Move",
    move_technologies,
    FromToForm,
    needs=["catalog.change_listing", PUBLISH],
)
INTO_CATEGORY = f"Move {SELECTED} to a category"
OF_MODEL: dict[type[Thing], list[Action]] = {
    Category: [
        Action("move", f"Move {SELECTED} below another", "Move", move_categories, ParentForm)
    ],
    Technology: [SET_LIFECYCLE, MOVE_TECHNOLOGIES],
    Comparison: [Action("move", INTO_CATEGORY, "Move", move_comparisons, ToForm)],
    Snippet: [Action("move", INTO_CATEGORY, "Move", move_snippets, ToForm)],
}
NAMES = {one.name for some in (OF_PAGES, [MARK_REVIEWED], *OF_MODEL.values()) for one in some}


# The page ---------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A thing on the page, and what is said of it."""

    row: Thing
    sentences: Sequence[str]
    warnings: Sequence[str]


class BulkConfirmation(Confirmation):
    """One request for an action on what was selected in a list."""

    template = "bulk.html"
    nothing = "Nothing was changed."
    idle = "Nothing to do: all of it is so already."
    may_do_less = True

    def __init__(
        self, action: Action, model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet
    ) -> None:
        super().__init__(request)
        self.action = action
        self.model_admin = model_admin
        self.keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        self.selected = rows
        self.form = self._form()
        self.rows: list[Thing] = []
        self.plan = Plan("")

    def answer(self) -> HttpResponse | None:
        """Answer as others do; None, which leads back to the list, where too many are selected."""
        count = len(self.keys) if len(self.keys) > MOST_ROWS else self.selected.count()
        if count > MOST_ROWS:
            text = f"{count} are selected, and {MOST_ROWS} at most can be changed at once."
            messages.warning(self.request, text)
            return None
        if CONFIRM not in self.request.POST or not self.form.is_valid():
            return self.show()
        return super().answer()

    def changes(self) -> list[RowChange]:
        self.rows = list(self.selected.all())
        self.plan = Plan("")
        if self._is_planned():
            self.plan = self.action.plan(self.rows, self.form.cleaned_data)
        return self.plan.changes

    def check(self, changes: list[RowChange]) -> None:
        number, named = posted_state(self.request.POST)
        if len(self.rows) < len(self.keys):
            missing = named - {row.key for row in self.rows}
            if changed := changed_since(number, missing):
                self.refuse(changed)
        super().check(changes)

    def write(self, changes: list[RowChange]) -> None:
        """Write all of it, or say why it cannot be: also where a rule across rows would break."""
        things = {change.things[0] for change in changes}
        changed = [row for row in self.rows if row.key in things]
        self.success = self._comment(changed)
        before = {str(problem) for problem in integrity.find_problems()}
        super().write(changes)
        # What was wrong already is nobody's fault here.
        after = map(str, integrity.find_problems())
        if problems := [text for text in after if text not in before]:
            raise NotConfirmedError(problems=problems)
        if changed:
            user = self.request.user.pk
            LogEntry.objects.log_actions(user, changed, CHANGE, f"{self.plan.done}.")
            saving_of(self.request).use_as_comment(LogEntry(change_message=self.success))

    def named(self) -> list[ThingKey]:
        return [row.key for row in self.rows]

    def where_next(self) -> str:
        return self.request.get_full_path()

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        opts = self.model_admin.opts
        is_planned = self._is_planned()
        changed, left = self._lines(changes)
        return {
            "title": f"{self.action.verb}: {len(self.rows)} {model_ngettext(opts, len(self.rows))}",
            "opts": opts,
            "model_title": capfirst(opts.verbose_name_plural),
            "verb": self.action.verb,
            "form": self.form,
            "changed": changed,
            "left": left if is_planned else [],
            "selected": [] if is_planned else self.rows,
            "action": self.action.name,
            "confirm": CONFIRM,
            "checkbox": ACTION_CHECKBOX_NAME,
            "list_address": self.request.get_full_path(),
        }

    def _form(self) -> forms.Form:
        """Return the form as posted; at first with what it begins with, if that says enough."""
        if STATE in self.request.POST:
            return self.action.form(self.request.POST)
        empty = self.action.form()
        beginning = {name: empty.get_initial_for_field(f, name) for name, f in empty.fields.items()}
        filled = self.action.form(beginning)
        return filled if filled.is_valid() else empty

    def _is_planned(self) -> bool:
        return self.form.is_valid() and bool(self.rows)

    def _comment(self, changed: list[Thing]) -> str:
        """Return what was done to what. Of what others write, it is not known yet what is live."""
        if not publishes(self.request):
            return f"{self.plan.done}."
        names = [str(row) for row in changed[:MOST_NAMES]]
        if more := len(changed) - len(names):
            names.append(f"{more} more")
        return f"{self.plan.done}: {get_text_list(names, 'and')}."

    def _lines(self, changes: list[RowChange]) -> tuple[list[Line], list[Line]]:
        """Return what is said of the rows that change, and of those that stay as they are."""
        told = {one.thing: one.sentences for one in describe(changes, Labels.of(changes))}
        changed, left = [], []
        for row in self.rows:
            if row.key in told:
                changed.append(Line(row, told[row.key], self.plan.warnings.get(row.key, [])))
            elif row.key in self.plan.refused:
                left.append(Line(row, [], [self.plan.refused[row.key]]))
            else:
                left.append(Line(row, [self.plan.stays.get(row.key, "stays as it is")], []))
        return changed, left


class BulkAdmin(SiteAdmin):
    """A list above which such actions are offered to those who may change what it holds."""

    def __init__(self, model: type[Thing], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        of_pages = OF_PAGES if issubclass(model, Page) else []
        offered = [*of_pages, MARK_REVIEWED, *OF_MODEL.get(model, [])]
        self.actions = [*(self.actions or ()), *map(_confirming, offered)]
        for action in offered:
            # What Django asks for the permission that an action names: here, its own.
            setattr(self, f"has_{action.name}_permission", partial(self._may_take, action))

    def _may_take(self, action: Action, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and action.is_open_to(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = {*request.POST.getlist("action")} - {""}
        if not asked or not asked <= NAMES or "_save" in request.POST:
            return super().changelist_view(request, extra_context)
        if STATE in request.POST and ACTION_CHECKBOX_NAME not in request.POST:
            messages.warning(request, "Nothing was ticked, so nothing was changed.")
            return HttpResponseRedirect(request.get_full_path())
        # Past the record() that lists open for what they write: these open it once confirmed.
        return SiteAdmin.changelist_view(self, request, extra_context)


def _confirming(action: Action) -> Callable[..., HttpResponse | None]:
    @admin.action(permissions=[action.name], description=action.label)
    def confirm(
        model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
    ) -> HttpResponse | None:
        rows = ticked_rows(model_admin, request) if STATE in request.POST else selected
        return BulkConfirmation(action, model_admin, request, rows).answer()

    confirm.__name__ = action.name  # by which lists tell actions apart
    return confirm
