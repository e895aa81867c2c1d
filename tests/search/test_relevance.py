"""What the guide itself answers first: to questions that people wrote who had not seen the code."""

import random
import string
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command

from catalog.answers import top_of
from catalog.comparison.standings import standings
from catalog.history import editions, indexing
from catalog.http import today
from catalog.models import Entry, Technology
from catalog.search import words
from catalog.search.finding import Answer
from tests.factories import make_whole_guide
from tests.search.finding import answer, found

pytestmark = pytest.mark.django_db

DATA = settings.BASE_DIR / "tests" / "data"
FIXTURES = settings.BASE_DIR / "fixtures"
TYPOS = 400


@pytest.fixture
def guide() -> None:
    call_command("start_guide", FIXTURES / "guide-2025", FIXTURES / "guide-2026-11", verbosity=0)


def questions(name: str) -> Iterator[tuple[str, list[str]]]:
    """Each question with the answers of which one must come first: `kind:slug`."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        text, expected = line.split("\t")
        yield text, expected.split("|")


def first(given: Answer) -> str:
    """What a reader would open: what answers by itself, else the first hit."""
    top = top_of(given, standings(editions.latest(), today()))
    if top is not None and top.kind == "compare":
        return f"comparison:{top.ranking.slug}" if top.ranking else f"compare:{'+'.join(top.slugs)}"
    if top is not None and top.kind == "instead":
        return f"technology:{top.slugs[1] if top.replaces else top.slugs[0]}"
    if not given.hits:
        return ""
    kind, slug = given.hits[0].kind, given.hits[0].slug
    return f"{kind}:{slug.rpartition('/')[2] if kind == 'snippet' else slug}"


def missed(name: str, count: int) -> dict[str, str]:
    """Return the questions of a file whose first answer is another, with that answer."""
    asked = dict(questions(name))
    assert len(asked) == count
    return {text: got for text, right in asked.items() if (got := first(answer(text))) not in right}


def test_what_was_asked_for_comes_first(guide):
    assert missed("searches-80.tsv", 80) == {}
    assert len(held_out := missed("searches-30.tsv", 30)) <= 2, held_out

    named = [
        (technology.slug, name)
        for technology in Technology.objects.published().prefetch_related("aliases")
        for name in (technology.name, *(alias.name for alias in technology.aliases.all()))
    ]
    assert len(named) > 150
    assert [name for slug, name in named if found(name)[:1] != [f"technology {slug}"]] == []


def test_a_letter_that_is_typed_wrong_is_forgiven(guide):
    names = {one.name: one.slug for one in Technology.objects.published()}
    places = []
    for text, name in typos([name for name in names if sum(map(str.isalnum, name)) >= 4]):
        hits, wanted = found(text)[:3], f"technology {names[name]}"
        places.append((hits.index(wanted) if wanted in hits else None, text, hits))

    assert len(places) == TYPOS
    # “back” is Black without a letter, and a word of its own.
    lost = [text for place, text, _ in places if place is None]
    assert [text for text in lost if answer(text).hits[0].rank.errors] == []
    assert len(lost) <= TYPOS * 0.01
    assert sum(place == 0 for place, *_ in places) >= TYPOS * 0.95


def typos(names: list[str]) -> Iterator[tuple[str, str]]:
    """As many names as are asked for with one letter left out, put in, changed or turned round."""
    chance = random.Random(20261129)  # noqa: S311 - always the same
    seen = set()
    while len(seen) < TYPOS:
        name = chance.choice(sorted(names))
        at, letter = chance.randrange(len(name)), chance.choice(string.ascii_lowercase)
        before, here, after = name[:at], name[at], name[at + 1 :]
        text = chance.choice(
            [
                before + after,
                before + letter + here + after,
                before + letter + after,
                before + after[:1] + here + after[1:],
            ]
        )
        if text.casefold() != name.casefold() and text not in seen:
            seen.add(text)
            yield text, name


def test_a_common_word_is_cut_by_priority_and_says_so(guide, monkeypatch):
    monkeypatch.setattr("catalog.search.finding.MOST_RANKED", 60)
    hits = answer("django")

    assert hits.is_cut
    assert len(hits.hits) == 60
    assert hits.hits[0].slug == "django"


def test_one_and_two_letters_are_the_beginning_of_a_name_or_a_word_by_themselves(guide):
    for text in ("c", "py", "t"):
        for hit in answer(text).hits:
            entry = Entry.objects.get(pk=hit.key)
            said = {part for _, said in entry.texts for part in words.parts_of(said)}
            words_alone = {part.strip(".") for part in said}  # “.py” is “py” with a mark
            assert text in words_alone or hit.title.casefold().startswith(text), hit


HOSTILE = [
    "%",
    "_" * 99,
    "'; DROP TABLE catalog_entry; --",
    "(a+)+$" * 15,
    "\\" * 50,
    "a" * 100_000,
    " ".join(["the"] * 500),
    " ".join(["vs"] * 500),
    "x vs " * 400,
    "=redis ~queue ^re",
    "\u202eevil\u0000",
    "🐍" * 80,
    "ﷺ" * 80,
]


def test_hostile_text_costs_bounded_work(django_assert_max_num_queries):
    make_whole_guide()
    indexing.rebuild()
    answer("warm")
    for text in HOSTILE:
        with django_assert_max_num_queries(20):
            given = answer(text)
        assert len(given.question.text) <= 100
