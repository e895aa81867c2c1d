"""manage.py load_pack: what it prints, what it asks, and how it ends."""

import builtins
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.management.commands import load_pack
from catalog.models import Base, Conflict, Edition, PackLoad, Technology
from tests.packs.packing import edit, pack, point, state, summary_of, technology

pytestmark = pytest.mark.django_db


def load(folder: Path, **options: Any) -> tuple[list[str], int, str]:
    """The lines it prints, its exit status, and what it says at the end where that is not 0."""
    said = io.StringIO()
    try:
        call_command("load_pack", folder, stdout=said, **{"interactive": False} | options)
    except CommandError as error:
        return said.getvalue().splitlines(), error.returncode, str(error)
    return said.getvalue().splitlines(), 0, ""


@pytest.fixture
def conflicting(tmp_path: Path) -> Path:
    """A pack that says something else than the guide, where both have changed."""
    load(pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    edit("flask", summary="Mine")
    return pack(tmp_path, technology("flask", summary="Theirs", licence="BSD"), version="2")


def answer(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    def input_(_prompt: str) -> str:
        if text is None:
            raise EOFError
        return text

    monkeypatch.setattr(builtins, "input", input_)


def test_it_says_what_is_new_and_which_edition_that_is(tmp_path):
    said = load(pack(tmp_path, technology("flask"), point("flask", "small")))

    assert said == (
        [
            "guide 1",
            "Technologies: 1 new",
            "  New technology: Flask, with 1 point",
            "guide 1 is loaded: edition 1.",
        ],
        0,
        "",
    )


def test_a_second_time_there_is_nothing_to_do(tmp_path):
    folder = pack(tmp_path, technology("flask"))
    load(folder)

    assert load(folder) == (["Nothing to do: the guide says all of this already."], 0, "")
    assert (Edition.objects.count(), PackLoad.objects.count()) == (1, 1)


def test_after_an_edit_that_the_pack_does_not_speak_of_there_is_nothing_to_do_either(tmp_path):
    folder = pack(tmp_path, technology("flask"))
    load(folder)
    edit("flask", summary="Mine")

    said, status, _end = load(folder)

    assert (said[-1], status) == ("Nothing to do: the guide says all of this already.", 0)
    assert PackLoad.objects.count() == 1


def test_a_dry_run_writes_nothing(tmp_path):
    said, status, _end = load(pack(tmp_path, technology("flask")), dry_run=True)

    assert (said[-1], status) == ("Nothing was written.", 0)
    assert (state(), Edition.objects.count(), PackLoad.objects.count()) == ({}, 0, 0)
    assert Base.objects.count() == 0


def test_conflicts_wait_and_the_rest_is_loaded(conflicting):
    said, status, end = load(conflicting)

    assert status == 2
    assert end == "Conflicts wait: choose in the admin, or load again with --take theirs or mine."
    assert "1 conflict waits for a choice:" in said
    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Mine", "BSD")


def test_a_dry_run_ends_with_the_status_of_the_real_one(conflicting):
    said, status, _end = load(conflicting, dry_run=True)

    assert (said[-1], status) == ("Nothing was written.", 2)
    assert Technology.objects.get().licence == "MIT"


@pytest.mark.parametrize(("take", "summary"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_choice_for_all_conflicts(conflicting, take, summary):
    load(conflicting)

    _said, status, _end = load(conflicting, take=take)

    assert (status, summary_of("flask"), Conflict.objects.count()) == (0, summary, 0)
    assert load(conflicting) == (["Nothing to do: the guide says all of this already."], 0, "")


@pytest.mark.parametrize(
    ("text", "end", "editions"),
    [
        ("y", "", 1),
        ("Yes ", "", 1),
        ("n", "Nothing was loaded.", 0),
        ("", "Nothing was loaded.", 0),
        (None, "Nothing was loaded: nobody answers here. Add --no-input.", 0),
    ],
)
def test_it_asks_before_it_writes(tmp_path, monkeypatch, text, end, editions):
    answer(monkeypatch, text)

    _said, status, said = load(pack(tmp_path, technology("flask")), interactive=True)

    assert (status, said, Edition.objects.count()) == (bool(end), end, editions)


def test_a_refused_pack_names_every_problem(tmp_path):
    folder = pack(tmp_path, technology("Flask"), technology("quart", kind="banana"))

    _said, status, end = load(folder)

    first, *problems = end.splitlines()
    assert (status, first) == (1, "The pack is refused; nothing was loaded.")
    assert [line.partition(": ")[0] for line in problems] == [
        "  02-technology.yaml, entry 1, field “slug”",
        "  02-technology.yaml, entry 2, field “kind”",
    ]
    assert state() == {}


def test_what_is_not_there_is_said(tmp_path):
    _said, status, end = load(tmp_path / "nowhere")

    assert (status, end.splitlines()[1]) == (
        1,
        "  nowhere: There is no such file or folder; correct the path.",
    )


@pytest.mark.parametrize(
    ("count", "said"), [(3, "3 rows: nobody else can save until they are tried.\n"), (2, "")]
)
def test_many_rows_are_announced_since_nobody_else_can_save(tmp_path, monkeypatch, count, said):
    monkeypatch.setattr(load_pack, "MOST_ROWS", 2)
    folder, complaints = pack(tmp_path, *map(technology, "abc"[:count])), io.StringIO()

    load(folder, stderr=complaints)

    assert (complaints.getvalue(), Technology.objects.count()) == (said, count)


def test_json_says_it_to_a_program(conflicting):
    said, status, _end = load(conflicting, format="json")

    data = json.loads("\n".join(said))
    assert (data["status"], data["edition"], data["pack"], data["version"]) == (
        "applied",
        3,
        "guide",
        "2",
    )
    assert [
        {name: conflict[name] for name in ("model", "key", "field", "base", "local", "incoming")}
        for conflict in data["conflicts"]
    ] == [
        {
            "model": "technology",
            "key": ["flask"],
            "field": "summary",
            "base": "Small",
            "local": "Mine",
            "incoming": "Theirs",
        }
    ]
    assert (data["problems"], status) == ([], 2)


def test_json_says_why_a_pack_is_refused(tmp_path):
    said, status, _end = load(pack(tmp_path, technology("Flask")), format="json")

    data = json.loads("\n".join(said))
    assert (data["status"], status) == ("refused", 1)
    assert [(p["file"], p["entry"], p["field"]) for p in data["problems"]] == [
        ("02-technology.yaml", 1, "slug")
    ]


def test_json_of_nothing_to_do(tmp_path):
    folder = pack(tmp_path, technology("flask"))
    load(folder)

    said, status, _end = load(folder, format="json")

    assert (json.loads("\n".join(said)), status) == ({"status": "nothing to do"}, 0)


def test_a_single_file_is_a_partial_pack_of_its_name(tmp_path):
    source = pack(tmp_path, technology("flask")) / "02-technology.yaml"
    file = tmp_path / "Our own edits.yaml"
    file.write_bytes(source.read_bytes())

    load(file)

    record = PackLoad.objects.get()
    assert (record.name, record.version, record.is_complete) == ("our-own-edits", "0", False)
