"""A real browser on the site, watched for what the content policy forbids."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Page
from pytest_playwright import CreateContextCallback

from tests.browser.looking import Look, sign_in

# Playwright runs an event loop in this thread, and Django would refuse to query beside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Violations that happen before any listener of a test could be added are noted by this.
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("policy: " + event.effectiveDirective + " " + event.blockedURI);
});
"""


@dataclass
class Watch:
    """What a browser reported while pages were read."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is below this folder, so that it runs in the browser's lane alone."""
    for item in items:
        if "browser" in item.path.parts[-2:]:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine, with nothing of its own to say to the network."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": [
            "--no-sandbox",  # containers and root have none to offer
            *("--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """Let pages be opened by their path alone."""
    return {**browser_context_args, "base_url": live_server.url}


@pytest.fixture(scope="session")
def filled() -> Iterator[list[sqlite3.Connection]]:
    """The database as a test left it when it had filled it first with the guide."""
    kept: list[sqlite3.Connection] = []
    yield kept
    for database in kept:
        database.close()


@pytest.fixture
def the_guide(transactional_db: None, filled: list[sqlite3.Connection]) -> None:
    """Fill the database with the guide that comes with the project."""
    connection.ensure_connection()
    if filled:
        filled[0].backup(connection.connection)
        return
    packs = (FIXTURES / name for name in ("guide-2025", "guide-2026-11"))
    call_command("start_guide", *packs, verbosity=0)
    filled.append(sqlite3.connect(":memory:", check_same_thread=False))
    connection.connection.backup(filled[0])


@pytest.fixture
def watch(page: Page, live_server: Any) -> Iterator[Watch]:
    """Note console errors, policy violations, failures in scripts and requests to strangers.

    In the end there must be none.
    """
    seen = Watch()
    here = urlsplit(live_server.url).netloc

    def note_request(request: Any) -> None:
        if urlsplit(request.url).netloc != here:
            seen.strangers.append(request.url)

    def note_message(message: Any) -> None:
        # Chromium reports each answer of 400 and above, also the ones a test asks for.
        if message.type in ("error", "warning") and "the server responded" not in message.text:
            seen.errors.append(message.text)

    page.add_init_script(WATCH)
    page.on("console", note_message)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", note_request)
    yield seen
    assert (seen.errors, seen.strangers) == ([], [])


@pytest.fixture
def signed_in(page: Page, watch: Watch, admin_client: Client) -> None:
    """Sign in whoever may do everything, and watch the pages of theirs."""
    sign_in(page.context, admin_client)


@pytest.fixture(params=[1280, 390])
def look(
    request: pytest.FixtureRequest, new_context: CreateContextCallback, admin_client: Client
) -> Iterator[Look]:
    """A page of the same, in a window of some width, in which nothing must look wrong."""
    viewport = {"width": request.param, "height": 900}
    context = new_context(viewport=viewport, bypass_csp=True)
    sign_in(context, admin_client)
    look = Look(context.new_page())
    yield look
    assert look.wrong == {}
