"""A pack from its files to rows, with all that can be told to be wrong without the database.

Whether a value is of the kind that its field takes is asked here, to the letter: Django's fields
take "7" for 7 and 5.1 for the text 5.10. The rest is asked where rows are written (history.trial).
"""

import json
import re
import unicodedata
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from catalog.history.rows import MODELS, Fields, RowKey, columns, key_of
from catalog.models import ContentModel
from catalog.models.fields import FIRST_YEAR, LAST_YEAR, is_showable
from catalog.packs import parse
from catalog.packs.files import digest_of_files, read_files, stem_of, top_of
from catalog.packs.manifest import FILE_NAME, LABEL, NO_VERSION, Manifest, manifest_of, name_from
from catalog.packs.parse import Unclear
from catalog.packs.problems import Problems, shown

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Fault = tuple[str, str]  # a field, or blank for the entry, and a sentence


class IncomingRow(NamedTuple):
    """A row as an entry gives it: only the fields that stand there."""

    row: RowKey
    fields: Fields
    file: str = ""
    entry: int | None = None


class Incoming:
    """A pack that was read: its manifest, and its rows in the order of files and entries.

    `problems` are faults of single fields; the rows that have them are `faulty`.
    """

    def __init__(self, digest: str, said: Manifest | None = None) -> None:
        self.digest = digest
        self.manifest = said
        self.problems = Problems()
        self.faulty: set[RowKey] = set()
        self.by_key: dict[RowKey, IncomingRow] = {}

    def rows(self, model: str) -> list[IncomingRow]:
        """Return the rows of a model."""
        return [one for row, one in self.by_key.items() if row.model == model]

    def __len__(self) -> int:
        return len(self.by_key)

    def __contains__(self, row: RowKey) -> bool:
        return row in self.by_key


def digest_of(path: Path) -> str:
    """Return what stands for all that the files of a pack say. Raises RefusedError."""
    problems = Problems()
    contents = read_files(path, problems)
    problems.refuse()
    return digest_of_files(contents)


def read(path: Path, *, most: int | None = None) -> Incoming:
    """Return the pack at this place: a folder, a .zip, or one fixture file.

    It may hold `most` rows. Raises RefusedError where a file cannot be read or an entry names no
    row; what is wrong with single fields is told together with what the database says of the rest.
    """
    most = min(most or settings.PACK_MAX_ROWS, settings.PACK_MAX_ROWS)
    problems = Problems()
    contents = read_files(path, problems)
    incoming = Incoming(digest_of_files(contents))
    incoming.problems = problems
    place = f"{top_of(contents)}{FILE_NAME}"
    said = contents.pop(place, None)
    if not (contents or problems.first):
        text = "There is no fixture in it: no .yaml, .yml or .json file."
        raise problems.refusal(path.name, text)
    incoming.manifest = _manifest(path, problems, place, said)
    count = 0
    for name, content in contents.items():
        if name.endswith(f"/{FILE_NAME}"):
            text = "What a pack says of itself stands at its top, beside all other files."
            problems.add(name, text)
            continue
        if name.rpartition("/")[2].lower() in ("pack.yml", FILE_NAME):
            problems.add(
                name, f"Call this file {FILE_NAME}, to the letter: it says what the pack is."
            )
            continue
        count += _read_fixture(incoming, name, content, most + 1 - count)
        if count > most:
            raise problems.refusal(path.name, _too_many(most))
    for row in incoming.manifest.removes if incoming.manifest else ():
        if row in incoming:
            model = MODELS[row.model]._meta.verbose_name
            text = f"The pack removes {model} “{row}” and says it too. Keep one of the two."
            problems.add(FILE_NAME, text, field="removes")
    if problems.is_fatal:
        problems.refuse()
    return incoming


def _manifest(path: Path, problems: Problems, place: str, content: bytes | None) -> Manifest | None:
    """Return what the pack says of itself; without a pack.yaml it is named after its place."""
    if content is None:
        stem = stem_of(path)
        if name := name_from(stem):
            return Manifest(name, NO_VERSION, complete=False, over=())
        text = f"No name for the pack can be made of “{shown(stem)}”; "
        problems.add(path.name, f"{text}add a pack.yaml that gives one.")
        return None
    for said, faults in list(parse.entries(place, content, problems, is_list=False)):
        for text in faults:
            problems.add(place, text)
        return manifest_of(said, problems, place)
    return None


def _read_fixture(incoming: Incoming, name: str, content: bytes, most: int) -> int:
    """Add the rows of a file, of its first entries; return how many entries were read."""
    problems, number = incoming.problems, 0
    entries = islice(parse.entries(name, content, problems), most)
    for number, (value, doubts) in enumerate(entries, 1):
        row, fields, faults = None, {}, [("", text) for text in doubts]
        if not doubts:
            row, fields, faults = check_entry(value)
        for field, text in faults:
            problems.add(name, text, entry=number, field=field)
        if row is None:
            problems.is_fatal = True
            continue
        if faults:
            incoming.faulty.add(row)
        said = IncomingRow(row, fields, name, number)
        first = incoming.by_key.setdefault(row, said)
        if first is not said:
            place = f"“{row}” stands in {first.file}, entry {first.entry}, already"
            text = f"The pack gives this row twice: {place}. Keep one of the two."
            problems.add(name, text, entry=number)
    return number


def _too_many(most: int) -> str:
    text = f"This pack holds more than {most} rows; split it into several packs, or "
    if most < settings.PACK_MAX_ROWS:
        return f"{text}load it with the command load_pack, which takes {settings.PACK_MAX_ROWS}."
    return f"{text}raise PACK_MAX_ROWS."


# One entry ---------------------------------------------------------------------------------------


def check_entry(entry: Any) -> tuple[RowKey | None, Fields, list[Fault]]:
    """Return the row that an entry names, its fields, and all that is wrong with it by itself."""
    if not isinstance(entry, dict):
        return None, {}, [("", "An entry is a mapping with “model” and “fields”.")]
    label, given = entry.get("model"), entry.get("fields")
    model = label.removeprefix(LABEL) if isinstance(label, str) else ""
    if model not in MODELS or model == label:
        names = ", ".join(f"{LABEL}{name}" for name in MODELS)
        what = f"“{shown(label)}” is none of the models of content"
        if "model" not in entry:
            what = "An entry names its model; the models of content are"
        return None, {}, [("model", f"{what}: {names}.")]
    if not isinstance(given, dict):
        return None, {}, [("fields", "The fields of an entry are a mapping from name to value.")]
    no_key = "No entry gives a primary key; rows are named by their fields. Remove it."
    no_more = "An entry has “model” and “fields” only; remove it."
    faults = [
        (name, no_key if name == "pk" else no_more)
        for name in entry
        if name not in ("model", "fields")
    ]
    takes = _fields_of(model)
    for name, value in given.items():
        if name not in takes:
            faults.append((name, f"An entry of {label} has no such field; remove it."))
        elif fault := _fault_of(takes[name], value):
            faults.append((name, fault))
    naming = list(dict.fromkeys(path.partition("__")[0] for path in MODELS[model].NATURAL_KEY))
    faults += [
        (name, "This field is missing; it names the row.") for name in naming if name not in given
    ]
    wrong = {name for name, _text in faults}
    if not (wrong.isdisjoint(naming) and all(given[name] for name in naming)):
        return None, {}, faults or [(naming[0], "This field must not be empty; give a value.")]
    fields = {
        name: _in_form(MODELS[model], name, value)
        for name, value in given.items()
        if name not in wrong
    }
    return key_of({**entry, "fields": fields}), fields, faults


def _in_form(model: type[ContentModel], name: str, value: Any) -> Any:
    """Return a value as it is stored: text in its one form, in references too."""
    if isinstance(value, list):
        return [unicodedata.normalize("NFC", part).strip() for part in value]
    return model.normalised(name, value) if isinstance(value, str) else value


@cache
def _fields_of(model: str) -> dict[str, models.Field]:
    return {field.name: field for field in columns(MODELS[model])}


def _fault_of(field: models.Field, value: Any) -> str:
    """Return why a value is not of the kind that a field of a fixture takes; blank if it is."""
    if value is None and field.null:
        return ""
    if field.is_relation:
        return _fault_of_reference(field, value)
    if isinstance(field, models.BooleanField):
        takes, is_kind = "true or false", type(value) is bool
    elif isinstance(field, models.IntegerField):
        # As PostgreSQL has them; SQLite would take more.
        least, most = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]
        takes, is_kind = "a whole number", type(value) is int
        if is_kind and not least <= value <= most:
            return f"Give a number from {least} to {most}."
    elif isinstance(field, models.DateField):
        takes, day = "a day that there is, such as '2026-11-22'", _day(value)
        is_kind = day is not None
        if is_kind and not FIRST_YEAR <= day.year <= LAST_YEAR:
            return f"Give a day from {FIRST_YEAR} to {LAST_YEAR}."
    else:
        return _fault_of_text(field, value)
    return "" if is_kind else f"This field takes {takes}, not {_named(value)}."


def _fault_of_reference(field: models.ForeignKey, value: Any) -> str:
    target = field.related_model
    size = len(target.NATURAL_KEY)
    is_key = isinstance(value, list) and len(value) == size
    if is_key and all(type(part) is str and part for part in value):
        return next(filter(None, map(_fault_of_characters, value)), "")
    texts = "text" if size == 1 else "texts"
    name = target._meta.verbose_name
    return f"This field names a {name} by a list of {size} {texts}, not by {_named(value)}."


def _fault_of_text(field: models.Field, value: Any) -> str:
    if value is None:
        return "This field takes text; write '' for none."
    if isinstance(value, list | dict):
        return f"This field takes text; this is {_named(value)}."
    if type(value) is not str:
        return f"This field takes text; write {_named(value)} in quotes."
    choices = [choice for choice, _label in field.flatchoices]
    if value and choices and value not in choices:
        words = ", ".join(f"“{choice}”" for choice in choices)
        return f"Choose one of {words}; “{shown(value)}” is none of them."
    return _fault_of_characters(value)


def _fault_of_characters(text: str) -> str:
    """Return why text cannot be shown; blank if it can. No database is asked for such text."""
    try:
        is_showable(text)
    except ValidationError as error:
        return error.messages[0]
    return ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except (TypeError, ValueError):
        return None


def _named(value: Any) -> str:
    """Return a value as it stands in a sentence."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, Unclear):
        return shown(value)
    return f"the text “{shown(value)}”" if isinstance(value, str) else json.dumps(value)
