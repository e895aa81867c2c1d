"""A comparison as a block of a page: those of its contenders that were chosen, and who leads."""

from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString

from catalog.comparison import cells
from catalog.comparison.engine import Question, Row, Safety, arrange, canonical, judge, words
from catalog.comparison.engine.rectangle import Column
from catalog.comparison.side_by_side import Held
from catalog.http import address_of


def block_of(held: Held) -> dict[str, Any]:
    """Judge the members of a comparison alone, by the guide's own weights. No query."""
    comparison, table, members = held
    rectangle = arrange(table, Question(members, table.curated_weights))
    safety = judge(rectangle)
    asked = canonical(rectangle.question, table)
    return {
        "comparison": comparison,
        # Of the comparison with just these.
        "address": address_of(comparison.get_absolute_url(), asked),
        "others": len(table.contenders) - len(members),
        "note": held.note,
        "winner": words.winner(safety),
        "columns": [_column(column, safety) for column in rectangle.columns],
        "rows": [(row.criterion, _cells(row, rectangle.columns)) for row in rectangle.rows],
    }


def _column(column: Column, safety: Safety) -> dict[str, Any]:
    fit = column.fit
    score = None if fit.score is None else f"{float(fit.score):.1f}"
    return {
        "contender": column.contender,
        "score": words.points(fit.score),
        "bar": score and f"M0 0h{score}v6h-{score}z",
        "reach": words.reach(column) if fit.unknown or not fit.known else "",
        "leads": column in safety.leaders,
    }


def _cells(row: Row, columns: tuple[Column, ...]) -> SafeString:
    """Return the cells of a row without notes and evidence, which the comparison itself has."""
    bare = {"note": "", "source": "", "verified_on": None, "applies_to": "", "stale": False}
    row = replace(
        row,
        criterion=row.criterion._replace(is_own=True),
        cells=tuple(cell._replace(**bare) for cell in row.cells),
    )
    return cells.row_html(row, columns)
