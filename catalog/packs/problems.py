"""What is wrong with a pack: sentences that name file, entry and field, all of them at once."""

from typing import NamedTuple

# Nobody reads more at a time; the rest is counted.
MOST_PROBLEMS = 200
LONGEST_SHOWN = 60


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
    """A pack cannot be read. `problems` are the first of what is wrong, `more` counts the rest."""

    def __init__(self, problems: list[Problem], more: int = 0) -> None:
        super().__init__(problems, more)
        self.problems = problems
        self.more = more

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            more = (
                "And %(count)d more problem." if self.more == 1 else "And %(count)d more problems."
            )
            lines.append(more % {"count": self.more})
        return "\n".join(lines)


class Problems:
    """Collects problems, as many as somebody would read."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.more = 0

    def add(self, file: str, entry: int | None, field: str, text: str) -> None:
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(Problem(shown(file, 200), entry, shown(field), text))
        else:
            self.more += 1

    def refuse(self) -> None:
        """Raises RefusedError where there are any."""
        if self.first:
            raise RefusedError(self.first, self.more)


def shown(value: object, longest: int = LONGEST_SHOWN) -> str:
    """A value from a pack as it can stand in a sentence: short, and visible to the letter."""
    text = value[: longest + 1] if isinstance(value, str) else str(value)
    if len(text) > longest:
        text = f"{text[:longest]}…"
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
