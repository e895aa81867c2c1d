"""What changes, in sentences for people, grouped by thing: one mouth for terminal and pages.

Nothing said here is HTML, and no change is kept: only counts and a few sentences for each thing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import groupby

from django.utils.text import capfirst

from catalog.changes.titles import Titles
from catalog.changes.words.parts import (
    ORDERS,
    comes_with_parent,
    has_another_place,
    is_said,
    say_part,
)
from catalog.changes.words.pins import Way, counted, sum_of, way_of
from catalog.changes.words.things import say_new, say_own
from catalog.history.rows import MODEL_OF_KIND, MODELS, RANK, RowChange
from catalog.models import Status, ThingKey

# A wall of sentences is not read.
MOST_SENTENCES = 50
MOST_PINS = 5


class What(StrEnum):
    """What becomes of a thing, in the order in which a summary counts it."""

    NEW = "new"
    CHANGED = "changed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DRAFT = "draft"
    DELETED = "deleted"


BY_STATUS = {
    Status.PUBLISHED: What.PUBLISHED,
    Status.ARCHIVED: What.ARCHIVED,
    Status.DRAFT: What.DRAFT,
}


@dataclass(frozen=True, slots=True)
class ThingSaid:
    """What is said of one thing; `pins` counts those of a version set for the summary."""

    thing: ThingKey
    title: str
    what: What
    sentences: tuple[str, ...]
    pins: tuple[tuple[Way, int], ...] = ()

    def __str__(self) -> str:
        sentences = "; ".join(self.sentences)
        if self.what == What.NEW:
            return sentences  # begins with the title
        return f"{self.title}: {sentences}"


def say(changes: Iterable[RowChange], titles: Titles) -> list[ThingSaid]:
    """What is said of each thing: kinds in the order of CONTENT, then by title and slug.

    A change is said with the first of its things. The order of changes does not count. `titles`
    must have been read for them.
    """
    accounts: dict[ThingKey, _Account] = {}
    for change in changes:
        if not change.things:
            continue  # facts of a package that is nowhere: its plan names that as a problem
        thing = change.things[0]
        if thing not in accounts:
            accounts[thing] = _Account(thing)
        accounts[thing].add(change, titles)
    said = [account.said(titles) for account in accounts.values()]
    return sorted((each for each in said if each.sentences), key=_place)


def summary(said: list[ThingSaid]) -> list[str]:
    """How many things of each kind: “Technologies: 2 new, 3 changed”. As `say` orders them."""
    return [_summary_of(kind, list(same)) for kind, same in groupby(said, lambda it: it.thing.kind)]


def _summary_of(kind: str, said: list[ThingSaid]) -> str:
    counts = Counter(each.what for each in said)
    words = {
        "kind": capfirst(MODELS[MODEL_OF_KIND[kind]]._meta.verbose_name_plural),
        "counts": ", ".join(
            f"{counts[what]} {'back to draft' if what is What.DRAFT else what}"
            for what in What
            if counts[what]
        ),
        "pins": counted(sum_of(dict(each.pins) for each in said)),
    }
    if not words["pins"]:
        return "{kind}: {counts}".format(**words)
    return "{kind}: {counts} ({pins})".format(**words)


def _place(said: ThingSaid) -> tuple[int, str, str]:
    return RANK[MODEL_OF_KIND[said.thing.kind]], said.title, said.thing.slug


@dataclass(slots=True)
class _Sentences:
    """The first sentences of many, by the order of what they are about.

    A sentence is made only where it can be among them.
    """

    most: int
    count: int = 0
    kept: list[tuple[tuple, str]] = field(default_factory=list)
    bar: tuple | None = None  # whatever stands behind it comes too late

    def add(self, place: tuple, tell: Callable[[], str]) -> None:
        self.count += 1
        if self.bar is None or place < self.bar:
            self.kept.append((place, tell()))
            if len(self.kept) > 2 * self.most:
                self.cut()

    def first(self, count: int) -> list[str]:
        self.cut()
        return [text for _place, text in self.kept[:count]]

    def cut(self) -> None:
        self.kept.sort()
        del self.kept[self.most :]
        if self.kept and len(self.kept) == self.most:
            self.bar = self.kept[-1][0]


@dataclass(slots=True)
class _Account:
    """What has been heard of one thing so far."""

    thing: ThingKey
    what: What = What.CHANGED
    made: Counter[str] = field(default_factory=Counter)  # new parts, by model
    orders: set[str] = field(default_factory=set)  # models whose rows stand in another order
    pins: Counter[Way] = field(default_factory=Counter)
    new_cells: int = 0  # of new rows and columns
    of_new: _Sentences = field(default_factory=lambda: _Sentences(MOST_SENTENCES))
    of_others: _Sentences = field(default_factory=lambda: _Sentences(MOST_SENTENCES))
    of_pins: _Sentences = field(default_factory=lambda: _Sentences(MOST_PINS))

    def add(self, change: RowChange, titles: Titles) -> None:
        if not MODELS[change.row.model].OWNERS:
            self._add_own(change, titles)
            return
        if has_another_place(change):
            self.orders.add(change.row.model)
        if change.before is None:
            self.made[change.row.model] += 1
        if comes_with_parent(change, titles):
            self.new_cells += 1
        elif self._may_be_said(change) and is_said(change, titles):
            if change.row.model == "pin":
                self.pins[way_of(change)] += 1
            self._sentences_for(change).add(_place_of(change), lambda: say_part(change, titles))

    def said(self, titles: Titles) -> ThingSaid:
        title = titles.thing(self.thing)
        if self.what == What.DELETED:
            return ThingSaid(self.thing, title, self.what, ("deleted",))
        if self.what == What.NEW:
            new = say_new(self.thing, title, self.made)
            sentences = (new, *_capped([self.of_others], MOST_SENTENCES - 1))
            return ThingSaid(self.thing, title, self.what, sentences)
        pins = tuple((way, self.pins[way]) for way in Way if self.pins[way])
        return ThingSaid(self.thing, title, self.what, tuple(self._all_sentences()), pins)

    def _sentences_for(self, change: RowChange) -> _Sentences:
        if change.row.model == "pin":
            return self.of_pins
        return self.of_new if change.before is None else self.of_others

    def _may_be_said(self, change: RowChange) -> bool:
        """Whether it is worth finding words: the parts of a new thing are only counted."""
        return self.what not in (What.NEW, What.DELETED) or change.before is not None

    def _add_own(self, change: RowChange, titles: Titles) -> None:
        if change.before is None:
            self.what = What.NEW
        elif change.after is None:
            self.what = What.DELETED
        else:
            if "status" in change.changed:
                self.what = BY_STATUS[change.after["status"]]
            for number, text in enumerate(say_own(change, titles)):
                self.of_others.add((*_place_of(change), number), partial(str, text))

    def _all_sentences(self) -> Iterator[str]:
        """First what is said of single rows, then of its pins, then of many rows at once."""
        last = []
        if self.pins:
            last.append(counted(self.pins))
        if self.of_pins.count <= MOST_PINS:
            last += self.of_pins.first(MOST_PINS)
        if self.new_cells:
            text = "%(count)d new cell" if self.new_cells == 1 else "%(count)d new cells"
            last.append(text % {"count": self.new_cells})
        last += [str(text) for model, text in ORDERS.items() if model in self.orders]
        yield from _capped([self.of_others, self.of_new], MOST_SENTENCES - len(last))
        yield from last


def _place_of(change: RowChange) -> tuple[int, tuple[str, ...]]:
    return RANK[change.row.model], change.row.key


def _capped(many: list[_Sentences], room: int) -> Iterator[str]:
    """At most so many sentences, by the place of what they are about, and how many there are more.

    The last line is over and above them.
    """
    merged = _Sentences(room)
    for sentences in many:
        for place, text in sentences.kept:
            merged.add(place, partial(str, text))
    yield from merged.first(room)
    more = sum(sentences.count for sentences in many) - room
    if more > 0:
        yield f"… and {more} more"
