"""Other media than the screen: what is drawn in forced colours, and what is printed."""

import pytest

from tests.browser.looking import WIDE
from tests.browser.public import ADDRESSES
from tests.factories import make_comparison

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_guide")]

# Boxes that are seen only by their ground: each mark on the page, and the colour it is painted in.
MARKS = """() => {
  const found = [];
  for (const element of document.querySelectorAll("body *"))
    for (const part of ["::before", "::after"]) {
      const style = getComputedStyle(element, part);
      if (style.content !== "none" && style.clipPath !== "none" && element.checkVisibility())
        found.push([element.outerHTML.slice(0, 60) + part, style.backgroundColor]);
    }
  return found;
}"""
IS_SHOWN = """(selector) =>
  [...document.querySelectorAll(selector)].some((element) => element.checkVisibility())
"""


def test_marks_are_painted_in_the_colours_a_reader_forces(page):
    painted, wrong = {}, []
    for address in ADDRESSES:
        page.goto(address)
        for scheme in WIDE:
            page.emulate_media(forced_colors="active", color_scheme=scheme)
            ink = page.evaluate("getComputedStyle(document.body).color")
            painted[address, scheme] = page.evaluate(MARKS)
            wrong += [mark for mark, colour in painted[address, scheme] if colour != ink]

    assert [place for place, marks in painted.items() if not marks] == []
    assert wrong == []


@pytest.mark.parametrize("address", ["/technologies/", "/technologies/fastapi/"])
def test_paper_has_no_navigation_and_no_form(page, address):
    page.goto(address)
    assert page.evaluate(IS_SHOWN, ".mast nav a")

    page.emulate_media(media="print")

    hidden = [".mast > nav", ".skip", "form", ".pages", "button"]
    assert [selector for selector in hidden if page.evaluate(IS_SHOWN, selector)] == []
    shown = [".name", ".folio", "h1"]
    assert [selector for selector in shown if not page.evaluate(IS_SHOWN, selector)] == []


def test_paper_is_white_whatever_the_screen_is(page):
    page.emulate_media(color_scheme="dark", media="print")
    page.goto("/technologies/fastapi/")

    colours = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor,"
        " getComputedStyle(document.querySelector('h1')).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_nothing_is_left_off_the_paper(page):
    make_comparison(contenders=12, slug="wide")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 between its margins
    cut_off = {}
    for address in (*ADDRESSES, "/comparisons/wide/"):
        page.goto(address)
        cut_off[address] = page.evaluate(
            """[...document.querySelectorAll("main *")].filter((element) =>
              getComputedStyle(element).overflowX !== "visible"
              && getComputedStyle(element).clipPath !== "inset(50%)"
              && element.scrollWidth > element.clientWidth + 1).map((element) => element.className)
            """
        )

    assert {address: what for address, what in cut_off.items() if what} == {}
