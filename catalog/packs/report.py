"""A plan in words: the same for the terminal, the admin and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from catalog.describe import Labels, ThingDescription, conflict_text, describe, summary
from catalog.history.merge import NO_BASE, Conflict
from catalog.history.rows import MODELS, Fields, RowKey
from catalog.models import ThingKey
from catalog.packs.planning import Note, Plan
from catalog.packs.problems import Problem, Problems

# A wall of lines is not read.
MOST_NOTES = 50
MOST_THINGS = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What loading a pack does, or would do. A conflict comes with its sentence."""

    name: str
    version: str
    things: list[ThingDescription]
    summary: list[str]
    conflicts: list[tuple[Conflict, str]]
    notes: list[str]
    problems: Problems

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.things or self.conflicts or self.problems.first)

    def lines(self) -> list[str]:
        """Return the report as text, a line each."""
        found = [*self.summary, *(f"  {said}" for said in self.things[:MOST_THINGS])]
        found += _more(len(self.things) - MOST_THINGS)
        if count := len(self.conflicts):
            waits = "conflict waits" if count == 1 else "conflicts wait"
            found.append(f"{count} {waits} for a choice:")
            found += [f"  {text}" for _conflict, text in self.conflicts]
        if self.notes:
            found += ["Left alone:", *(f"  {note}" for note in self.notes)]
        if self.problems.first:
            count = len(self.problems.first) + self.problems.more
            found.append(f"{count} problem{'' if count == 1 else 's'}:")
            found += [f"  {problem}" for problem in self.problems.first]
        return found

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON holds it."""
        return {
            "pack": self.name,
            "version": self.version,
            "summary": self.summary,
            "things": [
                {
                    **said.thing._asdict(),
                    "title": said.title,
                    "what": said.outcome,
                    "sentences": list(said.sentences),
                }
                for said in self.things
            ],
            "conflicts": [
                {
                    **one.row._asdict(),
                    "field": one.field,
                    "base": None if one.base is NO_BASE else one.base,
                    "has_base": one.base is not NO_BASE,
                    "local": one.mine,
                    "incoming": one.theirs,
                    "text": text,
                }
                for one, text in self.conflicts
            ],
            "notes": self.notes,
            "problems": [problem._asdict() for problem in self.problems.first],
            "more_problems": self.problems.more,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Return the report that as_data() gave."""
        things = [
            ThingDescription(
                ThingKey(one["kind"], one["slug"]), one["title"], one["what"], one["sentences"]
            )
            for one in data["things"]
        ]
        conflicts = []
        for one in data["conflicts"]:
            row, base = RowKey(one["model"], tuple(one["key"])), one["base"]
            base = base if one["has_base"] else NO_BASE
            conflict = Conflict(row, one["field"], base, one["incoming"], one["local"])
            conflicts.append((conflict, one["text"]))
        problems = Problems([Problem(**one) for one in data["problems"]], data["more_problems"])
        said = data["pack"], data["version"]
        return cls(*said, things, data["summary"], conflicts, data["notes"], problems)


def report(plan: Plan) -> Report:
    """Say what a plan would do. A fixed number of queries for each batch of its rows."""
    rows = [pair for conflict in plan.conflicts for pair in _named_in(conflict)]
    rows += [(note.row, {}) for note in plan.notes[:MOST_NOTES]]
    labels = Labels.of(plan.changes, rows)
    things = describe(plan.changes, labels)
    conflicts = [(one, conflict_text(one, labels)) for one in plan.conflicts]
    notes = [_sentence(note, labels) for note in plan.notes[:MOST_NOTES]]
    notes += _more(len(plan.notes) - MOST_NOTES)
    said = plan.manifest
    return Report(said.name, said.version, things, summary(things), conflicts, notes, plan.problems)


def _named_in(conflict: Conflict) -> Iterator[tuple[RowKey, Fields]]:
    """Yield what the sentence about a conflict names. A row is called as it is here: last."""
    if not conflict.field:
        yield conflict.row, conflict.mine
        return
    for value in (conflict.base, conflict.theirs, conflict.mine):
        if value is not NO_BASE:
            yield conflict.row, {conflict.field: value}


def _more(count: int) -> list[str]:
    """Return a line that counts what is not shown; none where all is."""
    return [f"… and {count} more"] if count > 0 else []


def _sentence(note: Note, labels: Labels) -> str:
    model = MODELS[note.row.model]
    row = labels.row(note.row)
    field = model._meta.get_field(note.field).verbose_name if note.field else ""
    named = f"{model._meta.verbose_name} “{row}”"
    return note.text.format(row=row, named=named, field=field, by=note.by)
