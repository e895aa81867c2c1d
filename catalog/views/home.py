from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog import markdown
from catalog.models import Category, Comparison, Guide, Stack, VersionSet


def home(request: HttpRequest) -> HttpResponse:
    """Show the guide at a glance; an empty one says how to begin."""
    guide = Guide.objects.first()
    html = markdown.html_for([guide.introduction, guide.closing] if guide else [])
    context = {
        "guide": guide,
        "introduction": html[guide.introduction if guide else ""],
        "closing": html[guide.closing if guide else ""],
        "categories": Category.objects.for_home(),
        "comparisons": Comparison.objects.published(),
        "stacks": Stack.objects.published(),
        "version_sets": VersionSet.objects.published(),
    }
    return TemplateResponse(request, "catalog/home.html", context)
