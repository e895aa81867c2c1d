"""What a pack says of itself: name, version, whether it is complete, what it is over, removes."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from packaging.version import InvalidVersion, Version

from catalog.history.rows import MODELS, RowKey
from catalog.models import PackLoad
from catalog.models.fields import is_slug
from catalog.packs.problems import shown

FILE_NAME = "pack.yaml"
# Entries write it before the name of a model; here it may be left out.
LABEL = "catalog."
# A pack that says nothing of itself.
NO_VERSION = "0"

LONGEST_NAME = PackLoad._meta.get_field("name").max_length
LONGEST_VERSION = PackLoad._meta.get_field("version").max_length


class Manifest(NamedTuple):
    name: str
    version: str
    complete: bool
    over: tuple[str, ...]
    removes: tuple[RowKey, ...] = ()  # parts that it takes away, whoever brought them


class FaultyError(Exception):
    """A manifest cannot be used. `faults` are pairs of a field, or blank, and a sentence."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


def manifest_of(said: Any) -> Manifest:
    """Return the manifest that pack.yaml gives. Raises FaultyError with all that is wrong."""
    if not isinstance(said, dict):
        raise FaultyError([("", "It is no mapping; write name, version, complete and over.")])
    faults = [
        (name, "A pack does not say this of itself; remove it.")
        for name in said
        if name not in Manifest._fields
    ]
    checks = {
        "name": fault_of_name(said.get("name")),
        "version": _fault_of_version(said.get("version")),
        "complete": _fault_of_complete(said.get("complete", False)),
        "over": _fault_of_over(said.get("over", []), said.get("name")),
        "removes": _fault_of_removes(said.get("removes", [])),
    }
    faults += [(name, fault) for name, fault in checks.items() if fault]
    if faults:
        raise FaultyError(faults)
    return Manifest(
        name=said["name"],
        version=said["version"],
        complete=said.get("complete", False),
        over=tuple(said.get("over", [])),
        removes=tuple(
            RowKey(model.removeprefix(LABEL), tuple(key))
            for part in said.get("removes", [])
            for model, key in part.items()
        ),
    )


def manifest_for(stem: str) -> Manifest:
    """Return the manifest of fixtures that come without one, named after their file or folder.

    Raises FaultyError where no name can be made of that.
    """
    words = slugify(stem).replace("_", "-").split("-")
    name = "-".join(word for word in words if word)[:LONGEST_NAME].strip("-")
    if fault_of_name(name):
        text = (
            f"No name for the pack can be made of “{shown(stem)}”; add a pack.yaml that gives one."
        )
        raise FaultyError([("", text)])
    return Manifest(name, NO_VERSION, complete=False, over=())


def fault_of_name(name: Any) -> str:
    """Return why this is no name of a pack; blank when it is one."""
    if name is None:
        return "It is missing; a pack has a name, such as guide-2026-11."
    if not isinstance(name, str):
        return "It takes text; write it in quotes."
    if len(name) > LONGEST_NAME:
        return f"It is longer than {LONGEST_NAME} characters; shorten it."
    try:
        is_slug(name)
    except ValidationError as error:
        return error.messages[0]
    return ""


def _fault_of_version(version: Any) -> str:
    if version is None:
        return "It is missing; a pack has a version, such as '1'."
    if not isinstance(version, str):
        return "It takes text; write it in quotes: '1.10' is another version than 1.1."
    if len(version) > LONGEST_VERSION:
        return f"It is longer than {LONGEST_VERSION} characters; shorten it."
    try:
        Version(version)
    except InvalidVersion:
        is_version = False
    else:
        is_version = version == version.strip()
    if not is_version:
        text = f"“{shown(version)}” is no version; "
        return f"{text}write numbers with dots between them, such as '1.2'."
    return ""


def _fault_of_complete(complete: Any) -> str:
    return "" if isinstance(complete, bool) else "It takes true or false."


def _fault_of_over(over: Any, name: Any) -> str:
    if not isinstance(over, list):
        return "It takes a list of the names of packs: [guide-2025]."
    for other in over:
        if fault := fault_of_name(other):
            return f"“{shown(other)}”: {fault}"
    if name in over:
        return f"A pack is not over itself; remove “{name}”."
    if len(set(over)) < len(over):
        return "It names a pack twice; name each once."
    return ""


def _fault_of_removes(removes: Any) -> str:
    if not isinstance(removes, list):
        return "It takes a list of parts: [{choice: [lightweight-api, orm, motor]}]."
    for part in removes:
        if fault := _fault_of_part(part):
            return f"“{shown(part)}”: {fault}"
    if len({str(part) for part in removes}) < len(removes):
        return "It names a part twice; name each once."
    return ""


def _fault_of_part(part: Any) -> str:
    """Return why this names no part that a pack may remove: one model, the key of one row."""
    if not isinstance(part, dict) or len(part) != 1:
        return "write one model with the key of one row."
    ((model, key),) = part.items()
    model = str(model).removeprefix(LABEL)
    if model not in MODELS or not MODELS[model].OWNERS:
        return "only a part of a thing can be removed; a page is archived by its status."
    needed = len(MODELS[model].NATURAL_KEY)
    if not isinstance(key, list) or len(key) != needed or not all(map(_is_text, key)):
        return f"its key is a list of {needed} texts."
    return ""


def _is_text(value: Any) -> bool:
    """Return whether it can be part of a key: text without control characters, not empty."""
    return isinstance(value, str) and value != "" and value.isprintable()
