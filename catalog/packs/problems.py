"""All that is wrong with a pack, with file, entry and field."""

from typing import NamedTuple

# Nobody reads more at a time; the rest is counted.
MOST_PROBLEMS = 200
LONGEST_SHOWN = 60
LONGEST_TEXT = 1_000


class Problem(NamedTuple):
    """One thing that is wrong; entries count from 1, and a blank field means the whole entry."""

    file: str
    entry: int | None
    field: str
    text: str

    def __str__(self) -> str:
        place = self.file
        if self.entry is not None:
            place += f", entry {self.entry}"
        if self.field:
            place += f", field “{self.field}”"
        return f"{place}: {self.text}" if place else self.text


class RefusedError(Exception):
    """A pack cannot be loaded: `problems` are the first of what is wrong, `more` counts more."""

    def __init__(self, problems: list[Problem], more: int = 0) -> None:
        super().__init__(problems, more)
        self.problems = problems
        self.more = more

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            lines.append(f"And {self.more} more problem{'' if self.more == 1 else 's'}.")
        return "\n".join(lines)


class Problems:
    """Collects problems, as many as somebody would read.

    They are fatal where one is about more than an entry, which still tells its row.
    """

    def __init__(self, first: list[Problem] | None = None, more: int = 0) -> None:
        self.first = first or []
        self.more = more
        self.is_fatal = False

    def add(self, file: str, text: str, *, entry: int | None = None, field: str = "") -> None:
        """Add a problem, or count it."""
        self.is_fatal |= entry is None
        if len(self.first) < MOST_PROBLEMS:
            said = shown(text, LONGEST_TEXT)
            self.first.append(Problem(shown(file, 200), entry, shown(field), said))
        else:
            self.more += 1

    def refuse(self) -> None:
        """Raise RefusedError where there are any."""
        if self.first:
            raise RefusedError(self.first, self.more)

    def refusal(self, file: str, text: str) -> RefusedError:
        """Return what is raised for one problem more, after which nothing can be read."""
        self.add(file, text)
        return RefusedError(self.first, self.more)


def shown(value: object, longest: int = LONGEST_SHOWN) -> str:
    """Return a value from a pack as it can stand in a sentence: short, visible to the letter."""
    text = value[: longest + 1] if isinstance(value, str) else str(value)
    if len(text) > longest:
        text = f"{text[:longest]}…"
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
