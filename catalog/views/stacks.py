from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from catalog import markdown
from catalog.http import page_of
from catalog.models import Stack


def stack_list(request: HttpRequest) -> HttpResponse:
    context = {"stacks": Stack.objects.published().for_detail()}
    return render(request, "catalog/stack_list.html", context)


@page_of(Stack)
def stack_detail(request: HttpRequest, stack: Stack) -> HttpResponse:
    context = {
        "stack": stack,
        "introduction": markdown.html_for([stack.introduction])[stack.introduction],
    }
    return TemplateResponse(request, "catalog/stack_detail.html", context)
