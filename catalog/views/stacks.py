"""Stacks: the list, and one of them, where each choice stands with what the guide says of it."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from catalog import markdown
from catalog.comparison.standings import standings
from catalog.http import page_of, state_of, today
from catalog.models import Choice, PackageFacts, Pin, Stack, VersionSet
from catalog.truth import Truth, truths_of
from catalog.views import heads


def stack_list(request: HttpRequest) -> HttpResponse:
    stacks = list(Stack.objects.published().for_detail())
    html = markdown.html_for([stack.introduction for stack in stacks])
    found = [(stack, heads.opening(html[stack.introduction])) for stack in stacks]
    return render(request, "catalog/stack_list.html", {"stacks": found})


@page_of(Stack)
def stack_detail(request: HttpRequest, stack: Stack) -> HttpResponse:
    """Show what fills each role. Five queries beside the stack, and those of the standings."""
    introduction = markdown.html_for([stack.introduction])[stack.introduction]
    roles = [(role, list(role.choices.all())) for role in stack.roles.all()]
    choices = [choice for _role, found in roles for choice in found]
    technologies = [one for choice in choices for one in (choice.technology, choice.beside) if one]
    truths = {
        truth.technology: truth
        for truth in truths_of(technologies, standings(state_of(request), today()))
    }
    version_set, pins = _pinned(choices)

    def filled(choice: Choice) -> tuple[Choice, Truth, PackageFacts | None, list[Pin]]:
        truth, beside = truths[choice.technology], truths.get(choice.beside)
        return choice, truth, truth.facts or (beside and beside.facts), pins[choice.pk]

    context = {
        "stack": stack,
        "description": heads.opening(introduction) or f"{stack}: what fills its roles.",
        "introduction": introduction,
        "roles": [(role, [*map(filled, found)]) for role, found in roles if found],
        "version_set": version_set,
    }
    return TemplateResponse(request, "catalog/stack_detail.html", context)


def _pinned(choices: list[Choice]) -> tuple[VersionSet | None, dict[int, list[Pin]]]:
    """Return the version set that suits a stack best, of the newest, and the pins of each choice.

    It pins most of the choices, each at the version that the stack names where it names one.
    """
    naming = defaultdict(list)
    for choice in choices:
        for technology in filter(None, (choice.technology, choice.beside)):
            naming[technology.pk].append(choice)
    pins = defaultdict(lambda: defaultdict(list))
    suits = defaultdict(int)
    for pin in Pin.objects.of_newest_sets().filter(package__technology__in=naming):
        for choice in naming[pin.package.technology_id]:
            pins[pin.version_set][choice.pk].append(pin)
            named = choice.version.partition(" ")[0]  # “5.2” of “5.2 LTS”
            suits[pin.version_set] += 1 + pin.specifier.lstrip("^~>= ").startswith(named)
    best = min(suits, key=lambda one: (-suits[one], one.slug), default=None)
    return best, pins[best]
