"""Many addresses asked for at once, within bounds, and what became of each kept.

This writes no content: no edition comes of it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from catalog.history import documents
from catalog.links.asking import SECONDS, Answer, ask
from catalog.links.guarding import Guard
from catalog.links.named import named
from catalog.models import Link, ThingKey

AT_ONCE = 8
OLDER_THAN = timedelta(days=7)

NEVER = datetime.min.replace(tzinfo=UTC)


class Checked(NamedTuple):
    """An address that was asked for, and the things that name it."""

    address: str
    answer: Answer
    things: list[ThingKey]


@dataclass
class Report:
    """What one run found."""

    checked: list[Checked] = field(default_factory=list)
    left: int = 0  # due, but nothing is known of them this time
    nameless: int = 0  # those of them whose names could not be told from a broken network
    forgotten: int = 0  # asked for once, and no longer named

    def those(self, is_alive: bool | None) -> list[Checked]:
        """The addresses that were found alive, or dead, or of which nothing was found."""
        return [one for one in self.checked if one.answer.is_alive is is_alive]


def check(
    *,
    at_once: int = AT_ONCE,
    limit: int | None = None,
    older_than: timedelta = OLDER_THAN,
    seconds: float = SECONDS,
    dry_run: bool = False,
    guard: Guard | None = None,
) -> Report:
    """Ask for the addresses that were not asked for lately, those longest ago first.

    `limit` is the number of addresses in this run. With `dry_run` nothing is kept.
    """
    there = named()
    report = Report(forgotten=_forget(there, dry_run=dry_run))
    last = dict(Link.objects.order_by().values_list("address", "checked_on"))
    if not dry_run:
        new = (Link(address=address) for address in sorted(there) if address not in last)
        Link.objects.bulk_create(new, batch_size=documents.BATCH, ignore_conflicts=True)
    before = timezone.now() - older_than
    due = sorted((last.get(address) or NEVER, address) for address in there)
    due = [address for checked_on, address in due if checked_on <= before]
    answers = _answers(due[:limit], at_once, seconds, guard or Guard())
    for address, answer in _with_names(answers, report):
        report.checked.append(Checked(address, answer, sorted(there[address])))
        if not dry_run:
            _keep(address, answer)
    report.checked.sort()
    report.left = len(due) - len(report.checked)
    return report


def _with_names(
    answers: Iterable[tuple[str, Answer]], report: Report
) -> Iterator[tuple[str, Answer]]:
    """The answers, but that a name is unknown only where another address proved to be certain.

    Without a way out some systems say of every name that nobody has it. One run on a machine
    that is cut off would find the whole guide dead.
    """
    held: list[tuple[str, Answer]] = []
    has_network = False
    for address, answer in answers:
        has_network = has_network or answer.is_certain
        if answer.is_nameless and not has_network:
            held.append((address, answer))
            continue
        yield address, answer
        if has_network:
            yield from held
            held.clear()
    report.nameless = len(held)


def _forget(there: dict[str, set[ThingKey]], *, dry_run: bool) -> int:
    """Drop what nothing names any longer; the number of it."""
    links = Link.objects.order_by().values_list("pk", "address")
    gone = [pk for pk, address in links if address not in there]
    if not dry_run:
        for batch in documents.in_batches(gone):
            Link.objects.filter(pk__in=batch).delete()
    return len(gone)


def _keep(address: str, answer: Answer) -> None:
    """Note what became of an address; a state that lasts keeps the day it began."""
    now = timezone.now()
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(address=address).first()
        if link is None:
            return  # somebody else found it named no longer
        if answer.is_alive is not None and answer.is_alive is not link.is_alive:
            link.is_alive, link.since = answer.is_alive, now
        link.reason, link.checked_on = answer.reason, now
        link.save()


def _answers(
    addresses: list[str], at_once: int, seconds: float, guard: Guard
) -> Iterator[tuple[str, Answer]]:
    """Each address with its answer, as they come. No machine is asked twice at the same time."""
    machines = defaultdict(list)
    for address in addresses:
        machines[_machine_of(address)].append(address)
    stop = threading.Event()

    def ask_one_machine(its: list[str]) -> list[tuple[str, Answer]]:
        found = []
        for address in its:
            if stop.is_set():
                break
            answer = ask(address, guard, seconds)
            found.append((address, answer))
            if answer.is_tired:
                break  # the others wait for the next run
        return found

    with ThreadPoolExecutor(at_once) as pool:
        jobs = [pool.submit(ask_one_machine, its) for its in machines.values()]
        try:
            for job in as_completed(jobs):
                yield from job.result()
        finally:
            # Also where whoever asks has gone: what runs is waited for, what waits is dropped.
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _machine_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
