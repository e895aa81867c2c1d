"""A posted grid, read over the document that it was made from.

What the form does not show, or shows as it is, stays as it is in the document: so a filtered grid
touches nothing but what it shows, and a browser that cannot give a text back changes none.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache, reduce
from itertools import product, starmap
from operator import and_
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, Q
from django.http import QueryDict
from django.utils.text import capfirst

from catalog.admin.base import is_key
from catalog.admin.grid import words
from catalog.admin.grid.sheet import CELL_PARTS, STEP, Place, Sheet, named, slug_for
from catalog.history.rows import Fields, columns, defaults_of
from catalog.models import Cell, Contender, ContentModel, Criterion, CriterionGroup, Technology
from catalog.models.comparison import fault_of_cell

# What a browser leaves out of a text in a field of one line.
_BREAKS = re.compile(r"[\r\n]")

# Stands for the primary key of this table: nothing is looked up by it.
HERE = 1


Model = type[ContentModel]
Names = Mapping[str, str]  # of technologies by their slugs, of controls by their fields


class Fault(NamedTuple):
    """What is wrong, beside which control it stands, and what that is of."""

    control: str
    where: str
    text: str


@dataclass
class Reading:
    """One posted form: the sheet as it would be, and all that is wrong with what was typed.

    `removed` are the rows and columns that were ticked, as far as they take cells along.
    """

    base: Sheet
    post: QueryDict
    names: Names
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take what was typed into names, heads and cells."""
        self.sheet = self.base.copy()
        self.removed = self.sheet.remove(self.post.getlist("_remove"))
        self._broken: dict[tuple[Any, ...], bool] = {}  # by constraints and what they ask for
        for slug in self.sheet.headings():
            where = f"Group “{self.sheet.groups[slug]['name']}”"
            self._read(CriterionGroup, slug, where, {"name": named("heading", slug)})
        for slug in self.sheet.rows():
            self._read_row(slug)
        for slug in self.sheet.columns():
            self._read(Contender, slug, self.names[slug], {"versions": named("versions", slug)})
        for place in starmap(Place, product(self.sheet.rows(), self.sheet.columns())):
            if is_shown(self.post, place):
                self._read_cell(place)

    def add_lines(self) -> None:
        """Add what was typed into the empty lines. One query if a technology was chosen."""
        if name := self._typed("new-group.name"):
            slug = slug_for(name, {*self.sheet.groups, *self.base.groups}, "group")
            self._add(CriterionGroup, "group", slug, slug=slug, name=name)
        if name := self._typed("new-row.name"):
            slug = slug_for(name, {*self.sheet.criteria, *self.base.criteria}, "row")
            kind = self.post.get("new-row.kind", Criterion.Kind.RATING.value)
            weight = self._typed("new-row.weight") or ("0" if kind == Criterion.Kind.TEXT else "1")
            group = self._group_named("new-row.group", None, "New row")
            self._add(
                Criterion, "row", slug, slug=slug, name=name, kind=kind, weight=weight, group=group
            )
        if self.post.get("new-column.technology") or self._typed("new-column.name"):
            self._add_column()

    def verify(self, value: str, name: str, today: date) -> int:
        """Sign the cells that a button names, as far as they are shown; return how many."""
        signed = 0
        longest = Cell._meta.get_field("verified_by").max_length
        for place in self.sheet.cells_named(value):
            cell = self.sheet.cells[place]
            if cell["state"] != words.UNKNOWN and is_shown(self.post, place):
                cell |= {"verified_on": today.isoformat(), "verified_by": name[:longest]}
                signed += 1
        return signed

    def where(self, place: Place) -> str:
        """Return what a cell is called: “Performance, Quart”."""
        name = self.sheet.criteria[place.criterion]["name"]
        return f"{name}, {self.names[place.technology]}"

    def _typed(self, control: str, before: Any = "") -> Any:
        """Return what was typed into a control, or what was there if that is what it shows."""
        given = self.post.get(control)
        shown = _BREAKS.sub("", "" if before is None else str(before)).strip()
        return before if given is None or given.strip() == shown else given.strip()

    # Names and heads

    def _read(self, model: Model, key: str, where: str, controls: Names, **typed: Any) -> None:
        before = self._rows(model)[key]
        texts = {name: self._typed(control, before[name]) for name, control in controls.items()}
        self._take(model, key, {**before, **texts, **typed}, where, controls)

    def _read_row(self, slug: str) -> None:
        before = self.sheet.criteria[slug]
        where = f"Row “{before['name']}”"
        controls = {part: named(part, slug) for part in ("name", "question", "weight", "kind")}
        group = self._group_named(named("group", slug), before["group"], where)
        self._read(Criterion, slug, where, controls, group=group)
        if self.sheet.kind_of(slug) != before["kind"]:
            self._convert(slug, before["kind"], controls["kind"], where)

    def _group_named(self, control: str, before: list[str] | None, where: str) -> list[str] | None:
        slug = self.post.get(control)
        if slug is None or slug == (before[1] if before else ""):
            return before
        if slug and slug not in self.sheet.groups:
            self.faults.append(Fault(control, where, "There is no such group."))
            return before
        return [self.sheet.slug, slug] if slug else None

    def _convert(self, slug: str, before: str, control: str, where: str) -> None:
        """Let the cells of a row of another kind say the same, as far as that kind can."""
        kind, unfit = self.sheet.kind_of(slug), []
        for technology in self.sheet.columns():
            cell = self.sheet.cells.get(place := Place(slug, technology))
            if cell and cell["state"] == words.KNOWN:
                self.sheet.cells[place] = after = dict(cell)
                rating, word = cell["rating"], cell["word"]
                if kind == Criterion.Kind.TEXT:
                    after |= {"rating": None, "word": word or words.word_of(before, rating)}
                elif before == Criterion.Kind.TEXT:
                    after["rating"] = words.rating_named(kind, word or cell["value"])
                if fault_of_cell(kind, after["state"], after["rating"]):
                    unfit.append(self.names[technology])
        if unfit:
            text = f"{', '.join(unfit)} cannot be said so; set what they say to unknown first."
            self.faults.append(Fault(control, where, text))

    # Cells

    def _read_cell(self, place: Place) -> None:
        is_new, was = place not in self.sheet.cells, self.sheet.cell(place)
        texts = {part: self._typed(named(part, *place), was[part]) for part in CELL_PARTS[1:]}
        after = {**was, **texts, "verified_on": texts["verified_on"] or None}
        control, saved = named("judgement", *place), words.judgement_of(None if is_new else was)
        judgement = self.post.get(control, saved)
        if judgement != saved:
            try:
                after = words.judged(after, judgement)
            except ValueError:
                self.faults.append(
                    Fault(control, self.where(place), "Choose one of the words offered.")
                )
                return
            after["word"] = _word_along(was, after, self.sheet.kind_of(place.criterion))
        elif (after["word"] or after["value"]) and after != was and was["state"] == words.UNKNOWN:
            if self.sheet.kind_of(place.criterion) == Criterion.Kind.TEXT:
                after["state"] = words.KNOWN  # a text says so by being there
            elif is_new:
                text = "Say also how it is judged: a rating, unknown, or does not apply."
                self.faults.append(Fault(control, self.where(place), text))
                return
        if after != was or (is_new and judgement):
            self._take(Cell, place, after, self.where(place), self._controls_of(place))

    def _controls_of(self, place: Place) -> dict[str, str]:
        controls = {part: named(part, *place) for part in CELL_PARTS}
        whole = controls["judgement" if controls["judgement"] in self.post else "verified_on"]
        shown = {part: control for part, control in controls.items() if control in self.post}
        return {"state": whole, "rating": whole, **shown}

    # What is new

    def _add_column(self) -> None:
        """Add a technology that was picked by searching, or named where there is no script."""
        key = self.post.get("new-column.technology", "")
        # PostgreSQL refuses the NUL character in any text; no name holds one.
        name = self.post.get("new-column.name", "").strip().replace("\0", "\ufffd")
        wanted = Q(pk=key) if is_key(key) else Q(slug=name) | Q(name__iexact=name)
        found = Technology.objects.filter(wanted).order_by().values_list("slug", flat=True)[:2]
        match list(found):
            case []:
                text = "There is no such technology: give its name or its slug as the guide has it."
            case [slug] if slug in self.sheet.contenders:
                text = "This technology is already in this comparison."
            case [slug]:
                versions = self._typed("new-column.versions")
                self._add(Contender, "column", slug, technology=[slug], versions=versions)
                return
            case _:
                text = "Several technologies are called so: give the slug of one."
        self.faults.append(
            Fault("new-column.name" if name else "new-column.technology", "New column", text)
        )

    def _add(self, model: Model, part: str, key: str, **typed: Any) -> None:
        rows = self._rows(model).values()
        fields = {
            **defaults_of(model),
            "comparison": [self.sheet.slug],
            "position": max((one["position"] for one in rows), default=0) + STEP,
            **typed,
        }
        controls = {name: named(f"new-{part}", name) for name in typed if name != "slug"}
        self._take(model, key, fields, f"New {part}", controls)

    # Rules

    def _take(self, model: Model, key: Any, fields: Fields, where: str, controls: Names) -> None:
        """Let the row with this key say this, if its model takes it; else note what is wrong."""
        before = self._rows(model).get(key, {})
        changed = {name for name, value in fields.items() if before.get(name, ...) != value}
        if not changed:
            return
        row = self._instance(model, fields)
        errors = self._errors_of(row, changed)
        first = next(iter(controls.values()))
        for name, texts in ValidationError(errors).message_dict.items():
            label = ""
            if name not in {*controls, NON_FIELD_ERRORS}:  # on another page of this table
                label = f"{capfirst(model._meta.get_field(name).verbose_name)}: "
            for text in texts:
                self.faults.append(Fault(controls.get(name, first), where, label + text))
        if not errors:
            cleaned = {name: getattr(row, name) for name in _own_fields(model)}
            if isinstance(day := cleaned.get("verified_on"), date):
                cleaned["verified_on"] = day.isoformat()
            self._rows(model)[key] = {**fields, **cleaned}

    def _rows(self, model: Model) -> dict[Any, Fields]:
        return self.sheet.parts()[model._meta.model_name]

    def _instance(self, model: Model, fields: Fields) -> ContentModel:
        """Make an instance with all that its clean() asks of other rows: it makes no query."""
        own = {name: fields[name] for name in _own_fields(model)}
        if model is Cell:
            kind = self.sheet.kind_of(fields["criterion"][1])
            criterion = Criterion(pk=HERE, comparison_id=HERE, kind=kind)
            contender = Contender(pk=HERE, comparison_id=HERE)
            return Cell(**own, criterion=criterion, contender=contender)
        return model(**own, comparison_id=HERE)

    def _errors_of(self, row: ContentModel, changed: Set[str]) -> dict[str, list[Any]]:
        """Return what is wrong with a row by its fields, in the words of its model.

        Constraints are asked where one of their fields has changed, once for the same values.
        """
        errors: dict[str, list[Any]] = {}
        relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
        try:
            row.full_clean(relations, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors = error.error_dict
        # What has to be unique has no condition: slugs and columns are made so.
        constraints = [one for one in row._meta.constraints if one.condition]
        constraints = [
            one
            for one in constraints
            if (names := one.condition.referenced_base_fields) & changed
            and not names & errors.keys()
        ]
        if constraints and self._breaks(row, constraints):
            broken = [one for one in constraints if self._breaks(row, [one])]
            texts = [one.get_violation_error_message() for one in broken]
            errors.setdefault(NON_FIELD_ERRORS, []).extend(texts)
        return errors

    def _breaks(self, row: ContentModel, constraints: Sequence[CheckConstraint]) -> bool:
        names = {name for one in constraints for name in one.condition.referenced_base_fields}
        values = [getattr(row, name) for name in sorted(names)]
        asked = *(one.name for one in constraints), *values
        if asked not in self._broken:
            condition = reduce(and_, [one.condition for one in constraints])
            try:
                CheckConstraint(condition=condition, name="all").validate(type(row), row)
                self._broken[asked] = False
            except ValidationError:
                self._broken[asked] = True
        return self._broken[asked]


def is_shown(post: Mapping[str, str], place: Place) -> bool:
    """Return whether a posted form shows a cell; one that it does not show is never touched."""
    return named("judgement", *place) in post or named("source", *place) in post


@cache
def _own_fields(model: Model) -> tuple[str, ...]:
    return tuple(column.name for column in columns(model) if not column.is_relation)


def _word_along(before: Fields, after: Fields, kind: str) -> str:
    """Return the word of a cell that is judged anew; what only named the rating goes with it."""
    rating, word = before["rating"], before["word"]
    only_names_it = rating is not None and words.rating_named(kind, word) == rating
    if only_names_it and after["word"] == word:
        return words.word_of(kind, after["rating"])
    return after["word"]
