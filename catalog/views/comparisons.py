from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog import edition, markdown, shown
from catalog.http import (
    address_of,
    asked_of,
    current_slugs,
    page_of,
    redirect_to,
    render_page_or_fragment,
    today,
)
from catalog.matrix import canonical, read
from catalog.models import Comparison, Technology
from catalog.tables import criterion_cells, kept_table


@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    context = {"comparisons": Comparison.objects.published().for_list()}
    return render(request, "catalog/comparison_list.html", context)


@require_safe
@page_of(Comparison)
def comparison_detail(request: HttpRequest, comparison: Comparison) -> HttpResponse:
    """A curated table as its query asks for it; see catalog.matrix.question."""
    latest = edition.latest()  # before anything else is read: see kept_table()
    table = kept_table(comparison, latest, today())
    asked = asked_of(request)
    asked["t"] = current_slugs(Technology.KIND, asked.get("t", ()), table.contender_by_slug)
    question, complaints = read(asked, table)
    pairs = tuple(canonical(question, table))
    moved = None if complaints else redirect_to(request, pairs)
    if moved is not None:
        return moved
    html = markdown.html_for([comparison.introduction, comparison.verdict])
    return render_page_or_fragment(
        request,
        page="catalog/comparison_detail.html",
        fragment="catalog/_comparison_table.html",
        context={
            "comparison": comparison,
            "edition": latest,
            "introduction": html[comparison.introduction],
            "verdict": html[comparison.verdict],
            "complaints": complaints,
            "answer": shown.answer(table, pairs, request.path, comparison.title),
            "priorities": shown.priorities(table, pairs, request.path),
            "sources": shown.sources(table),
            "as_curated": request.path,
        },
        address=address_of(request.path, pairs),
    )


@require_safe
@page_of(Comparison)
def criterion_detail(request: HttpRequest, comparison: Comparison, criterion: str) -> HttpResponse:
    """What each cell of one row rests on."""
    row = get_object_or_404(comparison.criteria.select_related("group"), slug=criterion)
    context = {
        "comparison": comparison,
        "criterion": row,
        "title": f"{row}: {comparison}",
        "cells": criterion_cells(comparison, row, today()),
    }
    return render(request, "catalog/criterion_detail.html", context)
