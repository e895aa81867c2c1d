"""Version specifiers: as a guide writes them, and as Python packaging reads them."""

import re
from typing import Any

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

_CLAUSE = re.compile(r"(===|==|!=|<=|>=|~=|<|>)\s*[0-9A-Za-z.*+!_-]+")
_SHORTHAND = re.compile(r"([\^~])\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:a|b|rc|\.post|\.dev)\d+)?")


def to_pep440(specifier: str) -> str:
    """Return the specifier in the form of PEP 440: "^0.110.0" becomes ">=0.110.0,<0.111.0".

    `^` allows what does not change the leftmost number that is not zero, `~` what does not
    change the second, as Poetry documents them. What is PEP 440 already is returned as it is.
    Raises ValueError for anything else.
    """
    text = specifier.strip()
    if match := _SHORTHAND.fullmatch(text):
        sign, *numbers, _suffix = match.groups()
        given = [int(number) for number in numbers if number is not None]
        return f">={text[1:].strip()},<{'.'.join(map(str, _next(sign, given)))}"
    if text and all(_CLAUSE.fullmatch(clause.strip()) for clause in text.split(",")):
        return ",".join(clause.strip() for clause in text.split(","))
    raise ValueError(f"{specifier!r} is no version specifier.")


def _next(sign: str, given: list[int]) -> list[int]:
    """Return the first version no longer allowed, with as many numbers as were given."""
    if sign == "^":
        changes = next((place for place, number in enumerate(given) if number), len(given) - 1)
    else:
        changes = min(1, len(given) - 1)
    raised = [*given[:changes], given[changes] + 1]
    return raised + [0] * (len(given) - len(raised))


def admits(specifier: str, version: str) -> bool:
    """Return whether a specifier allows a version, also one before a release.

    Raises ValueError where one of the two cannot be read.
    """
    return SpecifierSet(to_pep440(specifier)).contains(Version(version), prereleases=True)


def direction(before: str, after: str) -> int:
    """Return 1 where a specifier asks for newer versions than before, -1 for older, else 0.

    The lowest version that is allowed decides, then the highest. 0 also where one of the two is
    no specifier.
    """
    try:
        was, now = _bounds(before), _bounds(after)
    except ValueError:
        return 0
    return (now > was) - (now < was)


def _bounds(specifier: str) -> tuple[Any, Any]:
    """Return the lowest and the highest version that is allowed. Raises ValueError."""
    clauses = list(SpecifierSet(to_pep440(specifier)))
    floors = [found for clause in clauses if (found := _floor(clause))]
    ceilings = [found for clause in clauses if (found := _ceiling(clause))]
    # No floor is below every version, no ceiling above.
    return max(floors, default=(Version("0.dev0"), 0)), min(ceilings, default=(1,))


def _floor(clause: Specifier) -> tuple[Version, int] | None:
    """Return the lowest version of a clause, and 1 where the version itself is not allowed."""
    if clause.operator in (">=", ">", "~=", "==", "==="):
        return Version(clause.version.removesuffix(".*")), int(clause.operator == ">")
    return None


def _ceiling(clause: Specifier) -> tuple[int, Version, int] | None:
    """Return the highest version of a clause, and 1 where the version itself is allowed."""
    operator, text = clause.operator, clause.version
    if operator in ("<", "<="):
        return 0, Version(text), int(operator == "<=")
    if operator in ("==", "===") and not text.endswith(".*"):
        return 0, Version(text), 1
    if operator in ("==", "~="):
        version = Version(text.removesuffix(".*"))
        release = version.release[:-1] if operator == "~=" else version.release
        numbers = [*release[:-1], release[-1] + 1]
        return 0, Version(f"{version.epoch}!{'.'.join(map(str, numbers))}"), 0
    return None
