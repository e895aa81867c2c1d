"""From the database to the tables of catalog.matrix."""

from catalog.tables.chosen import table_of_technologies
from catalog.tables.curated import Asked, ask, criterion_cells, forget, kept_table, table_of

__all__ = [
    "Asked",
    "ask",
    "criterion_cells",
    "forget",
    "kept_table",
    "table_of",
    "table_of_technologies",
]
