"""Makes the rows of a test findable: entries come with an edition, which few tests record."""

from catalog.history import indexing
from catalog.search.vocabulary import common_words, known_words


def index_all() -> None:
    """Make the entries of all there is, and forget the words of other tests."""
    indexing.rebuild()
    known_words.cache_clear()
    common_words.cache_clear()
