"""Why rows cannot be written, in words."""

from collections.abc import Iterable

from django.utils.text import capfirst

from catalog.describe.fields import field_label
from catalog.describe.labels import Labels
from catalog.history.rows import MODELS, RowKey
from catalog.history.trial import Problem


def problem_sentences(problems: Iterable[Problem], labels: Labels | None = None) -> list[str]:
    """Return a sentence for each problem: “Cell “Speed of Quart”, word: …”.

    As many queries as the models that are named, where no labels are given.
    """
    problems = list(problems)
    if labels is None:
        named = {row for one in problems for row in (one.row, one.other) if row}
        labels = Labels.of([], [(row, {}) for row in named])
    return [_sentence(problem, labels) for problem in problems]


def _sentence(problem: Problem, labels: Labels) -> str:
    row, field, text, other, is_of_rule = problem
    if is_of_rule:
        return text
    if "{row}" in text:
        words = {
            **_words("model", "row", row, labels),
            **_words("other_model", "other", other, labels),
        }
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        return text
    place = f"{capfirst(MODELS[row.model]._meta.verbose_name)} “{labels.row(row)}”"
    return f"{place}, {field_label(row, field)}: {text}" if field else f"{place}: {text}"


def _words(model: str, name: str, row: RowKey | None, labels: Labels) -> dict[str, str]:
    if row is None:
        return {}
    noun = MODELS[row.model]._meta.verbose_name
    return {model: noun, capfirst(model): capfirst(noun), name: labels.row(row)}
