"""Pages in a real browser: nothing sticks out of a narrow one, and focus can be seen."""

import pytest

from tests.browser.looking import STICKS_OUT
from tests.factories import make_technology, make_whole_guide

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("watch")]

ADDRESSES = [
    ("/", 200),
    ("/categories/", 200),
    ("/categories/top/", 200),
    ("/categories/category/", 200),
    ("/technologies/", 200),
    ("/technologies/?text=nothing-like-it", 200),
    ("/technologies/technology/", 200),
    ("/comparisons/", 200),
    ("/comparisons/comparison/", 200),
    ("/compare/?t=technology&t=newer", 200),
    ("/stacks/", 200),
    ("/stacks/stack/", 200),
    ("/versions/", 200),
    ("/versions/versions/", 200),
    ("/no-such-page/", 404),
]
# Sideways scrollers that a keyboard cannot reach.
OUT_OF_REACH = """
[...document.querySelectorAll("body *")].filter((element) =>
  element.scrollWidth > element.clientWidth + 1
  && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
  && !(element.tabIndex === 0 && ["region", "group"].includes(element.role)
       && (element.ariaLabel || element.hasAttribute("aria-labelledby")))
).map((element) => element.outerHTML.slice(0, 80))
"""


@pytest.fixture(autouse=True)
def whole_guide() -> None:
    make_whole_guide()
    make_technology(name="A-name-without-any-space-" + "x" * 60, summary="y" * 120)


def test_nothing_sticks_out_of_a_narrow_page_or_where_text_is_twice_as_large(page):
    found = {}
    for address, _ in ADDRESSES:
        page.set_viewport_size({"width": 320, "height": 640})
        response = page.goto(address)
        assert response is not None
        narrow = (page.evaluate(STICKS_OUT), page.evaluate(OUT_OF_REACH))
        page.set_viewport_size({"width": 640, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found[address] = (response.status, *narrow, page.evaluate(STICKS_OUT))

    assert found == {address: (status, 0, [], 0) for address, status in ADDRESSES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_stop_of_the_tab_key_can_be_seen(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/comparisons/comparison/")
    for _ in range(page.locator("a, [tabindex='0']").count()):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
