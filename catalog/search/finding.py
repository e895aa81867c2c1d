"""From a text to what is found: reads the postings of its words and puts the entries in order."""

from collections.abc import Collection, Hashable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import connection

from catalog.search import questions, ranking, words
from catalog.search.questions import LEAST_FOR_TYPOS, Question
from catalog.search.ranking import EXACTLY_SO, Found, Rank, Row
from catalog.search.texts import Field
from catalog.search.vocabulary import common_words, known_words

# Of a word so many postings are read at first, by priority, and so many where that is not enough.
MOST_AT_FIRST = 60
MOST_READ = 600
MOST_RANKED = 300
# Of words and names that begin so: the next letter tells more than a longer list.
MOST_BEGUN = 24
LEAST_FOR_BEGINNINGS = 3

KINDS = ("technology", "category", "comparison", "stack", "version", "row", "snippet")

# Read in the order of the index that holds them.
EXACTLY = """SELECT * FROM (
    SELECT %s AS slot, entry_id, field, position, priority FROM catalog_posting
    WHERE term = %s ORDER BY priority, entry_id, field, position LIMIT %s
) AS one"""
BEGUN = """SELECT * FROM (
    SELECT %s AS slot, entry_id, field, position, priority FROM catalog_posting
    WHERE term >= %s AND term < %s ORDER BY term, priority, entry_id, field, position LIMIT %s
) AS one"""
EXACTLY_OF = """SELECT %s AS slot, entry_id, field, position, priority FROM catalog_posting
    WHERE term = %s AND entry_id IN"""
BEGUN_OF = """SELECT %s AS slot, entry_id, field, position, priority FROM catalog_posting
    WHERE term >= %s AND term < %s AND entry_id IN"""
ENTRIES = "SELECT id, kind, slug, title, note, priority FROM catalog_entry WHERE id IN"
NOWHERE = range(0)
# Beyond every continuation: no text in UTF-8 has this byte.
AFTER = b"\xff"


class Hit(NamedTuple):
    """An entry with its rank; `rest` says how many words its name has besides those asked for."""

    key: int
    kind: str
    slug: str
    title: str
    note: str
    rank: Rank
    rest: int

    @property
    def order(self) -> tuple[Any, ...]:
        rank = self.rank
        return (*rank[:5], self.rest, rank.priority, KINDS.index(self.kind), self.slug)

    @property
    def is_named(self) -> bool:
        """Return whether the text is its name, an alias or a package of it."""
        return self.rank.level == ranking.EXACT


class Answer(NamedTuple):
    """What is found, the best first; `meant` has another word for each that stands nowhere.

    `sides` are technologies that a text sets side by side, or one that it wants another for and
    then those others, of which the first `replaces` it or not. `unknown` names nothing.
    """

    question: Question
    hits: list[Hit]
    meant: dict[str, str]
    is_cut: bool
    sides: tuple[Hit, ...] = ()
    replaces: bool = False
    unknown: tuple[str, ...] = ()


class _LookUp(NamedTuple):
    """Terms to look for, all for the same words; `words` is empty for the whole text.

    From the field `loose` on, other words may have the stem or the beginning by chance: there it
    counts as an error.
    """

    words: range
    terms: tuple[str, ...]
    errors: int = 0
    is_range: bool = False
    loose: int = EXACTLY_SO
    most: int = MOST_READ


Results = list[tuple[_LookUp, list[Row]]]


def find(text: str, stamp: Hashable) -> Answer:
    """Find what answers a text. `stamp` names the state of the guide. Two to five queries."""
    question = questions.read(text, common_words(stamp))
    results = _without_the_lesser_name(question, _read(_as_typed(question)))
    meant: dict[str, str] = {}
    if more := _as_meant(question, results, stamp):
        look_ups, meant = more
        results += _read(look_ups)
    results, is_cut = _completed(question, results)
    ranks, cut = ranking.rank(
        question,
        (Found(one.words, one.errors, one.loose, rows) for one, rows in results),
        MOST_RANKED,
    )
    count = len(question.words)
    hits = [_hit(entry, ranks[entry[0]], count) for *entry, _ in _entries(ranks)]
    hits.sort(key=lambda hit: hit.order)
    return Answer(question, hits, meant, is_cut or cut)


def named_exactly(wholes: Iterable[str]) -> dict[str, Hit]:
    """Return the technology that each of these is a name or package of. Two queries."""
    found = _read([_LookUp(NOWHERE, (words.WHOLE + one,)) for one in dict.fromkeys(wholes)])
    keys = {row[0] for _, rows in found for row in rows if row[1] <= Field.PACKAGE}
    there = {hit.key: hit for hit in hits_of(keys) if hit.kind == "technology"}
    named = {}
    for one, rows in found:
        held = [(row[1], row[3], row[0]) for row in rows if row[0] in there]
        if held:
            named[one.terms[0].removeprefix(words.WHOLE)] = there[min(held)[2]]
    return named


def hits_of(keys: Collection[int]) -> list[Hit]:
    """Return entries as hits by their names. One query, none for none."""
    return [Hit(*entry, Rank.of_a_name(priority), 0) for *entry, priority in _entries(keys)]


def _as_typed(question: Question) -> list[_LookUp]:
    """Return what is looked for first: names, each word and its stem, beginnings of the last."""
    said = question.words
    look_ups = [_LookUp(NOWHERE, (words.WHOLE + whole,)) for whole in question.wholes]
    for whole in question.wholes:
        if len(whole) >= LEAST_FOR_BEGINNINGS:
            look_ups.append(_beginning(words.WHOLE + whole, NOWHERE))
        else:
            start = words.START + whole
            look_ups.append(_LookUp(NOWHERE, (start,), loose=Field.KEYWORD, most=MOST_BEGUN))
    for at, word in enumerate(said):
        look_ups += _forms(word, range(at, at + 1))
    for at, pair in enumerate(pairwise(said)):
        look_ups += _forms("".join(pair), range(at, at + 2))
    if said and len(said[-1]) >= LEAST_FOR_BEGINNINGS:
        look_ups.append(_beginning(said[-1], range(len(said) - 1, len(said))))
    return look_ups


def _as_meant(
    question: Question, results: Results, stamp: Hashable
) -> tuple[list[_LookUp], dict[str, str]] | None:
    """Return what to look for besides, and what each word that stands nowhere was meant to be.

    None where the text is a name, or many begin so: nothing else can have been meant.
    """
    names = [(one, rows) for one, rows in results if not one.words and rows]
    is_name = any(one.loose == EXACTLY_SO or len(rows) >= one.most for one, rows in names)
    if is_name or not question.words:
        return None
    known, meant = known_words(stamp), {}
    there = {at for one, rows in results if _finds(one, rows) for at in one.words}
    is_clear = " " in question.text and len(there) == len(question.words)
    least = LEAST_FOR_TYPOS if any(rows for _, rows in results) else LEAST_FOR_TYPOS - 1
    look_ups = [
        _LookUp(NOWHERE, (words.WHOLE + name,), errors)
        for whole in question.wholes
        if not is_clear
        for name, errors in known.wholes.near(whole, least)
        if errors
    ]
    for at, word in enumerate(question.words):
        if at in there or names:
            continue
        place = range(at, at + 1)
        if len(word) >= LEAST_FOR_BEGINNINGS and at < len(question.words) - 1:
            look_ups.append(_beginning(word, place))
        near = known.meant(word)
        look_ups += [form for term, errors in near for form in _forms(term, place, errors)]
        if near:
            meant[word] = near[0][0]
    return (look_ups, meant) if look_ups else None


def _without_the_lesser_name(question: Question, results: Results) -> Results:
    """Return the results; those of the text with words left out only where it is no name whole."""
    for whole in question.wholes:
        terms = (words.WHOLE + whole,)
        if any(rows for one, rows in results if one.terms == terms and not one.words):
            return [(one, rows) for one, rows in results if one.words or one.terms == terms]
    return results


def _entries(keys: Collection[int]) -> list[tuple[Any, ...]]:
    """Return key, kind, slug, title, note and priority of entries. One query, none for none."""
    if not keys:
        return []
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"{ENTRIES} ({places})", list(keys))
        return cursor.fetchall()


def _completed(question: Question, results: Results) -> tuple[Results, bool]:
    """Return the results with the rest of what was read in part, and whether it is all.

    A common word is read for the entries of the rare ones only, as long as one of those has every
    word: so a large guide costs what a small one does.
    """
    # More words that begin so help nobody: the next letter does.
    common = [
        (one, rows)
        for one, rows in results
        if one.words and not one.is_range and len(rows) >= MOST_AT_FIRST
    ]
    if not common:
        return results, False
    rare = [pair for pair in results if pair not in common]
    keys = {row[0] for one, rows in rare if not (one.words and one.is_range) for row in rows}
    look_ups = [one for one, _ in common]
    if len(question.words) > 1 and keys:
        found = [*rare, *_read(look_ups, of=sorted(keys)[:MOST_RANKED])]
        if ranking.has_every_word(question, found):
            return found, False
    read = _read(look_ups, MOST_READ)
    is_cut = any(len(rows) >= MOST_READ for _, rows in read)
    if is_cut and len(question.words) > 1:
        shortest = min((rows for _, rows in read if rows), key=len)
        read += _read(look_ups, of=sorted({row[0] for row in shortest})[:MOST_RANKED])
    return [*rare, *read], is_cut


def _read(look_ups: list[_LookUp], most: int = MOST_AT_FIRST, of: Collection[int] = ()) -> Results:
    """Return at most `most` rows of each look-up, by priority, or those `of` entries. One query."""
    parts, values, slots = [], [], []
    for one in look_ups:
        for term in map(str.encode, one.terms):
            until = [term + AFTER] if one.is_range else []
            if of:
                places = ", ".join(["%s"] * len(of))
                parts.append(f"{BEGUN_OF if one.is_range else EXACTLY_OF} ({places})")
                values += [len(slots), term, *until, *of]
            else:
                parts.append(BEGUN if one.is_range else EXACTLY)
                values += [len(slots), term, *until, min(most, one.most)]
            slots.append(one)
    found: dict[int, list[Row]] = {slot: [] for slot in range(len(slots))}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for slot, *row in cursor.fetchall():
                found[slot].append(tuple(row))
    return [(slots[slot], rows) for slot, rows in found.items()]


def _finds(one: _LookUp, rows: list[Row]) -> bool:
    """Return whether a look-up leaves nothing to ask: what was meant is looked for as well."""
    return any(row[1] < one.loose for row in rows)


def _beginning(term: str, place: range) -> _LookUp:
    return _LookUp(place, (term,), is_range=True, loose=Field.KEYWORD, most=MOST_BEGUN)


def _forms(word: str, place: range, errors: int = 0) -> list[_LookUp]:
    """Return the look-ups of a word: by itself, and by its stem or a word that is its stem."""
    stem = words.stem(word)
    # What only becomes this word by losing its end may be another: “several” for “sever”.
    loose = Field.BODY if stem == word else EXACTLY_SO
    return [
        _LookUp(place, (word,), errors),
        _LookUp(place, tuple({words.STEM + stem, stem} - {word}), errors, loose=loose),
    ]


def _hit(entry: tuple[Any, ...], rank: Rank, count: int) -> Hit:
    is_in_name = rank.level == ranking.BEGINS or rank.field == Field.NAME
    rest = len(words.parts_of(entry[3])) - count if is_in_name else 0
    return Hit(*entry, rank, rest)
