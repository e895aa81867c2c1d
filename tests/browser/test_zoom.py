"""Pages that are small, magnified or in large type: all is there, and nothing covers the rest."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.looking import STICKS_OUT
from tests.browser.public import ADDRESSES
from tests.browser.test_look import OUT_OF_REACH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_guide")]

# Text that its own box cuts off. What is for screen readers alone is cut off on purpose, and what a
# cell says beside its word: its row opens to show it, and another density shows all of it. What is
# typed into a field scrolls.
CUT_OFF = """
[...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  return ["hidden", "clip"].includes(style.overflowX) && style.clipPath !== "inset(50%)"
    && !element.matches("tr:has(details) .val, input")
    && (element.scrollWidth > element.clientWidth + 1
        || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 80))
"""
# The most of the window that is ever under what sticks to it, scrolled from top to end.
COVERED = """async () => {
  const sticky = [...document.querySelectorAll("body *")].filter((element) =>
    ["sticky", "fixed"].includes(getComputedStyle(element).position));
  const page = document.documentElement;
  let most = 0;
  for (let y = 0; y <= page.scrollHeight; y += innerHeight / 2) {
    window.scrollTo(0, y);
    let area = 0;
    for (const element of sticky) {
      const box = element.getBoundingClientRect();
      const width = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
      const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
      area += Math.max(width, 0) * Math.max(height, 0);
    }
    most = Math.max(most, area / innerWidth / innerHeight);
  }
  return most;
}"""


def wrong_with(page: Page) -> dict[str, Any]:
    found = {
        "sticks out": page.evaluate(STICKS_OUT),
        "out of reach": page.evaluate(OUT_OF_REACH),
        "cut off": page.evaluate(CUT_OFF),
        "covered": page.evaluate(COVERED) > 0.5,
    }
    return {name: what for name, what in found.items() if what}


def look_at_all(page: Page, *sizes: tuple[int, int]) -> dict[str, Any]:
    """Open every page in windows of these sizes; return what is wrong, by address and size."""
    found = {}
    for address in ADDRESSES:
        page.goto(address)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            found[address, width, height] = wrong_with(page)
    return {place: wrong for place, wrong in found.items() if wrong}


@pytest.mark.browser_context_args(reduced_motion="reduce")
def test_a_small_window_shows_all(page):
    # The second is a screen of 1280 by 1024 at 400 %.
    assert look_at_all(page, (320, 640), (320, 256), (768, 1024)) == {}


def test_type_of_twice_the_size_shows_all(
    browser_type, browser_type_launch_args, browser_context_args
):
    # As the browser's own setting does it: what the page measures in rem grows, its breakpoints
    # as well.
    large = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
    arguments = [*browser_type_launch_args["args"], large]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    page = browser.new_page(**browser_context_args, reduced_motion="reduce")
    page.goto("/")
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")

    found = look_at_all(page, (1280, 900), (640, 900))

    browser.close()
    assert (size, found) == ("32px", {})


def test_what_is_wrong_is_found(page):
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto("/stacks/")
    page.evaluate(
        """() => {
          document.querySelector("h1").style.cssText = "white-space: nowrap; width: 400px";
          document.querySelector("header").style.cssText = "position: sticky; top: 0; height: 9rem";
          document.querySelector("main a").style.cssText
            = "display: block; overflow: hidden; min-height: 0; height: 4px";
        }"""
    )

    assert {*wrong_with(page)} == {"sticks out", "cut off", "covered"}
