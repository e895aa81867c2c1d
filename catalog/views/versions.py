from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from catalog import exports, markdown
from catalog.http import current_slugs, page_of, parameters_of, redirect_file_to
from catalog.models import VersionSet
from catalog.upgrades import upgrade


def version_list(request: HttpRequest) -> HttpResponse:
    context = {"version_sets": VersionSet.objects.published().for_detail()}
    return render(request, "catalog/version_list.html", context)


@page_of(VersionSet)
def version_detail(request: HttpRequest, version_set: VersionSet) -> HttpResponse:
    """Show a set and, with `?against=<slug>`, what going to it from that other set takes."""
    others = VersionSet.objects.published().exclude(pk=version_set.pk)
    against, complaints = _against(version_set, parameters_of(request).get("against", []))
    pairs = (("against", against.slug),) if against else ()
    if moved := redirect_file_to(request, pairs, complaints):
        return moved
    introduction = version_set.introduction
    context = {
        "version_set": version_set,
        "introduction": markdown.html_for([introduction])[introduction],
        "commands": exports.to_commands(version_set.pins.all()),
        "others": others,
        "complaints": complaints,
        "upgrade": upgrade(against, version_set) if against else None,
    }
    return TemplateResponse(request, "catalog/version_detail.html", context)


def _against(version_set: VersionSet, values: list[str]) -> tuple[VersionSet | None, list[str]]:
    """Return the set to put this one beside, and a sentence for each value without sense."""
    slugs = list(dict.fromkeys(slug for slug in values if slug))
    if not slugs:
        return None, []
    readable = VersionSet.objects.readable()
    known = set(readable.values_list("slug", flat=True))
    found = list(dict.fromkeys(current_slugs(VersionSet.KIND, slugs, known)))
    complaints = [
        f"There is no version set “{slug}”; choose one of those below."
        for slug in found
        if slug not in known
    ]
    if version_set.slug in found:
        complaints.append("A version set does not differ from itself; choose another.")
    usable = [slug for slug in found if slug in known and slug != version_set.slug]
    if len(usable) > 1:
        complaints.append("Two version sets at a time; the others were left out.")
    if not usable:
        return None, complaints
    # Gone by now, perhaps: the page is made anew then.
    return readable.for_detail().filter(slug=usable[0]).first(), complaints


@page_of(VersionSet)
def version_pyproject(request: HttpRequest, version_set: VersionSet) -> HttpResponse:
    """Return the set as a file to start a project from; any `form` but poetry is the standard's."""
    write = exports.to_poetry if request.GET.get("form") == "poetry" else exports.to_pyproject
    return HttpResponse(
        write(version_set, version_set.pins.all()),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="pyproject.toml"'},
    )
