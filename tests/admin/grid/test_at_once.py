"""Editors who save one table at the very same moment: one is first, and the others are asked."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import Edition
from tests.admin.grid.tables import grid_of, make_table, said
from tests.admin.pages import read_form
from tests.admin.test_conflict_of_many import at_once, insist

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

EDITORS = 12


def test_of_twelve_with_one_token_exactly_one_is_first():
    url = grid_of(make_table())
    clients = []
    for number in range(EDITORS):
        clients.append(Client())
        clients[-1].force_login(User.objects.create_superuser(f"editor-{number}"))
    forms = [read_form(client.get(url)) for client in clients]
    assert len({form["_state"] for form in forms}) == 1

    def save(number: int, client: Client) -> int:
        return insist(client, url, forms[number] | {"value.speed.flask": str(number)}).status_code

    answers = at_once(clients, save)

    assert sorted(answers) == [302, *[409] * (EDITORS - 1)]
    assert said("speed", "flask")[3] == str(answers.index(302))
    assert Edition.objects.count() == 2
