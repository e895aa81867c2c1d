"""A version set as the pyproject.toml of a project that follows it."""

import shlex
from collections.abc import Iterable, Sequence
from typing import Any

import tomlkit

from catalog.models import Pin, VersionSet
from catalog.models.specifiers import as_pep440


def to_pyproject(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by PEP 621 and PEP 735; a specifier that cannot be read is written as it is."""
    main, dev = ([*map(requirement_of, same)] for same in _by_group(pins).values())
    python = as_pep440(version_set.python)
    return project_file(version_set.title, version_set.slug, python, main, dev)


def project_file(
    title: str, name: str, python: str, main: Sequence[str], dev: Sequence[str]
) -> str:
    """Write the TOML of a project with these requirements; `title` is a comment above it."""
    document = _heading(title)
    document["project"] = {
        "name": name,
        "version": "0.1.0",
        "requires-python": python,
        "dependencies": _array(main),
    }
    if dev:
        document["dependency-groups"] = {"dev": _array(dev)}
    return tomlkit.dumps(document)


def to_poetry(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by Poetry's own tables, with every specifier as it was written."""
    groups = _by_group(pins)
    document = _heading(version_set.title)
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
    return commands(*([*map(requirement_of, same)] for same in _by_group(pins).values()))


def commands(main: Sequence[str], dev: Sequence[str]) -> str:
    """Return what adds requirements to a project by uv: a line for each group that has any."""
    lines = {"uv add": main, "uv add --dev": dev}
    return "\n".join(f"{line} {shlex.join(group)}" for line, group in lines.items() if group)


def _heading(title: str) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment(_one_line(title)))
    document.add(tomlkit.nl())
    return document


def _by_group(pins: Iterable[Pin]) -> dict[str, list[Pin]]:
    groups: dict[str, list[Pin]] = {group: [] for group in Pin.Group.values}
    for pin in pins:
        groups[pin.group].append(pin)
    return groups


def _array(requirements: Iterable[str]) -> tomlkit.items.Array:
    array = tomlkit.array()
    array.extend(requirements)
    return array.multiline(multiline=True)


def requirement_of(pin: Pin) -> str:
    """Return a pin as installers read it: “uvicorn[standard]>=0.51,<0.52”."""
    return f"{pin.name_with_extras}{as_pep440(pin.specifier)}"


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


def _one_line(text: str) -> str:
    """Return text for a comment, which ends with its line and has no control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
