"""Packs for tests: rows as short as they can be said, and a folder of them on disk."""

from pathlib import Path
from typing import Any

import yaml

from catalog.history import documents, editions, renames
from catalog.history.merge import Conflict, Take, undecided
from catalog.history.rows import MODELS, defaults_of
from catalog.models import CONTENT, Edition, PackLoad, Technology
from catalog.packs.entries import read
from catalog.packs.loading import load, token_of
from catalog.packs.planning import Plan
from catalog.packs.report import Report

Row = dict[str, Any]


def technology(slug: str, **fields: Any) -> Row:
    defaults = {"slug": slug, "name": slug.capitalize(), "kind": "library", "status": "published"}
    return row("technology", **defaults | fields)


def category(slug: str, **fields: Any) -> Row:
    return row(
        "category", **{"slug": slug, "name": slug.capitalize(), "status": "published"} | fields
    )


def point(of: str, slug: str, **fields: Any) -> Row:
    defaults = {"technology": [of], "slug": slug, "kind": "pro", "text": slug.capitalize()}
    return row("point", **defaults | fields)


def listing(where: str, what: str, **fields: Any) -> Row:
    return row("listing", category=[where], technology=[what], **fields)


def comparison(
    slug: str, where: str, *contenders: str, criteria: tuple[str, ...] = ()
) -> list[Row]:
    """A published table with a good cell wherever a row meets a column."""
    found = [
        row("comparison", slug=slug, title=slug.capitalize(), category=[where], status="published")
    ]
    found += [row("contender", comparison=[slug], technology=[name]) for name in contenders]
    for place, name in enumerate(criteria):
        found.append(criterion(slug, name, position=place))
        found += [cell(slug, name, contender) for contender in contenders]
    return found


def criterion(table: str, slug: str, **fields: Any) -> Row:
    return row("criterion", comparison=[table], slug=slug, **{"name": slug.capitalize()} | fields)


def cell(table: str, of: str, contender: str, **fields: Any) -> Row:
    said = {"rating": 3, "word": "Good"} | fields
    return row("cell", criterion=[table, of], contender=[table, contender], **said)


def row(model: str, **fields: Any) -> Row:
    """A fixture row with just these fields."""
    return {"model": f"catalog.{model}", "fields": fields}


def whole(given: Row) -> Row:
    """The row with every field, as a dump writes it."""
    model = MODELS[given["model"].partition(".")[2]]
    return {**given, "fields": defaults_of(model) | given["fields"]}


def make_pack(
    folder: Path,
    rows: list[Row],
    *,
    name: str = "guide",
    version: str = "1",
    complete: bool = False,
    over: tuple[str, ...] = (),
    removes: tuple[dict[str, list[str]], ...] = (),
) -> Path:
    """Write a pack of these rows, one file a model, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.rglob("*.yaml"):
        old.unlink()
    manifest = {"name": name, "version": version, "complete": complete, "over": list(over)}
    manifest["removes"] = list(removes)
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    for place, model in enumerate(CONTENT):
        here = [each for each in rows if each["model"] == model._meta.label_lower]
        if here:
            path = folder / f"{place:02}-{model._meta.model_name}.yaml"
            path.write_text(yaml.safe_dump(here, allow_unicode=True), encoding="utf-8")
    return folder


def load_pack(folder: Path, take: Take | None = None) -> tuple[Report, PackLoad | None]:
    """Load it; every conflict ends as `take` says, or waits."""
    choose = (lambda _row, _field: take) if take else undecided
    return load(read(folder), "ada", choose=choose)


def apply(made: Plan, user: str) -> tuple[Report, PackLoad | None]:
    """Load what a plan has shown."""
    return load(made.incoming, user, choose=made.choose, shown=token_of(made))


def name_of(conflict: Conflict) -> str:
    return "/".join((conflict.row.model, *conflict.row.key, conflict.field))


def state() -> dict[str, str]:
    """Every document of the guide by the name of its thing."""
    things = [thing.key for model in CONTENT if not model.OWNERS for thing in model.objects.all()]
    return {"/".join(thing): text for thing, text in sorted(documents.texts(things).items())}


def edit(slug: str, **fields: str) -> None:
    """Change a technology as an editor does."""
    with editions.record("grace", "Edited", Edition.Origin.ADMIN):
        Technology.objects.filter(slug=slug).update(**fields)


def summary_of(slug: str) -> str:
    return Technology.objects.get(slug=slug).summary


def pack(folder: Path, *rows: Row, **manifest: object) -> Path:
    """A pack in a folder of its name."""
    return make_pack(folder / str(manifest.get("name", "guide")), list(rows), **manifest)


# A table of three columns and two rows, and two points.
TABLE = [
    category("web"),
    *(technology(slug) for slug in ("flask", "quart", "sanic")),
    *comparison("frameworks", "web", "flask", "quart", "sanic", criteria=("speed", "docs")),
    point("flask", "small"),
    point("flask", "old"),
]


def without(*names: tuple[str, ...]) -> list[Row]:
    """The table without the rows that these words name: model, then parts of the key."""
    return [
        each
        for each in TABLE
        if not any(
            each["model"] == f"catalog.{model}"
            and set(words) <= set(str(each["fields"].values()).replace("'", " ").split())
            for model, *words in names
        )
    ]


# Seldom rows, and a small table without a row.
PACKAGE = row("package", technology=["q"], name="pkg")
FACTS = row("packagefacts", package=["pkg"], latest_version="1", read_on="2025-11-22")
VERSIONS = row("versionset", slug="v", title="V", as_of="2025", python="^3.11", status="published")
PIN = row("pin", version_set=["v"], package=["pkg"], specifier=">=1")
TWO = [category("web"), technology("a"), technology("b"), *comparison("t", "web", "a", "b")]


def rename(old: str, new: str) -> None:
    """Give a technology another slug."""
    with editions.record("grace", "", Edition.Origin.ADMIN):
        renames.rename(Technology.objects.get(slug=old), new)


def by_hand() -> Any:
    """The door that editors write through."""
    return editions.record("grace", "", Edition.Origin.ADMIN)
