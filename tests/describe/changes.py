"""Changes to describe, of rows that need no database: their names are known."""

from typing import Any

from catalog.describe import Labels, ThingDescription, describe
from catalog.history.rows import MODELS, Fields, RowChange, RowKey, defaults_of, key_of, owners_of
from catalog.models import ThingKey

# What the database would say: title, and the kind of a criterion.
KNOWN: list[tuple[RowKey, Fields]] = [
    (RowKey("guide", ("guide",)), {"title": "The guide"}),
    *(
        (RowKey("technology", (name.lower(),)), {"name": name})
        for name in ("Quart", "Litestar", "Flask", "passlib", "pwdlib", "argon2", "Celery")
    ),
    (RowKey("category", ("async",)), {"name": "Async"}),
    (RowKey("category", ("web",)), {"name": "Web"}),
    (RowKey("comparison", ("async-frameworks",)), {"title": "Async frameworks"}),
    (RowKey("criteriongroup", ("async-frameworks", "people")), {"name": "People"}),
    (RowKey("criteriongroup", ("async-frameworks", "speed")), {"name": "Speed"}),
    (
        RowKey("criterion", ("async-frameworks", "documentation")),
        {"name": "Documentation", "kind": "rating"},
    ),
    (
        RowKey("criterion", ("async-frameworks", "websockets")),
        {"name": "WebSockets", "kind": "yes-no"},
    ),
    (RowKey("criterion", ("async-frameworks", "licence")), {"name": "Licence", "kind": "text"}),
    (RowKey("preset", ("async-frameworks", "small-team")), {"name": "Small team"}),
    (RowKey("stack", ("startup",)), {"name": "Startup"}),
    (RowKey("role", ("startup", "queue")), {"name": "Task Queue"}),
    (RowKey("versionset", ("python-2026",)), {"title": "Python 2026"}),
    (RowKey("versionset", ("python-2027",)), {"title": "Python 2027"}),
    (RowKey("snippet", ("hello",)), {"title": "Hello"}),
    (RowKey("measurement", ("speed",)), {"title": "Speed"}),
]

# The fields that name a row of each model, and what it cannot be without.
NAMING: dict[str, Fields] = {
    "guide": {"slug": "guide", "title": "The guide"},
    "category": {"slug": "async", "name": "Async"},
    "technology": {"slug": "quart", "name": "Quart", "kind": "framework"},
    "alias": {"technology": ["quart"], "slug": "qrt", "name": "QRT"},
    "package": {"technology": ["quart"], "name": "quart"},
    "packagefacts": {"package": ["quart"], "latest_version": "2.1", "read_on": "2026-01-01"},
    "point": {"technology": ["quart"], "slug": "fast", "kind": "pro", "text": "Fast"},
    "listing": {"category": ["async"], "technology": ["flask"]},
    "companion": {"technology": ["quart"], "companion": ["celery"]},
    "supportwindow": {"technology": ["quart"], "cycle": "1.0", "end_of_life": "2027-04"},
    "migration": {"technology": ["quart"], "to": ["celery"], "effort": "small"},
    "compatibility": {"technology": ["quart"], "relation": "needs", "other": ["celery"]},
    "piece": {"technology": ["quart"], "slug": "app", "path": "app.py"},
    "measurement": {
        "slug": "speed",
        "title": "Speed",
        "result": "measurements/results/2026-11-29.json",
        "date": "2026-11-29",
    },
    "snippet": {"slug": "hello", "title": "Hello", "technology": ["quart"], "language": "python"},
    "comparison": {"slug": "async-frameworks", "title": "Async frameworks", "category": ["async"]},
    "criteriongroup": {"comparison": ["async-frameworks"], "slug": "people", "name": "People"},
    "preset": {
        "comparison": ["async-frameworks"],
        "slug": "small-team",
        "name": "Small team",
        "asks": "w=documentation.5",
    },
    "contender": {"comparison": ["async-frameworks"], "technology": ["quart"]},
    "criterion": {
        "comparison": ["async-frameworks"],
        "slug": "documentation",
        "name": "Documentation",
    },
    "cell": {
        "criterion": ["async-frameworks", "documentation"],
        "contender": ["async-frameworks", "quart"],
        "rating": 3,
    },
    "stack": {"slug": "startup", "name": "Startup"},
    "role": {"stack": ["startup"], "slug": "queue", "name": "Task Queue"},
    "choice": {"role": ["startup", "queue"], "technology": ["celery"]},
    "versionset": {
        "slug": "python-2026",
        "title": "Python 2026",
        "as_of": "2026-11",
        "python": "^3.11",
    },
    "pin": {"version_set": ["python-2026"], "package": ["django"], "specifier": "^5.0"},
}


def fields_of(model: str, **given: Any) -> Fields:
    """Every field of a row of this model."""
    return {**defaults_of(MODELS[model]), **NAMING[model], **given}


def changed(model: str, before: Fields, after: Fields) -> RowChange:
    """A row that says something else in these fields."""
    return _change(model, fields_of(model, **before), fields_of(model, **after))


def made(model: str, **given: Any) -> RowChange:
    return _change(model, None, fields_of(model, **given))


def gone(model: str, **given: Any) -> RowChange:
    return _change(model, fields_of(model, **given), None)


def labels_of(*changes: RowChange) -> Labels:
    return Labels.of(changes, KNOWN)


def described(*changes: RowChange) -> list[ThingDescription]:
    return describe(changes, labels_of(*changes))


def sentences_of(*changes: RowChange) -> list[str]:
    """What is said of the one thing that these changes are about."""
    [one] = described(*changes)
    return list(one.sentences)


def _change(model: str, before: Fields | None, after: Fields | None) -> RowChange:
    fields = after or before
    row = key_of({"model": f"catalog.{model}", "fields": fields})
    # Package facts do not say whose they are; planners ask the database.
    things = owners_of(row, fields) or (ThingKey("technology", "quart"),)
    return RowChange(row, before, after, things)
