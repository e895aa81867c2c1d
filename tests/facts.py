"""The guide's own Markdown as a list of facts, each with the pages that must show it.

Written from the Markdown alone: it knows neither fixtures nor models, so that what it finds on
the site has come all the way. A line that no rule here understands is an error, not a silence.

A page is named by its <h1>. A statement is what tests.statements reads from a page:

    ("heading", text)             a heading, the <h1> included
    ("text", text)                a paragraph, whole
    ("item", heading, text)       a list item, whole, below its nearest heading
    ("term", term, text)          a description of a term
    ("row", text)                 the head of a table's row; a term
    ("column", text)              the head of a table's column
    ("cell", row, column, text)   the whole cell where the two meet
    ("name", name)                what an item of a list, or a row of a table, links to first
    ("verdict", name, text)       the verdict on it, with what narrows it
    ("note", name, text)          what the item says of it after a colon, the row in a paragraph
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import NamedTuple

Statement = tuple[str, ...]

STACKS = "Recommended Stack Combinations"
VERSIONS = "Version Recommendations (as of 2025)"
COMPARISON = "Comparison"
CHILD_CATEGORIES = {
    *("OpenAPI/Swagger", "GraphQL", "JWT Authentication", "OAuth2", "Password Hashing"),
    *("Other Tools", "Logging", "Metrics", "Tracing", "Security Libraries", "Code Quality"),
    *("Dependency Management", "ASGI Servers", "WSGI Servers"),
}
SNIPPETS = {"Security Headers", "Pre-commit Hooks", "Production Setup"}
POINTS = {"Pros": "Pros", "Cons": "Cons", "When to use": "Use when"}
COMPANIONS = {"Libraries", "Essential plugins"}
# How a page says that one of several choices is enough, or that all belong together.
MODES = {" or ": " (one of)", " + ": " (all of)"}


class Place(NamedTuple):
    page: str
    statement: Statement


class Fact(NamedTuple):
    line: int
    kind: str
    places: tuple[Place, ...]


class Reader:
    """Goes through the guide once, and knows under which headings it stands."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.names = _names(text)
        self.facts: list[Fact] = []
        self.number = 0
        self.title = ""
        self.section = ""  # the heading of the second level
        self.below = ""  # that of the third, where it is a category or a stack
        self.technology = ""
        self.list_heading = ""
        self.columns: list[str] = []
        self.fence: list[str] | None = None

    def read(self) -> list[Fact]:
        for number, line in enumerate(self.lines, start=1):
            self.number = number
            if line.startswith("```") or self.fence is not None:
                self._code(line)
            elif line.strip():
                self._line(line)
        return self.facts

    def _add(self, kind: str, *places: Place) -> None:
        self.facts.append(Fact(self.number, kind, places))

    def _line(self, line: str) -> None:
        rules: list[tuple[str, Callable[..., None]]] = [
            (r"# (.+)", self._title),
            (r"## (.+)", self._section),
            (r"### (.+?)(?: \((.+)\))?", self._heading),
            (r"\*\*([^:*]+) \((.+)\)\*\*", self._technology),
            (r"\*\*(.+) for:\*\* (.+)", self._best_for),
            (r"\*\*(.+):\*\*", self._list),
            (r"- (.+)", self._bullet),
            (r"\|[-|]+\|", lambda: None),
            (r"\| (.+) \|", self._table_row),
            (r"([A-Z].+)", self._sentence),
        ]
        for pattern, rule in rules:
            if found := re.fullmatch(pattern, line):
                rule(*found.groups())
                return
        raise ValueError(f"Line {self.number} of the guide is not understood: {line}")

    # Headings

    def _title(self, title: str) -> None:
        self.title = title
        self._add("heading", Place(title, ("heading", title)))

    def _section(self, heading: str) -> None:
        self.section, self.below, self.technology, self.list_heading = heading, "", "", ""
        # Here they are called stacks, from the front page on.
        page, said = (self.title, "Stacks") if heading == STACKS else (heading, heading)
        self._add("heading", Place(page, ("heading", said)))

    def _heading(self, heading: str, qualifier: str | None) -> None:
        self.below = self.technology = self.list_heading = ""
        if heading in SNIPPETS:
            self._add("heading", Place(self.section, ("heading", heading)))
        elif self.section == STACKS:
            self.below = heading
            here = Place(heading, ("heading", heading))
            self._add("heading", here, Place(self.title, ("name", heading)))
        elif heading == COMPARISON:
            # The table is a page of its own that bears the name of its category.
            shown = ("text", f"Open the comparison “{self.section}”")
            self._add("heading", Place(self.section, shown))
        elif heading in CHILD_CATEGORIES:
            self.below = heading
            self._add("heading", *(Place(page, ("heading", heading)) for page in self._pages()))
            if qualifier:
                self._add("qualifier", *self._everywhere("text", qualifier))
        else:
            self._technology(heading, qualifier)

    def _technology(self, name: str, qualifier: str | None) -> None:
        self.technology, self.list_heading = name, ""
        self._add("heading", Place(name, ("heading", name)), *self._everywhere("name", name))
        if qualifier and qualifier.startswith("Recommended"):
            self._add("qualifier", *self._everywhere("verdict", name, qualifier))
        elif qualifier:
            self._add("qualifier", Place(name, ("term", "Also called", qualifier)))

    def _list(self, heading: str) -> None:
        self.list_heading = heading
        if heading == "Other Options":
            self.technology = ""

    # What stands below them

    def _best_for(self, _word: str, text: str) -> None:
        if self.technology:
            shown = self._everywhere("note", self.technology, text)
            self._add("best for", Place(self.technology, ("text", text)), *shown)
        else:
            self._add("best for", *self._everywhere("text", f"Best for: {text}"))

    def _sentence(self, text: str) -> None:
        if self.technology:
            here = Place(self.technology, ("text", text))
            note = self._everywhere("note", self.technology, text)
            self._add("note", here, *note)
        else:
            self._add("sentence", Place(self.title, ("text", text)))

    def _bullet(self, line: str) -> None:
        if self.section == STACKS:
            self._role(*line.split(": "))
        elif self.technology and self.list_heading in POINTS:
            heading = POINTS[self.list_heading]
            self._add("point", Place(self.technology, ("item", heading, line)))
        elif self.technology and self.list_heading in COMPANIONS:
            self._companion(*_label_and_remark(line))
        elif self.section and not self.technology:
            self._listing(*_label_and_remark(line))
        else:
            raise ValueError(f"Line {self.number} of the guide is in no list we know: {line}")

    def _companion(self, label: str, note: str) -> None:
        shown = ("item", self.list_heading, f"{label}: {note}")
        back = ("item", "Companion of", f"{self.technology}: {note}")
        self._add("library", Place(self.technology, shown), Place(self._name(label), back))

    def _listing(self, label: str, remark: str) -> None:
        self._add("listing", *self._everywhere("name", label))
        verdict = "Recommended" if self.list_heading == "Recommended" else ""
        if remark.startswith("Recommended"):
            verdict, remark = remark, ""
        elif remark.endswith(" (recommended)"):
            verdict, remark = "Recommended", remark.removesuffix(" (recommended)")
        if verdict:
            self._add("verdict", *self._everywhere("verdict", label, verdict))
        if remark:
            self._add("note", *self._everywhere("note", label, remark))

    def _table_row(self, line: str) -> None:
        first, *cells = line.split(" | ")
        if not self.columns:
            self.columns = cells
            for column in cells:
                shown = Place(self.section, ("column", column))
                self._add("column", shown, *self._everywhere("name", column))
            return
        self._add("criterion", Place(self.section, ("row", first)))
        for column, text in zip(self.columns, cells, strict=True):
            places = [Place(self.section, ("cell", first, column, text))]
            if first == "Best For":
                places += self._everywhere("note", column, text)
            self._add("cell", *places)

    def _role(self, role: str, choices: str) -> None:
        joint = next((joint for joint in MODES if joint in choices), "")
        term = role + MODES.get(joint, "")
        self._add("role", Place(self.below, ("row", term)))
        for choice in choices.split(joint) if joint else [choices]:
            name, beside = _choice_names(choice)
            # The page of what is chosen, and of what it is chosen with, names stack and role.
            places = [
                Place(self.below, ("cell", term, "Choice", choice)),
                Place(name, ("item", "In these stacks", f"{self.below}: {role}")),
            ]
            if beside:
                back = ("item", "In these stacks", f"{self.below}: {role}, with {name}")
                places.append(Place(beside, back))
            self._add("choice", *places)

    def _code(self, line: str) -> None:
        if self.fence is None:
            self.fence = []
        elif line != "```":
            self.fence.append(line)
        else:
            if self.section == VERSIONS:
                self._versions("\n".join(self.fence))
            # A reader finds other code as a snippet; that it is all there is tested with it.
            self.fence = None

    def _versions(self, toml: str) -> None:
        poetry = tomllib.loads(toml)["tool"]["poetry"]
        python = poetry["dependencies"].pop("python")
        note = re.search(r"^python = .+# (.+)$", toml, re.MULTILINE).group(1)
        self._add("Python", Place(VERSIONS, ("text", f"Python {python} {note}")))
        groups = {"main": poetry["dependencies"], "dev": poetry["group"]["dev"]["dependencies"]}
        for group, pins in groups.items():
            for package, pin in pins.items():
                extras = f"[{','.join(pin['extras'])}]" if isinstance(pin, dict) else ""
                version = pin["version"] if isinstance(pin, dict) else pin
                cells = (("Version", version), ("Group", group))
                places = (Place(VERSIONS, ("cell", package + extras, *cell)) for cell in cells)
                self._add("pin", *places)

    # Where it is shown

    def _pages(self) -> tuple[str, ...]:
        """The pages that show a category: its own, and the one above it."""
        return (self.below, self.section) if self.below else (self.section,)

    def _everywhere(self, *statement: str) -> Iterator[Place]:
        for page in self._pages():
            yield Place(page, statement)

    def _name(self, label: str) -> str:
        return self.names.get(label.lower(), label)


def read_facts(text: str) -> list[Fact]:
    return Reader(text).read()


def _label_and_remark(line: str) -> tuple[str, str]:
    """What a bullet names and what it says of it; its remark is empty when it only names."""
    if " - " in line:
        label, remark = line.split(" - ", maxsplit=1)
    elif line.startswith("`"):
        label, remark = line.split(" ", maxsplit=1)
    elif " includes " in line:  # a sentence about its first word, kept whole
        label, remark = line.split()[0], line
    else:
        label, remark = line, ""
    return label.replace("`", ""), remark


def _choice_names(choice: str) -> tuple[str, str]:
    """The technology of a stack's choice, and the one in brackets behind it."""
    name, beside = re.fullmatch(r"(.+?)(?: [\d.]+)?(?: \((.+)\))?", choice).groups()
    return name, "" if beside in (None, "async") else beside


def _names(text: str) -> dict[str, str]:
    """How the guide writes a name where it writes it as one, by its label in lower case."""
    chosen = re.findall(r"^- [A-Z][A-Za-z ]+: (.+)$", text, re.MULTILINE)
    return {
        name.lower(): name
        for line in chosen
        for choice in re.split(r" or | \+ ", line)
        for name in _choice_names(choice)
    }
