"""Many things were looked at, and are to be looked at again in so many months."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django import forms

from catalog.admin.bulk.plans import Action, Plan, rewritten
from catalog.models import Thing

MONTHS = 6
MOST_MONTHS = 120


class MonthsForm(forms.Form):
    months = forms.IntegerField(
        label="Months until the next review",
        initial=MONTHS,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text="Counted from today. A later day that is set already stays.",
    )


class MarkReviewed(Action):
    name = "mark_reviewed"
    label = "Mark selected %(verbose_name_plural)s as reviewed"
    verb = "Mark as reviewed"
    form = MonthsForm

    def plan(self, things: Sequence[Thing], chosen: dict[str, Any]) -> Plan:
        """Nothing is brought forward: who set a later day had a reason."""
        day = in_months(datetime.now(UTC).date(), chosen["months"])
        later = [thing for thing in things if thing.review_by and thing.review_by > day]
        same = [thing for thing in things if thing.review_by == day]
        text = "is to be reviewed by %(day)s already"
        stays = {
            thing.key: text % {"day": thing.review_by.isoformat()} for thing in (*later, *same)
        }
        changes = rewritten(
            [thing for thing in things if thing.key not in stays],
            lambda _thing, _fields: {"review_by": day.isoformat()},
        )
        return Plan(changes, stays)

    def done(self, chosen: dict[str, Any]) -> str:
        return "Reviewed"


def in_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
