"""A guide in which everything waits that the desk tells of, and the desk as somebody reads it."""

from datetime import date, timedelta
from typing import NamedTuple

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.history import editions
from catalog.history.pending import kept_back
from catalog.models import (
    Cell,
    Edition,
    Guide,
    Link,
    PackageFacts,
    Page,
    Pending,
    Status,
    Technology,
)
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_package,
    make_package_facts,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - a day more or less is the same here
LONG_AGO = date(2019, 5, 1)


def fill(number: int = 1, by: str = "grace") -> None:
    """So many of each that waits for `by`, or for anybody."""
    for _ in range(number):
        with editions.record(by, "Everything", Edition.Origin.ADMIN):
            fill_things()
        make_pending(by, Pending.State.WAITING)
        make_pending(by, Pending.State.RETURNED)
        make_pending("somebody-else", Pending.State.WAITING)


def fill_things() -> None:
    """Drafts, things that are due, and content of which each sort of fault is found once."""
    if not Guide.objects.exists():
        make_guide(review_by=YESTERDAY)
    for make in (make_category, make_technology, make_stack, make_version_set):
        make(status=Status.DRAFT)
        make(review_by=YESTERDAY)
    make_snippet(review_by=YESTERDAY)
    make_comparison(status=Status.DRAFT, review_by=YESTERDAY)
    make_technology(lifecycle=Technology.Lifecycle.DEPRECATED, replaced_by=make_technology())
    left = make_package(make_technology())
    make_package_facts(left, project_status=PackageFacts.ProjectStatus.ARCHIVED)
    make_package_facts(make_package(make_technology()), released_on="2019-05")
    cells = Cell.objects.filter(criterion__comparison=make_comparison()).order_by("pk")
    evidence = {"source": "https://example.org/gone/", "verified_on": LONG_AGO}
    cells.filter(pk=cells[0].pk).update(**evidence)
    nothing = {"rating": None, "word": "", "state": Cell.State.UNKNOWN}
    cells.filter(pk=cells[1].pk).update(**nothing)
    cells[2].delete()
    make_link(is_alive=False)
    version_set = make_version_set(as_of="2026-11")
    version_set.pins.update(specifier="<1")
    make_package_facts(version_set.pins.get().package, latest_version="2.0")


def make_pending(by: str, state: str) -> Pending:
    """What `by` would make of a published technology."""
    technology = make_technology()
    with editions.record(by, "", Edition.Origin.ADMIN) as door, kept_back(door, by) as kept:
        Technology.objects.filter(pk=technology.pk).update(summary="Proposed")
    answer = {"answer": "Say since when.", "answered_by": "carol"}
    Pending.objects.filter(pk=kept[0].pk).update(
        state=state, **(answer if state == Pending.State.RETURNED else {})
    )
    return Pending.objects.get(pk=kept[0].pk)


def make_link(address: str = "", **fields: object) -> Link:
    now = timezone.now()
    address = address or f"https://example.org/{Link.objects.count()}/"
    defaults = {"reason": "404 Not Found", "checked_on": now, "since": now}
    return Link.objects.create(address=address, **{**defaults, **fields})


class Shown(NamedTuple):
    """A section as somebody reads it."""

    count: int
    entries: list[tuple[str, str]]  # text and address
    ways: list[tuple[str, str]]


def desk(client: Client) -> HttpResponse:
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    return answer


def sections(answer: HttpResponse) -> dict[str, Shown]:
    """The sections of the page by their keys, read from its HTML."""
    document = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    found = {}
    for part in document.iter("section"):
        heading = part.find("h2")
        lists = {each.get("class"): each for each in part if each.tag in ("ul", "ol")}
        found[heading.get("id").removeprefix("desk-")] = Shown(
            count=int(heading.findtext("span", "0")),
            entries=_links(lists.get("desk-entries"), "li/a"),
            ways=_links(lists.get("desk-ways"), "li/a"),
        )
    del found["all"]  # Django's own list
    return found


def pages_with_status() -> list[type[Page]]:
    return list(Page.__subclasses__())


def _links(part: object, path: str) -> list[tuple[str, str]]:
    if part is None:
        return []
    return [("".join(link.itertext()).strip(), link.get("href")) for link in part.findall(path)]
