"""What a pack says of itself: name, version, whether it is complete, what it is over, removes."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from packaging.version import InvalidVersion, Version

from catalog.history.rows import MODELS, RowKey
from catalog.models import PackLoad
from catalog.models.fields import is_slug
from catalog.packs.problems import Problems, shown

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


def manifest_of(said: Any, problems: Problems, file: str = FILE_NAME) -> Manifest | None:
    """Return the manifest that pack.yaml gives; None, and all that is wrong among the problems."""
    if not isinstance(said, dict):
        problems.add(file, "It is no mapping; write name, version, complete and over.")
        return None
    unknown = "A pack does not say this of itself; remove it."
    faults = [(name, unknown) for name in said if name not in Manifest._fields]
    said = {"complete": False, "over": [], "removes": [], **said}
    checks = {
        "name": _fault_of_name(said.get("name")),
        "version": _fault_of_version(said.get("version")),
        "complete": "" if isinstance(said["complete"], bool) else "It takes true or false.",
        "over": _fault_of_over(said["over"], said.get("name")),
        "removes": _fault_of_removes(said["removes"]),
    }
    faults += [(name, text) for name, text in checks.items() if text]
    for field, text in faults:
        problems.add(file, text, field=field)
    if faults:
        return None
    said["over"] = tuple(said["over"])
    said["removes"] = tuple(
        RowKey(model.removeprefix(LABEL), tuple(key))
        for part in said["removes"]
        for model, key in part.items()
    )
    return Manifest(**said)


def name_from(stem: str) -> str:
    """Return what a pack is called after its file or folder; blank where no name can be made."""
    words = slugify(stem).replace("_", "-").split("-")
    name = "-".join(word for word in words if word)[:LONGEST_NAME].strip("-")
    return "" if _fault_of_name(name) else name


def _fault_of_name(name: Any) -> str:
    """Return why this is no name of a pack; blank when it is one."""
    if name is None:
        return "It is missing; a pack has a name, such as guide-2026-11."
    if type(name) is not str:
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
    if type(version) is not str:
        return "It takes text; write it in quotes: '1.10' is another version than 1.1."
    if len(version) > LONGEST_VERSION:
        return f"It is longer than {LONGEST_VERSION} characters; shorten it."
    try:
        if Version(version) and version == version.strip():
            return ""
    except InvalidVersion:
        pass
    text = f"“{shown(version)}” is no version; "
    return f"{text}write numbers with dots between them, such as '1.2'."


def _fault_of_over(over: Any, name: Any) -> str:
    if not isinstance(over, list):
        return "It takes a list of the names of packs: [guide-2025]."
    for other in over:
        if fault := _fault_of_name(other):
            return f"“{shown(other)}”: {fault}"
    if name in over:
        return f"A pack is not over itself; remove “{name}”."
    return "It names a pack twice; name each once." if len(set(over)) < len(over) else ""


def _fault_of_removes(removes: Any) -> str:
    if not isinstance(removes, list):
        return "It takes a list of parts: [{choice: [lightweight-api, orm, motor]}]."
    for part in removes:
        if fault := _fault_of_part(part):
            return f"“{shown(part)}”: {fault}"
    is_said_twice = len(set(map(str, removes))) < len(removes)
    return "It names a part twice; name each once." if is_said_twice else ""


def _fault_of_part(part: Any) -> str:
    """Return why this names no part that a pack may remove: one model, the key of one row."""
    if not isinstance(part, dict) or len(part) != 1:
        return "write one model with the key of one row."
    ((model, key),) = part.items()
    model = str(model).removeprefix(LABEL)
    if model not in MODELS or not MODELS[model].OWNERS:
        return "only a part of a thing can be removed; a page is archived by its status."
    needed = len(MODELS[model].NATURAL_KEY)
    texts = key if isinstance(key, list) else []
    texts = [text for text in texts if type(text) is str and text and text.isprintable()]
    return "" if key == texts and len(key) == needed else f"its key is a list of {needed} texts."
