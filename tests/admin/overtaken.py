"""Two editors at one form: what the second one meets, and how a browser answers it."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.admin.pages import read_form, save, url_of


def opened(client: Client, row: object) -> dict[str, str]:
    """The form as an editor has it before the eyes."""
    return read_form(client.get(url_of(row)))


def answered(page: HttpResponse, *choices: str, **texts: str) -> dict[str, str]:
    """What a browser sends once these choices are made, in the order of the conflicts.

    `texts` are written instead, by the name of the field.
    """
    form = read_form(page)
    for conflict, choice in zip(page.context["questions"], choices, strict=False):
        if choice:
            form[conflict.choice_name] = choice
    for field, text in texts.items():
        (name,) = [
            conflict.own_name
            for conflict in page.context["questions"]
            if conflict.own_name.endswith(f"/{field}")
        ]
        form[name] = text
    return form


def asked(page: HttpResponse) -> list[str]:
    """What is at odds."""
    return [conflict.text for conflict in page.context["questions"]]


def overtaken(
    client: Client, row: object, mine: dict[str, Any], by: object = None, **theirs: Any
) -> HttpResponse:
    """What `mine` comes to when it is saved after `theirs`, on the form of the row or of `by`."""
    form = opened(client, row) | mine
    save(client, url_of(by or row), **theirs)
    return client.post(url_of(row), form)
