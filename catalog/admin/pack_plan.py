"""The page of a plan: what loading a pack would do, what to choose, and applying it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from catalog import edition
from catalog.admin.pack_choices import Choices
from catalog.describe import ThingDescription
from catalog.models import CONTENT, PackLoad
from catalog.packs.loading import MovedError, apply, is_loaded
from catalog.packs.plan import Plan
from catalog.packs.planning import plan
from catalog.packs.problems import Problems, RefusedError
from catalog.packs.reading import Incoming
from catalog.packs.remembered import Remembered
from catalog.packs.report import Report, report

TEMPLATE = "admin/catalog/pack_plan.html"
# A plan may speak of ten thousand things, which no page should hold and nobody reads.
MOST_SENTENCES = 500
# Each is a field of the form; the others wait for the next time.
MOST_QUESTIONS = 500
# Longer lists of one kind are folded.
SHORT = 40

KINDS = {model.KIND: model._meta.verbose_name_plural for model in CONTENT if not model.OWNERS}

Open = Callable[[], AbstractContextManager[Incoming | Remembered]]
Applied = Callable[[PackLoad | None, Report], HttpResponse]


class Group(NamedTuple):
    """The things of one kind that a page speaks of."""

    title: str
    things: list[ThingDescription]
    is_short: bool


class PlanPage:
    """One request for the plan of a pack. Reading it takes no lock and writes nothing."""

    def __init__(self, request: HttpRequest, context: dict[str, Any], applied: Applied) -> None:
        """`context` is the page's surroundings; `applied` answers once the pack is loaded."""
        self.request = request
        self.context = context
        self.applied = applied
        self.choices = Choices(request.POST)

    def answer(self, open_pack: Open) -> HttpResponse:
        """Show the plan; a POST applies it, or shows it anew with the reason why not."""
        try:
            with open_pack() as incoming:
                if self.request.method == "POST":
                    return self._apply(incoming)
                return self._show(incoming)
        except RefusedError as error:
            return self._page(400, refused=error)

    def _apply(self, incoming: Incoming | Remembered) -> HttpResponse:
        try:
            with plan(incoming, self.choices.choose) as made:
                said = report(made)
                self._check_that_it_was_shown(made)
                record = apply(made, said, self.request.user.get_username())
        except MovedError:
            return self._show(incoming, 409, _moved(self.request.POST.get("edition", "")))
        except edition.BusyError:
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

    def _check_that_it_was_shown(self, made: Plan) -> None:
        """Raises MovedError where the form is of another plan than this one, or of none."""
        posted = [self.request.POST.get(name) for name in ("edition", "loads")]
        if posted != [str(made.edition), str(made.loads)]:
            raise MovedError

    def _show(
        self,
        incoming: Incoming | Remembered,
        status: int = 200,
        sentence: str = "",
        refused: RefusedError | None = None,
    ) -> HttpResponse:
        """The plan as it is before anything is chosen."""
        with plan(incoming) as made:
            said = report(made)
            groups, more_things = grouped(said.things)
            questions = said.questions[:MOST_QUESTIONS]
            self.context |= {
                "made": made,
                "said": said,
                "groups": groups,
                "more_things": more_things,
                "questions": [self.choices.asked(question) for question in questions],
                "more_questions": len(said.questions) - len(questions),
                "is_done": not (made.count or said.questions) and is_loaded(made.digest),
            }
            return self._page(status, sentence, refused or _refusal(made.problems))

    def _page(
        self, status: int, sentence: str = "", refused: RefusedError | None = None
    ) -> HttpResponse:
        context = {"sentence": sentence, "refused": refused, "said": None, **self.context}
        return TemplateResponse(self.request, TEMPLATE, context, status=status)


def grouped(things: list[ThingDescription]) -> tuple[list[Group], int]:
    """As many things as a page holds, by kind, and how many there are besides."""
    first = list(_first(things))
    return list(_groups(first)), len(things) - len(first)


def _first(things: list[ThingDescription]) -> Iterator[ThingDescription]:
    left = MOST_SENTENCES
    for said in things:
        left -= len(said.sentences)
        if left < 0:
            return
        yield said


def _groups(things: list[ThingDescription]) -> Iterator[Group]:
    for kind, same_kind in groupby(things, key=lambda said: said.thing.kind):
        found = list(same_kind)
        count = sum(len(said.sentences) for said in found)
        yield Group(capfirst(KINDS[kind]), found, is_short=count <= SHORT)


def _refusal(problems: Problems) -> RefusedError | None:
    return RefusedError(problems.first, problems.more) if problems.first else None


def _moved(shown: str) -> str:
    """What has changed since a form with this edition was made."""
    newest = edition.latest()
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
