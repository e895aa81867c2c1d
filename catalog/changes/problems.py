"""Why rows cannot be written, in words."""

from collections.abc import Iterable

from django.utils.text import capfirst

from catalog.changes.titles import Titles
from catalog.changes.words.fields import label
from catalog.history.rows import MODELS, RowKey
from catalog.history.trial import Problem


def problem_sentences(problems: Iterable[Problem], titles: Titles | None = None) -> list[str]:
    """Return a sentence for each problem: “Cell “Speed of Quart”, word: …”.

    As many queries as the models that are named, where no titles are given.
    """
    problems = list(problems)
    if titles is None:
        named = {row for one in problems for row in (one.row, one.other) if row}
        titles = Titles.of([], [(row, {}) for row in named])
    return [_sentence(problem, titles) for problem in problems]


def _sentence(problem: Problem, titles: Titles) -> str:
    row, field, text, other = problem
    if "{row}" in text:
        words = {
            **_words("model", "row", row, titles),
            **_words("other_model", "other", other, titles),
        }
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        return text
    place = f"{capfirst(MODELS[row.model]._meta.verbose_name)} “{titles.row(row)}”"
    return f"{place}, {label(row, field)}: {text}" if field else f"{place}: {text}"


def _words(model: str, name: str, row: RowKey | None, titles: Titles) -> dict[str, str]:
    if row is None:
        return {}
    noun = MODELS[row.model]._meta.verbose_name
    return {model: noun, capfirst(model): capfirst(noun), name: titles.row(row)}
