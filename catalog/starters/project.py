"""A project from the pieces of the technologies that were chosen: path to text. Pure.

The same documents give the same files. Raise GENERATOR where that no longer holds for documents
that did not change, so that a started project says which generator made it.
"""

from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import NamedTuple

from catalog.history.rows import Fields, State
from catalog.http import address_of
from catalog.models.fields import one_line
from catalog.models.starter import COMMANDS, SLOTS
from catalog.starters.choosing import Chosen, Offer, name_in
from catalog.starters.versions import Pinned

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
    site: str  # the address of the site, without a slash at its end

    @property
    def name(self) -> str:
        """The name of the project, of its folder and of its archives."""
        return "-".join([self.slug, *(technology for _role, technology in self.chosen.pairs)])


def lacking(start: Start) -> list[str]:
    """Return why no project can be made: a sentence for each lack; nothing where it can."""
    if start.pinned is None or not start.pinned.requirements:
        return ["No version set of the guide pins these technologies."]
    found = []
    for place in start.chosen.places:
        have = [one for one in place.offers if _has_pieces(start, one)]
        chosen = start.chosen.filled[place.slug][0]
        if place.is_choice and have and chosen not in have:
            name = name_in(start.technologies[chosen.technology])
            found.append(f"The guide has no piece of a project for {name} yet.")
    slots = _slots(start)
    if not (found or all(slots[name] for name in ("develop", "serve", "migrate"))):
        found.append("The guide has no pieces of a project for this stack yet.")
    return found


def files_of(start: Start) -> dict[str, str]:
    """Return the files of the project by their paths, in the order of these."""
    values, slots = _values(start), _slots(start)
    commands = {name: Template(slots[name]).safe_substitute(values) for name in COMMANDS}
    values |= commands
    filled = {name: Template(text).safe_substitute(values) for name, text in slots.items()}
    values |= {**filled, **commands}
    files = {}
    for fields in _taken(start, "path").values():
        text = Template(_without_empty(fields["text"], values)).safe_substitute(values)
        files[fields["path"]] = text if text.endswith("\n") or not text else f"{text}\n"
    return dict(sorted(files.items()))


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
    page = f"{start.site}{address_of(f'/stacks/{start.slug}/', start.chosen.pairs)}"
    since = f"/stacks/{start.slug}/since/{start.edition}.md"
    return {
        "title": start.title,
        "project": start.name,
        "database": start.name.replace("-", "_"),
        "python": pinned.python,
        "dependencies": _array(pinned.lines(is_dev=False)),
        "dev_dependencies": _array(pinned.lines(is_dev=True)),
        "documents": "\n".join(_documents(start)),
        "site": start.site,
        "address": page,
        # With all choices: those that go without saying today may not tomorrow.
        "news": f"{start.site}{address_of(since, choices)}",
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
            own = next(iter(start.technologies[slug].values()))
            link = own["documentation"] or own["website"]
            cells = [place.name, own["name"], f"<{link}>" if link else ""]
            yield "| {} |".format(" | ".join(one_line(cell).replace("|", "\\|") for cell in cells))
