"""Rules across rows that a pack could break, asked of the guide as it would be.

They are those of catalog.integrity, for what a plan changes and what stands around it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Count

from catalog.history.rows import MODELS, Fields, RowChange, RowKey
from catalog.history.store import facts_owners, in_batches, rows_of
from catalog.models import Category, Cell, Page, Role, Status
from catalog.packs.problems import Problems
from catalog.packs.reading.validation import cell_fault


class Place(NamedTuple):
    """Where the pack says what a change comes from."""

    file: str = ""
    entry: int | None = None


# A row that is gone from a complete pack stands in none of its files.
NOWHERE = Place()


class Counted(NamedTuple):
    """A model of which a published page needs some."""

    owner: str  # the field that leads to the row they are counted for
    path: tuple[str, ...]  # the look-ups of that row's key
    page: str  # the model of the page
    fewest: int
    text: str


class Naming(NamedTuple):
    """A model whose rows make a page name another page."""

    page: str
    page_path: str
    field: str  # the field that names it
    target: str
    target_path: str


COUNTED = {
    "contender": Counted(
        *("comparison", ("comparison__slug",), "comparison", 2),
        "A published comparison needs two contenders at least; “%(key)s” would have fewer.",
    ),
    "choice": Counted(
        *("role", ("role__stack__slug", "role__slug"), "stack", 1),
        "A role of a published stack needs a choice; “%(key)s” would have none.",
    ),
}
NAMING = {
    "contender": Naming(
        *("comparison", "comparison__slug"), *("technology", "technology", "technology__slug")
    ),
    "choice": Naming(
        *("stack", "role__stack__slug"), *("technology", "technology", "technology__slug")
    ),
    "comparison": Naming(*("comparison", "slug"), *("category", "category", "category__slug")),
    "pin": Naming(
        *("versionset", "version_set__slug"),
        *("package", "technology", "package__technology__slug"),
    ),
}


class Rules:
    """Listens to the changes of a plan, and says at the end which rules they would break."""

    def __init__(self) -> None:
        self.statuses: dict[RowKey, str] = {}  # of pages whose status changes
        self.parents: dict[str, str | None] = {}  # of categories that move
        self.kinds: dict[RowKey, str] = {}  # of criteria that are made or change their kind
        self.changed_kinds: set[RowKey] = set()
        self.counts: dict[str, Counter] = defaultdict(Counter)  # model to owner to difference
        self.named: dict[RowKey, RowKey | None] = {}  # by a row that names a page; None if it goes
        self.package_owners: dict[str, str] = {}
        self.moved_packages: set[str] = set()
        self.cells: list[tuple[RowKey, Fields, Place]] = []  # of the batch that is compared
        self.judged: set[RowKey] = set()  # cells under criteria that change their kind
        self.places: dict[RowKey, Place] = {}
        self.found = Problems()

    def note(self, change: RowChange, place: Place) -> None:
        """Remember what the rules ask for."""
        row, after = change.row, change.after
        self._note_counts(change, place)
        self._note_naming(change, place)
        if row.model == "cell" and after:
            self.cells.append((row, after, place))
        if after is None:
            return
        if issubclass(MODELS[row.model], Page) and "status" in change.changed:
            self.statuses[row] = after["status"]
            self.places[row] = place
        if row.model == "category" and "parent" in change.changed:
            self.parents[row.key[0]] = after["parent"] and after["parent"][0]
            self.places[row] = place
        if row.model == "criterion" and "kind" in change.changed:
            self.kinds[row] = after["kind"]
            self.places[row] = place
            if change.before:
                self.changed_kinds.add(row)
        if row.model == "package":
            self.package_owners[row.key[0]] = after["technology"][0]
            if change.before:
                self.moved_packages.add(row.key[0])
                self.places[row] = place

    def _note_counts(self, change: RowChange, place: Place) -> None:
        row = change.row
        if row.model in COUNTED and (change.before is None or change.after is None):
            owner = (change.after or change.before)[COUNTED[row.model].owner]
            self._count(row.model, tuple(owner), 1 if change.after else -1, place)
        if row.model == "role" and change.before is None:
            self._count("choice", row.key, 0, place)
        if row.model == "comparison" and change.after and "status" in change.changed:
            self._count("contender", row.key, 0, place)
        if row.model == "stack" and change.before and "status" in change.changed:
            for slug in Role.objects.filter(stack__slug=row.key[0]).values_list("slug", flat=True):
                self._count("choice", (*row.key, slug), 0, place)

    def _count(self, model: str, owner: tuple[str, ...], difference: int, place: Place) -> None:
        self.counts[model][owner] += difference
        self.places.setdefault(RowKey(COUNTED[model].owner, owner), place)

    def _note_naming(self, change: RowChange, place: Place) -> None:
        row = change.row
        if row.model not in NAMING or NAMING[row.model].field not in change.changed:
            return
        naming, target = NAMING[row.model], None
        if change.after:
            model = "package" if row.model == "pin" else naming.target
            target = RowKey(model, tuple(change.after[naming.field]))
        self.named[row] = target  # of a pin the package, whose technology is looked up later
        self.places.setdefault(row, place)

    def check_cells(self, problems: Problems) -> None:
        """Whether the cells noted since the last call suit the kinds of their rows.

        One query. Called for each batch, so that cells need not be remembered.
        """
        self.found = problems
        wanted = {_criterion_of(row) for row, *_rest in self.cells} - self.kinds.keys()
        stored = rows_of("criterion", wanted)
        for row, fields, place in self.cells:
            criterion = _criterion_of(row)
            kind = self.kinds.get(criterion) or stored.get(criterion, {}).get("kind")
            if kind and (text := cell_fault(kind, fields)):
                self._refuse(place, "rating", text)
            if criterion in self.changed_kinds:
                self.judged.add(row)
        self.cells.clear()

    def check(self, problems: Problems, gone: set[RowKey]) -> None:
        """Add what would be wrong; `gone` are the rows that the plan takes away."""
        self.found = problems
        self._check_levels()
        self._check_cells_of_changed_rows(gone)
        self._check_counts(gone)
        self._check_drafts()

    # Each rule

    def _check_levels(self) -> None:
        """Two levels of categories at most."""
        if not self.parents:
            return
        parents = dict(Category.objects.order_by().values_list("slug", "parent__slug"))
        parents |= self.parents
        text = "Category “%(name)s” would be on a third level; there are two at most."
        for slug, parent in sorted(parents.items()):
            if parent and parents.get(parent) and {slug, parent} & self.parents.keys():
                moved = slug if slug in self.parents else parent
                place = self.places[RowKey("category", (moved,))]
                self._refuse(place, "parent", text % {"name": slug})

    def _check_cells_of_changed_rows(self, gone: set[RowKey]) -> None:
        """A criterion that changes its kind must suit the cells that stay as they are."""
        text = "The cell “%(key)s” of this guide would not suit it: %(fault)s"
        for batch in in_batches(sorted(self.changed_kinds)):
            cells = Cell.objects.filter(
                criterion__comparison__slug__in={row.key[0] for row in batch},
                criterion__slug__in={row.key[1] for row in batch},
            )
            said = cells.order_by().values_list(*Cell.NATURAL_KEY, "state", "rating")
            for *key, state, rating in said:
                row = RowKey("cell", tuple(key))
                criterion = _criterion_of(row)
                if criterion not in self.changed_kinds or row in gone or row in self.judged:
                    continue
                fields = {"state": state, "rating": rating}
                if fault := cell_fault(self.kinds[criterion], fields):
                    words = {"key": row, "fault": fault}
                    self._refuse(self.places[criterion], "kind", text % words)

    def _check_counts(self, gone: set[RowKey]) -> None:
        """A published comparison has two contenders at least, a role that stays one choice."""
        for model, differences in self.counts.items():
            rule = COUNTED[model]
            pages = {owner: RowKey(rule.page, owner[:1]) for owner in differences}
            statuses = self._statuses(pages.values())
            stored = _counted(model, rule, differences)
            for owner, difference in sorted(differences.items()):
                if statuses.get(pages[owner]) != Status.PUBLISHED:
                    continue
                if RowKey(rule.owner, owner) in gone:
                    continue
                if stored.get(owner, 0) + difference < rule.fewest:
                    place = self.places[RowKey(rule.owner, owner)]
                    self._refuse(place, "", rule.text % {"key": "/".join(owner)})

    def _check_drafts(self) -> None:
        """No published page names a draft."""
        pairs = list(self._naming_rows())
        statuses = self._statuses({page for _row, *pair in pairs for page in pair})
        text = "“%(page)s” would be published and name “%(draft)s”, which is a draft."
        for row, page, target in sorted(pairs):
            named = statuses.get(page), statuses.get(target)
            if named == (Status.PUBLISHED, Status.DRAFT):
                keys = (row, page, target, RowKey("package", row.key[1:]))
                known = (place for key in keys if (place := self.places.get(key)))
                words = {"page": page, "draft": target}
                self._refuse(next(known, NOWHERE), "", text % words)

    def _naming_rows(self) -> Iterator[tuple[RowKey, RowKey, RowKey]]:
        """Rows that name a page, with the page they belong to and the page they name."""
        packages = {t.key[0] for r, t in self.named.items() if r.model == "pin" and t}
        owners = facts_owners(packages - self.package_owners.keys()) | self.package_owners
        for row, named in self.named.items():
            if named is not None:
                is_package = named.model == "package"
                slug = owners.get(named.key[0], "") if is_package else named.key[0]
                target = RowKey(NAMING[row.model].target, (slug,))
                yield row, RowKey(NAMING[row.model].page, row.key[:1]), target
        published = _slugs(self.statuses, Status.PUBLISHED)
        drafts = _slugs(self.statuses, Status.DRAFT)
        for model, naming in NAMING.items():
            yield from self._stored(model, naming.page_path, published[naming.page])
            yield from self._stored(model, naming.target_path, drafts[naming.target])
        yield from self._stored("pin", "package__name", self.moved_packages)

    def _stored(
        self, model: str, path: str, wanted: set[str]
    ) -> Iterator[tuple[RowKey, RowKey, RowKey]]:
        """Rows of this guide that the plan leaves alone, where this look-up is one of these."""
        naming, key = NAMING[model], MODELS[model].NATURAL_KEY
        for batch in in_batches(sorted(wanted)):
            rows = MODELS[model].objects.filter(**{f"{path}__in": batch}).order_by()
            for *values, page, slug in rows.values_list(*key, naming.page_path, naming.target_path):
                row = RowKey(model, tuple(values))
                if row in self.named:
                    continue
                target = self.package_owners.get(row.key[-1], slug) if model == "pin" else slug
                yield row, RowKey(naming.page, (page,)), RowKey(naming.target, (target,))

    def _statuses(self, pages: Iterable[RowKey]) -> dict[RowKey, str]:
        """The status that each of these pages would have."""
        by_model = defaultdict(set)
        for page in pages:
            if page not in self.statuses:
                by_model[page.model].add(page.key[0])
        found = dict(self.statuses)
        for model, slugs in by_model.items():
            for batch in in_batches(sorted(slugs)):
                rows = MODELS[model].objects.filter(slug__in=batch).order_by()
                for slug, status in rows.values_list("slug", "status"):
                    found[RowKey(model, (slug,))] = status
        return found

    def _refuse(self, place: Place, field: str, text: object) -> None:
        self.found.add(place.file, place.entry, field, str(text))


def _criterion_of(cell: RowKey) -> RowKey:
    return RowKey("criterion", cell.key[:2])


def _slugs(statuses: dict[RowKey, str], status: str) -> dict[str, set[str]]:
    """The slugs of pages that get this status, by their model."""
    found = defaultdict(set)
    for page, given in statuses.items():
        if given == status:
            found[page.model].add(page.key[0])
    return found


def _counted(
    model: str, rule: Counted, owners: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], int]:
    """How many rows of a model each of these has now."""
    found = {}
    for batch in in_batches(sorted(owners)):
        asked = {
            f"{path}__in": {owner[place] for owner in batch} for place, path in enumerate(rule.path)
        }
        rows = MODELS[model].objects.filter(**asked).order_by().values_list(*rule.path)
        for *owner, count in rows.annotate(Count("pk")):
            found[tuple(owner)] = count
    return found
