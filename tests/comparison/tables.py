"""Tables for the tests of the engine: by hand from letters, or any by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from catalog.comparison.engine import Cell, Contender, Criterion, Group, Question, Table, read
from catalog.comparison.engine.table import HIGHEST_RATING, NOT_APPLICABLE, RATING_WORDS, UNKNOWN


def cell(said: str) -> Cell:
    """A cell from a letter: 0 to 4, y, n, ? for unknown, - for what does not apply; else text."""
    if said == "?":
        return Cell()
    if said == "-":
        return Cell(NOT_APPLICABLE)
    if said in "01234":
        return Cell("known", int(said), RATING_WORDS[int(said)])
    if said in "yn":
        return Cell("known", 4 if said == "y" else 0, "Yes" if said == "y" else "No")
    return Cell("known", None, "", said)


def make_table(*rows: str, contenders: str = "", **fields: Any) -> Table:
    """A table from lines such as "speed 3: 4 2 ?": name, weight, a cell for each contender.

    A weight "y3" makes a yes or no row, "text" a row of words; contenders are called a, b, c.
    """
    parsed = [row.partition(": ") for row in rows]
    width = max(len(cells.split()) for _, _, cells in parsed)
    columns = tuple(Contender(slug, slug.upper()) for slug in contenders or "abcdefghij"[:width])
    criteria, cells = [], {}
    for head, _, said in parsed:
        key, weight = head.split()
        kind = "text" if weight == "text" else "yes-no" if weight[0] == "y" else "rating"
        figure = 0 if kind == "text" else int(weight.removeprefix("y"))
        criteria.append(Criterion(key, key.capitalize(), kind, figure, fields.get("group", "")))
        for column, word in zip(columns, said.split(), strict=False):
            cells[key, column.slug] = cell(word)
    fields.pop("group", None)
    return Table(columns, tuple(criteria), cells, **fields)


def ask(table: Table, **asked: list[str]) -> Question:
    """The question in these parameters, all of which must make sense."""
    question, complaints = read(asked, table)
    assert complaints == []
    return question


def _cells(kind: str) -> st.SearchStrategy[Cell]:
    missing = st.sampled_from([Cell(UNKNOWN), Cell(NOT_APPLICABLE)])
    if kind == "text":
        return missing | st.sampled_from("xyz").map(lambda value: Cell("known", value=value))
    ratings = (0, HIGHEST_RATING) if kind == "yes-no" else range(HIGHEST_RATING + 1)
    known = st.builds(Cell, st.just("known"), st.sampled_from(ratings), st.sampled_from(["", "w"]))
    return known | known | missing


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any small table, its cells of every state."""
    contenders = tuple(Contender(slug, slug.upper()) for slug in "abcde"[: draw(st.integers(1, 5))])
    groups = tuple(Group(key, key) for key in ("one", "two")[: draw(st.integers(0, 2))])
    criteria, cells = [], {}
    for place in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["rating", "rating", "yes-no", "text"]))
        weight = 0 if kind == "text" else draw(st.integers(0, 5))
        group = draw(st.sampled_from(["", *(group.key for group in groups)]))
        criterion = Criterion(f"row-{place}", f"Row {place}", kind, weight, group)
        criteria.append(criterion)
        for contender in contenders:
            if draw(st.integers(0, 9)):  # now and then nobody has even said “unknown”
                cells[criterion.key, contender.slug] = draw(_cells(kind))
    return Table(contenders, tuple(criteria), cells, groups)


@st.composite
def queries(draw: st.DrawFn, table: Table) -> dict[str, list[str]]:
    """Any query string, parsed: mostly sense, some nonsense, in any order and repeated."""
    slugs = [contender.slug for contender in table.contenders]
    keys = [criterion.key for criterion in table.criteria]
    junk = st.sampled_from(["", "none", "x", ".", "row-0", "row-0.", "row-9.3", "-", "9", "é.1"])
    figures = st.builds("{}.{}".format, st.sampled_from(keys), st.sampled_from("0123456"))
    choices = {
        "t": st.sampled_from(slugs),
        "group": st.sampled_from(["one", "two", "none"]),
        "must": figures | st.sampled_from(keys).map("{}.yes".format),
        "differ": st.sampled_from("10"),
        "sort": st.sampled_from([*keys, *(f"-{key}" for key in keys), "fit"]),
        "w": figures,
        "page": st.just("2"),
    }
    names = draw(st.lists(st.sampled_from(sorted(choices)), unique=True))
    return {name: draw(st.lists(choices[name] | junk, max_size=4)) for name in names}
