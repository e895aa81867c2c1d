"""How long the lines of text are: a line of 45 to 75 characters is easily read to its end."""

import pytest

from catalog.models import Point
from tests.factories import (
    make_category,
    make_companion,
    make_comparison,
    make_guide,
    make_listing,
    make_point,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = (
    "A team that knows its tools well will be slower for a while with better ones, and nobody can "
    "say beforehand how long that while is going to last; write it down when it is over. "
)
LONG = (SENTENCE * 2)[:300]
MARKDOWN = f"{SENTENCE * 4}\n\n- {SENTENCE * 2}\n- {SENTENCE * 2}\n\n> {SENTENCE * 3}\n"
ADDRESSES = (
    "/",
    "/categories/category/",
    "/categories/top/",
    "/technologies/",
    "/technologies/technology/",
    "/comparisons/comparison/",
    "/stacks/stack/",
    "/versions/versions/",
)

# Each block of text and how many characters its lines have, but for the last one.
LINES = """() => {
  const found = [];
  const range = document.createRange();
  for (const block of document.querySelectorAll("main :is(p, li, dd)")) {
    if (block.querySelector("p, ul, ol, dl, table, pre") || !block.checkVisibility()) continue;
    const lines = [];
    let bottom = -Infinity;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      for (let at = 0; at < walker.currentNode.length; at++) {
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + 1);
        const box = range.getClientRects()[0];
        if (!box || !box.width) continue;
        if ((box.top + box.bottom) / 2 > bottom) {
          lines.push(0);
          bottom = box.bottom;
        }
        lines[lines.length - 1]++;
      }
    if (lines.length > 2)
      found.push([block.outerHTML.slice(0, 30) + " in " + block.parentElement.className,
                  block.matches(".prose *, .lede"), lines.slice(0, -1)]);
  }
  return found;
}"""


@pytest.fixture(autouse=True)
def wordy_guide() -> None:
    """Fill each text with as much as it may hold."""
    make_guide(introduction=MARKDOWN, closing=MARKDOWN)
    short = LONG[:200]
    top = make_category(slug="top", introduction=MARKDOWN, best_for=short, qualifier=LONG[:120])
    category = make_category(slug="category", parent=top, best_for=short, introduction=MARKDOWN)
    technology = make_technology(
        slug="technology", summary=short, description=MARKDOWN, lifecycle_note=LONG
    )
    listing = {"qualifier": LONG[:120], "best_for": short, "note": LONG, "because": LONG}
    make_listing(category, technology, **listing)
    make_listing(top, technology, verdict="avoid", **listing)
    for kind in Point.Kind:
        make_point(technology, kind=kind, text=LONG)
    make_companion(technology, note=LONG)
    make_comparison(slug="comparison", category=category, introduction=MARKDOWN, verdict=MARKDOWN)
    make_stack(slug="stack", introduction=MARKDOWN)
    make_version_set(slug="versions", introduction=MARKDOWN, python_note=short)


def test_lines_have_a_length_that_can_be_read(page):
    measured = {}
    for address in ADDRESSES:
        page.goto(address)
        for width in (1280, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            measured[address, width] = page.evaluate(LINES)

    # The columns of a list of facts may be narrower; what is written to be read through may not.
    wrong = [
        (address, block, lines)
        for address, blocks in measured.items()
        for block, is_prose, lines in blocks
        if max(lines) > 75 or (is_prose and sum(lines) / len(lines) < 45)
    ]
    assert [address for address, blocks in measured.items() if not blocks] == []
    assert wrong == []
