"""Days that are still to come, on which nothing was verified, and days some months away."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from catalog.models import Cell
from catalog.models.base import add_months
from tests.factories import make_comparison

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-22T23:00:00Z", tick=False)
@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2026, 11, 22), date(2026, 11, 23)])
def test_what_was_verified_until_today_is_taken(day: date) -> None:
    make_comparison(contenders=1, criteria=1)
    cell = Cell.objects.get()
    cell.verified_on = day

    cell.full_clean()


@time_machine.travel("2026-11-22T23:00:00Z", tick=False)
def test_a_day_to_come_is_refused_with_the_way_out() -> None:
    make_comparison(contenders=1, criteria=1)
    cell = Cell.objects.get()
    cell.verified_on = date(2026, 11, 24)

    with pytest.raises(ValidationError) as refused:
        cell.full_clean()

    assert refused.value.message_dict == {
        "verified_on": ["This day is still to come; give the day it was verified."]
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 25), 6, date(2027, 5, 25)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 15), 120, date(2036, 1, 15)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2028, 2, 29), -36, date(2025, 2, 28)),
    ],
)
def test_so_many_months_away_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected
