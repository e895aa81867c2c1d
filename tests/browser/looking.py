"""A page as axe and a ruler see it, in each state that a test brings it into."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import BrowserContext, Page

# What tests of the editors' pages stand on.
EDITING = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("signed_in"),
]
without_scripts = pytest.mark.browser_context_args(java_script_enabled=False)

SHOWN = 120  # letters of an element
# What axe is asked for: in the wide window all of its rules, and in dark those of colours, which
# cost the most and are the same at every width; in a narrower one all but those.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDE: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": COLOURS},
}
NARROW: dict[str, dict[str, Any]] = {
    "light": {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in COLOURS},
    }
}
WIDTH = 1200  # from which a window is wide
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Colours that are still on their way have another contrast.
SETTLE = "Promise.allSettled(document.getAnimations().map((each) => each.finished))"
# What Django's own templates do and no style sheet can mend, by rule.
DJANGOS = {
    "aria-input-field-name": "Select2 names a picker by the row that is chosen: an empty one not",
    "empty-table-header": "columns of what rows are called, and of buttons to take one away",
    "label-title-only": "the label of the search field is a picture with a text of its own",
}


def sign_in(context: BrowserContext, client: Client) -> None:
    """Make a browser's context the session of a test client."""
    session = client.cookies["sessionid"]
    cookie = {"name": session.key, "value": session.value, "domain": "localhost", "path": "/"}
    context.add_cookies([cookie])


def violations(page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what axe finds of WCAG 2.2 A and AA and of its best practice, in light and in dark."""
    axe = Axe()
    asked = WIDE if page.viewport_size["width"] >= WIDTH else NARROW
    for scheme, options in asked.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLE)
        for rule in axe.run(page, options=options).response["violations"]:
            yield scheme, rule
        axe = Axe(axe_script="")  # it is in the page by now


class Look:
    """What is wrong with a page, gathered under a name for each state it is looked at in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}

    def __call__(self, name: str, page: Page | None = None) -> None:
        """Look at the page as it is now, or at another page."""
        page = page or self.page
        page.wait_for_load_state()  # of what a button has sent
        for scheme, rule in violations(page):
            if rule["id"] not in DJANGOS:
                places = [node["html"][:SHOWN] for node in rule["nodes"]]
                self.wrong[f"{name} {scheme} {rule['id']}"] = places
        if pixels := page.evaluate(STICKS_OUT):
            self.wrong[f"{name} sticks out"] = [f"{pixels} pixels"]
