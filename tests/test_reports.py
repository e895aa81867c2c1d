"""The link by which a reader reports a mistake: filled in, whatever the title holds."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports import report_address
from tests.admin.pages import url_of
from tests.factories import make_comparison, make_technology
from tests.reading import Document, read

MAIL = "guide@example.org"
TRACKER = "https://tracker.example.org/new?title={title}&text={address}#{title}"
PAGE = "https://guide.example.org/technologies/flask/?a=1&b=ü"


@pytest.fixture(params=[MAIL, TRACKER], ids=["mail", "tracker"])
def either(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.REPORT_TO = request.param
    return request.param


def test_nowhere_to_report_to_is_no_link(settings):
    settings.REPORT_TO = ""

    assert report_address("Flask", PAGE) == ""


def test_a_mail_names_the_page_and_begins_with_its_address(settings):
    settings.REPORT_TO = "ann+guide&more@example.org"

    assert report_address("Flask & “friends”", "https://example.org/?a=1&b=2") == (
        "mailto:ann%2Bguide%26more@example.org"
        "?subject=StackGuide%3A%20Flask%20%26%20%E2%80%9Cfriends%E2%80%9D"
        "&body=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2%0D%0A%0D%0A"
    )


def test_a_tracker_gets_both_wherever_it_wants_them(settings):
    settings.REPORT_TO = TRACKER

    assert report_address("C++", "https://example.org/?a=1#x") == (
        "https://tracker.example.org/new?title=C%2B%2B"
        "&text=https%3A%2F%2Fexample.org%2F%3Fa%3D1%23x#C%2B%2B"
    )


HOSTILE = [
    ("{address}", "{address}"),
    ("{title} {x} %s %7Baddress%7D", "{title} {x} %s %7Baddress%7D"),
    ("one\r\nBcc: all@example.org\x00\x85 two", "one Bcc: all@example.org two"),
    ("\"'><script>&amp;", "\"'><script>&amp;"),
    ("&body=x#y?z\\", "&body=x#y?z\\"),
    ("Zażółć 💚 \u202eright to left", "Zażółć 💚 right to left"),
    ("\ud800", ""),
    ("", ""),
]


@pytest.mark.parametrize(("title", "said"), HOSTILE, ids=[ascii(title) for title, _ in HOSTILE])
def test_a_hostile_title_stays_a_title(either, title, said):
    parts = urlsplit(report_address(title, PAGE))

    values = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    if either == MAIL:
        subject = f"StackGuide: {said}"
        assert (parts.scheme, parts.path) == ("mailto", MAIL)
        assert values == {"subject": [subject], "body": [f"{PAGE}\r\n\r\n"]}
    else:
        assert (parts.scheme, parts.netloc, parts.path) == (
            *("https", "tracker.example.org", "/new"),
        )
        assert values == {"title": [said], "text": [PAGE]}


@given(title=st.text())
def test_no_title_leaves_the_characters_of_an_address(title):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog.reports.settings", type("Settings", (), {"REPORT_TO": TRACKER}))
        address = report_address(title, PAGE)

    assert address.isascii()
    assert set(address) & set(" \"'<>\\^`{|}\r\n\t\0") == set()


@pytest.mark.django_db
def test_a_page_offers_it_once_at_its_foot(client, settings):
    settings.REPORT_TO = MAIL
    make_technology(slug="flask", name="Flask & “friends”")

    page = read(client, "/technologies/flask/?x=1")

    ((text, address),) = page.links("footer")
    assert text == "Report a mistake on this page"
    assert parse_qs(urlsplit(address).query) == {
        "subject": ["StackGuide: Flask & “friends”"],
        "body": ["http://testserver/technologies/flask/\r\n\r\n"],
    }


@pytest.mark.django_db
def test_without_a_place_to_report_to_no_page_offers_it(client):
    assert read(client, "/").links("footer") == []


@pytest.mark.django_db
def test_a_place_on_a_page_can_be_reported_without_a_query(rf, settings, django_assert_num_queries):
    settings.REPORT_TO = "https://tracker.example.org/{title}/{address}"
    template = Template("{% load catalog %}{% report_link title place %}")
    context = {"title": "Async: Documentation of Quart", "place": "documentation-quart"}

    with django_assert_num_queries(0):
        shown = template.render(Context({"request": rf.get("/comparisons/async/?x"), **context}))
        nowhere = template.render(Context(context))

    assert shown == (
        "https://tracker.example.org/Async%3A%20Documentation%20of%20Quart/"
        "http%3A%2F%2Ftestserver%2Fcomparisons%2Fasync%2F%23documentation-quart"
    )
    assert nowhere == ""


@pytest.mark.django_db
@pytest.mark.ignore_template_errors  # the admin's own templates
def test_previews_and_error_pages_go_on_working(client, admin_client, settings):
    settings.REPORT_TO = MAIL
    comparison = make_comparison(title="Draft", status="draft")

    preview = admin_client.get(url_of(comparison, "preview"))
    missing = client.get(comparison.get_absolute_url())

    assert (preview.status_code, missing.status_code) == (200, 404)
    assert Document(preview.text).texts("footer/p")[1:] == ["Report a mistake on this page"]
    assert Document(missing.text).links("main") == [("To the start page", "/")]
