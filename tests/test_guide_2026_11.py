"""The guide as of November 2026: what it claims says what it rests on, and it loads over 2025."""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings as site
from django.core.management import CommandError, call_command

from catalog import integrity
from catalog.comparison.engine.safety import LEAST_MARGIN
from catalog.completeness import lacks_of
from catalog.history import documents, editions
from catalog.history.rows import columns, key_of
from catalog.models import (
    CONTENT,
    Cell,
    Choice,
    Comparison,
    Edition,
    Listing,
    PackageFacts,
    PackLoad,
    Pin,
    Point,
    Technology,
    ThingKey,
    VersionSet,
)
from catalog.models.specifiers import admits
from catalog.packs.loading import undo
from catalog.starters.project import digest_of
from catalog.upgrades import Way, upgrade
from scripts import prove_stacks
from scripts.guide import read_guide
from tests.packs.dumps import fixture_paths

FIXTURES = site.BASE_DIR / "fixtures"
OLD, NEW = FIXTURES / "guide-2025", FIXTURES / "guide-2026-11"
FILES = fixture_paths(NEW)
# What people may have loaded before.
FIRST_VERSION = site.BASE_DIR / "tests" / "data" / "guide-2026-11-1.zip"
INDEX = site.BASE_DIR / "measurements" / "package-index-2026-11-29.csv"
PLAN = site.BASE_DIR / "docs" / "example-update.md"

# Of a project that a stack starts.
MOST_FILES, MOST_BYTES = 60, 200 * 1024

TABLES = {
    "app-servers": ["daphne", "granian", "gunicorn", "hypercorn", "uvicorn", "uwsgi"],
    "async-frameworks": ["aiohttp", "fastapi", "litestar", "quart", "starlette"],
    "databases": ["mongodb", "mysql-mariadb", "postgresql", "redis", "sqlite", "valkey"],
    "dependency-managers": ["hatch", "pdm", "pip-tools", "poetry", "uv"],
    "http-clients": ["aiohttp", "httpx", "httpx2", "niquests", "requests", "urllib3"],
    "message-brokers": ["apache-kafka", "nats", "postgresql", "rabbitmq", "redis", "valkey"],
    "postgresql-drivers": ["asyncpg", "pg8000", "psycopg2", "psycopg3"],
    "python-orms": ["django-orm", "peewee", "sqlalchemy", "tortoise-orm"],
    "task-queues": ["celery", "dramatiq", "rq", "taskiq"],
    "type-checkers": ["basedpyright", "mypy", "pyrefly", "pyright", "ty"],
    "validation-libraries": ["attrs", "marshmallow", "msgspec", "pydantic"],
    "web-frameworks": ["django", "fastapi", "flask", "litestar"],
}
READ_TO = "2026-11-29"
# Whose releases are not on the index of Python packages.
SERVERS = {"redis", "valkey", "postgresql", "mongodb", "rabbitmq", "nats", "apache-kafka", "sqlite"}
# As in: Quart: quart on the index, its version and its day.
ONLY_FACTS = re.compile(r"  [^:]+: \S+ on the index: [^;]+(; \S+ on the index: [^;]+)*\n")
# Where a text changes under the same address: branches, repositories as a whole, lists of releases.
MOVES = re.compile(
    r"/(blob|tree|raw|branch)/(main|master|develop|dev|trunk|unstable)(/|$)|/(latest|stable)(/|$)"
    r"|github\.com/[^/]+/[^/]+/?(#.*)?$|/releases/?$"
)

every_table = pytest.mark.parametrize("slug", TABLES)


@cache
def said(pack: Path) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """By model and natural key, what a pack says of each row."""
    found = defaultdict(dict)
    for path in fixture_paths(pack):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            found[row["model"].removeprefix("catalog.")][key_of(row).key] = row["fields"]
    return found


@cache
def read_of_the_index() -> dict[str, dict[str, str]]:
    """By package, what the package index said on 29 November 2026."""
    with INDEX.open(encoding="utf-8", newline="") as file:
        return {row["package"]: row for row in csv.DictReader(file)}


@cache
def guide() -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """What a reader finds with both packs loaded."""
    return read_guide([OLD, NEW])


def of_table(model: str, slug: str) -> list[dict[str, Any]]:
    return [fields for key, fields in guide()[model].items() if key[0] == slug]


def contenders_of(slug: str) -> list[str]:
    return sorted(fields["technology"][0] for fields in of_table("contender", slug))


def fit_of(slug: str) -> dict[str, float]:
    """By contender, its points of 100 with the table's own weights."""
    weights = {fields["slug"]: fields["weight"] for fields in of_table("criterion", slug)}
    points, most = Counter(), Counter()
    for cell in of_table("cell", slug):
        weight = weights[cell["criterion"][1]]
        if cell["rating"] is not None:
            points[cell["contender"][1]] += weight * cell["rating"]
            most[cell["contender"][1]] += weight * 4
    return {one: 100 * points[one] / most[one] for one in TABLES[slug]}


def start(*given: Path) -> None:
    call_command("start_guide", *given, verbosity=0, stdout=io.StringIO())


def load(*options: str) -> str:
    """What `load_pack` prints, without asking."""
    told = io.StringIO()
    call_command("load_pack", NEW, *options, interactive=False, stdout=told)
    return told.getvalue()


# What it rests on -------------------------------------------------------------------------------


def test_these_are_the_tables():
    assert {slug: contenders_of(slug) for (slug,) in guide()["comparison"]} == TABLES


@every_table
def test_every_cell_of_a_table_has_one_source_and_a_date(slug):
    cells = of_table("cell", slug)
    places = len(TABLES[slug]) * len(of_table("criterion", slug))

    assert len(cells) == places
    assert [
        cell
        for cell in cells
        if (
            cell["state"] == "known"
            and bool(cell["measurement"]) == cell["source"].startswith("https://")
        )
        or not "2026-11-28" <= cell["verified_on"] <= READ_TO
    ] == []
    assert {cell["verified_by"] for cell in cells} == {"StackGuide"}


def test_no_source_moves():
    sources = [
        fields[name]
        for model, name in (("cell", "source"), ("technology", "lifecycle_source"))
        for fields in said(NEW)[model].values()
        if fields.get(name)
    ]

    assert len(sources) > 700
    assert [source for source in sources if MOVES.search(source)] == []


@every_table
def test_what_is_unknown_says_what_was_looked_for(slug):
    unsure = [cell for cell in of_table("cell", slug) if cell["state"] != "known"]

    assert [cell for cell in unsure if not cell["note"]] == []
    assert len(unsure) <= 12


@every_table
def test_a_table_is_what_an_architect_can_decide_by(slug):
    criteria = of_table("criterion", slug)
    (table,) = of_table("comparison", slug)
    groups = {fields["slug"]: 0 for fields in of_table("criteriongroup", slug)}
    for criterion in criteria:
        groups[criterion["group"][1]] += 1

    assert 10 <= len(criteria) <= 18
    assert len(groups) >= 3
    assert min(groups.values()) >= 1
    assert {criterion["kind"] for criterion in criteria} >= {"rating", "text"}
    assert len({criterion["weight"] for criterion in criteria}) >= 3
    assert [criterion for criterion in criteria if not criterion["question"]] == []
    assert len(table["introduction"].split()) >= 20
    assert 50 <= len(table["verdict"].split()) <= 120


@every_table
def test_every_level_that_is_given_stands_in_the_question(slug):
    given = {fields["slug"]: set() for fields in of_table("criterion", slug)}
    for cell in of_table("cell", slug):
        given[cell["criterion"][1]].add(cell["rating"])
    questions = {
        fields["slug"]: fields["question"]
        for fields in of_table("criterion", slug)
        if fields["kind"] == "rating"
    }

    assert [
        (criterion, rating)
        for criterion, question in questions.items()
        for rating in given[criterion] - {None}
        if not re.search(rf"\b{rating} = ", question) and not (rating == 0 and "0" in question)
    ] == []


@every_table
def test_the_verdict_names_every_contender_and_begins_with_one_that_nobody_clearly_leads(slug):
    (table,) = of_table("comparison", slug)
    fit = fit_of(slug)
    names = {one: guide()["technology"][one,]["name"] for one in TABLES[slug]}
    places = {one: table["verdict"].lower().find(name.lower()) for one, name in names.items()}

    assert [one for one, place in places.items() if place < 0] == []
    assert fit[min(places, key=places.get)] > max(fit.values()) - LEAST_MARGIN


@every_table
def test_the_releases_that_were_judged_are_the_newest_of_the_index(slug):
    judged = {fields["technology"][0]: fields["versions"] for fields in of_table("contender", slug)}
    packages = {
        fields["technology"][0]: key[0] for key, fields in reversed(guide()["package"].items())
    } | {"django-orm": "django"}
    packages = {one: packages[one] for one in judged if packages.get(one) in read_of_the_index()}

    # Of servers the index knows no release; some have a package that is only their client.
    assert {one: judged[one].split()[-1] for one in packages if one not in SERVERS} == {
        one: read_of_the_index()[package]["latest_version"]
        for one, package in packages.items()
        if one not in SERVERS
    }


def test_every_lifecycle_has_a_source_and_a_date_and_an_unknown_one_says_what_was_read():
    claims = {key[0]: fields for key, fields in guide()["technology"].items()}

    assert len(claims) >= 125
    assert {
        slug: fields
        for slug, fields in claims.items()
        if not (
            fields["lifecycle_note"]
            and fields["lifecycle_source"].startswith("https://")
            and fields["lifecycle_verified_on"] >= "2026-01-01"
            if fields["lifecycle"]
            else len(fields["lifecycle_note"].split()) >= 7
        )
    } == {}


def test_a_verdict_says_why_and_a_recommendation_for_whom():
    listings = guide()["listing"]
    judged = {key: fields for key, fields in listings.items() if fields["verdict"] != "listed"}

    assert {key for key, fields in judged.items() if not fields["because"]} == set()
    assert {
        key
        for key, fields in judged.items()
        if fields["verdict"] == "recommended" and not (fields["qualifier"] or fields["best_for"])
    } == set()
    # What was recommended in 2025 and is no longer says so on its page.
    fallen = [
        key
        for key, fields in said(OLD)["listing"].items()
        if fields["verdict"] == "recommended" and listings[key]["verdict"] != "recommended"
    ]
    assert len(fallen) >= 8
    assert [
        key for key in fallen if "2025" not in listings[key]["because"] + listings[key]["note"]
    ] == []


@every_table
def test_no_recommendation_is_clearly_led_in_its_table_unless_it_says_so(slug):
    (table,) = of_table("comparison", slug)
    listings = guide()["listing"]
    fit = fit_of(slug)
    verdicts = {name: listings.get((table["category"][0], name), {}) for name in TABLES[slug]}
    recommended = [name for name, said in verdicts.items() if said.get("verdict") == "recommended"]

    assert recommended != []
    assert [
        name
        for name in recommended
        if fit[name] <= max(fit.values()) - LEAST_MARGIN
        and not re.search(r"compar|table|leads|score|ahead|first", verdicts[name]["because"])
    ] == []


def test_no_stack_and_no_set_of_today_holds_what_the_guide_advises_against():
    rows = guide()
    owners = {key[0]: fields["technology"][0] for key, fields in rows["package"].items()}
    used = {key[2] for key in rows["choice"]}
    used |= {name for fields in rows["choice"].values() for name in fields["with_technology"] or ()}
    used |= {owners[package] for slug, package in rows["pin"] if slug != "python-2025"}
    dead = {
        slug
        for (slug,), fields in rows["technology"].items()
        if fields["replaced_by"] or fields["lifecycle"] not in ("", "active", "finished")
    }
    avoided = {key[1] for key, fields in rows["listing"].items() if fields["verdict"] == "avoid"}

    assert len(used) > 30
    assert used & (dead | avoided) == set()


def test_package_facts_are_those_of_the_index():
    packages = {key[0] for key in guide()["package"]}
    facts = {key[0]: fields for key, fields in guide()["packagefacts"].items()}

    assert facts.keys() == packages == read_of_the_index().keys()
    assert {
        name: (
            fields["latest_version"],
            fields["released_on"],
            fields["requires_python"],
            fields["is_yanked"],
            fields["read_on"],
        )
        for name, fields in facts.items()
    } == {
        name: (
            row["latest_version"],
            row["released_on"],
            row["requires_python"],
            row["yanked"] == "yes",
            READ_TO,
        )
        for name, row in read_of_the_index().items()
    }


# Versions ---------------------------------------------------------------------------------------


def test_every_pin_admits_the_newest_release_and_django_has_its_lts():
    pins = said(NEW)["pin"]

    assert Counter(slug for slug, _package in pins) == {
        "python-2026-11": 28,
        "django-lts-2026-11": 14,
        "django-2026-11": 14,
    }
    assert {
        key: fields["specifier"]
        for key, fields in pins.items()
        if not admits(fields["specifier"], read_of_the_index()[key[1]]["latest_version"])
    } == {("django-lts-2026-11", "django"): ">=5.2.19,<5.3"}


def test_twelve_of_the_pins_of_2025_shut_it_out():
    assert [
        package
        for (_set, package), fields in sorted(said(OLD)["pin"].items())
        if not admits(fields["specifier"], read_of_the_index()[package]["latest_version"])
    ] == [
        *("asyncpg", "fastapi", "httpx", "mypy", "pytest", "pytest-asyncio", "pytest-cov"),
        *("redis", "ruff", "sentry-sdk", "structlog", "uvicorn"),
    ]


@pytest.mark.parametrize("slug", ["python-2026-11", "django-lts-2026-11", "django-2026-11"])
def test_python_is_new_enough_for_every_pin(slug):
    lowest = said(NEW)["versionset"][slug,]["python"].split(",")[0].removeprefix(">=")
    needed = {
        package: read_of_the_index()[package]["requires_python"]
        for of, package in said(NEW)["pin"]
        if of == slug and (of, package) != ("django-lts-2026-11", "django")
    }

    assert {package for package, text in needed.items() if text and not admits(text, lowest)} == (
        set()
    )


@pytest.mark.django_db
def test_every_project_that_a_stack_starts_was_proved_as_it_is():
    start(OLD, NEW)
    proved = json.loads(prove_stacks.RESULTS.read_text(encoding="utf-8"))["results"]

    offered = {address: files for address, files, lacks in prove_stacks.projects() if not lacks}

    assert {address: digest_of(files) for address, files in offered.items()} == {
        address: result["hash"] for address, result in proved.items()
    }, "pieces or pins have changed since: run `make prove-stacks`"
    tried = [tried for result in proved.values() for tried in result["pythons"].values()]
    assert len(tried) >= 2 * len(proved)
    assert all(one["passed"] >= 4 for one in tried)
    for files in offered.values():
        assert len(files) <= MOST_FILES
        assert sum(len(text.encode()) for text in files.values()) <= MOST_BYTES


@pytest.mark.django_db
def test_both_sets_are_put_beside_each_other():
    start(OLD, NEW)
    older, newer = (
        VersionSet.objects.for_detail().get(slug=slug) for slug in ("python-2025", "python-2026-11")
    )

    found = upgrade(older, newer)

    assert Counter(step.way for step in found.steps) == {
        Way.MAJOR: 11,
        Way.RAISED: 6,
        Way.REPLACED: 3,
        Way.ADDED: 8,
    }
    assert [
        (step.before.package.name, step.after.package.name)
        for step in found.steps
        if step.way is Way.REPLACED
    ] == [("python-jose", "pyjwt"), ("passlib", "pwdlib"), ("httpx", "httpx2")]
    assert sum(step.blocks for step in found.steps) == 12


# As a pack --------------------------------------------------------------------------------------


def test_a_new_row_states_every_field_and_a_changed_one_only_what_differs():
    for row in (row for path in FILES for row in yaml.safe_load(path.read_text(encoding="utf-8"))):
        model, fields = apps.get_model(row["model"]), row["fields"]
        before = said(OLD)[model._meta.model_name].get(key_of(row).key)
        names = [field.name for field in columns(model)]
        key = {part.split("__")[0] for part in model.NATURAL_KEY}
        if before is None:
            assert list(fields) == names, row
        else:
            assert list(fields) == [name for name in names if name in fields], row
            assert {*fields} > key, row
            assert [field for field in {*fields} - key if fields[field] == before[field]] == [], row


@pytest.mark.django_db
def test_make_run_loads_both_in_order_and_nothing_is_wrong():
    (line,) = [
        line
        for line in (site.BASE_DIR / "Makefile").read_text(encoding="utf-8").splitlines()
        if line.startswith("GUIDE ?= ")
    ]

    start(*(FIXTURES / name for name in line.removeprefix("GUIDE ?= ").split()))

    assert [str(load) for load in PackLoad.objects.order_by("pk")] == [
        "guide-2025 1",
        "guide-2026-11 2",
    ]
    assert [*integrity.find_problems(), *integrity.find_invalid_rows()] == []
    things = [ThingKey("version", key[0]) for key in said(NEW)["versionset"]]
    things += [ThingKey("stack", key[0]) for key in said(NEW)["stack"]]
    things += [ThingKey("comparison", slug) for slug in TABLES]
    lacking = [sentence for found in lacks_of(things).values() for sentence in found]
    # Whoever takes the guide over answers for it.
    assert [sentence for sentence in lacking if not sentence.endswith("has no owner.")] == []


@pytest.mark.django_db
def test_it_changes_what_it_says_and_leaves_the_rest_and_undo_brings_2025_back():
    start(OLD)
    before = everything()

    load()

    after = everything()
    new = {(model, key) for model, rows in said(NEW).items() for key in rows}
    gone = {row for row in before if row not in after}
    taken = removed()
    # Cells go with their row.
    taken |= {row for row in before if row[0] == "cell" and ("criterion", row[1][:2]) in taken}
    assert gone == {row for row in taken if row in before}
    assert {row for row in {*before, *after} if before.get(row) != after.get(row)} == new | gone
    assert load() == "Nothing to do: the guide says all of this already.\n"
    undo(PackLoad.objects.first(), "ada")
    assert everything() == before


def removed() -> set[tuple[str, tuple[str, ...]]]:
    manifest = yaml.safe_load((NEW / "pack.yaml").read_text(encoding="utf-8"))
    return {(model, tuple(key)) for part in manifest["removes"] for model, key in part.items()}


@pytest.mark.django_db
def test_over_its_first_version_it_leaves_the_guide_that_a_new_site_has():
    start(OLD, NEW)
    fresh = everything()
    for record in PackLoad.objects.all()[:1]:
        undo(record, "ada")
    call_command("load_pack", FIRST_VERSION, interactive=False, stdout=io.StringIO())

    load()

    updated = everything()
    assert {row for row in {*fresh, *updated} if fresh.get(row) != updated.get(row)} == set()


def everything() -> dict[tuple[str, tuple[str, ...]], dict[str, Any]]:
    """Every row of content by model and natural key, as a fixture says it."""
    things = [
        row.key
        for model in CONTENT
        if hasattr(model, "KIND")
        for row in model.objects.order_by("pk")
    ]
    return {
        (row["model"].removeprefix("catalog."), key_of(row).key): row["fields"]
        for rows in documents.of(things).values()
        for row in rows
    }


def edit() -> None:
    """What an architect may have made of the guide of 2025 by now."""
    with editions.record("ada", "Our own words", Edition.Origin.ADMIN):
        # The same field as the pack, something else.
        Listing.objects.filter(technology__slug="passlib").update(
            verdict="situational", because="Old accounts only."
        )
        # The same field, the same value.
        Technology.objects.filter(slug="motor").update(lifecycle="end-of-life")
        # A field the pack does not name, and a row it does not.
        Technology.objects.filter(slug="motor").update(description="We still run it.")
        Point.objects.filter(technology__slug="celery", slug="complex-configuration").delete()
        # A row the pack takes away, deleted.
        Choice.objects.filter(technology__slug="motor").delete()
        Pin.objects.filter(package__name="httpx").update(note="Ours", specifier="^0.27")


@pytest.mark.django_db
def test_over_an_edited_guide_edits_stay_and_what_is_at_odds_waits():
    start(OLD)
    edit()

    with pytest.raises(CommandError, match="Conflicts wait") as waits:
        load()

    assert waits.value.returncode == 2
    record = PackLoad.objects.first()
    assert sorted(record.conflicts.values_list("key", "field")) == [
        ("password-hashing/passlib", "because"),
        ("password-hashing/passlib", "verdict"),
    ]
    kept = Listing.objects.get(technology__slug="passlib")
    assert (kept.verdict, kept.because) == ("situational", "Old accounts only.")
    assert kept.qualifier == "for new projects"
    motor = Technology.objects.get(slug="motor")
    assert (motor.lifecycle, motor.description) == ("end-of-life", "We still run it.")
    assert motor.replaced_by.slug == "pymongo"
    assert not Choice.objects.filter(technology__slug="motor").exists()
    assert Pin.objects.get(package__name="httpx", version_set__slug="python-2025").note == "Ours"
    assert (Comparison.objects.count(), PackageFacts.objects.count()) == (
        len(TABLES),
        len(said(NEW)["packagefacts"]),
    )
    assert Cell.objects.count() == len(guide()["cell"])


def head_of(plan: str) -> str:
    """How many things of each kind a plan changes."""
    return "".join(line for line in plan.splitlines(keepends=True) if not line.startswith("  "))


@pytest.mark.django_db
def test_the_plans_in_the_docs_are_those_of_today():
    start(OLD)
    in_docs = PLAN.read_text(encoding="utf-8").split("```\n")[1::2]

    untouched = load("--dry-run").splitlines(keepends=True)
    edit()
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_pack", NEW, "--dry-run", stdout=told)
    edited = told.getvalue()

    kept = [line for line in untouched if not ONLY_FACTS.fullmatch(line)]
    assert f"({len(untouched) - len(kept)} of them)" in PLAN.read_text(encoding="utf-8")
    assert in_docs[:2] == ["".join(kept), edited[edited.index("2 conflicts") :]]


@pytest.mark.django_db
def test_the_plan_over_the_first_version_is_in_the_docs_too():
    start(OLD)
    call_command("load_pack", FIRST_VERSION, interactive=False, stdout=io.StringIO())

    in_docs = PLAN.read_text(encoding="utf-8").split("```\n")[1::2]

    assert in_docs[2:] == [head_of(load("--dry-run"))]
