"""Prints how large the code is, package by package: `make counts`.

Needs nothing but Python, and writes no file. Migrations are left out. A line of code is one that
holds more than blanks, comments or a docstring. A function is as long as the lines below its first.
Decisions are its entry and its branches: if, for, while, except, case, and, or, a comprehension.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Container
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CODE, TESTS = ("catalog", "stackguide"), "tests"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
BRANCH = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.match_case)
# What docstrings of another beginning begin with is printed, so that a missing verb is seen.
VERBS = re.compile(
    "add|allow|answer|append|apply|ask|begin|bring|build|call|change|check|choose|clear|close|"
    "collect|combine|compare|compute|connect|convert|copy|count|create|cut|decide|delete|describe|"
    "do|draw|drop|dump|empty|encode|end|ensure|escape|fetch|fill|filter|find|follow|forget|format|"
    "gather|generate|get|give|go|group|handle|hide|hold|import|insert|join|judge|keep|lay|leave|"
    "let|limit|link|list|load|lock|log|look|make|map|mark|match|measure|merge|move|name|note|offer|"
    "open|order|parse|pass|pick|place|plan|prepare|print|put|queue|raise|read|record|recover|"
    "redirect|refuse|register|remember|remove|rename|render|replace|report|require|resolve|restore|"
    "return|revert|roll|run|sanitise|save|say|search|send|serve|set|show|sign|skip|sort|split|start|"
    "stop|store|strip|take|tell|try|turn|undo|update|validate|wait|warn|work|wrap|write|yield",
    re.IGNORECASE,
)


class Size(NamedTuple):
    """What one file holds."""

    lines: int
    code: int
    classes: int
    functions: list[tuple[int, str]]  # lines and place of each
    decisions: int
    first_words: list[str]  # of the docstrings of functions


def python_files(*folders: str) -> list[Path]:
    """Return the files below folders of the project, but for migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def measure(path: Path) -> Size:
    """Return what a file holds."""
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    functions = [node for node in nodes if isinstance(node, FUNCTION)]
    texts = [ast.get_docstring(function) for function in functions]
    place = path.relative_to(ROOT).as_posix()
    return Size(
        lines=len(text.splitlines()),
        code=lines_of_code(text, nodes),
        classes=sum(isinstance(node, ast.ClassDef) for node in nodes),
        functions=[(one.end_lineno - one.lineno, f"{place} {one.name}") for one in functions],
        decisions=len(functions) + sum(map(decisions_in, nodes)),
        first_words=[re.match(r"\W*(\w*)", text)[1] for text in texts if text],
    )


def lines_of_code(text: str, nodes: list[ast.AST]) -> int:
    """Return on how many lines something other than a comment or a docstring stands."""
    code, docstrings = set(), set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT and token.string.strip():
            code.update(range(token.start[0], token.end[0] + 1))
    for node in nodes:
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTION)) and ast.get_docstring(node):
            docstrings.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(code - docstrings)


def decisions_in(node: ast.AST) -> int:
    """Return how often this node alone, without those below it, decides."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return isinstance(node, (*BRANCH, ast.comprehension))


def find_circle(paths: list[Path]) -> list[str]:
    """Return modules of which each imports the next and the last is the first; empty for none."""
    names = [path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in paths]
    modules = dict(zip((name.removesuffix(".__init__") for name in names), paths, strict=True))
    graph = {name: imports_of(path, modules) - {name} for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def imports_of(path: Path, modules: Container[str]) -> set[str]:
    """Return those of the modules that a file names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(one if one in modules else node.module for one in inner)
    return {one for one in found if one in modules}


def print_row(name: str, sizes: list[Size]) -> None:
    """Print the sums of some files."""
    lengths = [lines for size in sizes for lines, _place in size.functions] or [0]
    code = sum(size.code for size in sizes)
    decisions = sum(size.decisions for size in sizes) / max(code, 1)
    print(
        f"{name:28}{len(sizes):>6}{sum(size.lines for size in sizes):>8,}{code:>8,}"
        f"{sum(size.classes for size in sizes):>9}{sum(len(size.functions) for size in sizes):>11,}"
        f"{mean(lengths):>7.1f}{median(lengths):>8g}{max(lengths):>9}{decisions:>11.2f}"
    )


def main() -> None:
    """Measure every file, and print what each package and all of them hold."""
    print(
        f"{'':28}{'files':>6}{'lines':>8}{'code':>8}{'classes':>9}{'functions':>11}"
        f"{'mean':>7}{'median':>8}{'longest':>9}{'decisions':>11}"
    )
    sizes = {path: measure(path) for path in python_files(*CODE)}
    for folder in sorted({path.parent for path in sizes}):
        here = [size for path, size in sizes.items() if path.parent == folder]
        print_row(folder.relative_to(ROOT).as_posix(), here)
    print_row("together", list(sizes.values()))
    print_row(TESTS, [measure(path) for path in python_files(TESTS)])
    lines, place = max(one for size in sizes.values() for one in size.functions)
    words = Counter(word for size in sizes.values() for word in size.first_words)
    others = [f"{word} {n}" for word, n in words.most_common() if not VERBS.fullmatch(word)]
    asking = sum(count for word, count in words.items() if VERBS.fullmatch(word))
    print(f"\nlongest function: {lines} lines, {place}")
    print(f"docstrings of functions that begin with a verb: {asking / words.total():.0%}")
    print(f"  ({asking} of {words.total()}; others: {', '.join(others[:12])})")
    print("import circles:", " > ".join(find_circle(list(sizes))) or 0)


if __name__ == "__main__":
    main()
