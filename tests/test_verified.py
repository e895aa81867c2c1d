"""The results of `make verify-guide` are those of what is shipped, and what they are made of."""

import json
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from scripts import verify_guide
from scripts.guide import find_packs, read_guide
from scripts.verify_guide import PAST, PYTHONS, Subject, Tried

RESULTS = json.loads(verify_guide.RESULTS.read_text(encoding="utf-8"))
GUIDE = read_guide(find_packs())
SUBJECTS = verify_guide.find_subjects(GUIDE)
TODAY = [subject for subject in SUBJECTS if subject.version_set not in PAST]


# What is shipped --------------------------------------------------------------------------------


def test_every_set_and_every_combination_has_a_result_of_just_its_pins():
    shipped = {subject.name: subject.digest for subject in SUBJECTS}
    tried = {name: entry["hash"] for name, entry in RESULTS["results"].items()}

    assert {name for name in {*shipped, *tried} if shipped.get(name) != tried.get(name)} == set(), (
        "pins have changed since: run `make verify-guide`"
    )


def test_every_combination_of_every_stack_is_pinned_by_a_set():
    offered = {
        f"stacks/{stack}{chosen}"
        for (stack,) in GUIDE["stack"]
        for chosen, _technologies in verify_guide.combinations_of(GUIDE, stack)
    }

    assert {
        subject.name.partition(" on ")[0] for subject in SUBJECTS[len(GUIDE["versionset"]) :]
    } == (offered)


@pytest.mark.parametrize("subject", TODAY, ids=lambda subject: subject.name)
def test_what_is_recommended_resolves_on_each_python_it_is_for(subject):
    tried = RESULTS["results"][subject.name]["pythons"]
    wanted = [text for text in PYTHONS if SpecifierSet(subject.python).contains(f"{text}.0")]

    assert list(tried) == list(PYTHONS)
    assert [python for python in PYTHONS if tried[python].get("resolved")] == wanted
    # At least two Pythons ran it; the others say why not.
    assert sum(bool(result.get("ran")) for result in tried.values()) >= 2
    assert [
        python
        for python, result in tried.items()
        if not (result.get("ran") or result.get("not run") or result.get("not tried"))
    ] == []
    assert verify_guide.find_failures({subject.name: {"pythons": tried}}) == []


def test_the_set_of_2025_has_its_result_too():
    tried = RESULTS["results"]["versions/python-2025"]["pythons"]

    assert {python: bool(result["resolved"]) for python, result in tried.items()} == {
        "3.11": True,
        "3.12": True,
        "3.13": False,
        "3.14": False,
    }
    # What the sets of today mend.
    assert [name for name, said in tried["3.12"]["checks"].items() if said != "ok"] == [
        "SQLAlchemy connects through asyncpg",
        "Celery runs a task over Redis",
        "passlib hashes and verifies with bcrypt",
    ]


def test_the_index_had_nothing_newer_on_that_day():
    assert RESULTS["newer in the index"] == {}


# What it is made of -----------------------------------------------------------------------------


def write_pack(folder: Path, rows: list[tuple[str, dict]], **manifest: object) -> Path:
    (folder / "1-all").mkdir(parents=True)
    entries = [{"model": f"catalog.{model}", "fields": fields} for model, fields in rows]
    (folder / "1-all" / "all.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    return folder


def make_guide(tmp_path: Path) -> list[Path]:
    """A stack of one framework and one of two queues, over an older pack that had a third."""

    def choice(role: str, technology: str, with_: str = "") -> tuple[str, dict]:
        fields = {"role": ["api", role], "technology": [technology]}
        return "choice", {**fields, "with_technology": [with_] if with_ else None}

    def pin(package: str, specifier: str, extras: str = "") -> tuple[str, dict]:
        fields = {"version_set": ["now"], "package": [package], "extras": extras}
        return "pin", {**fields, "specifier": specifier}

    packages = ("django", "psycopg", "celery", "rq", "dramatiq")
    older = write_pack(
        tmp_path / "older",
        [
            ("stack", {"slug": "api"}),
            ("role", {"stack": ["api"], "slug": "framework", "mode": "all-of"}),
            ("role", {"stack": ["api"], "slug": "queue", "mode": "one-of"}),
            ("versionset", {"slug": "now", "python": "^3.11"}),
            *(("package", {"name": name, "technology": [name]}) for name in packages),
            choice("framework", "django", "psycopg"),
            *(choice("queue", name) for name in ("celery", "rq", "dramatiq")),
            pin("django", "^5.2.0"),
            pin("psycopg", ">=3", "binary"),
            *(pin(name, ">=1") for name in ("celery", "rq")),
        ],
    )
    newer = write_pack(
        tmp_path / "newer",
        [pin("django", ">=5.2.19,<5.3")],
        removes=[{"choice": ["api", "queue", "rq"]}],
    )
    return [older, newer]


def test_a_later_pack_changes_what_it_states_and_takes_away_what_it_removes(tmp_path):
    rows = read_guide(make_guide(tmp_path))

    assert rows["pin"]["now", "django"]["specifier"] == ">=5.2.19,<5.3"
    assert [key[2] for key in rows["choice"]] == ["django", "celery", "dramatiq"]


def test_a_combination_is_tried_on_each_set_that_pins_all_of_it(tmp_path):
    subjects = verify_guide.find_subjects(read_guide(make_guide(tmp_path)))

    # Nothing pins Dramatiq, so what is offered with it has no result: the test above would fail.
    assert [(subject.name, subject.python, subject.requirements) for subject in subjects] == [
        (
            "versions/now",
            ">=3.11,<4.0",
            ("celery>=1", "django>=5.2.19,<5.3", "psycopg[binary]>=3", "rq>=1"),
        ),
        (
            "stacks/api?queue=celery on now",
            ">=3.11,<4.0",
            ("celery>=1", "django>=5.2.19,<5.3", "psycopg[binary]>=3"),
        ),
    ]


def test_a_hash_changes_with_a_pin_or_the_python_and_with_nothing_else():
    given = Subject("a", "set", ">=3.11", ("one>=1", "two>=2"))

    same = [given._replace(name="b"), given._replace(requirements=("two>=2", "one>=1"))]
    others = [given._replace(python=">=3.12"), given._replace(requirements=("one>=1", "two>=3"))]

    assert {subject.digest for subject in same} == {given.digest}
    assert len({subject.digest for subject in (given, *others)}) == 3


def test_what_does_not_resolve_or_run_fails_unless_it_is_of_the_past():
    subject = Subject("versions/now", "now", ">=3.11", ("one>=1",))
    ran = {"resolved": 1, "versions": "one 1", "ran": "3.12.1", "checks": {"imports": "ok"}}
    broken = {**ran, "ran": False, "checks": {"imports": "failed: ImportError"}}
    lost = {"resolved": False, "why": "no solution"}
    tried = [
        Tried(subject, "3.11", lost),
        Tried(subject, "3.12", ran),
        Tried(subject, "3.13", broken),
        Tried(subject, "3.14", {**ran, "ran": None, "not run": "there is no Python 3.14 here"}),
        Tried(subject._replace(name=f"versions/{PAST[0]}"), "3.11", lost),
    ]

    results = verify_guide.record(tried, {})["results"]

    assert verify_guide.find_failures(results) == [
        "versions/now on Python 3.11: no solution",
        "versions/now on Python 3.13: {'imports': 'failed: ImportError'}",
    ]
    assert [verify_guide.say(each) for each in tried[:4]] == [
        "versions/now, Python 3.11: does not resolve: no solution",
        "versions/now, Python 3.12: resolved (1), ran on 3.12.1 (1 ok)",
        "versions/now, Python 3.13: resolved (1), does not run: {'imports': 'failed: ImportError'}",
        "versions/now, Python 3.14: resolved (1), not run: there is no Python 3.14 here",
    ]
