"""A pack from its files to rows, with all that can be told to be wrong without the database.

Whether a value is of the kind that its field takes is asked here, to the letter, since Django's
fields take "7" for 7 and 5.1 for the text 5.10. What a field, clean(), the constraints and other
rows say is asked where the rows are written: see catalog.history.trial.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from catalog.history import documents
from catalog.history.rows import MODELS, Fields, RowKey
from catalog.models.fields import is_showable
from catalog.packs import manifest, parse
from catalog.packs.files import Files, UnreadableError, read_files, stem_of
from catalog.packs.manifest import Manifest
from catalog.packs.parse import MalformedError, Unclear
from catalog.packs.problems import Problems, shown

APP = "catalog."
PARTS = ("model", "fields")

Fault = tuple[str, str]  # a field, or blank for the entry, and a sentence

FIRST_YEAR, LAST_YEAR = 1970, 2100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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

    def __init__(
        self,
        said: Manifest,
        digest: str,
        rows: dict[RowKey, IncomingRow],
        problems: Problems | None = None,
        faulty: set[RowKey] | None = None,
    ) -> None:
        self.manifest = said
        self.digest = digest
        self.problems = problems or Problems()
        self.faulty = faulty or set()
        self._rows = rows
        self._by_model: dict[str, list[IncomingRow]] = {}
        for row in rows.values():
            self._by_model.setdefault(row.row.model, []).append(row)

    def rows(self, model: str) -> list[IncomingRow]:
        """Return the rows of a model."""
        return self._by_model.get(model, [])

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: RowKey) -> bool:
        return row in self._rows


def read(path: Path, *, most: int | None = None) -> Incoming:
    """Return the pack at this place: a folder, a .zip, or one fixture file.

    It may hold `most` rows, at most PACK_MAX_ROWS. Raises RefusedError with all that is wrong
    where a file cannot be read or an entry names no row; what is wrong with single fields is told
    together with what the database says of the rest.
    """
    reader = _Reader(path, most)
    try:
        files = _opened(path, reader.problems)
        reader.read(files)
    except UnreadableError as error:
        reader.problems.add(path.name, None, "", str(error))
        reader.problems.refuse()
    if not reader.is_readable:
        reader.problems.refuse()
    return Incoming(reader.manifest, files.digest, reader.rows, reader.problems, reader.faulty)


def digest_of(path: Path) -> str:
    """Return what stands for all that the files of a pack say, without reading what they say.

    Raises RefusedError for what cannot be opened or may not be, as read() does.
    """
    problems = Problems()
    try:
        digest = _opened(path, problems).digest
    except UnreadableError as error:
        problems.add(path.name, None, "", str(error))
    problems.refuse()
    return digest


def _opened(path: Path, problems: Problems) -> Files:
    files = read_files(path)
    for name, text in files.faults:
        problems.add(name or path.name, None, "", text)
    return files


class _Reader:
    """One run through the files of a pack."""

    def __init__(self, path: Path, most: int | None) -> None:
        self.path = path
        self.most = min(most or settings.PACK_MAX_ROWS, settings.PACK_MAX_ROWS)
        self.problems = Problems()
        self.is_readable = True  # whether it is known which rows there are
        self.manifest: Manifest | None = None
        self.rows: dict[RowKey, IncomingRow] = {}
        self.faulty: set[RowKey] = set()
        self.count = 0

    def read(self, files: Files) -> None:
        """Read everything. Raises UnreadableError for too much, and notes the rest."""
        said = f"{files.top}{manifest.FILE_NAME}"
        self.is_readable = not files.faults
        if said not in files.contents:
            self._take_manifest(lambda: manifest.manifest_for(stem_of(self.path)), self.path.name)
        if not files.faults and not files.contents.keys() - {said}:
            self._fail(self.path.name, "There is no fixture in it: no .yaml, .yml or .json file.")
        for name, content in files.contents.items():
            try:
                if name == said:
                    self._read_manifest(name, content)
                elif name.endswith(f"/{manifest.FILE_NAME}"):
                    text = "What a pack says of itself stands at its top, beside all other files."
                    self._fail(name, text)
                else:
                    self._read_fixture(name, content)
            except MalformedError as error:
                self._fail(name, str(error))
        self._refuse_what_is_removed()

    def _fail(self, name: str, text: str, field: str = "") -> None:
        """Note why the pack cannot be read."""
        self.is_readable = False
        self.problems.add(name, None, field, text)

    def _read_manifest(self, name: str, content: bytes) -> None:
        said, faults = parse.document(content)
        for text in faults:
            self._fail(name, text)
        self._take_manifest(lambda: manifest.manifest_of(said), name)

    def _take_manifest(self, make: Callable[[], Manifest], name: str) -> None:
        try:
            self.manifest = make()
        except manifest.FaultyError as error:
            for field, text in error.faults:
                self._fail(name, text, field)

    def _read_fixture(self, name: str, content: bytes) -> None:
        for number, (value, doubts) in enumerate(parse.entries(name, content), 1):
            self.count += 1
            if self.count > self.most:
                raise UnreadableError(_too_many(self.most))
            row, faults = None, [("", text) for text in doubts]
            if not doubts:
                row, fields, faults = check_entry(value)
            for field, text in faults:
                self.problems.add(name, number, field, text)
            if row is None:
                self.is_readable = False
                continue
            self._add(IncomingRow(row, fields, name, number))
            if faults:
                self.faulty.add(row)

    def _add(self, row: IncomingRow) -> None:
        first = self.rows.setdefault(row.row, row)
        if first is not row:
            text = (
                f"The pack gives this row twice: “{row.row}” stands in {first.file}, entry "
                f"{first.entry}, already. Keep one of the two."
            )
            self.problems.add(row.file, row.entry, "", text)

    def _refuse_what_is_removed(self) -> None:
        """Refuse a row that the same pack says and removes."""
        for row in self.manifest.removes if self.manifest else ():
            if row in self.rows:
                model = MODELS[row.model]._meta.verbose_name
                text = f"The pack removes {model} “{row}” and says it too. Keep one of the two."
                self._fail(manifest.FILE_NAME, text, "removes")


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
    model = label.removeprefix(APP) if isinstance(label, str) and label.startswith(APP) else ""
    if model not in MODELS:
        names = ", ".join(f"{APP}{name}" for name in MODELS)
        return None, {}, [("model", f"“{shown(label)}” is none of the models of content: {names}.")]
    if not isinstance(given, dict):
        return None, {}, [("fields", "The fields of an entry are a mapping from name to value.")]
    faults = list(_extra_parts(entry))
    takes = _fields_of(model)
    for name, value in given.items():
        if name not in takes:
            faults.append((name, f"An entry of {label} has no such field; remove it."))
        elif fault := fault_of_kind(takes[name], value):
            faults.append((name, fault))
    naming = [path.partition("__")[0] for path in MODELS[model].NATURAL_KEY]
    missing = [name for name in dict.fromkeys(naming) if name not in given]
    faults += [(name, "This field is missing; it names the row.") for name in missing]
    wrong = {name for name, _text in faults}
    if wrong & {*naming} or not all(given.get(name) for name in naming):
        return None, {}, faults or [(naming[0], "This field must not be empty; give a value.")]
    fields = {
        name: _in_form(MODELS[model], name, value)
        for name, value in given.items()
        if name not in wrong
    }
    return RowKey(model, documents.natural_key({**entry, "fields": fields})), fields, faults


def _in_form(model: type[models.Model], name: str, value: Any) -> Any:
    """Return a value as it would be stored: text in its form, in references too."""
    if isinstance(value, list):
        return [unicodedata.normalize("NFC", part).strip() for part in value]
    return model.normalised(name, value) if isinstance(value, str) else value


def _extra_parts(entry: dict[str, Any]) -> Iterator[Fault]:
    for name in entry:
        if name == "pk":
            text = "No entry gives a primary key; rows are named by their fields. Remove it."
            yield name, text
        elif name not in PARTS:
            yield name, "An entry has “model” and “fields” only; remove it."


@cache
def _fields_of(model: str) -> dict[str, models.Field]:
    columns = documents.columns(MODELS[model])
    return {column.name: MODELS[model]._meta.get_field(column.name) for column in columns}


def fault_of_kind(field: models.Field, value: Any) -> str:
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
    if type(value) is list and len(value) == size:
        faults = [fault_of_characters(part) for part in value if type(part) is str and part]
        if len(faults) == size:
            return next(filter(None, faults), "")
    texts = "text" if size == 1 else "texts"
    name = target._meta.verbose_name
    return f"This field names a {name} by a list of {size} {texts}, not by {_named(value)}."


def _fault_of_text(field: models.Field, value: Any) -> str:
    if type(value) is not str:
        if value is None:
            return "This field takes text; write '' for none."
        hint = f"this is {_named(value)}" if isinstance(value, list | dict) else ""
        return f"This field takes text; {hint or f'write {_named(value)} in quotes'}."
    choices = [choice for choice, _label in field.flatchoices]
    if value and choices and value not in choices:
        words = ", ".join(f"“{choice}”" for choice in choices)
        return f"Choose one of {words}; “{shown(value)}” is none of them."
    return fault_of_characters(value)


def fault_of_characters(text: str) -> str:
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
    if isinstance(value, str):
        return f"the text “{shown(value)}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shown(value) if isinstance(value, Unclear) else str(value)
