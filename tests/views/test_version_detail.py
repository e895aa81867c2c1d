"""A version set: its page, and its files read back by the parsers of those who will use them."""

import shlex
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from catalog.models import Pin, Status, VersionSet
from tests.factories import make_package, make_technology, make_version_set
from tests.reading import read

pytestmark = pytest.mark.django_db


def make_set(**fields: str) -> VersionSet:
    defaults = {"slug": "today", "title": "Today", "python": "^3.11", "python_note": "Faster"}
    version_set = make_version_set(pins=0, **defaults | fields)
    for name, specifier, extras, group in [
        ("fastapi", "^0.110.0", "", "main"),
        ("uvicorn", "^0.27.0", "standard, dev", "main"),
        ("django", ">=5.2,<6", "", "main"),
        ("ruff", "~0.1.9", "", "dev"),
    ]:
        Pin.objects.create(
            version_set=version_set,
            package=make_package(name=name),
            specifier=specifier,
            extras=extras,
            group=group,
            position=version_set.pins.count(),
        )
    return version_set


def test_the_standard_form_has_requirements_that_packaging_reads(client):
    make_set()

    response = client.get("/versions/today/pyproject.toml")

    assert response["Content-Type"] == "application/toml; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="pyproject.toml"'
    parsed = tomllib.loads(response.text)
    assert parsed == {
        "project": {
            "name": "today",
            "version": "0.1.0",
            "requires-python": ">=3.11,<4.0",
            "dependencies": [
                "fastapi>=0.110.0,<0.111.0",
                "uvicorn[standard,dev]>=0.27.0,<0.28.0",
                "django>=5.2,<6",
            ],
        },
        "dependency-groups": {"dev": ["ruff>=0.1.9,<0.2.0"]},
    }
    assert "3.13" in SpecifierSet(parsed["project"]["requires-python"])
    requirements = [Requirement(text) for text in parsed["project"]["dependencies"]]
    assert [("0.110.9" in one.specifier, "0.111" in one.specifier) for one in requirements[:1]] == [
        (True, False)
    ]


def test_the_form_for_poetry_keeps_every_specifier_as_written(client):
    make_set()

    response = client.get("/versions/today/pyproject.toml?form=poetry")

    assert tomllib.loads(response.text)["tool"]["poetry"] == {
        "name": "today",
        "version": "0.1.0",
        "package-mode": False,
        "dependencies": {
            "python": "^3.11",
            "fastapi": "^0.110.0",
            "uvicorn": {"extras": ["standard", "dev"], "version": "^0.27.0"},
            "django": ">=5.2,<6",
        },
        "group": {"dev": {"dependencies": {"ruff": "~0.1.9"}}},
    }
    assert 'python = "^3.11" # Faster\n' in response.text


@pytest.mark.parametrize("query", ["", "?form=poetry"])
def test_hostile_words_stay_words(client, query):
    hostile = 'x"]\n[tool.evil]\na = 1 #'
    version_set = make_set(title=hostile, python_note=hostile)
    version_set.pins.update(specifier='1"\n[x]')
    VersionSet.objects.update(python='"\n[x]\n')

    parsed = tomllib.loads(client.get(f"/versions/today/pyproject.toml{query}").text)

    assert set(parsed) <= {"project", "dependency-groups", "tool"}
    assert set(parsed.get("tool", {})) <= {"poetry"}


@pytest.mark.parametrize("query", ["", "?form=poetry"])
def test_a_set_without_pins_is_a_file_all_the_same(client, query):
    make_version_set(slug="empty", pins=0)

    assert tomllib.loads(client.get(f"/versions/empty/pyproject.toml{query}").text)


def test_an_unknown_form_is_the_standard_one(client):
    make_set()

    plain, odd = (
        client.get(f"/versions/today/pyproject.toml{query}").text for query in ("", "?form=x")
    )
    assert plain == odd


def test_drafts_are_nowhere(client):
    make_version_set(slug="draft", status=Status.DRAFT)
    shown = make_set()
    draft = make_package(make_technology(status=Status.DRAFT), name="kept-back")
    Pin.objects.create(version_set=shown, package=draft, specifier="^1.0")

    assert client.get("/versions/draft/pyproject.toml").status_code == 404
    assert "kept-back" not in client.get("/versions/today/pyproject.toml").text


# The page -----------------------------------------------------------------------------------------


def test_pins_are_a_table_main_before_dev(client):
    version_set = make_version_set(
        pins=0, as_of="2025", python="^3.11", python_note="3.11+ recommended"
    )
    for name, group, position, extras, specifier, note in [
        ("pytest", Pin.Group.DEV, 1, "", "^7.4.4", ""),
        ("uvicorn", Pin.Group.MAIN, 2, "standard", "^0.27.0", "with extras"),
        ("fastapi", Pin.Group.MAIN, 1, "", "^0.110.0", ""),
    ]:
        Pin.objects.create(
            version_set=version_set,
            package=make_package(name=name),
            group=group,
            position=position,
            extras=extras,
            specifier=specifier,
            note=note,
        )

    page = read(client, version_set.get_absolute_url())

    assert page.texts("main//p") == ["Python ^3.11 3.11+ recommended"]
    assert page.texts("h2") == ["Pins as of 2025"]
    assert page.table() == [
        ["Package", "Version", "Group", "Note"],
        ["fastapi", "^0.110.0", "main", ""],
        ["uvicorn[standard]", "^0.27.0", "main", "with extras"],
        ["pytest", "^7.4.4", "dev", ""],
    ]


def test_a_command_adds_the_pins_and_runs_nothing_else(client):
    version_set = make_set()
    version_set.pins.filter(package__name="django").update(specifier="'; rm -rf ~ #")

    (command,) = read(client, "/versions/today/").texts("pre[@id='uv-add']")

    assert shlex.split(command) == [
        *("uv", "add", "fastapi>=0.110.0,<0.111.0", "uvicorn[standard,dev]>=0.27.0,<0.28.0"),
        "django'; rm -rf ~ #",
        *("uv", "add", "--dev", "ruff>=0.1.9,<0.2.0"),
    ]
