"""What rows and things are called: by the database and, over it, by the changes themselves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Self

from catalog.history.rows import MODELS, Fields, RowChange, RowKey, kinds_in_key, references_of
from catalog.history.store import in_batches
from catalog.models import ThingKey

# The field that says what a row is called; rows of other models are called by their keys.
NAME_FIELDS = {
    "guide": "title",
    "category": "name",
    "technology": "name",
    "alias": "name",
    "point": "text",
    "snippet": "title",
    "comparison": "title",
    "criteriongroup": "name",
    "criterion": "name",
    "stack": "name",
    "role": "name",
    "versionset": "title",
}

# Which part of its key names the technology that a row is called by.
CALLED_BY_TECHNOLOGY = {"listing": 1, "companion": 1, "contender": 1, "choice": 2}

# The row whose name belongs to this one's, besides things: it has the first two parts of the key.
PARENTS = {"cell": "criterion", "choice": "role"}

# There are many of them in a pack and nothing refers to them: a change says their names itself.
UNNAMED = ("alias", "point")

# What their own parts come and go with.
WITH_PARTS = ("package", "contender", "criterion", "role")

LONGEST_NAME = 200

MODEL_OF_KIND = {model.KIND: name for name, model in MODELS.items() if not model.OWNERS}

Wanted = dict[str, set[tuple[str, ...]]]


class Titles:
    """Names of things and rows, and which rows come or go with the changes they were read for.

    Of rows in the changes, points and aliases alone are not kept: ask for them in `also`.
    """

    def __init__(
        self, changes: Iterable[RowChange], also: Iterable[tuple[RowKey, Fields]] = ()
    ) -> None:
        self._names: dict[RowKey, str] = {}
        self._kinds: dict[RowKey, str] = {}
        self._new: set[RowKey] = set()
        self._gone: set[RowKey] = set()
        wanted: Wanted = defaultdict(set)
        for row, fields in also:
            self._note(row, fields)
            _want(wanted, _named_by(row, fields))
        for change in changes:
            self._note_change(change)
            _want(wanted, _named_by_change(change))
        for model, keys in wanted.items():
            self._read(model, (key for key in keys if RowKey(model, key) not in self._names))

    @classmethod
    def of(cls, changes: Iterable[RowChange], also: Iterable[tuple[RowKey, Fields]] = ()) -> Self:
        """The titles of all that these changes name, and of the rows in `also`.

        The fields in `also` may be some of the row's or none: what they do not say is read.
        At most one query for each model that has names, in batches.
        """
        return cls(changes, also)

    def thing(self, thing: ThingKey) -> str:
        """What a thing is called; its slug where nobody knows."""
        return self._names.get(RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,)), thing.slug)

    def row(self, row: RowKey) -> str:
        """What a row is called: by its own name, by what it is about, or by its key."""
        if (name := self._names.get(row)) is not None:
            return name
        if row.model == "cell":
            comparison, criterion, technology = row.key
            return "{criterion} of {contender}".format(
                criterion=self.row(RowKey("criterion", (comparison, criterion))),
                contender=self.thing(ThingKey("technology", technology)),
            )
        if (place := CALLED_BY_TECHNOLOGY.get(row.model)) is not None:
            return self.thing(ThingKey("technology", row.key[place]))
        return row.key[-1]

    def kind_of_row(self, row: RowKey) -> str:
        """The kind of a criterion, or of the criterion that a cell stands under; empty if unknown.

        A rating is said in other words where the answer is yes or no.
        """
        return self._kinds.get(RowKey("criterion", row.key[:2]), "")

    def is_new(self, row: RowKey) -> bool:
        """Whether the changes make this package, contender, criterion or role."""
        return row in self._new

    def is_gone(self, row: RowKey) -> bool:
        """Whether it goes with the changes."""
        return row in self._gone

    def _note_change(self, change: RowChange) -> None:
        if change.row.model not in UNNAMED:
            self._note(change.row, change.after or change.before)
        if change.row.model in WITH_PARTS:
            if change.before is None:
                self._new.add(change.row)
            if change.after is None:
                self._gone.add(change.row)

    def _note(self, row: RowKey, fields: Fields) -> None:
        name = NAME_FIELDS.get(row.model)
        if name in fields:
            self._names[row] = one_line(fields[name])[:LONGEST_NAME] or row.key[-1]
        if row.model == "criterion" and "kind" in fields:
            self._kinds[row] = fields["kind"]

    def _read(self, model: str, keys: Iterable[tuple[str, ...]]) -> None:
        paths = MODELS[model].NATURAL_KEY
        said = [NAME_FIELDS[model], *(["kind"] if model == "criterion" else [])]
        for batch in in_batches(keys):
            asked = set(batch)
            parts = zip(paths, zip(*batch, strict=True), strict=True)
            look_ups = {f"{path}__in": set(values) for path, values in parts}
            rows = MODELS[model].objects.filter(**look_ups).order_by()
            for values in rows.values_list(*paths, *said):
                key = values[: len(paths)]
                if key in asked:
                    fields = dict(zip(said, values[len(paths) :], strict=True))
                    self._note(RowKey(model, key), fields)


def one_line(text: str) -> str:
    """The text on one line, without control characters and signs that turn its direction."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _named_by_change(change: RowChange) -> Iterator[RowKey]:
    """What the sentences about a change may name besides what it says itself."""
    for thing in change.things[:1]:
        yield RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,))
    if change.row.model not in NAME_FIELDS:
        yield from _named_by(change.row, {})
    for fields in (change.before, change.after):
        yield from _referred_to(change.row, fields or {})


def _named_by(row: RowKey, fields: Fields) -> Iterator[RowKey]:
    """What it takes to say what a row is called, whose it is, and what its fields refer to."""
    if row.model in NAME_FIELDS:
        yield row
    if row.model in PARENTS:
        yield RowKey(PARENTS[row.model], row.key[:2])
    for slug, kind in zip(row.key, kinds_in_key(row.model), strict=True):
        if kind:
            yield RowKey(MODEL_OF_KIND[kind], (slug,))
    yield from _referred_to(row, fields)


def _referred_to(row: RowKey, fields: Fields) -> Iterator[RowKey]:
    for reference in references_of(row.model):
        if value := fields.get(reference.name):
            yield from _named_by(RowKey(reference.model, tuple(value)), {})


def _want(wanted: Wanted, rows: Iterable[RowKey]) -> None:
    for model, key in rows:
        wanted[model].add(key)
