"""Rows, groups and columns of a grid: taken away, added, and put into another order. Pure."""

from collections.abc import Iterable

from django.utils.text import slugify

from catalog.admin.grid.controls import (
    COLUMN,
    GROUP,
    NEW_COLUMN,
    NEW_GROUP,
    NEW_ROW,
    ROW,
    named,
    parts_of,
)
from catalog.admin.grid.posted import Reading, number
from catalog.admin.grid.sheet import Place, Sheet, in_order
from catalog.history import documents
from catalog.history.rows import Fields
from catalog.models import Contender, Criterion, CriterionGroup

STEP = 10  # leaves room to type a number between two

# Words that addresses use for themselves.
RESERVED = {ROW: "fit", GROUP: "none"}

LONGEST_SLUG = 80


def remove(sheet: Sheet, ticked: Iterable[str]) -> list[str]:
    """Take away what is ticked; rows of a group stay, without one.

    Returns those rows and columns that took cells along, as they were ticked. What is not there
    is passed over.
    """
    filled = []
    for value in ticked:
        gone = []
        match parts_of(value):
            case (part, slug) if part == ROW and sheet.criteria.pop(slug, None):
                gone = [place for place in sheet.cells if place.criterion == slug]
                sheet.strays = [one for one in sheet.strays if one["criterion"][1] != slug]
            case (part, slug) if part == COLUMN and sheet.contenders.pop(slug, None):
                gone = [place for place in sheet.cells if place.technology == slug]
            case (part, slug) if part == GROUP and sheet.groups.pop(slug, None):
                for criterion in sheet.criteria.values():
                    if criterion["group"] == [sheet.slug, slug]:
                        criterion["group"] = None
        for place in gone:
            del sheet.cells[place]
        if gone:
            filled.append(value)
    return filled


def add(reading: Reading, technology: str = "") -> None:
    """Add what was typed into the empty lines; `technology` is the slug of the chosen one."""
    _add_group(reading)
    _add_row(reading)
    if technology:
        _add_column(reading, technology)


def move(sheet: Sheet, value: str) -> bool:
    """Change places with the neighbour that a button names; returns whether there is one.

    Rows move within their group. Two positions are exchanged, so that two people who move other
    rows do not meet; all are numbered anew where some are the same.
    """
    match parts_of(value):
        case ("up" | "down" as direction, part, slug):
            rows, siblings = _siblings(sheet, part, slug)
        case _:
            return False
    here = siblings.index(slug) if slug in siblings else -1
    there = here + (-1 if direction == "up" else 1)
    if here < 0 or not 0 <= there < len(siblings):
        return False
    one, other = rows[slug], rows[siblings[there]]
    if len({rows[name]["position"] for name in siblings}) < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
        for place, name in enumerate(siblings, start=1):
            rows[name]["position"] = place * STEP
    else:
        one["position"], other["position"] = other["position"], one["position"]
    return True


def button_after(sheet: Sheet, value: str) -> str:
    """The button to go on with once a move is done: the other one at the end of the way.

    Blank where the value names none.
    """
    match parts_of(value):
        case ("up" | "down" as direction, part, slug):
            _rows, siblings = _siblings(sheet, part, slug)
        case _:
            return ""
    if slug not in siblings:
        return ""
    if siblings[0 if direction == "up" else -1] == slug:
        direction = {"up": "down", "down": "up"}[direction]
    return named(direction, part, slug)


def slug_for(name: str, taken: Iterable[str], part: str) -> str:
    """A slug made of a name, that nobody in the table has: “ease-of-use”, “ease-of-use-2”."""
    stem = slugify(name).replace("_", "-").strip("-")[:LONGEST_SLUG].rstrip("-") or part
    stem = "-".join(filter(None, stem.split("-")))
    avoided = {*taken, RESERVED.get(part)}
    slug, place = stem, 1
    while slug in avoided:
        place += 1
        end = f"-{place}"
        slug = stem[: LONGEST_SLUG - len(end)].rstrip("-") + end
    return slug


def _siblings(sheet: Sheet, part: str, slug: str) -> tuple[dict[str, Fields], list[str]]:
    """The rows of fields that one moves among, and their slugs in order."""
    if part == ROW and slug in sheet.criteria:
        return sheet.criteria, sheet.rows_of(sheet.group_of(slug))
    rows = {COLUMN: sheet.contenders, GROUP: sheet.groups}.get(part, {})
    return rows, in_order(rows)


def _add_group(reading: Reading) -> None:
    sheet, control = reading.sheet, named(NEW_GROUP, "name")
    if not (name := reading.typed(control, "")):
        return
    fields = {
        **documents.defaults(CriterionGroup),
        "comparison": [sheet.slug],
        "slug": slug_for(name, {*sheet.groups, *reading.base.groups}, GROUP),
        "name": name,
        "position": _last(sheet.groups),
    }
    if reading.checked("criteriongroup", fields, "New group", {"name": control, "": control}):
        sheet.groups[fields["slug"]] = fields


def _add_row(reading: Reading) -> None:
    sheet, post = reading.sheet, reading.post
    controls = {part: named(NEW_ROW, part) for part in ("name", "kind", "weight", "group")}
    controls[""] = controls["name"]
    if not (name := reading.typed(controls["name"], "")):
        return
    kind = post.get(controls["kind"], Criterion.Kind.RATING.value)
    weight = reading.typed(controls["weight"], "") or ("0" if kind == "text" else "1")
    group = post.get(controls["group"], "")
    if group and group not in sheet.groups:
        reading.fault(controls["group"], "New row", "There is no such group.")
        return
    fields = {
        **documents.defaults(Criterion),
        "comparison": [sheet.slug],
        "slug": slug_for(name, {*sheet.criteria, *reading.base.criteria}, ROW),
        "name": name,
        "kind": kind,
        "weight": number(weight),
        "group": [sheet.slug, group] if group else None,
        "position": _last(sheet.criteria),
    }
    if reading.checked("criterion", fields, "New row", controls):
        sheet.criteria[fields["slug"]] = fields


def _add_column(reading: Reading, technology: str) -> None:
    sheet, where = reading.sheet, "New column"
    if technology in sheet.contenders:
        text = "This technology is already in this comparison."
        reading.fault(named(NEW_COLUMN, "technology"), where, text)
        return
    controls = {part: named(NEW_COLUMN, part) for part in ("technology", "versions")}
    fields = {
        **documents.defaults(Contender),
        "comparison": [sheet.slug],
        "technology": [technology],
        "versions": reading.typed(controls["versions"], ""),
        "position": _last(sheet.contenders),
    }
    if reading.checked("contender", fields, where, {"": controls["technology"], **controls}):
        sheet.contenders[technology] = fields


def _last(rows: dict[str, Fields]) -> int:
    """A position behind all of these."""
    return max((fields["position"] for fields in rows.values()), default=0) + STEP


def removed_cells(base: Sheet, value: str) -> list[Place]:
    """The cells that go with a row or a column, in the order of the table."""
    part, slug = parts_of(value)
    place = 0 if part == ROW else 1
    return [one for one in base.cells if one[place] == slug]
