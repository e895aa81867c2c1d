"""A page of the admin as axe and a ruler see it, in each state that a test brings it into."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.test_admin_accessibility import DJANGOS
from tests.browser.test_look import STICKS_OUT

SHOWN = 120  # letters of an element


class Look:
    """What is wrong with a page, gathered under a name for each state it is looked at in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}

    def __call__(self, name: str, page: Page | None = None) -> None:
        """Look at the page as it is now, or at another page."""
        page = page or self.page
        page.wait_for_load_state()  # of what a button has sent
        for rule in Axe().run(page).response["violations"]:
            if rule["id"] not in DJANGOS:
                places = [node["html"][:SHOWN] for node in rule["nodes"]]
                self.wrong[f"{name} {rule['id']}"] = places
        if pixels := page.evaluate(STICKS_OUT):
            self.wrong[f"{name} sticks out"] = [f"{pixels} pixels"]
