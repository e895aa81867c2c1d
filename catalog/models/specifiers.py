"""Version specifiers: as a guide writes them, and as Python packaging reads them."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_SHORTHAND = re.compile(r"([\^~])(?!=)\s*(\S+)", re.ASCII)
_WILDCARD = re.compile(r"\d+(\.\d+)*\.\*", re.ASCII)
# A name as in PEP 508, which packaging checks in whole requirements only.
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)


def to_pep440(specifier: str) -> str:
    """Return the specifier in the form of PEP 440: "^0.110.0" becomes ">=0.110.0,<0.111.0".

    `^` allows what does not change the leftmost number that is not zero, `~` what does not
    change the second; `*`, `2.*` and `||` between ranges that meet are read as well, all as
    Poetry documents them. What is PEP 440 already is returned as it is.
    Raises ValueError for anything else.
    """
    written = [_one_range(text.strip()) for text in specifier.split("||")]
    return written[0] if len(written) == 1 else _union(written)


def as_pep440(specifier: str) -> str:
    """Return the specifier in the form of PEP 440, or as it is where it cannot be read."""
    try:
        return to_pep440(specifier)
    except ValueError:
        return specifier


def name_with_extras(name: str, extras: str) -> str:
    """Return a package as a requirement names it: “uvicorn[standard]”."""
    return f"{name}[{','.join(extra_names(extras))}]" if extra_names(extras) else name


def extra_names(extras: str) -> list[str]:
    return [name.strip() for name in extras.split(",") if name.strip()]


def _one_range(text: str) -> str:
    """Return a specifier without `||` as PEP 440 has it. Raises ValueError."""
    clauses = [_clause(clause.strip()) for clause in text.split(",")]
    return ",".join(clauses)


def _clause(text: str) -> str:
    if match := _SHORTHAND.fullmatch(text):
        version = Version(match[2])
        return f">={match[2]},<{'.'.join(map(str, _next(match[1], list(version.release))))}"
    if text == "*":
        return ">=0"
    if _WILDCARD.fullmatch(text):
        text = f"=={text}"
    return "".join(str(Specifier(text)).split())


def _union(ranges: list[str]) -> str:
    """Return one range for several that meet or overlap: ">=3.8,<3.9", ">=3.9,<4" is ">=3.8,<4".

    Raises ValueError where there is a gap between two, which no one specifier can say.
    """
    bounds = sorted(_bounds(text) for text in ranges)
    (floor, is_above), ceiling = bounds[0]
    for lowest, highest in bounds[1:]:
        if len(ceiling) > 1 and (lowest[0], lowest[1]) > (ceiling[1], 1 - ceiling[2]):
            raise ValueError("There is a gap between the ranges.")
        ceiling = max(ceiling, highest)
    if any("!=" in text for text in ranges):
        raise ValueError("Ranges with exceptions cannot be joined.")
    text = f"{'>' if is_above else '>='}{floor}"
    return f"{text},{'<=' if ceiling[2] else '<'}{ceiling[1]}" if len(ceiling) > 1 else text


def _next(sign: str, given: list[int]) -> list[int]:
    """Return the first version no longer allowed, with as many numbers as were given."""
    if sign == "^":
        changes = next((place for place, number in enumerate(given) if number), len(given) - 1)
    else:
        changes = min(1, len(given) - 1)
    raised = [*given[:changes], given[changes] + 1]
    return raised + [0] * (len(given) - len(raised))


def is_specifier(text: str) -> None:
    """Raise ValidationError for what no installer reads, and for what no version satisfies."""
    try:
        standard = to_pep440(text)
        lowest, highest = _bounds(standard)
    except ValueError as error:
        raise ValidationError(
            "Write a version specifier: “^3.11” or “>=2.0,<3”. Ranges joined by “||” must meet."
        ) from error
    if len(highest) > 1 and (lowest[0], lowest[1]) > (highest[1], highest[2] - 1):
        raise ValidationError(f"No version satisfies “{text}”; the range ends before it begins.")


def is_version(text: str) -> None:
    """Raise ValidationError for what is no version by PEP 440."""
    try:
        Version(text if text.isascii() else "")
    except InvalidVersion as error:
        raise ValidationError("Write one version, as the index has it: “2.31.0”.") from error


def is_extras(text: str) -> None:
    """Raise ValidationError for what is no list of names of extras between commas."""
    if not all(_NAME.fullmatch(name.strip()) for name in text.split(",")):
        raise ValidationError("Write the names of extras, a comma between two: “standard,http2”.")


def is_requirement(text: str) -> None:
    """Raise ValidationError for what is no requirement by PEP 508."""
    try:
        Requirement(text if text.isascii() else "")
    except InvalidRequirement as error:
        raise ValidationError(
            "Write a package with its extras: “python-jose[cryptography]”."
        ) from error


def admits(specifier: str, version: str) -> bool:
    """Return whether a specifier allows a version, also one before a release.

    Raises ValueError where one of the two cannot be read.
    """
    return SpecifierSet(to_pep440(specifier)).contains(Version(version), prereleases=True)


def lowest(specifier: str) -> str:
    """Return the lowest version that a specifier allows. Raises ValueError for what is none."""
    return str(_bounds(specifier)[0][0])


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


def is_new_major(before: str, after: str) -> bool:
    """Return whether the first number that is not zero, of the lowest version, is raised.

    False also where one of the two is no specifier.
    """
    try:
        was, now = (_bounds(text)[0][0].release for text in (before, after))
    except ValueError:
        return False
    places = 1 + next((place for place, number in enumerate(was) if number), 0)
    return now[:places] > was[:places]


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
