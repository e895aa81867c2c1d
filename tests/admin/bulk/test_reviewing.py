"""Marking as reviewed: the next day to look is set so many months from today, never earlier."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from catalog.history import editions
from catalog.models import Snippet, Technology
from catalog.models.base import add_months
from tests.admin.bulk.acting import choose, confirm, fields_of, part_of, show
from tests.admin.pages import messages_of
from tests.admin.reading_history import change
from tests.factories import make_snippet, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_the_page_begins_with_half_a_year(admin_client: Client) -> None:
    with change():
        flask = make_technology(name="Flask")
    day = add_months(datetime.now(UTC).date(), 6)

    page = choose(admin_client, "mark_reviewed", [flask])
    answer = confirm(admin_client, page)

    assert fields_of(page)["months"] == "6"
    assert part_of(page, "changed") == [f"Flask Review by: empty → {day.isoformat()}"]
    assert messages_of(answer)[0] == "Reviewed: Flask."
    assert Technology.objects.get().review_by == day


def test_a_later_day_stays(admin_client: Client) -> None:
    with change():
        flask = make_technology(name="Flask", review_by=date(2999, 1, 1))
        quart = make_technology(name="Quart", review_by=date(2020, 1, 1))

    page = choose(admin_client, "mark_reviewed", [flask, quart])
    confirm(admin_client, page)

    assert part_of(page, "left") == ["Flask: is to be reviewed by 2999-01-01 already"]
    flask.refresh_from_db()
    quart.refresh_from_db()
    assert (flask.review_by.year, quart.review_by > date(2026, 1, 1)) == (2999, True)


def test_other_months_are_shown_before_they_count(admin_client: Client) -> None:
    with change():
        snippet = make_snippet(title="Hello")
    day = add_months(datetime.now(UTC).date(), 18)

    page = show(admin_client, choose(admin_client, "mark_reviewed", [snippet]), months="18")
    confirm(admin_client, page)

    assert part_of(page, "changed") == [f"Hello Review by: empty → {day.isoformat()}"]
    assert Snippet.objects.get().review_by == day


@pytest.mark.parametrize("months", ["", "0", "-1", "121", "x", "1.5", "9" * 30, "\0"])
def test_what_is_no_number_of_months_is_said_in_the_form(admin_client: Client, months: str) -> None:
    with change():
        flask = make_technology(name="Flask")

    page = confirm(admin_client, choose(admin_client, "mark_reviewed", [flask]), months=months)

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"months"}
    assert part_of(page, "selected") == ["Flask"]
    assert editions.latest().number == 1
