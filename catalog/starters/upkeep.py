"""What became of a stack since a project was started with it: sentences, steps, a patch."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.history.rows import State
from catalog.models import Technology
from catalog.starters.archives import to_patch
from catalog.starters.choosing import name_in
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
    has_files = not (lacking(before) or lacking(after))
    return News(
        before,
        after,
        [*_sentences(before, after, documents)],
        [*_steps(before, after, documents)],
        to_patch(files_of(before), files_of(after)) if has_files else None,
    )


def _sentences(before: Start, after: Start, documents: Mapping[str, State]) -> Iterator[str]:
    was, now = (
        {place.name: _named(start, place.slug) for place in start.chosen.places}
        for start in (before, after)
    )
    for role in {**was, **now}:
        if was.get(role) != now.get(role):
            yield f"{role}: {was.get(role, 'nothing')} → {now.get(role, 'nothing')}."
    if before.pinned and after.pinned:
        if before.pinned.python != after.pinned.python:
            yield f"Python: {before.pinned.python} → {after.pinned.python}."
        old, new = (
            {one.package: one.text for one in start.pinned.requirements}
            for start in (before, after)
        )
        for package in {**old, **new}:
            if old.get(package) != new.get(package):
                yield _pin(old.get(package, ""), new.get(package, ""))
    for slug in before.technologies:
        if slug in documents:
            own, then = (
                next(iter(one.values())) for one in (documents[slug], before.technologies[slug])
            )
            is_news = own["lifecycle"] not in (then["lifecycle"], Technology.Lifecycle.ACTIVE, "")
            if is_news:
                label = Technology.Lifecycle(own["lifecycle"]).label
                note = own["lifecycle_note"].removesuffix(".")
                yield f"{own['name']} is {label} now{': ' if note else ''}{note}."


def _pin(before: str, after: str) -> str:
    if before and after:
        return f"{before} → {after}."
    return f"New: {after}." if after else f"No longer pinned: {before}."


def _named(start: Start, role: str) -> str:
    slugs = (slug for offer in start.chosen.filled[role] for slug in offer.technologies)
    return ", ".join(name_in(start.technologies[slug]) for slug in slugs)


def _steps(before: Start, after: Start, documents: Mapping[str, State]) -> Iterator[Step]:
    """Yield how to leave each technology that is no longer there, for one that is."""
    for slug in before.technologies:
        for row, fields in documents.get(slug, {}).items():
            is_gone = row.model == "migration" and slug not in after.technologies
            if is_gone and (to := row.key[1]) in after.technologies:
                title = f"From {name_in(documents[slug])} to {name_in(after.technologies[to])}"
                yield Step(title, fields["steps"], fields["source"])


def to_markdown(found: News, address: str) -> str:
    """Return the news as text to read in a terminal or on a page; `address` is the patch's."""
    lines = [f"- {sentence}" for sentence in found.sentences]
    lines = lines or ["Nothing that this project has changed."]
    for step in found.steps:
        source = f"Source: <{step.source}>" if step.source else ""
        lines += ["", f"# {step.title}", "", step.text, "", source]
    return "\n".join([*lines, "", _about_patch(found, address), ""])


def _about_patch(found: News, address: str) -> str:
    if found.patch is None:
        return "There is no patch: one of the two editions has no project for these choices."
    if not found.patch:
        return "The files of the project are the same."
    files = "1 file" if found.files == 1 else f"{found.files} files"
    return f"The patch of {files}, for `git apply` or `patch -p1`: <{address}>"
