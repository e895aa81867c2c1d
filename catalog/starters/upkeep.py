"""What became of a stack since a project was started with it: sentences, steps, a patch."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from catalog.history.rows import State
from catalog.models import Technology
from catalog.starters.archives import to_patch
from catalog.starters.choosing import own
from catalog.starters.project import Start, files_of, lacking


class Step(NamedTuple):
    """The way from a technology that was replaced; `text` is Markdown."""

    title: str
    text: str
    source: str


class News(NamedTuple):
    """What changed between two editions of a project; no patch where one of them has no files."""

    before: Start
    after: Start
    sentences: list[str]
    steps: list[Step]
    patch: str | None

    @property
    def files(self) -> int:
        """The number of files that the patch touches."""
        return (self.patch or "").count("diff --git ")


def news(before: Start, after: Start, documents: Mapping[str, State]) -> News:
    """Compare two starts of one stack; `documents` are today's of what stood in the older one."""
    # What was withdrawn since is named no more, also not by files.
    is_whole = all(slug in documents for slug in before.technologies)
    has_files = is_whole and not (lacking(before) or lacking(after))
    return News(
        before,
        after,
        [*_sentences(before, after, documents)],
        [*_steps(before, after, documents)],
        to_patch(files_of(before), files_of(after)) if has_files else None,
    )


def _sentences(before: Start, after: Start, documents: Mapping[str, State]) -> Iterator[str]:
    was, now = (
        {place.name: _named(start, place.slug, shown) for place in start.chosen.places}
        for start, shown in ((before, documents), (after, after.technologies))
    )
    for role in {**was, **now}:
        if was.get(role) != now.get(role):
            yield f"{role}: {was.get(role) or 'nothing'} → {now.get(role) or 'nothing'}."
    if before.pinned and after.pinned:
        if before.pinned.python != after.pinned.python:
            yield f"Python: {before.pinned.python} → {after.pinned.python}."
        old, new = (
            {one.package: one.text for one in pins if one.technology in shown}
            for pins, shown in (
                (before.pinned.requirements, documents),
                (after.pinned.requirements, after.technologies),
            )
        )
        for package in {**old, **new}:
            if old.get(package) != new.get(package):
                yield _pin(old.get(package, ""), new.get(package, ""))
    for slug in before.technologies:
        if slug in documents:
            said, then = own(documents[slug]), own(before.technologies[slug])
            if said["lifecycle"] not in (then["lifecycle"], Technology.Lifecycle.ACTIVE, ""):
                label = Technology.Lifecycle(said["lifecycle"]).label
                note = said["lifecycle_note"].removesuffix(".")
                yield f"{said['name']} is {label} now{': ' if note else ''}{note}."


def _pin(before: str, after: str) -> str:
    if before and after:
        return f"{before} → {after}."
    return f"New: {after}." if after else f"No longer pinned: {before}."


def _named(start: Start, role: str, shown: Container[str]) -> str:
    slugs = (slug for offer in start.chosen.filled[role] for slug in offer.technologies)
    return ", ".join(own(start.technologies[slug])["name"] for slug in slugs if slug in shown)


def _steps(before: Start, after: Start, documents: Mapping[str, State]) -> Iterator[Step]:
    """Yield how to leave each technology that is no longer there, for one that is."""
    for slug in before.technologies:
        for row, fields in documents.get(slug, {}).items():
            is_gone = row.model == "migration" and slug not in after.technologies
            if is_gone and (to := row.key[1]) in after.technologies:
                names = own(documents[slug])["name"], own(after.technologies[to])["name"]
                title = "From {} to {}".format(*names)
                yield Step(title, fields["steps"], fields["source"])


def to_markdown(found: News) -> str:
    """Return the news as text to read in a terminal or on a page."""
    lines = [f"- {sentence}" for sentence in found.sentences]
    lines = lines or ["Nothing that this project has changed."]
    for step in found.steps:
        source = f"Source: <{step.source}>" if step.source else ""
        lines += ["", f"# {step.title}", "", step.text, "", source]
    return "\n".join([*lines, "", _about_patch(found), ""])


def _about_patch(found: News) -> str:
    if found.patch is None:
        return "There is no patch: one of the two editions has no project for these choices."
    if not found.patch:
        return "The files of the project are the same."
    start, then = found.after, found.before.edition
    address = start.address(f"since/{then}.patch", start.chosen.choices)
    files = "1 file" if found.files == 1 else f"{found.files} files"
    return f"The patch of {files}, for `git apply` or `patch -p1`: <{address}>"
