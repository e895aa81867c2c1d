from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from catalog import markdown
from catalog.http import page_of
from catalog.matrix import build_matrix
from catalog.models import Comparison


@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    context = {"comparisons": Comparison.objects.published().for_list()}
    return render(request, "catalog/comparison_list.html", context)


@require_safe
@page_of(Comparison)
def comparison_detail(request: HttpRequest, comparison: Comparison) -> HttpResponse:
    html = markdown.html_for([comparison.introduction, comparison.verdict])
    context = {
        "comparison": comparison,
        "introduction": html[comparison.introduction],
        "verdict": html[comparison.verdict],
        "matrix": build_matrix(
            comparison.contenders.readable(),
            comparison.criteria.select_related("group"),
            comparison.cells(),
        ),
    }
    return TemplateResponse(request, "catalog/comparison_detail.html", context)
