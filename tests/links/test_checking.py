"""Many addresses: which are named, what is asked and kept, and what the command says of it."""

import io
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections, models

from catalog import links
from catalog.links import Answer, Guard, Report, address_fields, ask, check, named
from catalog.models import (
    CONTENT,
    Cell,
    Changed,
    Edition,
    EditionCounter,
    Link,
    Revision,
    Status,
    Technology,
)
from tests.factories import make_comparison, make_technology
from tests.links.serving import Server, guard

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def name(server: Server, *paths: str) -> None:
    for path in paths:
        make_technology(website=f"{server.address}{path}")


def run(server: Server, **options: Any) -> Report:
    return check(guard=guard(server.server_port), **options)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def kept() -> list[tuple]:
    fields = ("is_alive", "reason", "checked_on", "since")
    return list(Link.objects.order_by("address").values_list(*fields))


def test_what_is_found_is_kept(server):
    name(server, "/200", "/404", "/503")

    with at(NOON):
        report = run(server)

    assert kept() == [
        (True, "answers 200", NOON, NOON),
        (False, "answers 404", NOON, NOON),
        (None, "answers 503", NOON, None),
    ]
    assert [one.answer.is_alive for one in report.checked] == [True, False, None]
    assert (report.left, report.forgotten) == (0, 0)


def test_a_report_says_who_names_an_address(server):
    name(server, "/404", "/404")

    [dead] = run(server).those(False)

    assert dead.address == f"{server.address}/404"
    assert dead.things == sorted(row.key for row in Technology.objects.all())
    assert len(server.asked) == 2  # HEAD and GET, once


# States that last -------------------------------------------------------------------------------


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> None:
    """Let each next run get this answer, a day after the one before; the first at noon."""
    for number, answer in enumerate(answers):
        monkeypatch.setattr(links, "ask", lambda *_args, said=answer: said)
        with at(NOON + number * DAY):
            check(older_than=timedelta())


ALIVE, DEAD = Answer(True, "answers 200"), Answer(False, "answers 404")
UNCERTAIN = Answer(None, "answers 503")


@pytest.mark.parametrize(
    ("answers", "is_alive", "since"),
    [
        ((ALIVE, ALIVE, ALIVE), True, NOON),
        ((ALIVE, DEAD), False, NOON + DAY),
        ((ALIVE, DEAD, DEAD), False, NOON + DAY),
        ((DEAD, ALIVE), True, NOON + DAY),
        ((ALIVE, UNCERTAIN, UNCERTAIN), True, NOON),
        ((DEAD, UNCERTAIN), False, NOON),
        ((UNCERTAIN, UNCERTAIN), None, None),
        ((UNCERTAIN, ALIVE), True, NOON + DAY),
        ((ALIVE, UNCERTAIN, ALIVE), True, NOON),
    ],
)
def test_a_state_lasts_until_another_is_certain(monkeypatch, answers, is_alive, since):
    make_technology(website="https://a.test/")

    answering(monkeypatch, *answers)

    last = NOON + (len(answers) - 1) * DAY
    assert kept() == [(is_alive, answers[-1].reason, last, since)]


NAMELESS = Answer(False, "there is no machine of this name", is_nameless=True)


@pytest.mark.parametrize(
    ("other", "is_known"),
    [(ALIVE, True), (DEAD, True), (UNCERTAIN, False), (NAMELESS, False)],
    ids=["alive", "dead", "uncertain", "nameless"],
)
@pytest.mark.parametrize("first", ["a", "b"])
def test_a_name_is_unknown_only_where_another_address_is_certain(
    monkeypatch, other, is_known, first
):
    """A machine that is cut off finds no name at all, and not the whole guide dead."""
    make_technology(website="https://a.test/")
    make_technology(website="https://b.test/")
    found = {"https://a.test/": NAMELESS, "https://b.test/": other}
    order = sorted(found, reverse=first == "b")
    monkeypatch.setattr(links, "_answers", lambda *_args: [(a, found[a]) for a in order])

    report = check()

    assert Link.objects.get(address="https://a.test/").is_alive is (False if is_known else None)
    expected = None if other is NAMELESS else other.is_alive
    assert Link.objects.get(address="https://b.test/").is_alive is expected
    lacking = sum(answer is NAMELESS for answer in found.values()) if not is_known else 0
    assert (report.nameless, report.left, len(report.checked)) == (lacking, lacking, 2 - lacking)


# What is asked ----------------------------------------------------------------------------------


def test_what_was_asked_lately_is_not_asked_again(server):
    name(server, "/200")
    with at(NOON):
        run(server)
    server.asked.clear()

    with at(NOON + 6 * DAY):
        assert run(server).checked == []
        assert server.asked == []
    with at(NOON + 7 * DAY):
        assert len(run(server).checked) == 1
        assert len(run(server, older_than=timedelta()).checked) == 1


def test_what_was_asked_longest_ago_comes_first(server):
    name(server, "/201", "/202")
    for number, path in enumerate(("/202", "/201")):
        Link.objects.create(
            address=f"{server.address}{path}", checked_on=NOON + number * DAY, is_alive=True
        )
    name(server, "/203")

    with at(NOON + 30 * DAY):
        first = run(server, limit=2)
        second = run(server, limit=2)

    paths = [[one.address.rpartition("/")[2] for one in run.checked] for run in (first, second)]
    assert paths == [["202", "203"], ["201"]]
    assert (first.left, second.left) == (1, 0)


def test_what_is_not_yet_asked_is_known_as_such(server):
    name(server, "/200", "/201")

    run(server, limit=1)

    assert [checked_on for _alive, _reason, checked_on, _since in kept()].count(None) == 1


def test_a_machine_that_asks_for_peace_gets_it(server):
    name(server, "/429", "/500", "/501")

    report = run(server)

    assert [one.answer.reason for one in report.checked] == ["answers 429"]
    assert report.left == 2


def test_no_machine_is_asked_twice_at_once_and_not_too_many_together(monkeypatch):
    busy: list[str] = []
    most: list[int] = []
    lock = threading.Lock()
    full = threading.Barrier(2)

    def ask(address: str, *_args: Any) -> Answer:
        machine = address.split("/")[2]
        with lock:
            assert machine not in busy
            busy.append(machine)
            most.append(len(busy))
        if address.endswith("/0"):
            full.wait(5)  # so that two at least are seen together
        with lock:
            busy.remove(machine)
        return ALIVE

    monkeypatch.setattr(links, "ask", ask)
    for machine in range(4):
        for page in range(3):
            make_technology(website=f"https://{machine}.test/{page}")

    report = check(at_once=2)

    assert len(report.those(True)) == 12
    assert max(most) == 2


# What stays as it is ----------------------------------------------------------------------------


def state_of_the_guide() -> list[Any]:
    return [
        list(Technology.objects.order_by("pk").values()),
        list(EditionCounter.objects.values()),
        *(model.objects.count() for model in (Edition, Revision, Changed)),
    ]


def test_no_content_is_written_and_no_edition_made(server):
    name(server, "/200", "/404")
    before = state_of_the_guide()

    run(server)

    assert state_of_the_guide() == before


def test_what_is_no_longer_named_is_forgotten(server):
    name(server, "/200", "/201")
    run(server)
    Technology.objects.filter(website__endswith="/201").update(website="")

    report = run(server)

    assert report.forgotten == 1
    assert [link.address for link in Link.objects.all()] == [f"{server.address}/200"]


def test_a_dry_run_asks_and_keeps_nothing(server):
    name(server, "/200")
    Link.objects.create(address="https://gone.test/")

    report = run(server, dry_run=True)

    assert (len(report.checked), report.forgotten) == (1, 1)
    assert [link.address for link in Link.objects.all()] == ["https://gone.test/"]


def test_an_address_that_goes_meanwhile_does_not_come_back(monkeypatch):
    make_technology(website="https://a.test/")
    answers = links._answers

    def forget(*args: Any) -> Any:
        for answer in answers(*args):
            Link.objects.all().delete()
            yield answer

    monkeypatch.setattr(links, "ask", lambda *_args: ALIVE)
    monkeypatch.setattr(links, "_answers", forget)

    check()

    assert kept() == []


def test_a_fault_of_ours_is_not_taken_for_an_answer(monkeypatch):
    def ask(*_args: Any) -> Answer:
        raise RuntimeError("a fault of ours")

    make_technology(website="https://a.test/")
    monkeypatch.setattr(links, "ask", ask)

    with pytest.raises(RuntimeError, match="a fault of ours"):
        check()

    assert [reason for _alive, reason, _checked, _since in kept()] == [""]


def test_what_is_kept_is_kept_at_once(monkeypatch):
    """A run that is ended half-way has not been for nothing."""

    def ask(address: str, *_args: Any) -> Answer:
        if "b.test" in address:
            raise KeyboardInterrupt
        return ALIVE

    monkeypatch.setattr(links, "ask", ask)
    make_technology(website="https://a.test/")
    make_technology(website="https://b.test/")

    with pytest.raises(KeyboardInterrupt):
        check(at_once=1)

    assert [link.address for link in Link.objects.filter(is_alive=True)] == ["https://a.test/"]


def test_addresses_of_the_own_network_are_not_asked(server):
    name(server, "/200")

    [one] = check(guard=Guard(ports=frozenset({server.server_port}))).checked

    assert one.answer == Answer(None, "not asked: it leads into a private network")
    assert server.asked == []


def test_the_workers_leave_the_database_alone(server, monkeypatch):
    """They would have connections of their own, which nobody closes."""
    opened: list[Any] = []

    def ask_and_look(*args: Any) -> Answer:
        answer = ask(*args)
        opened.append(connections.all(initialized_only=True))
        return answer

    monkeypatch.setattr(links, "ask", ask_and_look)
    name(server, "/200", "/404")

    run(server)

    assert opened == [[], []]


# The command --------------------------------------------------------------------------------------


def run_command(server: Server | None, *options: str) -> str:
    out = io.StringIO()
    its = {"guard": guard(server.server_port)} if server else {}
    call_command("check_links", *options, stdout=out, **its)
    return out.getvalue()


@pytest.fixture
def three(server: Server) -> Server:
    for number, slug in ((200, "fine"), (404, "flask"), (503, "busy")):
        make_technology(slug=slug, website=f"{server.address}/{number}")
    return server


def test_text_names_what_is_not_well_and_sums_up(three):
    Link.objects.create(address="https://gone.test/")

    assert run_command(three).splitlines() == [
        f"dead: {three.address}/404 (answers 404), technology flask",
        f"uncertain: {three.address}/503 (answers 503), technology busy",
        "Asked for: 3. Alive: 1, dead: 1, uncertain: 1.",
        "No longer named: 1.",
    ]


def test_json_says_all_of_it(three):
    here = three.address

    assert json.loads(run_command(three, "--format", "json", "--limit", "9", "--at-once", "1")) == {
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


def test_a_run_may_be_bounded_and_dry(three):
    said = run_command(three, "--limit", "1", "--dry-run").splitlines()

    assert said == [
        "Asked for: 1. Alive: 1, dead: 0, uncertain: 0.",
        "Left for the next time: 2.",
        "Nothing was written.",
    ]
    assert Link.objects.count() == 0


def test_all_are_asked_again_where_it_is_wished(three):
    run_command(three)

    assert "Asked for: 0." in run_command(three)
    assert "Asked for: 3." in run_command(three, "--older-than", "0")


def test_a_machine_without_network_says_so(monkeypatch):
    def ask(*_args: Any) -> Answer:
        return Answer(False, "there is no machine of this name", is_nameless=True)

    monkeypatch.setattr(links, "ask", ask)
    make_technology(website="https://a.test/")

    assert run_command(None).splitlines() == [
        "Asked for: 0. Alive: 0, dead: 0, uncertain: 0.",
        "No name could be looked up, nothing was kept of 1. Is there a way out?",
        "Left for the next time: 1.",
    ]


def test_nothing_to_ask_is_no_fault():
    assert run_command(None) == "Asked for: 0. Alive: 0, dead: 0, uncertain: 0.\n"


@pytest.mark.parametrize(
    "options",
    [
        *(["--older-than", "-1"], ["--older-than", "soon"], ["--older-than", "9999999"]),
        *(["--limit", "0"], ["--limit", "-1"], ["--limit", "٣"], ["--limit", "9" * 5000]),
        *(["--at-once", "0"], ["--at-once", "65"], ["--format", "xml"], ["extra"]),
    ],
    ids=lambda options: " ".join(options)[:30],
)
def test_what_makes_no_sense_is_refused(options):
    with pytest.raises(CommandError):
        run_command(None, *options)


def test_nothing_in_a_line_moves_the_cursor(monkeypatch):
    def ask(*_args: Any) -> Answer:
        return Answer(False, "answers 404")

    monkeypatch.setattr(links, "ask", ask)
    make_technology(website="https://a.test/\x1b[2J\u202e\nAsked for: 0.")

    lines = run_command(None).splitlines()

    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


# Addresses are found in every field that holds one, whatever the model ----------------------------


FIELDS = [(model, field.name) for model in CONTENT for field in address_fields(model)]


def test_the_fields_are_those_that_we_know():
    assert {(model.__name__, name) for model, name in FIELDS} == {
        ("Technology", "website"),
        ("Technology", "documentation"),
        ("Technology", "repository"),
        ("Technology", "lifecycle_source"),
        ("SupportWindow", "source"),
        ("Migration", "source"),
        ("Compatibility", "source"),
        ("Cell", "source"),
    }


def test_every_field_that_constraints_hold_to_addresses_is_one_of_them():
    held = {
        (model, constraint.name.removesuffix("_is_a_web_address").partition("_")[2])
        for model in CONTENT
        for constraint in model._meta.constraints
        if constraint.name.endswith("_is_a_web_address")
    }

    assert held == set(FIELDS)


def test_a_link_is_as_long_as_what_it_is_of():
    longest = max(model._meta.get_field(name).max_length for model, name in FIELDS)

    assert Link._meta.get_field("address").max_length == longest
    assert all(isinstance(model._meta.get_field(name), models.URLField) for model, name in FIELDS)


def test_each_address_is_there_once_with_all_that_name_it():
    flask = make_technology(slug="flask", website="https://a.test/", repository="https://b.test/")
    draft = make_technology(
        slug="draft", status=Status.DRAFT, website="https://a.test/", documentation="http://c.test"
    )
    comparison = make_comparison(1, 1, slug="table")
    Cell.objects.update(source="https://a.test/")

    assert named() == {
        "https://a.test/": {flask.key, draft.key, comparison.key},
        "https://b.test/": {flask.key},
        "http://c.test": {draft.key},
    }


@pytest.mark.parametrize("size", [1, 3])
def test_reading_them_takes_a_query_for_each_field(django_assert_num_queries, size):
    for number in range(size):
        make_technology(website=f"https://a.test/{number}")

    with django_assert_num_queries(len(FIELDS)):
        assert len(named()) == size
