"""Stacks: the list, one of them to choose from, and the project that is started with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from catalog import markdown
from catalog.comparison.standings import standings
from catalog.comparison.tables import kept
from catalog.exports.pyproject import project_file
from catalog.history import documents
from catalog.history.rows import state_of as state_of_document
from catalog.http import address_of, page_of, parameters_of, redirect_file_to, state_of, today
from catalog.models import Choice, Code, PackageFacts, Stack, Status
from catalog.starters.archives import to_tar, to_zip
from catalog.starters.choosing import Chosen, Place, at_odds, own
from catalog.starters.project import Start, files_of, lacking, tried
from catalog.starters.reading import (
    Documents,
    documents_now,
    documents_then,
    named_in,
    rows_of,
    start_of,
)
from catalog.starters.support import YEARS, Span, picture, spans_of, to_calendar
from catalog.starters.upkeep import News, news, to_markdown
from catalog.starters.versions import Requirement, proof_of, to_commands, to_requirements
from catalog.truth import Truth, truths_of
from catalog.views import heads

ARCHIVES = {
    "zip": (to_zip, "application/zip"),
    "tar": (to_tar, "application/x-tar"),
}
# What highlights the files of a project, by the end of their names.
LANGUAGES = {"py": "python", "toml": "toml", "yaml": "yaml", "yml": "yaml", "md": "markdown"}
TEXT = "text/plain; charset=utf-8"


def stack_list(request: HttpRequest) -> HttpResponse:
    stacks = list(Stack.objects.published().for_detail())
    html = markdown.html_for([stack.introduction for stack in stacks])
    found = [(stack, heads.opening(html[stack.introduction])) for stack in stacks]
    return render(request, "catalog/stack_list.html", {"stacks": found})


class Option(NamedTuple):
    """One of what may fill a role, with what the guide says of it and why it cannot be chosen."""

    choice: Choice
    truth: Truth
    beside: Truth | None
    is_chosen: bool
    address: str
    requirements: list[Requirement]
    reasons: list[str]

    @property
    def facts(self) -> PackageFacts | None:
        return self.truth.facts or (self.beside and self.beside.facts)


def _start(
    request: HttpRequest, stack: Stack, asked: Mapping[str, Sequence[str]]
) -> tuple[Start, Documents]:
    """Return what a stack of `for_detail()` starts today. Fifteen queries, once an edition."""
    rows, edition = rows_of(stack), state_of(request)
    found = kept(documents_now, edition, today(), named_in(rows))
    return start_of(rows, found, asked, edition.number if edition else 0), found


@page_of(Stack)
def stack_detail(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Show what may fill each role, what is chosen, and what a project of that takes."""
    start, found = _start(request, stack, parameters_of(request))
    chosen = start.chosen
    if moved := redirect_file_to(request, chosen.pairs, chosen.complaints):
        return moved
    introduction = markdown.html_for([stack.introduction])[stack.introduction]
    proof = proof_of(start.pinned)
    context = {
        **_about(stack, start),
        "canonical": address_of(stack.get_absolute_url(), chosen.pairs),
        "description": heads.opening(introduction) or f"{stack}: what fills its roles.",
        "introduction": introduction,
        "complaints": chosen.complaints,
        "roles": [*_roles(request, stack, start, found)],
        "odds": [*_odds(chosen, start, found)],
        "proof": proof,
        "commands": to_commands(start.pinned) if start.pinned else {},
        "lacking": (lacks := lacking(start)),
        "tried": "" if lacks else tried(start),
        "spans": [(span, picture(span, today())) for span in _spans(start)],
        "years": [today().year + after for after in range(YEARS)],
        "others": Stack.objects.published().exclude(pk=stack.pk),
    }
    return TemplateResponse(request, "catalog/stack_detail.html", context)


def _roles(
    request: HttpRequest, stack: Stack, start: Start, found: Documents
) -> Iterator[tuple[Place, list[Option]]]:
    """Yield each role with its options, in the order of the page. Three queries."""
    rows = {
        (role.slug, choice.technology.slug): choice
        for role in stack.roles.all()
        for choice in role.choices.all()
    }
    shown = [one for choice in rows.values() for one in (choice.technology, choice.beside) if one]
    ranked = standings(state_of(request), today())
    truths = {truth.technology.slug: truth for truth in truths_of(shown, ranked)}
    now = set(_odds(start.chosen, start, found))
    for place in start.chosen.places:
        options = []
        for offer in place.offers:
            is_chosen = offer in start.chosen.filled[place.slug]
            other = start.chosen.instead(place, offer)
            reasons = [] if is_chosen else _odds(other, start, found)
            options.append(
                Option(
                    choice=rows[place.slug, offer.technology],
                    truth=truths[offer.technology],
                    beside=truths.get(offer.beside),
                    is_chosen=is_chosen,
                    address=address_of(request.path, other.pairs),
                    requirements=[
                        one
                        for one in (start.pinned.requirements if start.pinned else ())
                        if one.technology in offer.technologies
                    ],
                    reasons=[one for one in reasons if one not in now],
                )
            )
        yield place, options


def _odds(chosen: Chosen, start: Start, found: Documents) -> Iterator[str]:
    takes = start.pinned.takes if start.pinned else {}
    return at_odds(chosen.technologies, found.technologies, found.names, takes)


# The project -------------------------------------------------------------------------------------


def _asked(request: HttpRequest, stack: Stack, *, has_files: bool = False) -> Start:
    """Return the start that an address asks for; 404 where it asks for what there is not."""
    start, _found = _start(request, stack, parameters_of(request))
    if start.chosen.complaints or (has_files and lacking(start)):
        raise Http404
    return start


def _spans(start: Start) -> list[Span]:
    """Return how long what was chosen is supported, on the newest Python that it ran on."""
    proof = proof_of(start.pinned)
    return spans_of(start, proof.ran[-1] if proof and proof.ran else "")


def _sent(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition, "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@page_of(Stack)
def stack_pyproject(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Return what was chosen as the pyproject.toml of an empty project."""
    start = _asked(request, stack)
    if start.pinned is None:
        raise Http404
    main, dev = (start.pinned.lines(is_dev=is_dev) for is_dev in (False, True))
    text = project_file(start.title, start.name, start.pinned.python, main, dev)
    return _sent(text, "application/toml; charset=utf-8", "pyproject.toml")


@page_of(Stack)
def stack_requirements(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Return what was chosen as lines for pip: the very versions that were proved, where any."""
    start = _asked(request, stack)
    if start.pinned is None:
        raise Http404
    return _sent(to_requirements(start.pinned), TEXT, "requirements.txt")


@page_of(Stack)
def stack_support(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Return the days on which support of what was chosen ends, as a calendar."""
    start, edition = _asked(request, stack), state_of(request)
    at = edition.at if edition else datetime.now(UTC)
    text = to_calendar(_spans(start), f"Support: {stack}", start.site.partition("//")[2], at)
    return _sent(text, "text/calendar; charset=utf-8", f"{start.name}.ics")


@page_of(Stack)
def stack_archive(request: HttpRequest, stack: Stack, form: str) -> HttpResponse:
    """Return the project as an archive: the same bytes for the same address and edition."""
    start = _asked(request, stack, has_files=True)
    pack, content_type = ARCHIVES[form]
    return _sent(pack(start.name, files_of(start)), content_type, f"{start.name}.{form}")


@page_of(Stack)
def stack_project(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Show which files the project has."""
    start = _asked(request, stack, has_files=True)
    files = [(path, len(text.encode()), text.count("\n")) for path, text in files_of(start).items()]
    context = {**_about(stack, start), "file": "", "files": files}
    return TemplateResponse(request, "catalog/stack_project.html", context)


@page_of(Stack)
def stack_project_file(request: HttpRequest, stack: Stack, file: str) -> HttpResponse:
    """Show one file of the project."""
    start = _asked(request, stack, has_files=True)
    if (text := files_of(start).get(file)) is None:
        raise Http404
    language = LANGUAGES.get(file.rpartition(".")[2], "make" if file == "Makefile" else "")
    html = markdown.shown_once(Code(language, text))
    context = {**_about(stack, start), "file": file, "html": html}
    return TemplateResponse(request, "catalog/stack_project_file.html", context)


def _about(stack: Stack, start: Start) -> dict[str, Any]:
    return {"stack": stack, "start": start, "query": address_of("", start.chosen.pairs)}


# What became of it -------------------------------------------------------------------------------


def _news(request: HttpRequest, stack: Stack, edition: int) -> News:
    """Return what changed since an edition; 404 where readers knew nothing of the stack then."""
    after = _asked(request, stack)
    # No database is asked for a number that it has no room for.
    document = documents.at(stack.key, edition) if edition <= after.edition else []
    rows = state_of_document(document)
    if not rows or own(rows)["status"] == Status.DRAFT:
        raise Http404
    asked = {role: [technology] for role, technology in after.chosen.choices}
    before = start_of(rows, documents_then(named_in(rows), edition), asked, edition)
    found = kept(documents_now, state_of(request), today(), named_in(rows))
    return news(before, after, found.technologies)


@page_of(Stack)
def stack_since(request: HttpRequest, stack: Stack, edition: int) -> HttpResponse:
    """Say what became of a stack since an edition."""
    found = _news(request, stack, edition)
    html = markdown.shown_once(to_markdown(found))
    context = {"stack": stack, "since": edition, "html": html}
    return TemplateResponse(request, "catalog/stack_since.html", context)


@page_of(Stack)
def stack_since_file(request: HttpRequest, stack: Stack, edition: int, form: str) -> HttpResponse:
    """Return the same as Markdown, or what makes a project of today of one of that edition."""
    found = _news(request, stack, edition)
    if form == "md":
        headers = {"X-Robots-Tag": "noindex"}
        kind = "text/markdown; charset=utf-8"
        return HttpResponse(to_markdown(found), content_type=kind, headers=headers)
    if found.patch is None:
        raise Http404
    name = f"{found.after.name}-{edition}-{found.after.edition}.patch"
    return _sent(found.patch, TEXT, name)
