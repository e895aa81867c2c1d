"""Which versions a project takes, what was proved of them, and how long it holds. No database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from catalog.history.rows import State, state_of
from catalog.starters import versions
from catalog.starters.choosing import Chosen
from catalog.starters.project import Start
from catalog.starters.support import picture, spans_of, to_calendar
from catalog.starters.versions import Pinned, Requirement, pinned, proof_of, to_requirements
from tests.starters.test_project import row, technology


def version_set(slug: str, as_of: str, **pins: str) -> State:
    own = row("versionset", slug=slug, title=slug.title(), as_of=as_of, python="^3.11")
    rows = [
        row(
            "pin",
            version_set=[slug],
            package=[package],
            specifier=specifier,
            extras="fast" if package == "api" else "",
            group="dev" if package == "check" else "main",
        )
        for package, specifier in pins.items()
    ]
    return state_of([own, *rows])


def packaged(slug: str, *parts: dict[str, Any]) -> State:
    return technology(slug, row("package", name=slug, import_name="", position=0), *parts)


def test_the_newest_set_that_pins_most_is_taken_and_one_that_agrees_with_the_stack():
    technologies = {slug: packaged(slug) for slug in ("check", "api", "none")}
    sets = {
        "old": version_set("old", "2025", api="^1", check="^1", none="^1"),
        "less": version_set("less", "2026-11", api="^6.1"),
        "more": version_set("more", "2026-11", api="^5.2", check=">=3"),
        "others": version_set("others", "2026-11", api="^5.3", check="^3", strange="^1"),
    }

    found = pinned(technologies, sets, {"api": "5.2 LTS"})

    assert (found.version_set, found.python) == ("more", ">=3.11,<4.0")
    assert [one.text for one in found.requirements] == ["check>=3", "api[fast]>=5.2,<6.0"]
    assert (found.lines(is_dev=False), found.lines(is_dev=True)) == (
        ["api[fast]>=5.2,<6.0"],
        ["check>=3"],
    )
    assert pinned(technologies, {}, {}) is None


def small() -> Pinned:
    requirement = Requirement("api", "api", "api[fast]", ">=1,<2", is_dev=False)
    return Pinned("now", "Now", ">=3.11", (requirement,))


def test_a_proof_is_of_exactly_these_requirements(monkeypatch):
    entry = {
        "pythons": {
            "3.11": {"resolved": 3, "versions": "api 1.5", "ran": "3.11.7"},
            "3.12": {"resolved": 3, "versions": "api 1.5", "ran": False, "why": "no wheel"},
            "3.13": {"resolved": False, "why": "no release"},
            "3.14": {"not tried": "the set asks for less"},
        },
        "day": "2026-11-29",
    }
    monkeypatch.setattr(versions, "shipped", lambda _name: {small().digest: entry})

    proof = proof_of(small())

    assert (proof.day, proof.resolves, proof.ran) == ("2026-11-29", ("3.11", "3.12"), ("3.11",))
    assert proof.failures == ("On Python 3.12: no wheel", "On Python 3.13: no release")
    assert to_requirements(small()) == "api[fast]==1.5\n"
    assert proof_of(small()._replace(python=">=3.12")) is None
    assert proof_of(None) is None


def window(cycle: str, end: str, active: str = "") -> dict[str, Any]:
    fields = {"cycle": cycle, "end_of_life": end, "active_until": active}
    return row("supportwindow", **fields, source="https://a.org", verified_on="2026-11-29")


def started(requirements: tuple[Requirement, ...], *technologies: State) -> Start:
    documents = {next(iter(one)).key[0]: one for one in technologies}
    pins = Pinned("now", "Now", ">=3.11", requirements)
    return Start(
        "small",
        "Small",
        Chosen((), {}, []),
        documents,
        documents,
        pins,
        1,
        "/",
        "https://guide.org",
    )


def test_support_is_that_of_the_cycle_that_is_pinned_and_what_ends_first_stands_first():
    django = packaged("django", window("6.1", "2027-12"), window("5.2 LTS", "2028-04", "2025-12"))
    server = technology("server", window("17", "2029-11-08"), window("18", "2030-11-14"))
    python = technology("python", window("3.14", "2030-10"), window("3.13", "2029-10"))
    pins = (Requirement("django", "django", "django", ">=5.2.19,<5.3", is_dev=False),)

    spans = spans_of(started(pins, python, django, server), python="3.13")

    assert [(span.name, span.cycle, span.end) for span in spans] == [
        ("Django", "5.2 LTS", "2028-04"),
        ("Python", "3.13", "2029-10"),
        ("Server", "18", "2030-11-14"),
    ]
    assert picture(spans[0], date(2026, 11, 29)) == {"active": 0, "end": 53.9, "wide": 120}


@pytest.mark.parametrize(
    ("end", "first", "after"),
    [
        ("2028-02", "20280229", "20280301"),
        ("2027", "20271231", "20280101"),
        ("2030-11-14", "20301114", "20301115"),
    ],
)
def test_the_calendar_names_the_last_day(end, first, after):
    python = technology("python", window("3.13", end), name="Ünder, lined; " + "long " * 15)
    spans = spans_of(started((), python), "3.13")

    text = to_calendar(spans, "Support", "guide.org", datetime(2026, 11, 29, 1, tzinfo=UTC))

    assert f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "SUMMARY:Support of Ünder\\, lined\\; long long" in text.replace("\r\n ", "")
    assert "DTSTAMP:20261129T010000Z" in text
