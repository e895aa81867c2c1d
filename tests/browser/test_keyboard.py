"""Each page by the Tab key alone: every stop is seen, in the order of the page, and none holds."""

import pytest
from playwright.sync_api import Page

from tests.browser.public import ADDRESSES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("the_guide")]

# What the Tab key should reach. Of radio buttons of one name it reaches one; the content of a
# closed popover, or of closed details, it does not.
START = """() => {
  const stops = "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled,"
    + " textarea:enabled, summary, [tabindex='0']";
  window.expected = [...document.querySelectorAll(stops)].filter((element) =>
    element.tabIndex >= 0 && element.checkVisibility({visibilityProperty: true})
    && !(element.type === "radio" && element.form?.querySelector(
      `[name="${element.name}"]:checked`) && !element.checked));
  window.visited = [];
}"""
# What is wrong with where the focus is now; "end" after the last stop.
STOP = """() => {
  const element = document.activeElement;
  if (element === document.body || window.visited.includes(element)) return "end";
  const before = window.visited.at(-1);
  window.visited.push(element);
  const wrong = [];
  const style = getComputedStyle(element);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0)
    wrong.push("has no ring");
  if (before && !(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING))
    wrong.push("stands before the stop before it");
  const box = element.getClientRects()[0];
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (left >= right || top >= bottom) {
    wrong.push("is not on the screen");
  } else {
    const shown = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!(shown && (element.contains(shown) || shown.contains(element))))
      wrong.push("is under " + shown?.outerHTML.slice(0, 60));
  }
  return wrong.map((what) => element.outerHTML.slice(0, 80) + " " + what);
}"""
MISSED = """
window.expected.filter((element) => !window.visited.includes(element))
  .map((element) => element.outerHTML.slice(0, 80) + " was never reached")
"""


def walk(page: Page) -> list[str]:
    """Press Tab until the page ends; return what was wrong on the way."""
    page.evaluate(START)
    found = []
    for _ in range(page.evaluate("window.expected.length") + 5):
        page.keyboard.press("Tab")
        wrong = page.evaluate(STOP)
        if wrong == "end":
            return found + page.evaluate(MISSED)
        found += wrong
    return [*found, "the walk does not come to an end"]


# Otherwise the page would still be on its way when it is looked at.
@pytest.mark.browser_context_args(reduced_motion="reduce")
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (320, 256)])
def test_the_tab_key_leads_through_every_page(page, width, height):
    page.set_viewport_size({"width": width, "height": height})

    found = {}
    for address in ADDRESSES:
        page.goto(address)
        found[address] = walk(page)

    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_the_first_stop_leads_past_the_header(page):
    page.emulate_media(reduced_motion="reduce")
    passed = {}
    addresses = ADDRESSES[:-1]  # the page of an error has nothing to be led past
    for address in addresses:
        page.goto(address)
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        page.keyboard.press("Enter")
        page.wait_for_url("**#main")
        page.keyboard.press("Tab")
        # A page without any link in it goes on to the footer, or to its end.
        passed[address] = (
            first,
            page.evaluate("document.querySelector('header').contains(document.activeElement)"),
        )

    assert passed == dict.fromkeys(addresses, ("skip", False))


def test_what_is_wrong_with_a_stop_is_found(page):
    page.goto("/stacks/")
    page.evaluate(
        """() => {
          const [, bare] = document.querySelectorAll("main a");
          const cover = document.createElement("div");
          cover.style.cssText = "position: fixed; inset: 150px 0 0; background: red";
          document.body.append(cover);
          bare.style.outline = "none";
          bare.tabIndex = 1;  // before all others
        }"""
    )

    found = " ".join(walk(page))

    assert [text in found for text in ("is under <div", "has no ring", "before the stop")] == [
        True,
        True,
        True,
    ]
