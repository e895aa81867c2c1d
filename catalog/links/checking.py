"""The addresses that the content names, asked for at once, within bounds, and what is kept of it.

This writes no content: no edition comes of it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import models, transaction
from django.utils import timezone

from catalog.history import documents
from catalog.links.client import SECONDS, Answer, Guard, ask
from catalog.models import CONTENT, ContentModel, Link, ThingKey

AT_ONCE = 8
OLDER_THAN = timedelta(days=7)

NEVER = datetime.min.replace(tzinfo=UTC)
SCHEMES = ("http://", "https://")


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
        """Return the addresses found alive, or dead, or of which nothing was found."""
        return [one for one in self.checked if one.answer.is_alive is is_alive]


def named() -> dict[str, set[ThingKey]]:
    """Return each address with the things whose documents hold it. A query a field and owner.

    Drafts are asked too: whoever publishes one wants to know before.
    """
    found: dict[str, set[ThingKey]] = defaultdict(set)
    for model in CONTENT:
        for name in address_fields(model):
            for kind, path in model.owner_slugs():
                rows = model._base_manager.order_by().exclude(**{name: ""})
                for address, slug in rows.values_list(name, path).iterator():
                    if address.startswith(SCHEMES):
                        found[address].add(ThingKey(kind, slug))
    return dict(found)


def address_fields(model: type[ContentModel]) -> list[str]:
    """Return the names of the model's fields that hold an address."""
    fields = model._meta.concrete_fields
    return [field.name for field in fields if isinstance(field, models.URLField)]


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
    things = named()
    report = Report(forgotten=_forget(things, dry_run=dry_run))
    last = dict(Link.objects.order_by().values_list("address", "checked_on"))
    if not dry_run:
        new = (Link(address=address) for address in sorted(things) if address not in last)
        Link.objects.bulk_create(new, batch_size=documents.BATCH, ignore_conflicts=True)
    before = timezone.now() - older_than
    due = sorted((last.get(address) or NEVER, address) for address in things)
    due = [address for checked_on, address in due if checked_on <= before]

    # Without a way out some systems say of every name that nobody has it. One run on a machine that
    # is cut off would find the whole guide dead: such an answer waits until another is certain.
    waiting: list[tuple[str, Answer]] = []
    has_network = False
    for one in _answers(due[:limit], at_once, seconds, guard or Guard()):
        waiting.append(one)
        has_network = has_network or one[1].is_certain
        if one[1].is_nameless and not has_network:
            continue
        settled, waiting = (waiting, []) if has_network else ([one], waiting[:-1])
        for address, answer in settled:
            report.checked.append(Checked(address, answer, sorted(things[address])))
            if not dry_run:
                _keep(address, answer)
    report.checked.sort()
    report.nameless = len(waiting)
    report.left = len(due) - len(report.checked)
    return report


def _forget(things: dict[str, set[ThingKey]], *, dry_run: bool) -> int:
    """Delete what nothing names any longer. Return the number of it."""
    links = Link.objects.order_by().values_list("pk", "address")
    gone = [pk for pk, address in links if address not in things]
    if not dry_run:
        for batch in documents.in_batches(gone):
            Link.objects.filter(pk__in=batch).delete()
    return len(gone)


def _keep(address: str, answer: Answer) -> None:
    """Save what became of an address; a state that lasts keeps the day it began."""
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
    """Yield each address with its answer, as they come. No machine is asked twice at once."""
    machines = defaultdict(list)
    for address in addresses:
        machines[_machine(address)].append(address)
    stop = threading.Event()

    def ask_machine(addresses: list[str]) -> list[tuple[str, Answer]]:
        found = []
        for address in addresses:
            if stop.is_set():
                break
            answer = ask(address, guard, seconds)
            found.append((address, answer))
            if answer.is_tired:
                break  # the others wait for the next run
        return found

    with ThreadPoolExecutor(at_once) as pool:
        jobs = [pool.submit(ask_machine, same) for same in machines.values()]
        try:
            for job in as_completed(jobs):
                yield from job.result()
        finally:
            # Also where whoever asks has gone: what runs is waited for, what waits is dropped.
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _machine(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
