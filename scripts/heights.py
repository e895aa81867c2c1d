"""How far down the answer of a page stands, in pixels: `make heights`, while `make run` serves.

Opens the pages of the site at BASE (http://127.0.0.1:8000) in Chromium as a desktop and as a phone
show them, and prints a line for each: where the table begins, where its first row ends up, how many
rows stand whole in the first screen, how high table and page are, how often Tab is pressed from the
table's head to its first weight, and how many bytes the page takes, as it is and compressed. Prints
and asserts nothing: fonts move the figures by some pixels. CHROMIUM names the browser.
"""

import gzip
import os
import shutil
import sys
import urllib.request

from playwright.sync_api import Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TABLES = ("async-frameworks", "python-orms", "task-queues", "web-frameworks")
PAGES = (
    *(f"/comparisons/{slug}/" for slug in TABLES),
    "/comparisons/web-frameworks/?show=marks",
    "/",
    "/categories/web-frameworks/",
    "/technologies/",
    "/technologies/fastapi/",
    "/comparisons/",
    "/compare/?t=fastapi&t=django&t=flask",
    "/stacks/modern-microservices/",
    "/versions/python-2026-11/",
)
SCREENS = ((1280, 800), (1600, 900), (390, 844))
MEASURES = """() => {
  const of = (element) => element.getBoundingClientRect();
  const table = document.querySelector("table.compared");
  const rows = table ? [...table.querySelectorAll("tbody tr:not(.group)")] : [];
  return {
    page: document.documentElement.scrollHeight,
    sideways: document.documentElement.scrollWidth > innerWidth,
    table: table && [of(table).top, of(table).height, of(rows[0]).top],
    whole: rows.filter((row) => of(row).bottom <= innerHeight).length,
  };
}"""
MOST_PRESSES = 40


def main() -> None:
    base = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("No Chromium is installed; install it, or name it with CHROMIUM.")
    print(f"{'page':46} screen   table  row at  whole  height    page  Tab  bytes  gzip")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for address in PAGES:
            for width, height in SCREENS:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(base + address)
                print(f"{address:46} {width:6} {measured(page)} {weight(base + address)}")
                page.close()
        browser.close()


def measured(page: Page) -> str:
    """Return the figures of a page in columns; blank where there is no table."""
    found = page.evaluate(MEASURES)
    sideways = " scrolls sideways" if found["sideways"] else ""
    if not found["table"]:
        return f"{'':31} {found['page']:7} {'':4}{sideways}"
    top, height, first = found["table"]
    figures = f"{top:7.0f} {first:7.0f} {found['whole']:6} {height:8.0f}"
    return f"{figures} {found['page']:7} {presses(page):4}{sideways}"


def presses(page: Page) -> int:
    """Return how often Tab is pressed from the first link of the table to the first weight."""
    page.locator("table.compared thead a:visible").first.focus()
    for pressed in range(1, MOST_PRESSES):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "w":
            return pressed
    return 0


def weight(address: str) -> str:
    """Return how many bytes the page takes, and how many compressed."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the site that was named
        content = answer.read()
    return f"{len(content):6} {len(gzip.compress(content)):5}"


if __name__ == "__main__":
    main()
