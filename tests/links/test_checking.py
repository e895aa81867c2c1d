"""Many addresses: what is asked, what is kept of it, and that nothing else changes."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections

from catalog import links
from catalog.links import Answer, Guard, Report, ask, check
from catalog.models import Changed, Edition, EditionCounter, Link, Revision, Technology
from tests.factories import make_technology
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


def test_what_is_found_is_kept(server: Server) -> None:
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


def test_a_report_says_who_names_an_address(server: Server) -> None:
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
def test_a_state_lasts_until_another_is_certain(
    monkeypatch: pytest.MonkeyPatch,
    answers: tuple[Answer, ...],
    is_alive: bool | None,
    since: datetime | None,
) -> None:
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
    monkeypatch: pytest.MonkeyPatch, other: Answer, is_known: bool, first: str
) -> None:
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


def test_what_was_asked_lately_is_not_asked_again(server: Server) -> None:
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


def test_what_was_asked_longest_ago_comes_first(server: Server) -> None:
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


def test_what_is_not_yet_asked_is_known_as_such(server: Server) -> None:
    name(server, "/200", "/201")

    run(server, limit=1)

    assert [checked_on for _alive, _reason, checked_on, _since in kept()].count(None) == 1


def test_a_machine_that_asks_for_peace_gets_it(server: Server) -> None:
    name(server, "/429", "/500", "/501")

    report = run(server)

    assert [one.answer.reason for one in report.checked] == ["answers 429"]
    assert report.left == 2


def test_no_machine_is_asked_twice_at_once_and_not_too_many_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_no_content_is_written_and_no_edition_made(server: Server) -> None:
    name(server, "/200", "/404")
    before = state_of_the_guide()

    run(server)

    assert state_of_the_guide() == before


def test_what_is_no_longer_named_is_forgotten(server: Server) -> None:
    name(server, "/200", "/201")
    run(server)
    Technology.objects.filter(website__endswith="/201").update(website="")

    report = run(server)

    assert report.forgotten == 1
    assert [link.address for link in Link.objects.all()] == [f"{server.address}/200"]


def test_a_dry_run_asks_and_keeps_nothing(server: Server) -> None:
    name(server, "/200")
    Link.objects.create(address="https://gone.test/")

    report = run(server, dry_run=True)

    assert (len(report.checked), report.forgotten) == (1, 1)
    assert [link.address for link in Link.objects.all()] == ["https://gone.test/"]


def test_an_address_that_goes_meanwhile_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_a_fault_of_ours_is_not_taken_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_args: Any) -> Answer:
        raise RuntimeError("a fault of ours")

    make_technology(website="https://a.test/")
    monkeypatch.setattr(links, "ask", ask)

    with pytest.raises(RuntimeError, match="a fault of ours"):
        check()

    assert [reason for _alive, reason, _checked, _since in kept()] == [""]


def test_what_is_kept_is_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_addresses_of_the_own_network_are_not_asked(server: Server) -> None:
    name(server, "/200")

    [one] = check(guard=Guard(ports=frozenset({server.server_port}))).checked

    assert one.answer == Answer(None, "not asked: it leads into a private network")
    assert server.asked == []


def test_the_workers_leave_the_database_alone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
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
