from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from catalog import exports, markdown
from catalog.http import page_of
from catalog.models import VersionSet


@require_safe
def version_list(request: HttpRequest) -> HttpResponse:
    context = {"version_sets": VersionSet.objects.published()}
    return render(request, "catalog/version_list.html", context)


@require_safe
@page_of(VersionSet)
def version_detail(request: HttpRequest, version_set: VersionSet) -> HttpResponse:
    introduction = version_set.introduction
    context = {
        "version_set": version_set,
        "introduction": markdown.html_for([introduction])[introduction],
    }
    return TemplateResponse(request, "catalog/version_detail.html", context)


@require_safe
@page_of(VersionSet)
def version_pyproject(request: HttpRequest, version_set: VersionSet) -> HttpResponse:
    """The set as a file to start a project from; any `form` but poetry is the standard's."""
    write = exports.to_poetry if request.GET.get("form") == "poetry" else exports.to_pyproject
    return HttpResponse(
        write(version_set, version_set.pins.all()),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="pyproject.toml"'},
    )
