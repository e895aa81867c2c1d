"""The shipped guide, and how content becomes files and comes back."""

import io
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings as site
from django.core.management import call_command
from hypothesis import example, given
from hypothesis import strategies as st

from catalog import integrity, packs
from catalog.history.rows import columns, key_of
from catalog.models import CONTENT, Category, Listing, Technology
from tests.factories import make_category, make_technology
from tests.packs.dumps import bytes_in, fixture_paths, loaddata

GUIDE = site.BASE_DIR / "fixtures" / "guide-2025"
FILES = fixture_paths(GUIDE)
with_database = pytest.mark.django_db


def rows() -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """Every row of content as primary key and natural key."""
    return {
        model._meta.label: [(row.pk, row.natural_key()) for row in model.objects.order_by("pk")]
        for model in CONTENT
    }


def names(row: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """The rows that a fixture row needs to be there: what its references name."""
    model = apps.get_model(row["model"])
    return [
        (field.related_model._meta.label_lower, tuple(row["fields"][field.name]))
        for field in model._meta.concrete_fields
        # One that may be empty is filled in by loaddata when its target has come.
        if field.is_relation and not field.null
    ]


# The shipped guide ------------------------------------------------------------------------------


@with_database
def test_it_loads_and_loading_again_keeps_every_row():
    loaddata(GUIDE)
    first = rows()

    loaddata(GUIDE)

    assert rows() == first
    # How many there are of each is counted beside the guide's facts.
    assert [label for label, found in first.items() if not found] == [
        "catalog.PackageFacts",
        "catalog.SupportWindow",
        "catalog.Migration",
        "catalog.Compatibility",
        "catalog.Piece",
        "catalog.Measurement",
        "catalog.CriterionGroup",
        "catalog.Preset",
    ]


@with_database
def test_dumping_what_was_loaded_gives_the_same_files(tmp_path):
    loaddata(GUIDE)

    _manifest, paths, _hidden = packs.dump(tmp_path, name="guide-2025", version="1")

    assert bytes_in(tmp_path) == bytes_in(GUIDE)
    assert paths == sorted(bytes_in(GUIDE))


@with_database
def test_nothing_is_wrong_with_it():
    loaddata(GUIDE)

    assert [*integrity.find_problems(), *integrity.find_invalid_rows()] == []


@with_database
def test_it_judges_only_what_the_guide_judges():
    loaddata(GUIDE)

    unchecked = {"lifecycle": "", "licence": "", "website": "", "summary": ""}
    assert Technology.objects.filter(**unchecked).count() == Technology.objects.count()
    judged = Listing.objects.exclude(verdict=Listing.Verdict.LISTED)
    assert sorted(
        judged.values_list("verdict", "category__name", "technology__name", "qualifier")
    ) == [
        ("alternative", "Configuration Management", "python-decouple", ""),
        ("alternative", "Dependency Management", "pdm", ""),
        ("alternative", "JWT Authentication", "PyJWT", ""),
        ("alternative", "WSGI Servers", "uwsgi", ""),
        ("recommended", "ASGI Servers", "Uvicorn", "for FastAPI"),
        ("recommended", "Code Quality", "ruff", ""),
        ("recommended", "Configuration Management", "Pydantic Settings", ""),
        ("recommended", "Database Solutions", "PostgreSQL", "for Most Cases"),
        ("recommended", "Dependency Management", "poetry", "for modern projects"),
        ("recommended", "GraphQL", "Strawberry", "for FastAPI"),
        ("recommended", "HTTP Clients", "httpx", ""),
        ("recommended", "JWT Authentication", "python-jose", "for JWT"),
        ("recommended", "Logging", "logging", ""),
        ("recommended", "Logging", "python-json-logger", ""),
        ("recommended", "Logging", "structlog", ""),
        ("recommended", "Metrics", "prometheus-client", ""),
        ("recommended", "Metrics", "statsd", ""),
        ("recommended", "ORM Solutions", "SQLAlchemy", ""),
        ("recommended", "Password Hashing", "passlib", ""),
        ("recommended", "Task Queues", "Celery", "for Most Cases"),
        ("recommended", "Testing", "pytest", ""),
        ("recommended", "Tracing", "OpenTelemetry", ""),
        ("recommended", "Tracing", "Sentry", ""),
        ("recommended", "Tracing", "ddtrace", ""),
        ("recommended", "Validation & Serialization", "Pydantic", ""),
        ("recommended", "WSGI Servers", "Gunicorn", "for Django/Flask"),
        ("recommended", "Web Frameworks", "Django", "for Full-Featured Applications"),
        ("recommended", "Web Frameworks", "FastAPI", "for Modern APIs"),
        ("recommended", "Web Frameworks", "Flask", "for Simple APIs"),
        ("situational", "HTTP Clients", "requests", ""),
    ]


def test_every_field_is_written_and_no_primary_key():
    for path in FILES:
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            fields = columns(apps.get_model(row["model"]))
            assert list(row) == ["model", "fields"], path
            assert list(row["fields"]) == [field.name for field in fields], path


def test_each_file_names_only_what_an_earlier_one_holds():
    known = set()

    for path in FILES:
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert [name for name in names(row) if name not in known] == [], path
            known.add((row["model"], key_of(row).key))


# From rows to files and back --------------------------------------------------------------------


@with_database
def test_code_is_a_literal_block_and_a_key_one_line(tmp_path):
    make_technology(slug="flask", name="Flask", description="First\n\n  second\n")

    packs.dump(tmp_path)

    text = (tmp_path / "2-technologies" / "flask.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[:11] == [
        "- model: catalog.technology",
        "  fields:",
        "    slug: flask",
        "    owner: ''",
        "    review_by: null",
        "    status: published",
        "    name: Flask",
        "    kind: library",
        "    summary: ''",
        "    description: |",
        "      First",
    ]


@pytest.mark.parametrize(
    "value",
    [
        *("5.10", "no", "NO", "y", "on", "~", "null", "true", "2025-11-22", "2025-11", "2025"),
        *("1e3", "1_000", "0o17", "0x1F", "017", "12:30:45", ".5", "-1", "+1.0"),
    ],
)
def test_what_yaml_would_change_is_quoted(value):
    (line,) = packs.to_yaml([{"note": value}]).splitlines()

    assert line == f"- note: '{value}'"


@given(st.text(st.characters(codec="utf-8")))
@example("two words \t")
@example("first \nsecond")
@example("\tfirst\n\tsecond\n")
@example("one\r\ntwo\r\n")
@example("\n\n  first\n\n\n")
@example("no newline\nat the end")
@example("🎉 “quoted” \"'")
@example("- looks like a list")
@example("# looks like a comment")
@example("key: value # and more")
@example("{{ braces }} [1, 2] & * ! | > % @ `")
@example("\x85 \u2028 \ufeff \x00 \x1b")
@example("\x85")
@example("first\u2028second\nthird\u2029")
@example("=")
@example("<<")
def test_any_text_comes_back_as_it_was(text):
    document = packs.to_yaml([{"model": text, "fields": {"note": text, "key": [text, text]}}])

    assert yaml.safe_load(document) == [
        {"model": text, "fields": {"note": text, "key": [text, text]}}
    ]


# dump_pack --------------------------------------------------------------------------------------


@with_database
def test_a_dump_removes_files_of_what_is_gone_and_nothing_else(tmp_path):
    make_category(slug="kept")
    make_category(slug="gone")
    call_command("dump_pack", tmp_path, stdout=io.StringIO())
    (tmp_path / "README.md").write_text("Mine.", encoding="utf-8")
    (tmp_path / "1-categories" / "notes.txt").write_text("Mine.", encoding="utf-8")
    (tmp_path / "9-own").mkdir()
    (tmp_path / "9-own" / "own.yaml").write_text("[]\n", encoding="utf-8")
    Category.objects.filter(slug="gone").delete()

    said = io.StringIO()
    call_command("dump_pack", tmp_path, name="guide", stdout=said)

    assert said.getvalue() == f"Wrote guide 1 into {tmp_path}: 2 files.\n"
    assert sorted(bytes_in(tmp_path)) == [
        "1-categories/kept.yaml",
        "1-categories/notes.txt",
        "9-own/own.yaml",
        "README.md",
        "pack.yaml",
    ]
