"""What a pack takes away: pages are archived, parts deleted, unless edited here.

That is what a complete pack no longer holds, and the parts that any pack names under `removes`.

A part that was edited here, or that something made here belongs to, waits for a choice together
with the parts below it: a row of a comparison with its cells, a role with its choices.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from catalog.history import documents
from catalog.history.merge import Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowChange, RowKey, references_of
from catalog.history.store import in_batches, referrers, rows_of
from catalog.models import Page, Status, ThingKey
from catalog.packs.bases import NOTHING_SAID, Said, rows_of_pack, said_of
from catalog.packs.manifest import Manifest
from catalog.packs.merging import AtOdds
from catalog.packs.plan import Waiting
from catalog.packs.reading import Incoming

if TYPE_CHECKING:
    from catalog.packs.planning import Planner


# Each with its fields, and whether it was edited here.
Parts = dict[RowKey, tuple[Fields, bool]]


def missing_from(incoming: Incoming, names: SlugRenames) -> Iterator[RowKey]:
    """The rows that the pack's last version held and this one does not, as they are called now."""
    for row in rows_of_pack(incoming.manifest.name):
        if not any(incoming.has(spelling) for spelling in names.every_key(row)):
            yield row


def named_by(manifest: Manifest, names: SlugRenames) -> Iterator[RowKey]:
    """The parts that the manifest removes and what needs them, such as a column's cells.

    Those that are here, as they are called now. What the pack took back before is left out: it is
    gone, or somebody chose to keep it. Two queries for each model named, and those of referrers().
    """
    by_model: dict[str, list[RowKey]] = defaultdict(list)
    for row in map(names.row, manifest.removes):
        by_model[row.model].append(row)
    waiting = []
    for model, rows in by_model.items():
        said = said_of(model, rows, names)
        here = rows_of(model, rows)
        waiting += [
            row for row in here if said.get(row, NOTHING_SAID).taken_back_by != manifest.name
        ]
    while waiting:
        yield from waiting
        found = referrers(waiting)
        waiting = [row for target in found for row in found[target] if _needs(row, target)]


def plan(planner: "Planner", gone: Iterable[RowKey]) -> None:
    """Add to the plan what becomes of rows that are gone from the pack."""
    missing = defaultdict(list)
    for row in gone:
        missing[row.model].append(row)
    missing.pop("guide", None)  # there is always one
    pages = {
        ThingKey(MODELS[model].KIND, row.key[0])
        for model, rows in missing.items()
        if issubclass(MODELS[model], Page)
        for row in rows
    }
    parts: Parts = {}
    for model, rows in missing.items():
        for batch in in_batches(rows):
            _sort_out(planner, model, batch, parts)
    _delete_parts(planner, parts, pages)
    _refuse_contradictions(planner)


def _sort_out(planner: "Planner", model: str, rows: list[RowKey], parts: Parts) -> None:
    """Archive what is a page, leave what another pack says, and put parts to the others."""
    local, said = rows_of(model, rows), said_of(model, rows, planner.names)
    if model == "packagefacts":
        planner.learn_owners(rows)
    for row in rows:
        here, bases = local.get(row), said.get(row, NOTHING_SAID)
        if here is None:
            planner.plan.move(row, None)
        elif holder := _holder(planner, bases):
            planner.leave_to_another(row, holder)
        elif issubclass(MODELS[model], Page):
            _archive(planner, row, here, bases)
        else:
            parts[row] = here, is_edited(row, here, bases)


def is_edited(row: RowKey, local: Fields, bases: Said) -> bool:
    """Whether a row says something else here than packs said last.

    What no pack has said anything of counts as edited unless it says what a new row does.
    """
    defaults = documents.defaults(MODELS[row.model])
    return any(
        value != (bases.fields[name].value if name in bases.fields else defaults[name])
        for name, value in local.items()
    )


def _holder(planner: "Planner", bases: Said) -> str:
    """A pack whose word this one may not take away; blank where there is none."""
    others = (base for base in bases.fields.values() if not planner.rights.may_change(base))
    return min((base.pack for base in others), default="")


def _archive(planner: "Planner", row: RowKey, local: Fields, bases: Said) -> None:
    """A page that is gone says “archived”, like any other change of its status."""
    said = bases.fields.get("status")
    if said is None or said.value == Status.ARCHIVED or local["status"] == Status.DRAFT:
        return  # the pack has not published it, or has withdrawn it, or nobody sees it anyway
    if is_edited(row, local, bases) and local["status"] != Status.ARCHIVED:
        choice = planner.choose(row, "")
        if choice is None:
            planner.wait(row, local)
            return
    else:
        choice = Take.THEIRS
    planner.plan.move(row, {"status": Status.ARCHIVED.value})
    if choice == Take.THEIRS and local["status"] != Status.ARCHIVED:
        after = {**local, "status": Status.ARCHIVED.value}
        planner.add(RowChange(row, local, after, planner.things(row, local)))


def _delete_parts(planner: "Planner", parts: Parts, pages: set[ThingKey]) -> None:
    """Delete parts, but for those of pages that go themselves: an archived page stays whole."""
    parts = {
        row: (local, edited)
        for row, (local, edited) in parts.items()
        if not pages.intersection(_belongs_to(planner, row, local))
    }
    others = _still_referring(planner, referrers(parts), parts)
    parents = {row: _parents(row, local, parts) for row, (local, _edited) in parts.items()}
    stuck = {row for row, (_local, edited) in parts.items() if edited or others[row] - parts.keys()}
    waiting = list(stuck)
    while waiting:  # what holds a row that stays, stays
        for parent in parents[waiting.pop()]:
            if parent not in stuck:
                stuck.add(parent)
                waiting.append(parent)
    heads = [row for row in parts if row in stuck and not stuck.intersection(parents[row])]
    below = _below(heads, others)
    settled: set[RowKey] = set()  # a cell may hang on two rows that go
    for head in heads:
        choice = planner.choose(head, "")
        if choice is None:
            local = parts[head][0]
            at_odds = AtOdds("", None, local, None)
            covers = tuple(row for row in below[head] if row in parts)
            things = planner.things(head, local)
            planner.plan.conflicts.append(Waiting(head, at_odds, things, covers))
            continue
        rows = [row for row in (head, *below[head]) if row not in settled]
        settled.update(rows)
        for row in rows:
            if row in parts:
                planner.plan.move(row, None)
        if choice == Take.THEIRS:
            _go(planner, rows)
            _let_go(planner, head, others)
    held = {row for head in heads for row in (head, *below[head])}
    free = [row for row in parts if row not in held]
    for row in free:
        planner.plan.move(row, None)
    _go(planner, free)


def _belongs_to(planner: "Planner", row: RowKey, local: Fields) -> Iterator[ThingKey]:
    """The things a part is of; for a snippet, which has no page, those it is shown with."""
    yield from planner.things(row, local)
    if not MODELS[row.model].OWNERS:
        for reference in references_of(row.model):
            if value := local[reference.name]:
                yield ThingKey(MODELS[reference.model].KIND, value[0])


def _refuse_contradictions(planner: "Planner") -> None:
    """A pack cannot make a row that needs what it no longer holds."""
    going = {change.row for change in planner.plan.gone}
    if not going:
        return
    text = "“%(key)s” is new and needs %(model)s “%(target)s”, which is gone from the pack."
    for change in planner.plan.changes():
        for reference in references_of(change.row.model):
            value = change.after and change.after[reference.name]
            if value and (target := RowKey(reference.model, tuple(value))) in going:
                model = MODELS[target.model]._meta.verbose_name
                words = {"key": change.row, "model": model, "target": target}
                planner.plan.problems.add("", None, reference.name, text % words)


def _still_referring(
    planner: "Planner", others: dict[RowKey, set[RowKey]], parts: dict
) -> dict[RowKey, set[RowKey]]:
    """What refers to each part and will do so when the rest of the pack is written."""
    outside = {row for rows in others.values() for row in rows if row not in parts}
    if not outside:
        return others
    after = {change.row: change.after for change in planner.plan.changes() if change.row in outside}
    return defaultdict(
        set,
        {
            part: {row for row in rows if row not in after or _refers(row, after[row], part)}
            for part, rows in others.items()
        },
    )


def _refers(row: RowKey, fields: Fields, target: RowKey) -> bool:
    return any(
        fields[reference.name] == list(target.key)
        for reference in references_of(row.model)
        if reference.model == target.model
    )


def _needs(row: RowKey, target: RowKey) -> bool:
    """Whether a row that refers to another cannot be without it."""
    return any(
        reference.is_required
        for reference in references_of(row.model)
        if reference.model == target.model
    )


def _parents(row: RowKey, local: Fields, parts: dict) -> list[RowKey]:
    """Those of the parts that this one refers to."""
    targets = (
        RowKey(reference.model, tuple(local[reference.name]))
        for reference in references_of(row.model)
        if local[reference.name]
    )
    return [target for target in targets if target in parts]


def _below(heads: list[RowKey], others: dict[RowKey, set[RowKey]]) -> dict[RowKey, list[RowKey]]:
    """What refers to each head, and what refers to that; in a fixed order."""
    found = {}
    for head in heads:
        rows, waiting = {}, [head]
        while waiting:
            target = waiting.pop()
            for row in sorted(others.get(target, ())):
                if row not in rows and row != head and _needs(row, target):
                    rows[row] = None
                    waiting.append(row)
        found[head] = list(rows)
    return found


def _go(planner: "Planner", rows: list[RowKey]) -> None:
    by_model = defaultdict(list)
    for row in rows:
        by_model[row.model].append(row)
    for model, same in by_model.items():
        for row, local in rows_of(model, same).items():
            planner.add(RowChange(row, local, None, planner.things(row, local)))


def _let_go(planner: "Planner", head: RowKey, others: dict[RowKey, set[RowKey]]) -> None:
    """What refers to a row that goes, but can be without it, refers to nothing then."""
    by_model = defaultdict(list)
    for row in sorted(others.get(head, ())):
        if not _needs(row, head):
            by_model[row.model].append(row)
    for model, rows in by_model.items():
        names = [ref.name for ref in references_of(model) if ref.model == head.model]
        for row, local in rows_of(model, rows).items():
            freed = {name: None for name in names if local[name] == list(head.key)}
            change = RowChange(row, local, {**local, **freed}, planner.things(row, local))
            planner.add(change)
