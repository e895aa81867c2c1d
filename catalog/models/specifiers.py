"""Version specifiers: as a guide writes them, and as Python packaging reads them."""

import re

_CLAUSE = re.compile(r"(===|==|!=|<=|>=|~=|<|>)\s*[0-9A-Za-z.*+!_-]+")
_SHORTHAND = re.compile(r"([\^~])\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:a|b|rc|\.post|\.dev)\d+)?")


def to_pep440(specifier: str) -> str:
    """The specifier in the form of PEP 440: "^0.110.0" becomes ">=0.110.0,<0.111.0".

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
    """The first version that is no longer allowed, with as many numbers as were given."""
    if sign == "^":
        changes = next((place for place, number in enumerate(given) if number), len(given) - 1)
    else:
        changes = min(1, len(given) - 1)
    raised = [*given[:changes], given[changes] + 1]
    return raised + [0] * (len(given) - len(raised))
