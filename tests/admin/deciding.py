"""A pending change of Flask: what is typed, its page, and a publisher's decision."""

from django.test import Client

from catalog.models import Pending, Technology
from tests.admin.pages import url_of

NEW_POINT = {
    "points-TOTAL_FORMS": "1",
    "points-0-kind": "pro",
    "points-0-text": "Fast",
    "points-0-slug": "fast",
    "points-0-position": "0",
}


def review(pending: Pending | None = None) -> str:
    return url_of(pending or Pending.objects.get())


def decide(client: Client, decision: str, **data: str) -> object:
    """Open the page of the only pending change, and press a button."""
    page = client.get(review())
    return client.post(review(), {"_state": page.context["state"], "_decision": decision, **data})


def summary() -> str:
    return Technology.objects.get(slug="flask").summary
