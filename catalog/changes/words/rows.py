"""A row that says something else in one sentence, whatever its model.

A difference is told in clauses. The first one of a sentence names the row, those behind it do not:
“Documentation of Quart falls from Good to Moderate; loses its source”.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise

from catalog.changes.titles import Titles
from catalog.changes.words.fields import noun, of_field, told
from catalog.changes.words.values import quoted, quoted_apart, shortened, target_title
from catalog.history.rows import Fields, RowChange, RowKey


class Clause(NamedTuple):
    """One thing said of a row: as the first of a sentence, and behind others."""

    first: str
    behind: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that says something else, and how sentences name it; things are not named at all."""

    change: RowChange
    subject: str
    titles: Titles

    @property
    def row(self) -> RowKey:
        return self.change.row

    def was(self, name: str) -> Any:
        return self.change.before[name]

    def now(self, name: str) -> Any:
        return self.change.after[name]

    def differs(self, name: str) -> bool:
        return self.was(name) != self.now(name)

    def target(self, name: str, fields: Fields) -> str:
        """The title of what a reference in these fields names; empty for none."""
        return target_title(self.row, name, fields[name], self.titles)

    def phrase(self, text: str) -> Clause:
        """A clause that goes on behind the name: “loses its source”."""
        whole = f"{self.subject} {text}"
        return Clause(whole if self.subject else text, text)

    def remark(self, text: str) -> Clause:
        """A clause that stands behind a colon: “recommended becomes alternative”."""
        whole = f"{self.subject}: {text}"
        return Clause(whole if self.subject else text, text)

    def field(self, name: str) -> Clause:
        """What is said of a field for which there are no other words."""
        before, after = self.was(name), self.now(name)
        behind = of_field(self.row, name, before, after, self.titles)
        if not self.subject:
            return Clause(behind, behind)
        named = f"{noun(self.row, name)} of {self.subject}"
        return Clause(told(self.row, name, before, after, self.titles, named, named), behind)


Teller = Callable[[Difference], Iterable[Clause]]

# The fields that are told together, and who tells them.
Tellers = Sequence[tuple[tuple[str, ...], Teller]]


def clauses(difference: Difference, names: Iterable[str], tellers: Tellers = ()) -> list[Clause]:
    """What is said of these fields, which differ; of those that nobody tells, a plain clause."""
    left, found = list(names), []
    for together, tell in tellers:
        if any(name in together for name in left) and (told := list(tell(difference))):
            found += told
            left = [name for name in left if name not in together]
    return found + [difference.field(name) for name in left]


def sentence(said: Sequence[Clause]) -> str:
    """Clauses about one row as a sentence; empty for none."""
    return "; ".join([*(each.first for each in said[:1]), *(each.behind for each in said[1:])])


Naming = Callable[[RowChange, Titles], str]


class Words(NamedTuple):
    """How a model's rows are spoken of: made, gone, named in a difference, and told by fields."""

    made: Naming
    gone: Naming
    subject: Naming
    tellers: Tellers = ()


def said(change: RowChange, titles: Titles, words: Words) -> str:
    """A sentence about a row; empty where nothing but its place differs."""
    if change.before is None:
        return words.made(change, titles)
    if change.after is None:
        return words.gone(change, titles)
    names = [name for name in change.changed if name != "position"]
    difference = Difference(change, words.subject(change, titles), titles)
    return sentence(clauses(difference, names, words.tellers))


def title(change: RowChange, titles: Titles) -> str:
    """Names a row by what it is called."""
    return titles.row(change.row)


def by_title(text: str | Promise) -> Naming:
    """A sentence with the row's title in it: “new contender: %(row)s”."""
    return lambda change, titles: str(text) % {"row": shortened(titles.row(change.row))}


def by_field(text: str | Promise, name: str) -> Naming:
    """A sentence with what the row says, or said, in one field: “role %(row)s is gone”."""
    return lambda change, _titles: (
        str(text) % {"row": shortened((change.after or change.before)[name])}
    )


def renaming(text: str | Promise, name: str = "name") -> Tellers:
    """A remark on the field that a row is named by: “row “A” becomes “B””."""

    def tell(difference: Difference) -> Iterator[Clause]:
        before, after = quoted_apart([difference.was(name), difference.now(name)])
        if before != after:
            remark = str(text) % {"before": before, "after": after}
            yield Clause(remark, remark)

    return (((name,), tell),)


def moving(difference: Difference, *names: str) -> Iterator[Clause]:
    """What a row moves to, told of the fields of which one at a time names a place."""
    before, after = (
        next((title for name in names if (title := difference.target(name, fields))), "")
        for fields in (difference.change.before, difference.change.after)
    )
    if before and after and before != after:
        yield difference.phrase(f"moves from {quoted(before)} to {quoted(after)}")
