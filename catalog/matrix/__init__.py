"""Comparison tables: rows and a reader's question in, the rectangle shown out.

Pure: no request, no HTML, no query. Page, fragment, CSV, Markdown and JSON read one Rectangle.
"""

from catalog.matrix.fit import Fit
from catalog.matrix.question import Question, canonical, read
from catalog.matrix.rectangle import Column, Rectangle, Row, Ruling, arrange
from catalog.matrix.safety import Flip, Safety, judge
from catalog.matrix.table import Cell, Contender, Criterion, Evidence, Group, Table, evidence

__all__ = [
    "Cell",
    "Column",
    "Contender",
    "Criterion",
    "Evidence",
    "Fit",
    "Flip",
    "Group",
    "Question",
    "Rectangle",
    "Row",
    "Ruling",
    "Safety",
    "Table",
    "arrange",
    "canonical",
    "evidence",
    "judge",
    "read",
]
