"""A project from the pieces of the technologies that were chosen: path to text. Pure.

The same documents give the same files. Raise GENERATOR where that no longer holds for documents
that did not change, so that a started project says which generator made it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Template
from typing import NamedTuple

from django.utils.text import get_text_list

from catalog.history.rows import Fields, State
from catalog.http import address_of
from catalog.models.fields import one_line
from catalog.models.starter import COMMANDS, SLOTS
from catalog.starters.choosing import Chosen, Offer, own
from catalog.starters.versions import Pinned, shipped

GENERATOR = 1
# Brings what every project has; it need not be chosen.
BASE = "python"


class Start(NamedTuple):
    """A stack and what is chosen of it, with the documents of its technologies in an edition."""

    slug: str
    title: str
    chosen: Chosen
    documents: Mapping[str, State]  # of all that the stack offers, by slug
    technologies: Mapping[str, State]  # of these BASE, then what is chosen
    pinned: Pinned | None
    edition: int
    path: str  # of the page of the stack
    site: str  # the address of the site, without a slash at its end

    @property
    def name(self) -> str:
        """The name of the project, of its folder and of its archives."""
        return "-".join([self.slug, *(technology for _role, technology in self.chosen.pairs)])

    def address(self, below: str, pairs: Iterable[tuple[str, str]]) -> str:
        """Return where something below the page of the stack is for those outside of the site."""
        return f"{self.site}{address_of(f'{self.path}{below}', pairs)}"


def lacking(start: Start) -> list[str]:
    """Return why no project can be made: a sentence for each lack; nothing where it can."""
    if start.pinned is None or not start.pinned.requirements:
        return ["No version set of the guide pins these technologies."]
    found = []
    for place in start.chosen.places:
        have = [one for one in place.offers if _has_pieces(start, one)]
        chosen = start.chosen.filled[place.slug][0]
        if place.is_choice and have and chosen not in have:
            name = own(start.technologies[chosen.technology])["name"]
            found.append(f"The guide has no piece of a project for {name} yet.")
    slots = _slots(start)
    if not (found or all(slots[name] for name in ("develop", "serve", "migrate"))):
        found.append("The guide has no pieces of a project for this stack yet.")
    return found


def files_of(start: Start) -> dict[str, str]:
    """Return the files of the project by their paths, in the order of these."""
    values, slots = _values(start), _slots(start)
    values |= {name: Template(slots[name]).safe_substitute(values) for name in COMMANDS}
    values |= {name: Template(text).safe_substitute(values) for name, text in slots.items()}
    files = {}
    for fields in _taken(start, "path").values():
        text = Template(_without_empty(fields["text"], values)).safe_substitute(values)
        files[fields["path"]] = text if text.endswith("\n") or not text else f"{text}\n"
    return dict(sorted(files.items()))


def digest_of(files: Mapping[str, str]) -> str:
    """Return what stands for the files of a project."""
    said = json.dumps(files, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def tried(start: Start) -> str:
    """Say where the tests of just this project passed, and when; blank where it was not tried.

    Site and edition, which stand in its files, count for nothing.
    """
    found = shipped("stacks.json").get(digest_of(files_of(start._replace(site="", edition=0))))
    if found is None:
        return ""
    pythons = get_text_list(
        [one for one, said in found["pythons"].items() if said["passed"]], "and"
    )
    return f"Its tests passed on Python {pythons} on {found['day']}."


def _pieces(start: Start) -> Iterator[tuple[str, Fields, int]]:
    """Yield each piece for these technologies, and how many others it is for."""
    for slug, document in start.technologies.items():
        for row, fields in document.items():
            if row.model == "piece":
                others = [*(fields["with_technology"] or ()), *(fields["and_technology"] or ())]
                if all(other in start.technologies for other in others):
                    yield slug, fields, len(others)


def _taken(start: Start, place: str) -> dict[tuple[str, str], Fields]:
    """Return of the pieces for one file, or one slot of a technology, that which is for most.

    Of files that are for as many, that of the technology which is chosen later.
    """
    found: dict[tuple[str, str], tuple[int, Fields]] = {}
    for slug, fields, count in _pieces(start):
        if name := fields[place]:
            key = (name, slug if place == "slot" else "")
            if key not in found or found[key][0] <= count:
                found[key] = (count, fields)
    return {key: fields for key, (_count, fields) in found.items()}


def _slots(start: Start) -> dict[str, str]:
    """Return the lines of each slot, technology after technology."""
    lines: dict[str, list[str]] = {name: [] for name in SLOTS}
    for (name, _slug), fields in _taken(start, "slot").items():
        lines[name].append(fields["text"].removesuffix("\n"))
    return {name: "\n".join(texts) for name, texts in lines.items()}


def _without_empty(text: str, values: Mapping[str, str]) -> str:
    """Return the text without lines that are nothing but a name which stands for nothing."""
    empty = {f"${name}" for name, value in values.items() if not value}
    return "\n".join(line for line in text.split("\n") if line.strip() not in empty)


def _has_pieces(start: Start, offer: Offer) -> bool:
    rows = (row for slug in offer.technologies for row in start.documents[slug])
    return any(row.model == "piece" for row in rows)


def _values(start: Start) -> dict[str, str]:
    """Return what the generator itself says."""
    pinned, choices = start.pinned, start.chosen.choices
    return {
        # Stands between quotation marks in code.
        "title": re.sub(r'["\\\\]', "", one_line(start.title)),
        "project": start.name,
        "database": start.name.replace("-", "_"),
        "python": pinned.python,
        "dependencies": _array(pinned.lines(is_dev=False)),
        "dev_dependencies": _array(pinned.lines(is_dev=True)),
        "documents": "\n".join(_documents(start)),
        "site": start.site,
        "address": start.address("", start.chosen.pairs),
        # With all choices: those that go without saying today may not tomorrow.
        "news": start.address(f"since/{start.edition}.md", choices),
        "stack": start.slug,
        "edition": str(start.edition),
        "choices": "\n".join(f'{role} = "{technology}"' for role, technology in choices),
        "generator": str(GENERATOR),
    }


def _array(requirements: Sequence[str]) -> str:
    return "\n".join(f'    "{one}",' for one in requirements)


def _documents(start: Start) -> Iterator[str]:
    """Yield a row of a Markdown table for each technology that fills a role."""
    for place in start.chosen.places:
        for slug in (
            one for offer in start.chosen.filled[place.slug] for one in offer.technologies
        ):
            said = own(start.technologies[slug])
            link = said["documentation"] or said["website"]
            cells = [place.name, said["name"], f"<{link}>" if link else ""]
            yield "| {} |".format(" | ".join(one_line(cell).replace("|", "\\|") for cell in cells))
