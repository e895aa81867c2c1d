"""What waits for a publisher and is not for everybody to go on with."""

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpRequest

from catalog.admin.door import may_amend, publishes
from catalog.history import documents
from catalog.models import Pending, ThingKey


def of_others(request: HttpRequest, things: Iterable[ThingKey]) -> list[str]:
    """Why what somebody writes of these things cannot become part of what waits, a sentence each.

    What a publisher writes does not wait. A query for each kind, in batches.
    """
    if publishes(request):
        return []
    text = (
        "A change of “%(slug)s” by %(who)s waits for a publisher, and is not yours to go on with."
    )
    return [
        text % {"slug": pending.slug, "who": pending.user}
        for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind)
        for batch in documents.in_batches([thing.slug for thing in same_kind])
        for pending in Pending.objects.filter(kind=kind, slug__in=batch)
        if not may_amend(request, pending)
    ]
