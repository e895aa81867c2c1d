"""The desk is read while somebody else writes: it opens no transaction of its own."""

import pytest

from tests.admin.desk.filling import desk, fill, sections
from tests.admin.roles import sign_in_as
from tests.admin.test_while_writing import another_writer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]


def test_it_opens_while_another_connection_writes():
    client = sign_in_as("Publisher", "grace")
    fill()

    with another_writer():
        shown = sections(desk(client))

    assert shown["waiting"].count == 2
