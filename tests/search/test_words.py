"""From text to terms: what is folded, what stays apart, what belongs together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import questions, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Café RÉSUMÉ Straße", ["cafe", "resume", "strasse"]),
        ("C++, C# and .NET", ["c++", "c#", "and", ".net"]),
        ("pub/sub psycopg-binary snake_case", ["pub", "sub", "psycopg", "binary", "snake", "case"]),
        ("Python 3.11, v2.0.", ["python", "3.11", "v2.0"]),
        ("FastAPI's own", ["fastapi", "own"]),
        ("passlib[bcrypt]", ["passlib", "bcrypt"]),
        ("... -- '' + #", []),
        ("İstanbul ﬁle", ["istanbul", "file"]),
    ],
)
def test_a_text_is_read_word_by_word(text, parts):
    assert words.parts_of(text) == parts


@pytest.mark.parametrize(
    ("names", "whole"),
    [
        (["Redis Queue", "redis-queue", "RedisQueue"], "redisqueue"),
        (["C++"], "c++"),
        ([".NET"], ".net"),
        (["NET"], "net"),
        (["OpenAPI/Swagger", "openapi swagger"], "openapiswagger"),
    ],
)
def test_names_are_the_same_whole_however_they_are_written(names, whole):
    assert {words.whole(name) for name in names} == {whole}


def test_terms_are_words_stems_and_what_is_joined_with_their_places():
    found, length = words.terms_of("Hashing for pub/sub .env", is_body=True)

    assert length == 5
    assert sorted(found, key=lambda pair: (pair[1], pair[0])) == [
        ("hashing", 0),
        ("~hash", 0),
        ("pub", 2),
        ("pubsub", 2),
        ("sub", 3),
        (".env", 4),
        ("env", 4),
    ]


@pytest.mark.parametrize(
    ("text", "said", "sides", "instead_of"),
    [
        ("which orm should I use", ("orm",), (), ""),
        ("the", ("the",), (), ""),
        ("pub/sub", ("pubsub",), (), ""),
        ("Django vs. Flask", ("django", "flask"), ("Django", "Flask"), ""),
        ("x or y VERSUS z", ("x", "y", "z"), ("x", "y", "z"), ""),
        ("alternatives to passlib", ("passlib",), (), "passlib"),
        ("instead of psycopg2?", ("psycopg2",), (), "psycopg2"),
        ("celery alternative", ("celery",), (), "celery"),
        (" \t\0 ", (), (), ""),
        ("a1 " * 50, ("a1",) * questions.MOST_WORDS, (), ""),
    ],
)
def test_a_question_has_words_sides_or_what_is_to_be_replaced(text, said, sides, instead_of):
    question = questions.read(text)

    assert (question.words, question.sides, question.instead_of) == (said, sides, instead_of)


def test_words_of_the_guides_title_may_be_missing_where_others_are_not():
    common = frozenset(("python", "stack"))

    assert questions.read("python orm", common).optional == {0}
    assert questions.read("python stack", common).optional == frozenset()


@given(st.text())
def test_any_text_is_read_in_few_short_words(text):
    question = questions.read(text)

    assert len(question.words) <= questions.MOST_WORDS
    assert all(0 < len(word) <= words.LONGEST * 2 for word in question.words)
    terms, _length = words.terms_of(text, is_body=False)
    assert all(len(term) <= words.LONGEST + 1 for term, _ in terms)
    assert all(term.encode("utf-8") for term, _ in terms)
