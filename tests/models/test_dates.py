"""Nothing was verified on a day that is still to come."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from catalog.models import Cell
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
