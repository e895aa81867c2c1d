"""The page that lists what an action would do, thing by thing, and does it once it is confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst, get_text_list

from catalog import edition, integrity
from catalog.admin import listed, merging, tokens, waiting
from catalog.admin.bulk.plans import Action, Plan
from catalog.admin.door import hold, note, open_door, publishes
from catalog.describe import Labels, describe
from catalog.models import Thing, ThingKey

TEMPLATE = "admin/catalog/bulk.html"

# More than an editor reads, and than one request should write.
MOST_ROWS = 500

# A wall of names is not read.
MOST_NAMES = 5

CONFIRM = "_confirm"
ASK_AGAIN = "5"  # seconds


class Line(NamedTuple):
    """A thing on the page, and what is said of it."""

    row: Thing
    sentences: Sequence[str]
    warnings: Sequence[str] = ()


@dataclass
class Answer:
    """What is said above the list, and with which status."""

    refusal: str = ""
    problems: Sequence[str] = field(default_factory=list)
    status: int = HTTPStatus.OK


class Confirmation:
    """One request for an action. Looking at what it would do takes no lock and writes nothing."""

    def __init__(self, action: Action, model_admin: admin.ModelAdmin, request: HttpRequest) -> None:
        self.action = action
        self.model_admin = model_admin
        self.request = request
        self.is_first = tokens.FIELD not in request.POST

    def answer(self, selected: QuerySet) -> HttpResponse | None:
        """The page for these rows; None, which leads back to the list, where it is left."""
        if not self.is_first:
            # Whatever the list is filtered by: somebody may have changed just that.
            selected = self.model_admin.get_queryset(self.request).filter(pk__in=self._keys())
        count = len(self._keys())
        if count <= MOST_ROWS:
            count = selected.count()
        if count > MOST_ROWS:
            text = "%(count)d are selected, and %(most)d at most can be changed at once."
            words = {"count": count, "most": MOST_ROWS}
            messages.warning(self.request, text % words)
            return None
        form = self._form()
        if CONFIRM not in self.request.POST or not form.is_valid():
            return self._show(selected, form, Answer())
        try:
            return self._confirm(selected, form)
        except edition.BusyError:
            text = "Somebody else's change is being written just now; nothing was done. Try again."
            page = self._show(selected, form, Answer(text, status=HTTPStatus.SERVICE_UNAVAILABLE))
            page.headers["Retry-After"] = ASK_AGAIN
            return page

    def _keys(self) -> set[str]:
        return set(self.request.POST.getlist(ACTION_CHECKBOX_NAME))

    def _form(self) -> forms.Form:
        """The form as it was posted; at first with what it begins with, if that says enough."""
        if not self.is_first:
            return self.action.form(self.request.POST)
        empty = self.action.form()
        beginning = {name: empty.get_initial_for_field(f, name) for name, f in empty.fields.items()}
        filled = self.action.form(beginning)
        return filled if filled.is_valid() else empty

    def _confirm(self, selected: QuerySet, form: forms.Form) -> HttpResponse:
        with open_door(self.request):
            rows = list(selected)
            plan = self.action.plan(rows, form.cleaned_data) if rows else Plan()
            refused = self._refused(rows, plan)
            if refused is None:
                refused = self._write(rows, plan, form)
        if refused is not None:
            return self._show(selected, form, refused)
        return HttpResponseRedirect(self.request.get_full_path())

    def _refused(self, rows: list[Thing], plan: Plan) -> Answer | None:
        """Why nothing is done: what was confirmed is not what would be done now."""
        shown = listed.Listed.posted(self.request.POST)
        things = {row.key for row in rows}
        if shown is None or not things <= shown.things:
            text = "It is not known which state this page was made from: look again."
            return Answer(text, status=HTTPStatus.CONFLICT)
        gone = self._gone(shown.things - things) if len(rows) < len(self._keys()) else set()
        if changed := shown.changed(things | gone):
            text = "Nothing was changed. %(changes)s Below is what would change now."
            told = {"changes": listed.told(changed)}
            return Answer(text % told, status=HTTPStatus.CONFLICT)
        if not listed.were_listed(self.request.POST, plan.changes):
            return Answer("Nothing was changed yet: look at what your choice would change.")
        if at_work := waiting.of_others(self.request, things):
            return Answer(problems=at_work, status=HTTPStatus.CONFLICT)
        return None

    def _gone(self, things: Iterable[ThingKey]) -> set[ThingKey]:
        """Those of these that are not there: what was left out of the choice still is."""
        slugs = {thing.slug: thing for thing in things}
        there = self.model_admin.model.objects.filter(slug__in=slugs).values_list("slug", flat=True)
        return set(slugs.values()) - {slugs[slug] for slug in there}

    def _write(self, rows: list[Thing], plan: Plan, form: forms.Form) -> Answer | None:
        """Write all of it, or say why it cannot be."""
        if not plan.changes:
            hold(self.request, messages.INFO, "Nothing to do: all of it is so already.")
            return None
        before = set(integrity.find_problems())
        with transaction.atomic():
            problems = merging.problems_of_writing(plan.changes)
            # What was wrong already is nobody's fault here.
            problems = problems or [p for p in integrity.find_problems() if p not in before]
            transaction.set_rollback(bool(problems))
        if problems:
            return Answer(problems=problems, status=HTTPStatus.CONFLICT)
        changed = [row for row in rows if row.key in _changed(plan)]
        done = self.action.done(form.cleaned_data)
        LogEntry.objects.log_actions(self.request.user.pk, changed, CHANGE, f"{done}.")
        comment = self._comment(done, changed)
        note(self.request, LogEntry(change_message=comment))
        hold(self.request, messages.SUCCESS, comment)
        return None

    def _comment(self, done: str, changed: list[Thing]) -> str:
        """What was done to what. Of what others write, it is not known yet what goes live."""
        if not publishes(self.request):
            return f"{done}."
        names = [str(row) for row in changed[:MOST_NAMES]]
        if more := len(changed) - len(names):
            names.append(f"{more} more")
        return f"{done}: {get_text_list(names, 'and')}."

    def _show(self, selected: QuerySet, form: forms.Form, answer: Answer) -> TemplateResponse:
        number = edition.number_now()  # before the rows: what changes in between makes it stale
        rows = list(selected)
        plan = Plan()
        is_planned = form.is_bound and form.is_valid() and bool(rows)
        if is_planned:
            plan = self.action.plan(rows, form.cleaned_data)
        opts = self.model_admin.opts
        things = model_ngettext(opts, len(rows))
        self.request.current_app = self.model_admin.admin_site.name
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": f"{self.action.verb}: {len(rows)} {things}",
            "subtitle": None,
            "opts": opts,
            "model_title": capfirst(opts.verbose_name_plural),
            "verb": self.action.verb,
            "form": form,
            "is_planned": is_planned,
            "changed": list(_lines_of_changes(rows, plan)),
            "left": list(_lines_of_others(rows, plan)) if is_planned else [],
            "selected": [] if is_planned else rows,
            "waits": not publishes(self.request),
            "action": self.action.name,
            "confirm": CONFIRM,
            "checkbox": ACTION_CHECKBOX_NAME,
            "token_name": tokens.FIELD,
            "token": listed.token_of(number, (row.key for row in rows)),
            "seen_name": listed.SEEN,
            "seen": listed.seen_of(plan.changes),
            "refusal": answer.refusal,
            "problems": answer.problems,
            "list_address": self.request.get_full_path(),
        }
        return TemplateResponse(self.request, TEMPLATE, context, status=answer.status)


def _changed(plan: Plan) -> set[ThingKey]:
    return {change.things[0] for change in plan.changes}


def _lines_of_changes(rows: list[Thing], plan: Plan) -> Iterable[Line]:
    told = {one.thing: one for one in describe(plan.changes, Labels.of(plan.changes))}
    for row in rows:
        if row.key in told:
            yield Line(row, told[row.key].sentences, plan.warnings.get(row.key, ()))


def _lines_of_others(rows: list[Thing], plan: Plan) -> Iterable[Line]:
    """What is left as it is, and why."""
    for row in rows:
        if row.key in plan.refused:
            yield Line(row, (), plan.refused[row.key])
        elif row.key not in _changed(plan):
            yield Line(row, [plan.stays.get(row.key, "stays as it is")])
