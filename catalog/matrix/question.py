"""What a reader asks of a table, between the query string and its one canonical form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.matrix.table import HIGHEST_RATING, HIGHEST_WEIGHT, TEXT, YES_NO, Criterion, Table

MOST_CHOSEN = 10
MOST_CURATED = 20

# What the parameters can say besides names of rows.
NO_GROUP = "none"
YES = "yes"
FIT = "fit"

LONGEST_QUOTE = 60
MOST_COMPLAINTS = 8


@dataclass(frozen=True)
class Question:
    """What is asked, understood and in order; nothing asked is the curated table.

    `chosen`: slugs in the reader's order. `groups`: keys shown, None for all. `musts`: the least
    rating of a criterion that a contender needs. `sort`: criterion key or "fit", with "-" for the
    highest first ("fit" needs none). `weights`: of every weighed criterion, by key.
    """

    chosen: tuple[str, ...]
    weights: Mapping[str, int]
    groups: frozenset[str] | None = None
    musts: Mapping[str, int] = field(default_factory=dict)
    differ: bool = False
    sort: str = ""


def read(asked: Mapping[str, Sequence[str]], table: Table) -> tuple[Question, list[str]]:
    """The question in a parsed query string, and a sentence for each part that makes no sense.

    `asked` has a list of values for each name (`dict(request.GET.lists())`). Empty values and
    names of other things are passed over, as forms and campaigns send them. At most a handful of
    sentences comes back, however much nonsense was sent.
    """
    reader = _Reader(table)
    values = {name: [value for value in found if value] for name, found in asked.items()}
    question = Question(
        chosen=reader.chosen(values.get("t", ())),
        groups=reader.groups(values.get("group", ())),
        musts=reader.musts(values.get("must", ())),
        differ=reader.differ(values.get("differ", ())),
        sort=reader.sort(values.get("sort", ())),
        weights=reader.weights(values.get("w", ())),
    )
    return question, reader.sentences()


def canonical(question: Question, table: Table) -> list[tuple[str, str]]:
    """The parameters of the one address of a question: order fixed, defaults left out."""
    every = [contender.slug for contender in table.contenders]
    pairs = []
    if not table.is_curated or list(question.chosen) != every[:MOST_CURATED]:
        pairs += [("t", slug) for slug in question.chosen]
    if question.groups is not None:
        shown = [group.key for group in table.groups if group.key in question.groups]
        pairs += [("group", key) for key in shown or [NO_GROUP]]
    pairs += [
        (
            "must",
            f"{criterion.key}.{YES if criterion.kind == YES_NO else question.musts[criterion.key]}",
        )
        for criterion in table.criteria
        if criterion.key in question.musts
    ]
    if question.differ:
        pairs.append(("differ", "1"))
    if question.sort:
        pairs.append(("sort", question.sort))
    if question.weights != table.curated_weights:
        pairs += [("w", f"{key}.{weight}") for key, weight in question.weights.items()]
    return pairs


class _Reader:
    """Reads one parameter after another and keeps what it has to complain of."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.complaints: dict[str, None] = {}

    def complain(self, sentence: str, value: str, **more: Any) -> None:
        quoted = value if len(value) <= LONGEST_QUOTE else f"{value[:LONGEST_QUOTE]}…"
        self.complaints[sentence % {"value": quoted, **more}] = None

    def sentences(self) -> list[str]:
        said = list(self.complaints)
        if len(said) > MOST_COMPLAINTS:
            rest = len(said) - MOST_COMPLAINTS
            said[MOST_COMPLAINTS:] = [f"{rest} more parts were left out."]
        return said

    def chosen(self, slugs: Sequence[str]) -> tuple[str, ...]:
        here = self.table.contender_by_slug
        known = []
        for slug in dict.fromkeys(slugs):
            if slug in here:
                known.append(slug)
            elif self.table.is_curated:
                self.complain("“%(value)s” is not in this table; it was left out.", slug)
            else:
                self.complain("The guide has no technology “%(value)s”; it was left out.", slug)
        # All of a curated table's own is what it shows anyway, however many they are.
        if self.table.is_curated and known in ([], list(here), list(here)[:MOST_CURATED]):
            return self._curated(list(here))
        for slug in known[MOST_CHOSEN:]:
            self.complain(
                "At most %(most)d can be chosen; “%(value)s” was left out.",
                slug,
                most=MOST_CHOSEN,
            )
        return tuple(known[:MOST_CHOSEN])

    def _curated(self, slugs: list[str]) -> tuple[str, ...]:
        for slug in slugs[MOST_CURATED:]:
            self.complain(
                "A table shows at most %(most)d; choose “%(value)s” to see it.",
                slug,
                most=MOST_CURATED,
            )
        return tuple(slugs[:MOST_CURATED])

    def groups(self, keys: Sequence[str]) -> frozenset[str] | None:
        own = {group.key for group in self.table.groups}
        known = own & set(keys)
        for key in dict.fromkeys(keys):
            if key not in own and key != NO_GROUP:
                self.complain("There is no group “%(value)s” here; it was left out.", key)
        if known == own or (not known and NO_GROUP not in keys):
            return None
        return frozenset(known)

    def musts(self, values: Sequence[str]) -> dict[str, int]:
        musts = {}
        for value in dict.fromkeys(values):
            criterion, least = self._split(value)
            if criterion is None:
                continue
            if least == YES and criterion.kind == YES_NO:
                musts[criterion.key] = HIGHEST_RATING
            elif _is_digit(least, HIGHEST_RATING) and self._can_be_needed(criterion, int(least)):
                musts[criterion.key] = int(least)
            else:
                self.complain(
                    "“%(value)s” is no must-have: a rating takes 1 to 4, a yes or no takes yes.",
                    value,
                )
        return {key: least for key, least in musts.items() if least}

    def _can_be_needed(self, criterion: Criterion, least: int) -> bool:
        return criterion.kind != YES_NO or least in (0, HIGHEST_RATING)

    def weights(self, values: Sequence[str]) -> dict[str, int]:
        weights = dict(self.table.curated_weights)
        for value in dict.fromkeys(values):
            criterion, weight = self._split(value)
            if criterion is None:
                continue
            if _is_digit(weight, HIGHEST_WEIGHT):
                weights[criterion.key] = int(weight)
            else:
                self.complain("“%(value)s” is no weight: 0 to 5 after the last dot.", value)
        return weights

    def _split(self, value: str) -> tuple[Criterion | None, str]:
        key, _dot, figure = value.rpartition(".")
        criterion = self.table.criterion_by_key.get(key)
        if criterion is None or criterion.kind == TEXT:
            self.complain("“%(value)s” names no row that is rated here; it was left out.", value)
            return None, ""
        return criterion, figure

    def differ(self, values: Sequence[str]) -> bool:
        for value in dict.fromkeys(values):
            if value not in ("0", "1"):
                self.complain("“differ” takes 1, not “%(value)s”; it was left out.", value)
        return "1" in values

    def sort(self, values: Sequence[str]) -> str:
        """The last that makes sense: a button is sent after the order the form had before."""
        order = ""
        for value in values:
            if value == FIT or value.removeprefix("-") in self.table.criterion_by_key:
                order = value
            elif value != "-":
                self.complain(
                    "“%(value)s” is no row to sort by; it was left out.",
                    value,
                )
        return order


def _is_digit(text: str, highest: int) -> bool:
    return text in map(str, range(highest + 1))
