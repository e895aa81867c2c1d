"""Draws the pictures of docs/design.md: `make pictures`. Not a test, but it stands on the same.

Each is of a page filled for the purpose, so that what is hard on a layout can be looked at: names
of the greatest length, nothing at all, twenty rows; and in each medium that a reader may choose.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserType, Page

from catalog.models import Cell, Contender, Criterion, Listing, Technology
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_listing,
    make_stack,
    make_technology,
)

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES: Path = settings.BASE_DIR / "docs" / "design"
LARGEST = 150_000
LONGEST = "Extraordinarily-Long-Name-Of-A-Distributed-Message-Broker-For-Embedded-Databases"
WORDS = {4: "Excellent", 3: "Good", 2: "Growing", 1: "Small", 0: "No"}

Draw = Callable[..., None]


@pytest.fixture
def draw(browser: Browser, live_server: Any) -> Draw:
    """Return a function that opens an address and keeps what is seen as docs/design/<name>.png."""

    def draw(
        name: str, address: str, width: int = 1000, height: int = 700, at: str = "", **medium: Any
    ) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **medium
        )
        page = context.new_page()
        page.goto(live_server.url + address)
        if at:
            page.locator(at).first.evaluate("(element) => element.scrollIntoView()")
        keep(page, name)
        context.close()

    return draw


def keep(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    assert path.stat().st_size < LARGEST


def fill_comparison(contenders: int = 4, criteria: int = 20) -> None:
    """A table in which each kind of cell stands at least once."""
    comparison = make_comparison(
        contenders=0,
        criteria=0,
        slug="brokers",
        title="Message brokers",
        category=make_category(name="Messaging"),
    )
    group = comparison.groups.first()
    columns = [
        Contender.objects.create(
            comparison=comparison,
            technology=make_technology(name=f"Broker {letter}", slug=f"broker-{letter.lower()}"),
            position=place,
            versions="3.2" if place else "",
        )
        for place, letter in enumerate("ABCDEFGH"[:contenders])
    ]
    for row in range(criteria):
        criterion = Criterion.objects.create(
            comparison=comparison,
            group=group,
            slug=f"criterion-{row}",
            name=f"What it does under load, case {row + 1}",
            kind=Criterion.Kind.YES_NO if row % 5 == 4 else Criterion.Kind.RATING,
            position=row,
        )
        for column, contender in enumerate(columns):
            fill_cell(criterion, contender, row, column)


def fill_cell(criterion: Criterion, contender: Contender, row: int, column: int) -> None:
    if (row + column) % 11 == 7:
        make_cell(criterion, contender, state=Cell.State.UNKNOWN, rating=None, word="")
    elif (row + column) % 13 == 9:
        make_cell(criterion, contender, state=Cell.State.NOT_APPLICABLE, rating=None, word="")
    elif criterion.kind == Criterion.Kind.RATING:
        rating = 1 + (row * 3 + column) % 4
        note = "Measured with three nodes." if row == 1 else ""
        make_cell(criterion, contender, rating=rating, word=WORDS[rating], note=note)
    else:
        yes = (row + column) % 3 > 0
        make_cell(criterion, contender, rating=4 if yes else 0, word="Yes" if yes else "No")


def fill_category() -> Technology:
    """A category with a listing of each verdict; return the technology that is recommended."""
    category = make_category(slug="brokers", name="Message brokers", best_for="work that can wait")
    for verdict in reversed(Listing.Verdict.values):
        technology = make_technology(name=f"The {verdict} one", slug=f"the-{verdict}-one")
        make_listing(
            category,
            technology,
            verdict=verdict,
            qualifier="for most teams",
            best_for="Queues of a few thousand messages a second",
            because="It was in use for two years, and nobody had to be woken.",
        )
    return technology


def test_longest_name(draw: Draw) -> None:
    assert len(LONGEST) == Technology._meta.get_field("name").max_length
    technology = make_technology(
        name=LONGEST, slug="longest", summary=f"{LONGEST} is its whole name. " * 2
    )
    make_technology(name="Short", slug="short", summary="One word is enough.")
    make_listing(make_category(name=LONGEST, slug="long"), technology)

    draw("longest-name-page", "/technologies/longest/", height=620)
    draw("longest-name-list", "/technologies/", height=620)
    draw("longest-name-phone", "/technologies/longest/", width=390)


def test_no_content(draw: Draw) -> None:
    draw("no-content", "/", height=420)


def test_twenty_rows(draw: Draw) -> None:
    fill_comparison()
    make_stack(slug="stack", name="Twenty roles", roles=20, choices=2)
    for place in range(20):
        make_technology(
            name=f"Library {place + 1}", slug=f"library-{place}", summary="It does one thing."
        )

    draw("twenty-rows-comparison", "/comparisons/brokers/", height=820)
    draw("twenty-rows-stack", "/stacks/stack/", height=1300)
    draw("twenty-rows-list", "/technologies/", height=1100)


def test_dark(draw: Draw) -> None:
    fill_category()
    fill_comparison(criteria=8)

    draw("dark", "/categories/brokers/", height=900, color_scheme="dark")
    draw("dark-comparison", "/comparisons/brokers/", color_scheme="dark")


def test_forced_colours(draw: Draw) -> None:
    fill_category()
    fill_comparison(criteria=8)

    forced: dict[str, Any] = {"forced_colors": "active", "color_scheme": "dark"}
    draw("forced-colours", "/categories/brokers/", height=900, **forced)
    draw("forced-colours-comparison", "/comparisons/brokers/", **forced)


def test_narrow(draw: Draw) -> None:
    fill_category()
    fill_comparison(criteria=8)

    draw("narrow", "/categories/brokers/", width=320, height=900)
    draw("narrow-comparison", "/comparisons/brokers/", width=320, height=900)
    draw("magnified", "/comparisons/brokers/", width=320, height=256, at="table")


def test_large_text(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live_server: Any
) -> None:
    fill_category()
    arguments = [*browser_type_launch_args["args"], "--blink-settings=defaultFontSize=32"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto(f"{live_server.url}/categories/brokers/")
    keep(page, "large-text")
    browser.close()


def test_print(page: Page, live_server: Any, tmp_path: Path) -> None:
    fill_comparison()
    page.goto(f"{live_server.url}/comparisons/brokers/")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)

    program = shutil.which("pdftoppm")
    assert program is not None, "pdftoppm of poppler-utils turns pages into pictures; install it"
    PICTURES.mkdir(exist_ok=True)
    subprocess.run(  # noqa: S603 - the arguments are our own
        [program, "-png", "-r", "90", "-singlefile", tmp_path / "page.pdf", PICTURES / "print"],
        check=True,
    )
    assert (PICTURES / "print.png").stat().st_size < LARGEST
