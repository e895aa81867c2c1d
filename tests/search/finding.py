"""Asking the search as pages do."""

from collections.abc import Iterator
from contextlib import contextmanager

from catalog.history import editions
from catalog.models import Edition
from catalog.search import answering
from catalog.search.finding import Answer


def answer(text: str) -> Answer:
    state = editions.latest()
    return answering.answer(text, (state.number, state.at) if state else None)


def found(text: str) -> list[str]:
    """Kind and slug of each hit, the best first."""
    return [f"{hit.kind} {hit.slug}" for hit in answer(text).hits]


@contextmanager
def edition() -> Iterator[editions.Recording]:
    """An edition of what is written inside, with its entries."""
    with editions.record("ada", "", Edition.Origin.ADMIN) as recording:
        yield recording
