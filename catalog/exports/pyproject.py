"""A version set as the pyproject.toml of a project that follows it."""

from collections.abc import Iterable

import tomlkit

from catalog.models import Pin, VersionSet
from catalog.models.specifiers import to_pep440


def to_pyproject(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by the standards of Python packaging: PEP 621 and dependency groups (PEP 735).

    A specifier that cannot be read is written as it stands, for the reader to correct.
    """
    groups = _by_group(pins)
    document = _heading(version_set)
    project = tomlkit.table()
    project.add("name", version_set.slug)
    project.add("version", "0.1.0")
    project.add("requires-python", _pep440(version_set.python))
    project.add("dependencies", _list(_requirement(pin) for pin in groups[Pin.Group.MAIN]))
    document.add("project", project)
    if groups[Pin.Group.DEV]:
        table = tomlkit.table()
        table.add("dev", _list(_requirement(pin) for pin in groups[Pin.Group.DEV]))
        document.add("dependency-groups", table)
    return tomlkit.dumps(document)


def to_poetry(version_set: VersionSet, pins: Iterable[Pin]) -> str:
    """Write TOML by Poetry's own tables, with every specifier as it was written."""
    groups = _by_group(pins)
    document = _heading(version_set)
    poetry = tomlkit.table()
    poetry.add("name", version_set.slug)
    poetry.add("version", "0.1.0")
    poetry.add("package-mode", value=False)
    main = tomlkit.table()
    python = tomlkit.string(version_set.python)
    if version_set.python_note:
        python.comment(_one_line(version_set.python_note))
    main.add("python", python)
    _add_pins(main, groups[Pin.Group.MAIN])
    poetry.add("dependencies", main)
    if groups[Pin.Group.DEV]:
        dev = tomlkit.table()
        _add_pins(dev, groups[Pin.Group.DEV])
        poetry.add("group", {"dev": {"dependencies": dev}})
    document.add("tool", {"poetry": poetry})
    return tomlkit.dumps(document)


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


def _list(requirements: Iterable[str]) -> tomlkit.items.Array:
    array = tomlkit.array()
    array.extend(requirements)
    return array.multiline(multiline=True)


def _requirement(pin: Pin) -> str:
    return f"{pin.name_with_extras}{_pep440(pin.specifier)}"


def _add_pins(table: tomlkit.items.Table, pins: list[Pin]) -> None:
    for pin in pins:
        if pin.extra_names:
            value = tomlkit.inline_table()
            value.update({"extras": pin.extra_names, "version": pin.specifier})
        else:
            value = pin.specifier
        table.add(pin.package.name, value)


def _pep440(specifier: str) -> str:
    try:
        return to_pep440(specifier)
    except ValueError:
        return specifier


def _one_line(text: str) -> str:
    """Return text for a comment, which ends with its line and has no control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
