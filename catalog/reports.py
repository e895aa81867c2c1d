"""Where a reader reports a mistake: a mail or a tracker's form, filled in as far as it can be."""

import re
from urllib.parse import quote

from django.conf import settings

from catalog.models.fields import one_line


def report_address(title: str, address: str) -> str:
    """Return the link to report a mistake in what `title` names; empty where none are taken."""
    if not settings.REPORT_TO:
        return ""
    values = {"title": one_line(title), "address": address}
    if re.match(r"https?://", settings.REPORT_TO):
        # In one go: what a title holds in braces stays a title.
        return re.sub(
            r"\{(title|address)\}", lambda place: _quoted(values[place[1]]), settings.REPORT_TO
        )
    subject, body = _quoted(f"StackGuide: {values['title']}"), _quoted(f"{address}\r\n\r\n")
    return f"mailto:{quote(settings.REPORT_TO, safe='@')}?subject={subject}&body={body}"


def _quoted(value: str) -> str:
    return quote(value, safe="")
