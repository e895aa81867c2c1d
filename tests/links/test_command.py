"""`manage.py check_links` says what is dead, as text or as JSON, and is content with either."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog import links
from catalog.links import Answer
from catalog.models import Link
from tests.factories import make_technology
from tests.links.serving import Server, guard

pytestmark = pytest.mark.django_db


def run(server: Server | None, *options: str) -> str:
    out = io.StringIO()
    its = {"guard": guard(server.server_port)} if server else {}
    call_command("check_links", *options, stdout=out, **its)
    return out.getvalue()


@pytest.fixture
def three(server: Server) -> Server:
    for number, slug in ((200, "fine"), (404, "flask"), (503, "busy")):
        make_technology(slug=slug, website=f"{server.address}/{number}")
    return server


def test_text_names_what_is_not_well_and_sums_up(three: Server) -> None:
    Link.objects.create(address="https://gone.test/")

    assert run(three).splitlines() == [
        f"dead: {three.address}/404 (answers 404), technology flask",
        f"uncertain: {three.address}/503 (answers 503), technology busy",
        "Asked for: 3. Alive: 1, dead: 1, uncertain: 1.",
        "No longer named: 1.",
    ]


def test_json_says_all_of_it(three: Server) -> None:
    here = three.address

    assert json.loads(run(three, "--format", "json", "--limit", "9", "--at-once", "1")) == {
        "checked": [
            {
                "address": f"{here}/{number}",
                "state": state,
                "reason": f"answers {number}",
                "things": [f"technology/{slug}"],
            }
            for number, state, slug in (
                (200, "alive", "fine"),
                (404, "dead", "flask"),
                (503, "uncertain", "busy"),
            )
        ],
        "left": 0,
        "nameless": 0,
        "forgotten": 0,
    }


def test_a_run_may_be_bounded_and_dry(three: Server) -> None:
    said = run(three, "--limit", "1", "--dry-run").splitlines()

    assert said == [
        "Asked for: 1. Alive: 1, dead: 0, uncertain: 0.",
        "Left for the next time: 2.",
        "Nothing was written.",
    ]
    assert Link.objects.count() == 0


def test_all_are_asked_again_where_it_is_wished(three: Server) -> None:
    run(three)

    assert "Asked for: 0." in run(three)
    assert "Asked for: 3." in run(three, "--older-than", "0")


def test_a_machine_without_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_args: Any) -> Answer:
        return Answer(False, "there is no machine of this name", is_nameless=True)

    monkeypatch.setattr(links, "ask", ask)
    make_technology(website="https://a.test/")

    assert run(None).splitlines() == [
        "Asked for: 0. Alive: 0, dead: 0, uncertain: 0.",
        "No name could be looked up, nothing was kept of 1. Is there a way out?",
        "Left for the next time: 1.",
    ]


def test_nothing_to_ask_is_no_fault() -> None:
    assert run(None) == "Asked for: 0. Alive: 0, dead: 0, uncertain: 0.\n"


@pytest.mark.parametrize(
    "options",
    [
        *(["--older-than", "-1"], ["--older-than", "soon"], ["--older-than", "9999999"]),
        *(["--limit", "0"], ["--limit", "-1"], ["--limit", "٣"], ["--limit", "9" * 5000]),
        *(["--at-once", "0"], ["--at-once", "65"], ["--format", "xml"], ["extra"]),
    ],
    ids=lambda options: " ".join(options)[:30],
)
def test_what_makes_no_sense_is_refused(options: list[str]) -> None:
    with pytest.raises(CommandError):
        run(None, *options)


def test_nothing_in_a_line_moves_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_args: Any) -> Answer:
        return Answer(False, "answers 404")

    monkeypatch.setattr(links, "ask", ask)
    make_technology(website="https://a.test/\x1b[2J\u202e\nAsked for: 0.")

    lines = run(None).splitlines()

    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
