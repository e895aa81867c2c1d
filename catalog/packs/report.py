"""A plan in the reader's words: the same for the terminal, the admin and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.changes.merge import NO_BASE
from catalog.changes.rows import MODELS, Fields, RowKey
from catalog.describe import Labels, ThingDescription, conflict_text, describe, summary
from catalog.packs.plan import Note, Plan, Waiting, Why
from catalog.packs.problems import Problems

# A wall of lines is not read.
MOST_NOTES = 50
MOST_THINGS = 500


@dataclass(frozen=True, slots=True)
class Question:
    """A conflict to choose in; `name` names it in forms."""

    row: RowKey
    field: str
    base: Any  # None also where nobody has said anything
    local: Any
    incoming: Any
    text: str
    covers: tuple[RowKey, ...] = ()  # what goes or stays with the row

    @property
    def name(self) -> str:
        return "/".join((self.row.model, *self.row.key, self.field))


@dataclass(frozen=True, slots=True)
class Report:
    """What loading a pack does, or would do."""

    name: str
    version: str
    things: list[ThingDescription]
    summary: list[str]
    questions: list[Question]
    notes: list[str]
    problems: Problems

    @property
    def is_empty(self) -> bool:
        return not (self.things or self.questions or self.problems.first)

    def lines(self) -> list[str]:
        """The report as text, a line each."""
        found = [*self.summary, *(f"  {said}" for said in self.things[:MOST_THINGS])]
        found += _more(len(self.things) - MOST_THINGS)
        if self.questions:
            count = len(self.questions)
            head = (
                "%(count)d conflict waits for a choice:"
                if count == 1
                else "%(count)d conflicts wait for a choice:"
            )
            found += [head % {"count": count}, *(f"  {each.text}" for each in self.questions)]
        if self.notes:
            found += ["Left alone:", *(f"  {note}" for note in self.notes)]
        if self.problems.first:
            count = len(self.problems.first) + self.problems.more
            head = "%(count)d problem:" if count == 1 else "%(count)d problems:"
            found += [head % {"count": count}, *(f"  {each}" for each in self.problems.first)]
        return found

    def as_data(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return {
            "pack": self.name,
            "version": self.version,
            "summary": self.summary,
            "things": [
                {
                    "kind": said.thing.kind,
                    "slug": said.thing.slug,
                    "title": said.title,
                    "what": said.outcome,
                    "sentences": list(said.sentences),
                }
                for said in self.things
            ],
            "conflicts": [
                {
                    "model": each.row.model,
                    "key": list(each.row.key),
                    "field": each.field,
                    "base": each.base,
                    "local": each.local,
                    "incoming": each.incoming,
                    "text": each.text,
                }
                for each in self.questions
            ],
            "notes": self.notes,
            "problems": [problem._asdict() for problem in self.problems.first],
        }


def report(plan: Plan) -> Report:
    """Say what a plan would do. A fixed number of queries for each batch of its rows."""
    rows = [pair for waiting in plan.conflicts for pair in _named_in(waiting)]
    rows += [(note.row, {}) for note in plan.notes[:MOST_NOTES]]
    titles = Labels.of(plan.changes(), rows)
    things = describe(plan.changes(), titles)
    return Report(
        name=plan.manifest.name,
        version=plan.manifest.version,
        things=things,
        summary=summary(things),
        questions=[_question(waiting, titles) for waiting in plan.conflicts],
        notes=_notes(plan.notes, titles),
        problems=plan.problems,
    )


def _named_in(waiting: Waiting) -> Iterator[tuple[RowKey, Fields]]:
    """What the sentence about a conflict names. A row is called as it is here: that comes last."""
    field, base, local, incoming = waiting.at_odds
    if not field:
        yield waiting.row, local
        return
    for value in (base, incoming, local):
        if value is not NO_BASE:
            yield waiting.row, {field: value}


def _question(waiting: Waiting, titles: Labels) -> Question:
    field, base, local, incoming = waiting.at_odds
    has_base = base is not NO_BASE
    text = conflict_text(waiting.row, field, base, local, incoming, titles, has_base=has_base)
    base = base if has_base else None
    return Question(waiting.row, field, base, local, incoming, text, waiting.covers)


def _notes(notes: list[Note], titles: Labels) -> list[str]:
    said = [_note(note, titles) for note in notes[:MOST_NOTES]]
    return said + _more(len(notes) - MOST_NOTES)


def _more(count: int) -> list[str]:
    """A line that counts what is not shown; none where all is."""
    if count <= 0:
        return []
    return [f"… and {count} more"]


def _note(note: Note, titles: Labels) -> str:
    model = MODELS[note.row.model]
    words = {
        "model": model._meta.verbose_name,
        "row": titles.row(note.row),
        "by": note.by,
        "field": note.field and model._meta.get_field(note.field).verbose_name,
    }
    if note.why == Why.HELD and note.field:
        return "{row}: {field} stays as the pack {by} says.".format(**words)
    if note.why == Why.HELD:
        return "{model} “{row}” stays as the pack {by} left it.".format(**words)
    if note.why == Why.TAKEN:
        return "{model} “{row}” stays: the pack {by} took it away, but it was kept here.".format(
            **words
        )
    if note.why == Why.DELETED:
        return "{model} “{row}” was deleted here and stays so.".format(**words)
    if note.field:
        return "{row}: {field} stays, since “{by}” was deleted here.".format(**words)
    return "{model} “{row}” is left out: “{by}”, which it needs, was deleted here.".format(**words)
