"""The question a reader asks of a table: from the query string to its canonical form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog.comparison.engine.table import (
    HIGHEST_RATING,
    HIGHEST_WEIGHT,
    TEXT,
    YES_NO,
    Criterion,
    Preset,
    Table,
)

MOST_CHOSEN = 10
MOST_CURATED = 20

# What the parameters can say besides names of rows.
NO_GROUP = "none"
YES = "yes"
FIT = "fit"

# Which rows are shown: all, those whose judgements differ, those in which the first two do.
ALL, DIFFER, TOP = "all", "differ", "top"
ROWS = (ALL, DIFFER, TOP)
# How much of each cell is shown; no matter to files.
MARKS, WORDS, EVERYTHING = "marks", "words", "everything"
DENSITIES = (MARKS, WORDS, EVERYTHING)

LONGEST_QUOTE = 60
MOST_COMPLAINTS = 8


@dataclass(frozen=True)
class Question:
    """A question, understood and in order; nothing asked is the curated table.

    `chosen`: slugs in the reader's order. `groups`: keys shown, None for all. `musts`: the least
    rating of a criterion that a contender needs. `rows`: of ROWS. `show`: of DENSITIES. `sort`:
    criterion key or "fit", with "-" for the highest first ("fit" needs none). `weights`: of every
    weighed criterion, by key.
    """

    chosen: tuple[str, ...]
    weights: Mapping[str, int]
    groups: frozenset[str] | None = None
    musts: Mapping[str, int] = field(default_factory=dict)
    rows: str = ALL
    show: str = WORDS
    sort: str = ""


def read(asked: Mapping[str, Sequence[str]], table: Table) -> tuple[Question, list[str]]:
    """Return the question in a parsed query string, and a sentence for each part without sense.

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
        rows=reader.rows(values.get("rows", ()), values.get("differ", ())),
        show=reader.one_of("show", DENSITIES, values.get("show", ())) or WORDS,
        sort=reader.sort(values.get("sort", ())),
        weights=reader.weights(values.get("w", ())),
    )
    return question, reader.sentences()


def canonical(question: Question, table: Table) -> list[tuple[str, str]]:
    """Return the parameters of the question's one address: order fixed, defaults left out."""
    every = [contender.slug for contender in table.contenders]
    pairs = []
    if list(question.chosen) != every[:MOST_CURATED]:
        pairs += [("t", slug) for slug in question.chosen]
    if question.groups is not None:
        shown = [group.key for group in table.groups if group.key in question.groups]
        pairs += [("group", key) for key in shown or [NO_GROUP]]
    for criterion in table.criteria:
        if criterion.key in question.musts:
            least = YES if criterion.kind == YES_NO else question.musts[criterion.key]
            pairs.append(("must", f"{criterion.key}.{least}"))
    if question.rows != ALL:
        pairs.append(("rows", question.rows))
    if question.show != WORDS:
        pairs.append(("show", question.show))
    if question.sort:
        pairs.append(("sort", question.sort))
    if question.weights != table.curated_weights:
        pairs += [("w", f"{key}.{weight}") for key, weight in question.weights.items()]
    return pairs


def weighed_as(question: Question, preset: Preset, table: Table) -> Question:
    """Return the question with the weights and must-haves of a preset, all else as it was asked.

    What the preset asks of a row that is gone is left out; `integrity` names it to editors.
    """
    asked, _complaints = read(preset.asked, table)
    return replace(question, weights=asked.weights, musts=asked.musts)


class _Reader:
    """Reads one parameter after another, and collects a complaint for each value without sense."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.complaints: dict[str, None] = {}

    def complain(self, sentence: str) -> None:
        self.complaints[sentence] = None

    def sentences(self) -> list[str]:
        sentences = list(self.complaints)
        if len(sentences) > MOST_COMPLAINTS:
            rest = len(sentences) - MOST_COMPLAINTS
            sentences[MOST_COMPLAINTS:] = [f"{rest} more parts were left out."]
        return sentences

    def chosen(self, slugs: Sequence[str]) -> tuple[str, ...]:
        every = list(self.table.contender_by_slug)
        known = []
        for slug in dict.fromkeys(slugs):
            if slug in self.table.contender_by_slug:
                known.append(slug)
            else:
                self.complain(f"{_quote(slug)} is not in this table; it was left out.")
        # All of the table's own is what it shows anyway, however many they are.
        if known in ([], every, every[:MOST_CURATED]):
            for slug in every[MOST_CURATED:]:
                self.complain(
                    f"A table shows at most {MOST_CURATED}; choose {_quote(slug)} to see it."
                )
            return tuple(every[:MOST_CURATED])
        for slug in known[MOST_CHOSEN:]:
            self.complain(f"At most {MOST_CHOSEN} can be chosen; {_quote(slug)} was left out.")
        return tuple(known[:MOST_CHOSEN])

    def groups(self, keys: Sequence[str]) -> frozenset[str] | None:
        own = {group.key for group in self.table.groups}
        known = own & set(keys)
        for key in dict.fromkeys(keys):
            if key not in own and key != NO_GROUP:
                self.complain(f"There is no group {_quote(key)} here; it was left out.")
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
            elif least in _ratings_of(criterion):
                musts[criterion.key] = int(least)
            else:
                self.complain(
                    f"{_quote(value)} is no must-have: a rating takes 1 to 4, a yes or no takes "
                    "yes."
                )
        return {key: least for key, least in musts.items() if least}

    def weights(self, values: Sequence[str]) -> dict[str, int]:
        weights = dict(self.table.curated_weights)
        for value in dict.fromkeys(values):
            criterion, weight = self._split(value)
            if criterion is None:
                continue
            if weight in map(str, range(HIGHEST_WEIGHT + 1)):
                weights[criterion.key] = int(weight)
            else:
                self.complain(f"{_quote(value)} is no weight: 0 to 5 after the last dot.")
        return weights

    def _split(self, value: str) -> tuple[Criterion | None, str]:
        key, _dot, figure = value.rpartition(".")
        criterion = self.table.criterion_by_key.get(key)
        if criterion is None or criterion.kind == TEXT:
            self.complain(f"{_quote(value)} names no row that is rated here; it was left out.")
            return None, ""
        return criterion, figure

    def rows(self, values: Sequence[str], differ: Sequence[str]) -> str:
        """Return which rows are asked for; `differ=1` is how the differing ones once were."""
        return self.one_of("rows", ROWS, values) or (DIFFER if "1" in differ else ALL)

    def one_of(self, name: str, offered: Sequence[str], values: Sequence[str]) -> str:
        """Return the last of the values that is offered; blank for none."""
        for value in dict.fromkeys(values):
            if value not in offered:
                words = ", ".join(offered)
                self.complain(
                    f"“{name}” takes one of {words}, not {_quote(value)}; it was left out."
                )
        return next((value for value in reversed(values) if value in offered), "")

    def sort(self, values: Sequence[str]) -> str:
        """Return the last that makes sense: a button is sent after the order the form had."""
        order = ""
        for value in values:
            if value == FIT or value.removeprefix("-") in self.table.criterion_by_key:
                order = value
            elif value != "-":
                self.complain(f"{_quote(value)} is no row to sort by; it was left out.")
        return order


def _quote(value: str) -> str:
    return f"“{value}”" if len(value) <= LONGEST_QUOTE else f"“{value[:LONGEST_QUOTE]}…”"


def _ratings_of(criterion: Criterion) -> list[str]:
    """Return the figures that a must-have of this row can ask for; a yes or no has no middle."""
    step = HIGHEST_RATING if criterion.kind == YES_NO else 1
    return [str(figure) for figure in range(0, HIGHEST_RATING + 1, step)]
