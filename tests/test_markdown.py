"""Markdown becomes HTML that does nothing but look like text, once for each source."""

import re
import sqlite3
import time
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from pygments.lexer import Lexer
from pygments.token import Token

from catalog import markdown
from catalog.history import editions
from catalog.markdown import html_for, render
from catalog.models import Code, Edition, RenderedMarkdown
from catalog.models.fields import LONGEST_MARKDOWN
from tests.factories import make_snippet

SAFE_SCHEMES = ("http:", "https:", "mailto:")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed' onclick=alert(1)>x</p>",
    "<form action=//example.org><input name=password></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<base href=//example.org>\n<meta http-equiv=refresh content=0>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/gif;base64,R0lGODlh)",
    "[x](ftp://example.org/)",
    "[x](ms-settings:privacy)",
    "[x](vbscript:msgbox(1))",
    "[x](//example.org 'onmouseover=alert(1)')",
    "[x](https://example.org/\"onmouseover=\"alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://example.org/track.gif)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<https://example.org/\"onclick=alert(1)>",
    "javascript:alert(1)",
    "```\"><script>alert(1)</script>\nx\n```",
    "```python onmouseover=alert(1)\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <script>alert(1)</script> |\n|:-:|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
]  # fmt: skip
ALLOWED_ATTRIBUTES = {"id", "href", "title", "rel", "class", "role", "tabindex", "aria-label"}


def parse(html: str) -> Element:
    return html5lib.parseFragment(html, namespaceHTMLElements=False)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_leaves_no_unsafe_node(source):
    tree = parse(render(source))

    elements = [element for element in tree.iter() if element is not tree]
    assert {element.tag for element in elements} <= markdown.TAGS
    assert {name for element in elements for name, _ in element.items()} <= ALLOWED_ATTRIBUTES
    links = [element.get("href") for element in elements if element.get("href")]
    assert [href for href in links if is_unsafe(href)] == []


def is_unsafe(href: str) -> bool:
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\x00-\x20]", "", href).lower())
    return scheme is not None and scheme.group() not in SAFE_SCHEMES


# By what becomes of it.
RENDERED = {
    "html is shown as text": (
        "<script>x</script> & **bold**",
        "<p>&lt;script&gt;x&lt;/script&gt; &amp; <strong>bold</strong></p>\n",
    ),
    "a link says that nobody vouches for it": (
        '[Django](https://example.org/ "Title")',
        '<p><a href="https://example.org/" title="Title" rel="nofollow noopener">Django</a></p>\n',
    ),
    "a bare address becomes a link": (
        "See https://example.org/docs",
        '<p>See <a href="https://example.org/docs" rel="nofollow noopener">'
        "https://example.org/docs</a></p>\n",
    ),
    "an underlined heading is lowered too": (
        "Title\n=====\n\nBelow\n-----",
        '<h2 id="text-title">Title</h2>\n<h3 id="text-below">Below</h3>\n',
    ),
    "a table stands in a group that a keyboard can scroll": (
        "| a |\n|---|\n\n> | b |\n> |---|",
        '<div role="group" tabindex="0" aria-label="Table"><table>\n'
        "<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table></div>\n"
        '<blockquote>\n<div role="group" tabindex="0" aria-label="Table"><table>\n'
        "<thead>\n<tr>\n<th>b</th>\n</tr>\n</thead>\n</table></div>\n</blockquote>\n",
    ),
    "code is coloured by class": (
        "```python\nx = '<b>'\n```",
        '<pre><code><span class="n">x</span> <span class="o">=</span> '
        "<span class=\"s1\">'&lt;b&gt;'</span>\n</code></pre>\n",
    ),
    "a snippet is coloured by class": (
        Code("python", "def f(): # “x”"),
        '<code><span class="k">def</span> <span class="nf">f</span><span class="p">():</span> '
        '<span class="c1"># “x”</span></code>',
    ),
}


@pytest.mark.parametrize(("source", "html"), RENDERED.values(), ids=RENDERED)
def test_markdown_becomes_html(source, html):
    assert render(source) == html


def test_only_what_has_a_scheme_or_www_becomes_a_link():
    """Names of files and packages end like names of sites: codimd 1613."""
    source = "Edit settings.py, README.md, main.rs; //a.org, ada@example.org; www.python.org"

    assert render(source) == (
        f"<p>{source.removesuffix('www.python.org')}"
        '<a href="http://www.python.org" rel="nofollow noopener">www.python.org</a></p>\n'
    )


def test_headings_have_ids_that_links_in_the_text_lead_to():
    source = "# Is *it* safe?\n\n# Ünd\n\n# Ünd\n\n# …\n\n[a](#Is-it-safe) [b](#text-und) [c](/x#y)"

    html = parse(render(source))

    ids = [element.get("id") for element in html if element.tag == "h2"]
    assert ids == ["text-is-it-safe", "text-ünd", "text-ünd-2", "text-heading"]
    links = [link.get("href") for element in html for link in element.iter("a")]
    assert links == ["#text-is-it-safe", "#text-und", "/x#y"]


def test_headings_stand_below_the_heading_of_the_page():
    source = "\n\n".join(f"{'#' * level} {level}" for level in range(1, 7))

    tags = [(element.tag, element.text) for element in parse(render(source))]

    assert tags == [("h2", "1"), ("h3", "2"), ("h4", "3"), ("h5", "4"), ("h6", "5"), ("h6", "6")]


def test_columns_are_aligned_by_class():
    html = render("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |")

    cells = [(cell.tag, cell.get("class")) for cell in parse(html).iter() if len(cell.tag) == 2]
    aligned = ["align-left", "align-center", "align-right", None]
    assert [pair for pair in cells if pair[0] != "tr"] == [
        *(("th", name) for name in aligned),
        *(("td", name) for name in aligned),
    ]
    assert "style" not in html


def test_no_other_group_passes_the_sanitiser():
    hostile = '<div role="alert" tabindex="1" aria-label="Pay" class="banner" id="main">x</div>'

    assert markdown._clean(hostile) == "<div>x</div>"


def text_of_code(html: str) -> str:
    """What a reader copies: the text of the element that the page puts this into."""
    return "".join(parse(f"<pre>{html}</pre>").itertext())


LANGUAGES = ["python", "bash", "console", "toml", "yaml", "html", "diff", "json", "unknown"]
# All but what HTML cannot carry: controls, and the carriage return that every browser turns.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"))


@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
@example(text="\n\n  x = '''", language="python")
@example(text="no newline at the end", language="python")
@example(text="\ufeffx = 1\n", language="python")
@example(text="```\n~~~~\n```` `\n", language="bash")
@example(text="</code></pre><script>alert(1)</script>&lt;\t", language="html")
@example(text="", language="yaml")
def test_code_is_shown_to_the_last_character(text, language):
    html = render(Code(language, text))

    assert text_of_code(html) == text
    assert {element.tag for element in parse(html).iter()} <= {"DOCUMENT_FRAGMENT", "code", "span"}


def test_code_beyond_the_longest_is_only_escaped():
    longest = "x = 1\n" * (LONGEST_MARKDOWN // 6)

    assert "<span" in render(Code("python", longest))
    assert render(Code("python", longest + "a < b")) == f"<code>{longest}a &lt; b</code>"


def test_code_that_a_highlighter_would_change_is_only_escaped(monkeypatch):
    tokens = [(Token.Keyword, "els"), (Token.Text, "e\n")]
    monkeypatch.setattr(Lexer, "get_tokens", lambda lexer, text: tokens)

    assert render(Code("python", "else\n")) == '<code><span class="k">els</span>e\n</code>'
    assert render(Code("python", "elif\n")) == "<code>elif\n</code>"


def test_code_in_another_language_is_another_source():
    sources = ["x", Code("python", "x"), Code("bash", "x"), Code("python", "y")]

    assert len({markdown.digest(source) for source in sources}) == 4


@pytest.mark.django_db
def test_the_code_of_a_snippet_is_rendered_when_it_is_written():
    with editions.record("ada", "A snippet", Edition.Origin.ADMIN):
        snippet = make_snippet(language="python", code="x = 1\n")

    kept = RenderedMarkdown.objects.values_list("digest", flat=True)
    assert set(kept) == {markdown.digest(snippet.source)}


@pytest.mark.parametrize("language", ["", "no-such-language", "<script>", "python3000 title=x"])
def test_code_in_an_unknown_language_is_only_escaped(language):
    assert render(f"```{language}\na < b\n```") == "<pre><code>a &lt; b\n</code></pre>\n"


def test_a_source_beyond_the_longest_is_plain_paragraphs():
    longest = "*" + "x" * (LONGEST_MARKDOWN - 2) + "*"

    assert render(longest) == f"<p><em>{longest[1:-1]}</em></p>\n"
    assert render(longest + "<b>") == f"<p>{longest}&lt;b&gt;</p>"


@pytest.mark.parametrize(
    "source",
    ["[" * 19_000, "*a " * 6_000, "> " * 5_000, "`" * 19_999, "- " * 5_000, "<" * 19_000],
    ids=lambda source: source[:4],
)
def test_hostile_sources_of_full_length_are_rendered_in_time(source):
    begun = time.monotonic()

    html = render(source)

    assert time.monotonic() - begun < 5
    assert {element.tag for element in parse(html).iter()} <= markdown.TAGS | {"DOCUMENT_FRAGMENT"}


@pytest.mark.django_db
def test_what_is_missing_is_rendered_and_kept():
    assert html_for(["One *word*.", "", "Two"]) == {
        "One *word*.": "<p>One <em>word</em>.</p>\n",
        "Two": "<p>Two</p>\n",
        "": "",
    }
    assert dict(RenderedMarkdown.objects.values_list("digest", "html")) == {
        markdown.digest("One *word*."): "<p>One <em>word</em>.</p>\n",
        markdown.digest("Two"): "<p>Two</p>\n",
    }


@pytest.mark.django_db
def test_what_is_kept_costs_one_query(django_assert_num_queries):
    sources = [f"Source {number}" for number in range(20)]
    html_for(sources)

    with django_assert_num_queries(1):
        html = html_for(sources)

    assert html["Source 7"] == "<p>Source 7</p>\n"


@pytest.mark.django_db
def test_nothing_to_render_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert html_for(["", ""]) == {"": ""}


@pytest.mark.django_db
def test_another_renderer_renders_again(monkeypatch):
    html_for(["Text"])
    RenderedMarkdown.objects.update(html="<p>old</p>")

    assert html_for(["Text"]) == {"Text": "<p>old</p>", "": ""}
    monkeypatch.setattr(markdown, "RENDERER", "another")
    assert html_for(["Text"]) == {"Text": "<p>Text</p>\n", "": ""}


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="only SQLite has one lock for all who write"
)
def test_a_reader_does_not_wait_for_a_writer():
    connection.ensure_connection()
    before = busy_timeout()
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()

        html = html_for(["While another writes"])

        waited = time.monotonic() - begun
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    assert html == {"While another writes": "<p>While another writes</p>\n", "": ""}
    assert waited < 1
    assert RenderedMarkdown.objects.count() == 0
    assert busy_timeout() == before >= 1_000
    html_for(["While another writes"])
    assert RenderedMarkdown.objects.count() == 1


def busy_timeout() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]
