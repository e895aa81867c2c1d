"""A text before and after as one: what stayed, what went, what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.admin.conflicts import LONGEST_TEXT, How, Piece, pieces_of

texts = st.text(st.sampled_from(["a", "b", " ", "\n", ".", "é", "<"]), max_size=60)


def told(before: str, after: str) -> str:
    """Pieces as one writes them by hand: “the [-old-]{+new+} word”."""
    marks = {How.SAME: "{}", How.REMOVED: "[-{}-]", How.ADDED: "{{+{}+}}"}
    return "".join(marks[how].format(text) for how, text in pieces_of(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("the old word", "the new word", "the [-old-]{+new+} word"),
        ("a long day", "a short night", "a [-long day-]{+short night+}"),
        ("one two", "one two three", "one two{+ three+}"),
        ("One. Two.", "One! Two.", "One[-.-]{+!+} Two."),
        ("a\nb\nc", "a\nc", "a\n[-b\n-]c"),
        ("a  b", "a b", "a[-  -]{+ +}b"),
        ("état", "états", "[-état-]{+états+}"),
    ],
)
def test_words_that_stayed_are_told_from_those_that_did_not(before, after, said):
    assert told(before, after) == said


@given(texts, texts)
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = pieces_of(before, after)

    assert "".join(text for how, text in pieces if how != How.ADDED) == before
    assert "".join(text for how, text in pieces if how != How.REMOVED) == after
    assert "" not in [text for _how, text in pieces]


@given(texts)
def test_a_text_that_stayed_is_one_piece(text):
    assert pieces_of(text, text) == ([Piece(How.SAME, text)] if text else [])


def test_a_text_beyond_the_longest_stands_whole_in_both_forms():
    before, after = "a " * (LONGEST_TEXT // 2), "a " * (LONGEST_TEXT // 2) + "b"

    assert pieces_of(before, after) == [Piece(How.REMOVED, before), Piece(How.ADDED, after)]


def test_where_too_many_words_differ_what_they_have_in_common_at_both_ends_stays():
    before = "begin " + "a " * 3000 + "end"
    after = "begin " + "b " * 3000 + "end"

    assert pieces_of(before, after) == [
        Piece(How.SAME, "begin "),
        Piece(How.REMOVED, ("a " * 3000)[:-1]),
        Piece(How.ADDED, ("b " * 3000)[:-1]),
        Piece(How.SAME, " end"),
    ]
