"""A pack from its files to rows, with all that can be told to be wrong without the database.

Whether a value is of the kind that its field takes is asked here, to the letter, since Django's
fields take "7" for 7 and 5.1 for the text 5.10. What a field, clean(), the constraints and other
rows say is asked where the rows are written: see catalog.history.trial.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
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
from catalog.models import ContentModel
from catalog.models.fields import is_showable
from catalog.packs import parse
from catalog.packs.files import digest_of_files, read_files, stem_of, top_of
from catalog.packs.manifest import FILE_NAME, LABEL, NO_VERSION, Manifest, manifest_of, name_from
from catalog.packs.parse import MalformedError, Unclear
from catalog.packs.problems import Problems, shown

FIRST_YEAR, LAST_YEAR = 1970, 2100
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

    def __init__(self, said: Manifest, digest: str, rows: Iterable[IncomingRow] = ()) -> None:
        self.manifest = said
        self.digest = digest
        self.problems = Problems()
        self.faulty: set[RowKey] = set()
        self._rows: dict[RowKey, IncomingRow] = {}
        self._by_model: dict[str, list[IncomingRow]] = defaultdict(list)
        for row in rows:
            self.add(row)

    def add(self, row: IncomingRow) -> IncomingRow:
        """Add a row where there is none of its key yet; return the one that there is then."""
        first = self._rows.setdefault(row.row, row)
        if first is row:
            self._by_model[row.row.model].append(row)
        return first

    def rows(self, model: str) -> list[IncomingRow]:
        """Return the rows of a model."""
        return self._by_model[model]

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: RowKey) -> bool:
        return row in self._rows


def digest_of(path: Path) -> str:
    """Return what stands for all that the files of a pack say, without reading what they say.

    Raises RefusedError for what cannot be opened or may not be, as read() does.
    """
    problems = Problems()
    contents = read_files(path, problems)
    problems.refuse()
    return digest_of_files(contents)


def read(path: Path, *, most: int | None = None) -> Incoming:
    """Return the pack at this place: a folder, a .zip, or one fixture file.

    It may hold `most` rows, at most PACK_MAX_ROWS. Raises RefusedError with all that is wrong
    where a file cannot be read or an entry names no row; what is wrong with single fields is told
    together with what the database says of the rest.
    """
    reader = _Reader(path, min(most or settings.PACK_MAX_ROWS, settings.PACK_MAX_ROWS))
    reader.read()
    return reader.incoming


class _Reader:
    """One run through the files of a pack."""

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.most = most
        self.problems = Problems()
        self.contents = read_files(path, self.problems)
        self.is_readable = not self.problems.first  # whether it is known which rows there are
        nameless = Manifest("", NO_VERSION, complete=False, over=())
        self.incoming = Incoming(nameless, digest_of_files(self.contents))
        self.incoming.problems = self.problems
        self.count = 0

    def read(self) -> None:
        """Read everything. Raises RefusedError."""
        said = f"{top_of(self.contents)}{FILE_NAME}"
        if self.is_readable and not self.contents.keys() - {said}:
            text = "There is no fixture in it: no .yaml, .yml or .json file."
            self._fail(self.path.name, text)
        if said not in self.contents:
            self._name_after_the_place()
        for name, content in self.contents.items():
            try:
                if name == said:
                    self._read_manifest(name, content)
                elif name.endswith(f"/{FILE_NAME}"):
                    text = "What a pack says of itself stands at its top, beside all other files."
                    self._fail(name, text)
                else:
                    self._read_fixture(name, content)
            except MalformedError as error:
                self._fail(name, str(error))
        for row in self.incoming.manifest.removes:
            if row in self.incoming:
                model = MODELS[row.model]._meta.verbose_name
                text = f"The pack removes {model} “{row}” and says it too. Keep one of the two."
                self._fail(FILE_NAME, text, field="removes")
        if not self.is_readable:
            self.problems.refuse()

    def _fail(self, name: str, text: str, entry: int | None = None, field: str = "") -> None:
        """Note why the pack cannot be read."""
        self.is_readable = False
        self.problems.add(name, text, entry=entry, field=field)

    def _name_after_the_place(self) -> None:
        stem = stem_of(self.path)
        if name := name_from(stem):
            self.incoming.manifest = self.incoming.manifest._replace(name=name)
        else:
            text = f"No name for the pack can be made of “{shown(stem)}”; "
            text += "add a pack.yaml that gives one."
            self._fail(self.path.name, text)

    def _read_manifest(self, name: str, content: bytes) -> None:
        said, faults = parse.document(content)
        for text in faults:
            self._fail(name, text)
        if found := manifest_of(said, self.problems, name):
            self.incoming.manifest = found
        else:
            self.is_readable = False

    def _read_fixture(self, name: str, content: bytes) -> None:
        for number, (value, doubts) in enumerate(parse.entries(name, content), 1):
            self.count += 1
            if self.count > self.most:
                raise self.problems.refusal(self.path.name, _too_many(self.most))
            row, fields, faults = None, {}, [("", text) for text in doubts]
            if not doubts:
                row, fields, faults = check_entry(value)
            for field, text in faults:
                self.problems.add(name, text, entry=number, field=field)
            if row is None:
                self.is_readable = False
                continue
            if faults:
                self.incoming.faulty.add(row)
            entry = IncomingRow(row, fields, name, number)
            first = self.incoming.add(entry)
            if first is not entry:
                place = f"“{row}” stands in {first.file}, entry {first.entry}, already"
                text = f"The pack gives this row twice: {place}. Keep one of the two."
                self.problems.add(name, text, entry=number)


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
        return None, {}, [("model", f"“{shown(label)}” is none of the models of content: {names}.")]
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
    return RowKey(model, documents.natural_key({**entry, "fields": fields})), fields, faults


def _in_form(model: type[ContentModel], name: str, value: Any) -> Any:
    """Return a value as it is stored: text in its one form, in references too."""
    if isinstance(value, list):
        return [unicodedata.normalize("NFC", part).strip() for part in value]
    return model.normalised(name, value) if isinstance(value, str) else value


@cache
def _fields_of(model: str) -> dict[str, models.Field]:
    columns = documents.columns(MODELS[model])
    return {column.name: MODELS[model]._meta.get_field(column.name) for column in columns}


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
