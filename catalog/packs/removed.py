"""What a pack takes away: pages are archived, parts deleted, unless edited here.

That is what a complete pack no longer holds, and the parts that any pack names under `removes`.
A part that was edited here, or that something made here belongs to, waits for a choice together
with the parts below it: a row of a comparison with its cells, a role with its choices.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from catalog.history.documents import referrers, rows_anywhere, rows_of
from catalog.history.merge import Conflict, Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowKey, references_of, targets_of
from catalog.models import Page, Status, ThingKey
from catalog.packs.bases import NO_ROW_BASE, RowBase, bases_of, is_edited, rows_of_pack
from catalog.packs.entries import Incoming
from catalog.packs.manifest import Manifest
from catalog.packs.plan import Plan
from catalog.packs.problems import Why

Referrers = Mapping[RowKey, set[RowKey]]


def missing_from(incoming: Incoming, names: SlugRenames) -> list[RowKey]:
    """Return the rows that the pack's last version held and this one does not, by today's keys."""
    return [
        row
        for row in rows_of_pack(incoming.manifest.name)
        if not any(spelling in incoming for spelling in names.every_key(row))
    ]


def named_by(manifest: Manifest, names: SlugRenames) -> Iterator[RowKey]:
    """Yield the parts that the manifest removes and what needs them, such as a column's cells.

    Those that are here, as they are called now. What the pack took back before is left out: it is
    gone, or somebody chose to keep it. Two queries for each model named, and those of referrers().
    """
    by_model: dict[str, list[RowKey]] = defaultdict(list)
    for row in map(names.row, manifest.removes):
        by_model[row.model].append(row)
    waiting = []
    for model, rows in by_model.items():
        bases = bases_of(model, rows, names)
        waiting += [
            row
            for row in rows_of(model, rows)
            if bases.get(row, NO_ROW_BASE).taken_back_by != manifest.name
        ]
    while waiting:
        yield from waiting
        found = referrers(waiting)
        waiting = [row for target in found for row in found[target] if _needs(row, target)]


def plan_removal(plan: Plan, gone: Iterable[RowKey]) -> None:
    """Add to the plan what becomes of rows that are gone from the pack.

    What belongs to an unsuitable row stays: what was to come in its place was left out.

    Example: gone are criterion "speed" and its cells "speed/quart" and "speed/flask". The cell of
    quart was edited here: it is stuck, and so is the criterion that it needs. The criterion is the
    head and waits, with both cells covered by it. Had nothing been edited, all three would go.
    """
    wanted = [row for row in gone if row.model != "guide"]  # there is always one
    pages = {
        ThingKey(MODELS[row.model].KIND, row.key[0])
        for row in wanted
        if issubclass(MODELS[row.model], Page)
    }
    parts: dict[RowKey, tuple[Fields, bool]] = {}  # with its fields, and whether edited here
    by_model = defaultdict(list)
    for row in wanted:
        by_model[row.model].append(row)
    stays = {row: missing for row, missing in plan.unsuitable.items() if missing}
    for model in MODELS:  # what is needed before what needs it
        rows = by_model[model]
        local, bases = rows_of(model, rows), bases_of(model, rows, plan.names)
        if model == "packagefacts":
            plan.learn_owners(rows)
        for row in rows:
            here, base = local.get(row), bases.get(row, NO_ROW_BASE)
            if here is None:
                plan.move(row, None)
            elif holder := _holder(plan, base):
                plan.note(Why.HELD, row, by=holder)
            elif needed := stays.keys() & targets_of(row, here):
                stays[row] = stays[min(needed)]
                plan.note(Why.NEEDED, row, by=stays[row])
            elif issubclass(MODELS[model], Page):
                _archive(plan, row, here, base)
            # An archived page stays whole.
            elif not pages.intersection(_belongs_to(plan, row, here)):
                parts[row] = here, is_edited(row, here, base)
    _delete_parts(plan, parts)


def _holder(plan: Plan, base: RowBase) -> str:
    """Return a pack whose word this one may not take away; blank where there is none."""
    others = (value for value in base.fields.values() if not plan.rights.may_change(value))
    return min((value.pack for value in others), default="")


def _archive(plan: Plan, row: RowKey, local: Fields, base: RowBase) -> None:
    """Archive a page that is gone, like any other change of its status."""
    said = base.fields.get("status")
    if said is None or said.value == Status.ARCHIVED or local["status"] == Status.DRAFT:
        return  # the pack has not published it, or has withdrawn it, or nobody sees it anyway
    is_archived = local["status"] == Status.ARCHIVED
    choice = Take.THEIRS
    if is_edited(row, local, base) and not is_archived:
        choice = plan.choose(row, "")
        if choice is None:
            plan.wait(Conflict(row, "", None, None, local), local)
            return
    plan.move(row, {"status": Status.ARCHIVED.value})
    if choice == Take.THEIRS and not is_archived:
        plan.change(row, local, {**local, "status": Status.ARCHIVED.value})


def _delete_parts(plan: Plan, parts: dict[RowKey, tuple[Fields, bool]]) -> None:
    others = _still_referring(plan, referrers(parts), parts)
    above = {
        row: [target for target in targets_of(row, local) if target in parts]
        for row, (local, _is_edited) in parts.items()
    }
    stuck = {row for row, (_local, edited) in parts.items() if edited or others[row] - parts.keys()}
    waiting = list(stuck)
    while waiting:  # what holds a row that stays, stays
        fresh = set(above[waiting.pop()]) - stuck
        stuck |= fresh
        waiting += fresh
    heads = [row for row in parts if row in stuck and not stuck.intersection(above[row])]
    held: set[RowKey] = set()
    settled: set[RowKey] = set()  # a cell may hang on two rows that go
    for head in heads:
        below = _below(head, others)
        held.update((head, *below))
        choice = plan.choose(head, "")
        if choice is None:
            covers = tuple(row for row in below if row in parts)
            local = parts[head][0]
            plan.wait(Conflict(head, "", None, None, local, covers=covers), local)
            continue
        rows = [row for row in (head, *below) if row not in settled]
        settled.update(rows)
        for row in rows:
            if row in parts:
                plan.move(row, None)
        if choice == Take.THEIRS:
            _delete(plan, rows)
            _release(plan, head, others)
    free = [row for row in parts if row not in held]
    for row in free:
        plan.move(row, None)
    _delete(plan, free)


def _belongs_to(plan: Plan, row: RowKey, local: Fields) -> Iterator[ThingKey]:
    """Yield the things a part is of; for a snippet, which has no page, those it is shown with."""
    yield from plan.things(row, local)
    if not MODELS[row.model].OWNERS:
        for target in targets_of(row, local):
            yield ThingKey(MODELS[target.model].KIND, target.key[0])


def _still_referring(plan: Plan, others: Referrers, parts: Mapping[RowKey, object]) -> Referrers:
    """Return what refers to each part and will do so when the rest of the pack is written."""
    after = {change.row: change.after for change in plan.changes}
    return defaultdict(
        set,
        {
            part: {
                row
                for row in rows
                if row in parts or row not in after or part in targets_of(row, after[row] or {})
            }
            for part, rows in others.items()
        },
    )


def _needs(row: RowKey, target: RowKey) -> bool:
    """Return whether a row that refers to another cannot be without it."""
    return any(ref.is_required for ref in references_of(row.model) if ref.model == target.model)


def _below(head: RowKey, others: Referrers) -> list[RowKey]:
    """Return what needs the head, and what needs that; in a fixed order."""
    rows: dict[RowKey, None] = {}
    waiting = [head]
    while waiting:
        target = waiting.pop()
        for row in sorted(others.get(target, ())):
            if row not in rows and row != head and _needs(row, target):
                rows[row] = None
                waiting.append(row)
    return list(rows)


def _delete(plan: Plan, rows: list[RowKey]) -> None:
    for row, local in rows_anywhere(rows).items():
        plan.change(row, local, None)


def _release(plan: Plan, head: RowKey, others: Referrers) -> None:
    """Let what refers to a row that goes, but can be without it, refer to nothing."""
    free = [row for row in others.get(head, ()) if not _needs(row, head)]
    for row, local in rows_anywhere(free).items():
        freed = {ref.name: None for ref in references_of(row.model) if ref.target(local) == head}
        plan.change(row, local, local | freed)
