"""Comparison tables: rows and a reader's question go in, the rectangle to show comes out.

Pure: no request, no HTML, no query. Page, fragment, CSV, Markdown and JSON read one Rectangle.
"""

from catalog.comparison.engine.fit import Fit
from catalog.comparison.engine.question import Question, canonical, read, weighed_as
from catalog.comparison.engine.rectangle import Column, Rectangle, Row, Ruling, arrange
from catalog.comparison.engine.safety import Safety, Turn, judge
from catalog.comparison.engine.table import (
    Cell,
    Contender,
    Criterion,
    Evidence,
    Group,
    Preset,
    Table,
    evidence,
)
