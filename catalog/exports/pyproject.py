"""A version set as the pyproject.toml of a project that follows it."""

import shlex
from collections.abc import Iterable
from typing import Any

import tomlkit

from catalog.models import Pin, VersionSet
from catalog.models.specifiers import to_pep440


def to_pyproject(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by PEP 621 and PEP 735; a specifier that cannot be read is written as it is."""
    groups = _by_group(pins)
    document = _heading(version_set)
    document["project"] = {
        "name": version_set.slug,
        "version": "0.1.0",
        "requires-python": _pep440(version_set.python),
        "dependencies": _requirements(groups[Pin.Group.MAIN]),
    }
    if groups[Pin.Group.DEV]:
        document["dependency-groups"] = {"dev": _requirements(groups[Pin.Group.DEV])}
    return tomlkit.dumps(document)


def to_poetry(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by Poetry's own tables, with every specifier as it was written."""
    groups = _by_group(pins)
    document = _heading(version_set)
    python = tomlkit.string(version_set.python)
    if version_set.python_note:
        python.comment(_one_line(version_set.python_note))
    poetry = {
        "name": version_set.slug,
        "version": "0.1.0",
        "package-mode": False,
        "dependencies": {"python": python, **_by_name(groups[Pin.Group.MAIN])},
    }
    if groups[Pin.Group.DEV]:
        poetry["group"] = {"dev": {"dependencies": _by_name(groups[Pin.Group.DEV])}}
    document["tool"] = {"poetry": poetry}
    return tomlkit.dumps(document)


def to_commands(pins: Iterable[Pin]) -> str:
    """Return what adds the pins to a project by uv: a line for each group that has any."""
    groups = _by_group(pins)
    commands = {Pin.Group.MAIN: "uv add", Pin.Group.DEV: "uv add --dev"}
    return "\n".join(
        f"{command} {shlex.join(map(requirement_of, groups[group]))}"
        for group, command in commands.items()
        if groups[group]
    )


def _heading(version_set: VersionSet) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment(_one_line(version_set.title)))
    document.add(tomlkit.nl())
    return document


def _by_group(pins: Iterable[Pin]) -> dict[str, list[Pin]]:
    groups: dict[str, list[Pin]] = {group: [] for group in Pin.Group.values}
    for pin in pins:
        groups[pin.group].append(pin)
    return groups


def _requirements(pins: Iterable[Pin]) -> tomlkit.items.Array:
    array = tomlkit.array()
    array.extend(map(requirement_of, pins))
    return array.multiline(multiline=True)


def requirement_of(pin: Pin) -> str:
    """Return a pin as installers read it: “uvicorn[standard]>=0.51,<0.52”."""
    return f"{pin.name_with_extras}{_pep440(pin.specifier)}"


def _by_name(pins: Iterable[Pin]) -> dict[str, Any]:
    """Return what Poetry is told of each package."""
    found = {}
    for pin in pins:
        value = pin.specifier
        if pin.extra_names:
            value = tomlkit.inline_table()
            value.update({"extras": pin.extra_names, "version": pin.specifier})
        found[pin.package.name] = value
    return found


def _pep440(specifier: str) -> str:
    try:
        return to_pep440(specifier)
    except ValueError:
        return specifier


def _one_line(text: str) -> str:
    """Return text for a comment, which ends with its line and has no control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
