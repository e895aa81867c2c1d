"""Many things changed at once: what is offered above a list, what it would do, and doing it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_selected_of_django
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst, get_text_list

from catalog import integrity
from catalog.admin.actions import NAMES, Action, Plan, actions_of
from catalog.admin.base import SiteAdmin, is_key
from catalog.admin.confirm import (
    Confirmation,
    NotConfirmedError,
    changed_since,
    shown_by,
    told_of,
)
from catalog.admin.saving import STATE, publishes, saving_of
from catalog.describe import Labels, describe
from catalog.history import editions
from catalog.history.rows import RowChange
from catalog.models import THINGS, Thing, ThingKey
from catalog.models.base import SLUG_CHARACTERS

# More than an editor reads, and than one request should write.
MOST_ROWS = 500

# A wall of names is not read.
MOST_NAMES = 5

CONFIRM = "_confirm"


class Line(NamedTuple):
    """A thing on the page, and what is said of it."""

    row: Thing
    sentences: Sequence[str]
    warnings: Sequence[str] = ()


class BulkConfirmation(Confirmation):
    """One request for an action on what was selected in a list."""

    template = "bulk.html"
    nothing = "Nothing was changed."
    may_do_less = True

    def __init__(self, action: Action, model_admin: admin.ModelAdmin, request: HttpRequest) -> None:
        super().__init__(request)
        self.action = action
        self.model_admin = model_admin
        self.is_first = STATE not in request.POST
        self.selected = model_admin.model.objects.none()
        self.form = self._form()
        self.rows: list[Thing] = []
        self.plan = Plan()

    def answer_for(self, selected: QuerySet) -> HttpResponse | None:
        """Return the page for these rows; None, which leads back to the list, for too many."""
        keys = self._keys()
        if not self.is_first:
            # Whatever the list is filtered by: somebody may have changed just that.
            selected = self.model_admin.get_queryset(self.request).filter(pk__in=keys)
        count = len(keys) if len(keys) > MOST_ROWS else selected.count()
        if count > MOST_ROWS:
            text = f"{count} are selected, and {MOST_ROWS} at most can be changed at once."
            messages.warning(self.request, text)
            return None
        self.selected = selected
        if CONFIRM not in self.request.POST or not self.form.is_valid():
            return self.show()
        return self.answer()

    def changes(self) -> list[RowChange]:
        self.rows = list(self.selected.all())
        self.plan = Plan()
        if self.form.is_bound and self.form.is_valid() and self.rows:
            self.plan = self.action.plan(self.rows, self.form.cleaned_data)
        return self.plan.changes

    def check(self, changes: list[RowChange]) -> None:
        shown = shown_by(self.request.POST)
        if shown is not None and len(self.rows) < len(self._keys()):
            gone = gone_of(self.request, self.model_admin.model)
            if changed := changed_since(shown[0], gone):
                told = told_of(changed)
                raise NotConfirmedError(f"{self.nothing} {told} Below is what would change now.")
        super().check(changes)

    def write(self, changes: list[RowChange]) -> None:
        """Write all of it, or say why it cannot be: also where a rule across rows would break."""
        saving = saving_of(self.request)
        if not changes:
            saving.queue_message(messages.INFO, "Nothing to do: all of it is so already.")
            return
        before = set(map(str, integrity.find_problems()))
        super().write(changes)
        # What was wrong already is nobody's fault here.
        if problems := [
            text for one in integrity.find_problems() if (text := str(one)) not in before
        ]:
            raise NotConfirmedError(problems=problems)
        changed = [row for row in self.rows if row.key in self._changed()]
        done = self.action.done(self.form.cleaned_data)
        LogEntry.objects.log_actions(self.request.user.pk, changed, CHANGE, f"{done}.")
        comment = self._comment(done, changed)
        saving.use_as_comment(LogEntry(change_message=comment))
        saving.queue_message(messages.SUCCESS, comment)

    def done(self, changes: list[RowChange]) -> HttpResponse:
        return HttpResponseRedirect(self.request.get_full_path())

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        opts = self.model_admin.opts
        is_planned = self.form.is_bound and self.form.is_valid() and bool(self.rows)
        number = editions.number_now()
        things = " ".join(f"{row.key.kind}/{row.key.slug}" for row in self.rows)
        return {
            "title": f"{self.action.verb}: {len(self.rows)} {model_ngettext(opts, len(self.rows))}",
            "opts": opts,
            "model_title": capfirst(opts.verbose_name_plural),
            "verb": self.action.verb,
            "form": self.form,
            "is_planned": is_planned,
            "changed": list(self._lines_of_changes()),
            "left": list(self._lines_of_others()) if is_planned else [],
            "selected": [] if is_planned else self.rows,
            "token": f"{number} {things}".strip(),
            "action": self.action.name,
            "confirm": CONFIRM,
            "checkbox": ACTION_CHECKBOX_NAME,
            "list_address": self.request.get_full_path(),
        }

    def _keys(self) -> set[str]:
        return set(self.request.POST.getlist(ACTION_CHECKBOX_NAME))

    def _form(self) -> forms.Form:
        """Return the form as posted; at first with what it begins with, if that says enough."""
        if not self.is_first:
            return self.action.form(self.request.POST)
        empty = self.action.form()
        beginning = {name: empty.get_initial_for_field(f, name) for name, f in empty.fields.items()}
        filled = self.action.form(beginning)
        return filled if filled.is_valid() else empty

    def _changed(self) -> set[ThingKey]:
        return {change.things[0] for change in self.plan.changes}

    def _comment(self, done: str, changed: list[Thing]) -> str:
        """Return what was done to what. Of what others write, it is not known yet what is live."""
        if not publishes(self.request):
            return f"{done}."
        names = [str(row) for row in changed[:MOST_NAMES]]
        if more := len(changed) - len(names):
            names.append(f"{more} more")
        return f"{done}: {get_text_list(names, 'and')}."

    def _lines_of_changes(self) -> Iterator[Line]:
        changes = self.plan.changes
        told = {one.thing: one for one in describe(changes, Labels.of(changes))}
        for row in self.rows:
            if row.key in told:
                yield Line(row, told[row.key].sentences, self.plan.warnings.get(row.key, ()))

    def _lines_of_others(self) -> Iterator[Line]:
        """Yield what is left as it is, and why."""
        for row in self.rows:
            if row.key in self.plan.refused:
                yield Line(row, (), self.plan.refused[row.key])
            elif row.key not in self._changed():
                yield Line(row, [self.plan.stays.get(row.key, "stays as it is")])


class BulkAdmin(SiteAdmin):
    """A list above which such actions are offered to those who may change what it holds."""

    def __init__(self, model: type[Thing], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        offered = actions_of(model)
        self.actions = [*(self.actions or ()), *map(_confirming, offered)]
        for action in offered:
            # What Django asks for the permission that an action names: here, its own.
            setattr(self, f"has_{action.name}_permission", partial(self._may_take, action))

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

    def _may_take(self, action: Action, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and action.is_open_to(request)


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_selected(
    model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
) -> HttpResponse | None:
    """Delete rows by Django's own action, inside of record(), if nothing of them has changed."""
    number = editions.number_now()  # before the rows: what changes in between is not shown
    if "post" in request.POST:
        # Whatever the list is filtered by: somebody may have changed just that.
        keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        selected = model_admin.get_queryset(request).filter(pk__in=keys)
        if refusal := _refusal_to_delete(request, selected, len(keys)):
            model_admin.message_user(request, refusal, messages.ERROR)
            request.POST = request.POST.copy()
            del request.POST["post"]
    page: Any = delete_selected_of_django(model_admin, request, selected)
    if isinstance(page, TemplateResponse):
        names = " ".join("/".join(thing) for thing in sorted(selected.things()))
        page.context_data |= {"token_name": STATE, "token": f"{number} {names}"}
    return page


def _refusal_to_delete(request: HttpRequest, selected: QuerySet, count: int) -> str:
    """Return why nothing is deleted; blank where all of it is as it was shown."""
    number, *names = request.POST.get(STATE, "").split(" ")
    things = things_in(names)
    is_known = is_key(number) and int(number) <= editions.number_now()
    if not is_known or not selected.things() <= things:
        return "It is not known which state this page was made from: look again."
    if changed := changed_since(int(number), things):
        return f"Nothing was deleted. {told_of(changed)}"
    if selected.count() < count:
        return "Nothing was deleted: some of it is gone already. Look again."
    return ""


def things_in(names: Sequence[str]) -> set[ThingKey]:
    """Return the things that a token names as kind/slug; nonsense is left out."""
    pairs = (name.partition("/") for name in names)
    return {
        ThingKey(kind, slug)
        for kind, _slash, slug in pairs
        if kind in THINGS and slug and set(slug) <= set(SLUG_CHARACTERS)
    }


def gone_of(request: HttpRequest, model: type[Thing]) -> set[ThingKey]:
    """Return the things of a model that the posted token names and that are not there."""
    _number, *names = request.POST.get(STATE, "").split(" ")
    slugs = {thing.slug: thing for thing in things_in(names) if thing.kind == model.KIND}
    there = model.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    return set(slugs.values()) - {slugs[slug] for slug in there}


def _confirming(action: Action) -> Callable[..., HttpResponse | None]:
    @admin.action(permissions=[action.name], description=action.label)
    def confirm(
        model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
    ) -> HttpResponse | None:
        return BulkConfirmation(action, model_admin, request).answer_for(selected)

    confirm.__name__ = action.name  # by which lists tell actions apart
    return confirm
