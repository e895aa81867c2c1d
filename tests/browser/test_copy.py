"""A button beside each snippet takes its code along, where the browser can."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import make_snippet, make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("watch")]

CODE = "\n\tif a < b & c:\n        print('“ünï” `x`')  \n\n"
ADDRESS = "/technologies/flask/"


@pytest.fixture(autouse=True)
def snippets() -> None:
    flask = make_technology(name="Flask", slug="flask")
    make_snippet(technology=flask, slug="first", title="First", code=CODE, position=1)
    make_snippet(technology=flask, slug="second", title="Second", code="x = 2\n", position=2)


@pytest.fixture
def copying(page: Page) -> Page:
    """The page of snippets in a browser that lets it write to the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ADDRESS)
    return page


def copied(context: BrowserContext) -> str:
    return context.pages[0].evaluate("navigator.clipboard.readText()")


def test_a_copy_button_appears_only_with_javascript(new_context):
    shown = []
    for enabled in (True, False):
        page = new_context(java_script_enabled=enabled).new_page()
        page.goto(ADDRESS)
        shown.append(page.get_by_role("button", name="Copy").count())

    assert shown == [2, 0]


def test_it_copies_exactly_the_code_of_its_snippet(copying):
    taken = []
    for button in copying.locator(".copy").all():
        button.click()
        expect(button).to_have_text("Copied")
        taken.append(copied(copying.context))

    assert taken == [CODE, "x = 2\n"]


def test_it_says_that_it_has_copied_and_is_quiet_again(copying):
    copying.get_by_role("button", name="Copy").first.click()

    expect(copying.get_by_role("status")).to_have_text("Copied")
    expect(copying.locator(".copy").first).to_have_text("Copied")
    expect(copying.get_by_role("status")).to_have_text("")
    expect(copying.locator(".copy").first).to_have_text("Copy")


def test_it_works_by_keyboard_and_keeps_the_focus(copying):
    button = copying.locator(".copy").nth(1)
    copying.get_by_role("region", name="Code: First").focus()
    copying.keyboard.press("Tab")
    expect(button).to_be_focused()
    copying.keyboard.press("Enter")

    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    assert copied(copying.context) == "x = 2\n"


@pytest.mark.parametrize(
    ("works", "word"), [("true", "Copied"), ("false", "Not copied")], ids=["works", "fails"]
)
def test_without_a_clipboard_it_copies_as_of_old_or_says_that_it_did_not(copying, works, word):
    copying.evaluate(f"""() => {{
      Object.defineProperty(navigator, "clipboard", {{ value: undefined }});
      document.execCommand = (name) => {{
        window.taken = [name, document.activeElement.value];
        return {works};
      }};
    }}""")

    copying.locator(".copy").first.click()

    expect(copying.get_by_role("status")).to_have_text(word)
    expect(copying.locator(".copy").first).to_have_text(word)
    expect(copying.locator(".copy").first).to_be_focused()
    assert copying.evaluate("window.taken") == ["copy", CODE]
    assert copying.locator("textarea").count() == 0


def test_it_says_when_the_browser_refuses(copying):
    refuse = "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"
    copying.evaluate(f"() => {{ {refuse} }}")

    copying.locator(".copy").first.click()

    expect(copying.get_by_role("status")).to_have_text("Not copied")


@pytest.mark.parametrize(
    ("address", "word"), [("/robots.txt", "Copied"), ("/no-such-page/", "Not copied")]
)
def test_it_copies_what_stands_at_an_address_also_in_what_htmx_brings(copying, address, word):
    copying.evaluate(
        """(address) => {
          const html = `<button type="button" data-sg-copy-from="${address}" data-sg-copied="Copied"
            data-sg-failed="Not copied" hidden>Take along</button>`;
          document.querySelector("main").insertAdjacentHTML("beforeend", html);
        }""",
        address,
    )
    button = copying.get_by_role("button", name="Take along")
    assert button.count() == 0
    copying.evaluate("document.body.dispatchEvent(new Event('htmx:load', { bubbles: true }))")

    button.click()

    expect(copying.get_by_role("status")).to_have_text(word)
    there = copying.evaluate("fetch('/robots.txt').then((answer) => answer.text())")
    if word == "Copied":
        assert copied(copying.context) == there


def test_it_keeps_to_the_policy_can_be_hit_and_is_not_printed(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(ADDRESS)
    button = page.locator(".copy").first
    box = button.bounding_box()
    assert box is not None
    assert (box["height"] >= 24, box["width"] >= 24) == (True, True)

    button.click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    page.emulate_media(media="print")

    expect(button).to_be_hidden()
