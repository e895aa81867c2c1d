"""The page of a plan: what loading a pack would do, what to choose, and applying it."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from catalog.admin.pack_choices import Choices
from catalog.changes.words import ThingSaid
from catalog.history import editions
from catalog.models import THINGS, PackLoad
from catalog.packs.entries import Incoming
from catalog.packs.loading import MovedError, is_loaded, load, plan, token_of
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import Problems, RefusedError
from catalog.packs.report import Report, report

TEMPLATE = "admin/catalog/pack_plan.html"
# A plan may speak of ten thousand things, which no page should hold and nobody reads.
MOST_SENTENCES = 500
# Each is a field of the form; the others wait for the next time.
MOST_QUESTIONS = 500
# Longer lists of one kind are folded.
SHORT = 40


Open = Callable[[], Incoming | WaitingConflicts]
Applied = Callable[[PackLoad | None, Report], HttpResponse]


class Group(NamedTuple):
    """The things of one kind that a page speaks of."""

    title: str
    things: list[ThingSaid]
    is_short: bool


class PlanPage:
    """One request for the plan of a pack. It is tried and rolled back."""

    def __init__(self, request: HttpRequest, context: dict[str, Any], applied: Applied) -> None:
        """`context` is the page's surroundings; `applied` answers once the pack is loaded."""
        self.request = request
        self.context = context
        self.applied = applied
        self.choices = Choices(request.POST)

    def answer(self, open_pack: Open) -> HttpResponse:
        """Show the plan; a POST applies it, or shows it anew with the reason why not."""
        try:
            incoming = open_pack()
        except RefusedError as error:
            return self._page(400, refused=error)
        if self.request.method == "POST":
            return self._apply(incoming)
        return self._show(incoming)

    def _apply(self, incoming: Incoming | WaitingConflicts) -> HttpResponse:
        user = self.request.user.get_username()
        token = self.request.POST.get("token", "") or "none"
        try:
            said, record = load(incoming, user, choose=self.choices.choose, shown=token)
        except MovedError:
            return self._show(incoming, 409, _moved(self.request.POST.get("edition", "")))
        except editions.BusyError:
            text = (
                "Somebody else's change is being written just now; nothing was loaded. What you "
                "chose is kept: apply again."
            )
            response = self._show(incoming, 503, text)
            response.headers["Retry-After"] = "5"
            return response
        except RefusedError as error:
            return self._show(incoming, 400, refused=error)
        return self.applied(record, said)

    def _show(
        self,
        incoming: Incoming | WaitingConflicts,
        status: int = 200,
        sentence: str = "",
        refused: RefusedError | None = None,
    ) -> HttpResponse:
        """The plan as it is before anything is chosen."""
        made = plan(incoming)
        said = report(made)
        groups, more_things = grouped(said.things)
        conflicts = said.conflicts[:MOST_QUESTIONS]
        self.context |= {
            "made": made,
            "token": token_of(made),
            "said": said,
            "groups": groups,
            "more_things": more_things,
            "questions": [self.choices.asked(*pair) for pair in conflicts],
            "more_questions": len(said.conflicts) - len(conflicts),
            "is_done": not (made.changes or said.conflicts) and is_loaded(incoming.digest),
        }
        return self._page(status, sentence, refused or _refusal(made.problems))

    def _page(
        self, status: int, sentence: str = "", refused: RefusedError | None = None
    ) -> HttpResponse:
        context = {"sentence": sentence, "refused": refused, "said": None, **self.context}
        return TemplateResponse(self.request, TEMPLATE, context, status=status)


def grouped(things: list[ThingSaid]) -> tuple[list[Group], int]:
    """As many things as a page holds, by kind, and how many there are besides."""
    first = list(_first(things))
    return list(_groups(first)), len(things) - len(first)


def _first(things: list[ThingSaid]) -> Iterator[ThingSaid]:
    left = MOST_SENTENCES
    for said in things:
        left -= len(said.sentences)
        if left < 0:
            return
        yield said


def _groups(things: list[ThingSaid]) -> Iterator[Group]:
    for kind, same_kind in groupby(things, key=lambda said: said.thing.kind):
        found = list(same_kind)
        count = sum(len(said.sentences) for said in found)
        yield Group(
            capfirst(THINGS[kind]._meta.verbose_name_plural), found, is_short=count <= SHORT
        )


def _refusal(problems: Problems) -> RefusedError | None:
    return RefusedError(problems.first, problems.more) if problems.first else None


def _moved(shown: str) -> str:
    """What has changed since a form with this edition was made."""
    newest = editions.latest()
    if newest is None:
        return "The guide has changed since this plan was made; look again."
    words = {"number": newest.number, "user": newest.user}
    if shown == str(newest.number):
        return "Another pack was loaded since this plan was made; look again."
    if newest.user:
        text = (
            "The guide has changed since this plan was made (edition %(number)d by %(user)s); "
            "look again."
        )
    else:
        text = "The guide has changed since this plan was made (edition %(number)d); look again."
    return text % words
