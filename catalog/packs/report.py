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
                    "model": one.row.model,
                    "key": list(one.row.key),
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
        problems = Problems()
        problems.first = [Problem(**one) for one in data["problems"]]
        problems.more = data["more_problems"]
        return cls(
            name=data["pack"],
            version=data["version"],
            things=[
                ThingDescription(
                    ThingKey(one["kind"], one["slug"]), one["title"], one["what"], one["sentences"]
                )
                for one in data["things"]
            ],
            summary=data["summary"],
            conflicts=[
                (
                    Conflict(
                        RowKey(one["model"], tuple(one["key"])),
                        one["field"],
                        one["base"] if one["has_base"] else NO_BASE,
                        one["incoming"],
                        one["local"],
                    ),
                    one["text"],
                )
                for one in data["conflicts"]
            ],
            notes=data["notes"],
            problems=problems,
        )


def report(plan: Plan) -> Report:
    """Say what a plan would do. A fixed number of queries for each batch of its rows."""
    rows = [pair for conflict in plan.conflicts for pair in _named_in(conflict)]
    rows += [(note.row, {}) for note in plan.notes[:MOST_NOTES]]
    labels = Labels.of(plan.changes, rows)
    things = describe(plan.changes, labels)
    notes = [_note(note, labels) for note in plan.notes[:MOST_NOTES]]
    return Report(
        name=plan.manifest.name,
        version=plan.manifest.version,
        things=things,
        summary=summary(things),
        conflicts=[(one, _conflict_text(one, labels)) for one in plan.conflicts],
        notes=notes + _more(len(plan.notes) - MOST_NOTES),
        problems=plan.problems,
    )


def _named_in(conflict: Conflict) -> Iterator[tuple[RowKey, Fields]]:
    """Yield what the sentence about a conflict names. A row is called as it is here: last."""
    if not conflict.field:
        yield conflict.row, conflict.mine
        return
    for value in (conflict.base, conflict.theirs, conflict.mine):
        if value is not NO_BASE:
            yield conflict.row, {conflict.field: value}


def _conflict_text(conflict: Conflict, labels: Labels) -> str:
    row, field, base, theirs, mine = conflict[:5]
    return conflict_text(row, field, base, mine, theirs, labels, has_base=base is not NO_BASE)


def _more(count: int) -> list[str]:
    """Return a line that counts what is not shown; none where all is."""
    return [f"… and {count} more"] if count > 0 else []


def _note(note: Note, labels: Labels) -> str:
    model = MODELS[note.row.model]
    row = labels.row(note.row)
    field = model._meta.get_field(note.field).verbose_name if note.field else ""
    named = f"{model._meta.verbose_name} “{row}”"
    return note.text.format(row=row, named=named, field=field, by=note.by)
