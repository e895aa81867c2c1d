"""How long what was chosen is supported: what ends first, as lines of time and as a calendar."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from catalog.models.fields import first_day, one_line
from catalog.models.specifiers import admits
from catalog.starters.choosing import own
from catalog.starters.project import BASE, Start

# The picture: units of a year, and how many from that of the day on.
YEAR, YEARS = 24, 5


class Span(NamedTuple):
    """Until when a technology is supported, at the cycle that is taken; blank where not stated."""

    slug: str
    name: str
    cycle: str
    active_until: str
    end: str
    source: str
    checked: str


def spans_of(start: Start, python: str) -> list[Span]:
    """Return a span for each technology of a project, what ends first first.

    Of several cycles that which stack or pins ask for, of Python that named; else that which is
    supported longest.
    """
    takes = {BASE: python}
    if start.pinned:
        takes |= start.pinned.takes
    offers = (offer for filled in start.chosen.filled.values() for offer in filled)
    takes |= {offer.technology: offer.version for offer in offers if offer.version}
    found = []
    for slug, document in start.technologies.items():
        windows = [fields for row, fields in document.items() if row.model == "supportwindow"]
        windows.sort(key=lambda one: one["end_of_life"] or one["active_until"], reverse=True)
        asked = [one for one in windows if _is_asked(one["cycle"], takes.get(slug, ""))]
        for one in (asked or windows)[:1]:
            end = one["end_of_life"] or one["active_until"]
            checked = one["verified_on"] or ""
            found.append(
                Span(
                    slug,
                    own(document)["name"],
                    one["cycle"],
                    one["active_until"],
                    end,
                    one["source"],
                    checked,
                )
            )
    return sorted(found, key=lambda span: (span.end, span.name))


def _is_asked(cycle: str, takes: str) -> bool:
    """Return whether a cycle, “5.2 LTS”, is that of a version, “5.2”, or lies in a range."""
    number = cycle.partition(" ")[0]
    if number == takes.partition(" ")[0]:
        return True
    try:
        return bool(takes) and admits(takes, f"{number}.99999")
    except ValueError:
        return False


def picture(span: Span, today: date) -> dict[str, float]:
    """Return where the ends of a span stand in its picture, from the year of the day on."""

    def at(partial: str) -> float:
        day = first_day(partial) or date(today.year, 1, 1)
        since = (day - date(today.year, 1, 1)).days / 365.25 * YEAR
        return round(min(max(since, 0), YEAR * YEARS), 1)

    return {"active": at(span.active_until), "end": at(span.end), "wide": YEAR * YEARS}


def to_calendar(spans: Iterable[Span], title: str, address: str, at: datetime) -> str:
    """Return the ends as all-day events, by RFC 5545; a month or a year ends on its last day."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//StackGuide//Support//EN"),
        f"X-WR-CALNAME:{_text(title)}",
    ]
    for span in spans:
        last = _last_day(span.end)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(f'{span.slug}-{span.cycle}@{address}')}",
            f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{last:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(f'Support of {span.name} {span.cycle} ends')}",
            *([f"URL:{span.source}"] if span.source else ()),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _last_day(partial: str) -> date:
    first = first_day(partial)
    length = {4: 366, 7: 31, 10: 0}[len(partial)]
    day = first + timedelta(days=length)
    return first if not length else day.replace(day=1) - timedelta(days=1)


def _text(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\;," else sign for sign in one_line(text))


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes; each but the first begins with a space."""
    part = ""
    for character in line:
        if len(f"{part}{character}".encode()) > 75:
            yield part
            part = " "
        part += character
    yield part
