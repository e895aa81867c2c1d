"""Whatever becomes of a shipped file on its way: it is read whole, or refused in sentences."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.packs.entries import read
from catalog.packs.loading import plan
from catalog.packs.problems import Problem, RefusedError
from tests.packs.packing import load_pack

FILES = sorted((site.BASE_DIR / "fixtures" / "guide-2025").glob("*/*.yaml"))
# Of every kind, and small: what is tried is the change.
SMALL = [path for path in FILES if path.stat().st_size < 3_000]

texts = st.text(st.characters(), max_size=12)
numbers = st.integers() | st.floats()
words = st.sampled_from(["catalog.cell", "flask", "pk", "known", "2026-11-22", "<<", "", "model"])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | words, inner, max_size=4),
    max_leaves=10,
)


def places_in(value: Any) -> list[tuple[Any, Any]]:
    """Every place below a value, as what it is in and where there."""
    keys = [*value] if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places_in(value[key])
    return found


@st.composite
def changed_rows(draw) -> list[Any]:
    """The rows of a shipped file with a few nodes deleted, replaced or doubled."""
    rows = yaml.safe_load(draw(st.sampled_from(SMALL)).read_text())
    rows = json.loads(json.dumps(rows, default=str))
    for _change in range(draw(st.integers(1, 3))):
        places = places_in(rows)
        if not places:
            break
        owner, key = draw(st.sampled_from(places))
        how = draw(st.sampled_from(["delete", "replace", "double", "rename"]))
        if how == "delete":
            del owner[key]
        elif how == "replace":
            owner[key] = draw(values)
        elif isinstance(owner, list):
            owner.append(copy.deepcopy(owner[key]))
        else:
            owner[draw(texts | words)] = copy.deepcopy(owner[key])
    return rows


@st.composite
def changed_bytes(draw) -> bytes:
    """The bytes of a shipped file, with pieces cut out, put in or moved."""
    content = draw(st.sampled_from(SMALL)).read_bytes()
    for _change in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        piece = draw(
            st.binary(max_size=8)
            | st.sampled_from([b"&a ", b"*a", b"!!x ", b"[", b"{", b"- ", b": ", b"\t", b"---\n"])
            | st.just(content[start : start + 40])
        )
        content = content[:start] + piece + content[min(end, start + 40) :]
    return content


def outcome(path: Path) -> tuple[int, list[Problem]]:
    """How many rows are read, and what is wrong."""
    try:
        incoming = read(path)
        return len(incoming), incoming.problems.first
    except RefusedError as error:
        return 0, error.problems


def assert_read_or_refused(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)

        found, problems = outcome(path)

    assert found or problems
    for problem in problems:
        assert problem.file == name
        assert problem.text.endswith(".")
        assert str(problem).isprintable()


@settings(max_examples=200)
@given(changed_rows(), st.sampled_from(["a.json", "a.yaml"]))
def test_changed_rows(rows: list[Any], name: str) -> None:
    text = json.dumps(rows) if name == "a.json" else yaml.safe_dump(rows, allow_unicode=False)

    assert_read_or_refused(name, text.encode())


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed_rows())
def test_changed_rows_over_the_guide(shipped_guide: None, rows: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps(rows))
        try:
            made = plan(read(path))
        except RefusedError:
            return

    for problem in made.problems.first:
        assert str(problem).isprintable()
        assert (problem.file, problem.text[-1:]) == ("a.json", ".")


@pytest.fixture
def shipped_guide() -> None:
    load_pack(FILES[0].parent.parent)


@settings(max_examples=200)
@given(changed_bytes(), st.sampled_from(["a.json", "a.yaml", "a.zip"]))
def test_changed_bytes(content: bytes, name: str) -> None:
    assert_read_or_refused(name, content)
