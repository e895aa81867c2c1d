"""From Markdown and code to HTML that is safe to show: rendered once, sanitised, kept.

A source is Markdown, which is text, or Code, which is shown to the last character. What was
rendered is kept under a digest of its source.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby, pairwise
from typing import Any

import markdown_it
import nh3
import pygments
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString
from django.utils.text import slugify
from linkify_it import LinkifyIt
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

from catalog.locks import without_waiting
from catalog.models import Code, RenderedMarkdown
from catalog.models.fields import LONGEST_MARKDOWN

# Part of every key: raise the first number when the rules below change; an upgraded library
# changes the rest by itself.
RENDERER = f"4 {markdown_it.__version__} {nh3.__version__} {pygments.__version__}"

TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ALIGNED = {"align-left", "align-center", "align-right"}
CLASSES = {"span": set(STANDARD_TYPES.values()) - {""}, "th": ALIGNED, "td": ALIGNED}
# What makes a table that is wider than the page scroll by keyboard too, and have a name. A group
# and no region: regions must have names of their own, and a page may have many tables.
SCROLLER = {"role": "group", "tabindex": "0", "aria-label": "Table"}

# What ids of headings begin with.
ID = "text-"

Source = str | Code


def html_for(sources: Iterable[Source]) -> dict[Source, SafeString]:
    """Return the HTML of each source; an empty one gives empty HTML.

    One query when all have been rendered before. What is missing is rendered and kept, or
    only rendered where the database cannot take it just now: a reader never waits for a writer.
    """
    wanted = {digest(source): source for source in sources if source}
    kept = dict(RenderedMarkdown.objects.filter(digest__in=wanted).values_list("digest", "html"))
    missing = {key: render(source) for key, source in wanted.items() if key not in kept}
    if missing:
        _keep_without_waiting(missing)
    kept |= missing
    html = {source: _declared_safe(kept[key]) for key, source in wanted.items()}
    return {"": SafeString(), **html}


def shown_once(source: Source) -> SafeString:
    """Return the HTML of a source that is still being written; it is kept nowhere."""
    return _declared_safe(render(source))


def _declared_safe(html: str) -> SafeString:
    """Declare rendered Markdown safe, here alone; render() has sanitised it."""
    return SafeString(html)


def fill(rows: Iterable[dict[str, Any]]) -> None:
    """Render the Markdown and the code of these fixture rows, so that no reader has to."""
    sources = {digest(source): source for row in rows for source in _sources(row) if source}
    kept = set(RenderedMarkdown.objects.filter(digest__in=sources).values_list("digest", flat=True))
    _keep({key: render(source) for key, source in sources.items() if key not in kept})


def _sources(row: dict[str, Any]) -> Iterator[Source]:
    model, fields = apps.get_model(row["model"]), row["fields"]
    yield from (fields[name] for name in model.MARKDOWN)
    if model.CODE:
        yield Code(*(fields[name] for name in model.CODE))


def digest(source: Source) -> str:
    kind, text = "Markdown", source
    if isinstance(source, Code):
        kind, text = f"code {source.language}", source.text
    return hashlib.sha256(f"{RENDERER}\0{kind}\0{text}".encode()).hexdigest()


def render(source: Source) -> str:
    """Return the sanitised HTML of a source. Slow: some milliseconds for a page of prose.

    Markdown beyond the longest allowed is shown as plain paragraphs; only a fixture can bring
    it, and the renderer needs seconds for hostile input of that size.
    """
    if isinstance(source, Code):
        return _clean(f"<code>{highlight(source.text, source.language)}</code>")
    if len(source) > LONGEST_MARKDOWN:
        return linebreaks(source, autoescape=True)
    return _clean(_parser.render(source))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, **{f"h{level}": {"id"} for level in range(2, 7)}},
        tag_attribute_values={"div": {name: {value} for name, value in SCROLLER.items()}},
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )


def highlight(code: str, language: str, _attributes: str = "") -> str:
    """Return code as HTML with a class for each kind of token, the same text to the character.

    It is only escaped in an unknown language, beyond the longest allowed, and where the
    highlighter would leave something out or put something in.
    """
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code)
    if len(code) > LONGEST_MARKDOWN:
        return escape(code)
    tokens = list(lexer.get_tokens(code))
    if "".join(text for _, text in tokens) != code:
        return escape(code)
    named = groupby(tokens, key=lambda token: _class_of(*token))
    runs = ((name, escape("".join(text for _, text in run))) for name, run in named)
    return "".join(f'<span class="{name}">{text}</span>' if name else text for name, text in runs)


def _class_of(kind: Any, text: str) -> str:
    """Return the class of a kind of token, or of the nearest above it; none for white space."""
    while kind not in STANDARD_TYPES:
        kind = kind.parent
    return "" if text.isspace() else STANDARD_TYPES[kind]


class WholeAddresses(LinkifyIt):
    """Finds addresses with a scheme or www.: “settings.py” is a file, no site of Paraguay."""

    def match(self, text: str) -> list[Any] | None:
        found = super().match(text) or []
        return [
            one
            for one in found
            if one.schema not in ("", "//") or one.raw.lower().startswith("www.")
        ] or None


def _make_parser() -> markdown_it.MarkdownIt:
    parser = markdown_it.MarkdownIt(
        "commonmark", {"html": False, "linkify": True, "highlight": highlight}
    ).enable(["table", "strikethrough", "linkify"])
    parser.linkify = WholeAddresses(options={"fuzzy_email": False})
    parser.core.ruler.push("below_the_page_heading", _lower_headings)
    parser.core.ruler.push("ids_for_headings", _name_headings)
    parser.core.ruler.push("classes_for_alignment", _align_by_class)
    attributes = "".join(f' {name}="{value}"' for name, value in SCROLLER.items())
    parser.add_render_rule("table_open", lambda *_parts: f"<div{attributes}><table>\n")
    parser.add_render_rule("table_close", lambda *_parts: "</table></div>\n")
    return parser


def _lower_headings(state: Any) -> None:
    """Make `#` an h2: the page's h1 is the name of its thing."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _name_headings(state: Any) -> None:
    """Give headings ids, and lead `[x](#its-words)` to them.

    The page has ids of its own, so those of a text begin with “text-”.
    """
    given = Counter()
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open":
            words = slugify(_words_of(inline), allow_unicode=True) or "heading"
            given[words] += 1
            suffix = f"-{given[words]}" if given[words] > 1 else ""
            opening.attrs["id"] = f"{ID}{words}{suffix}"
        for token in opening.children or ():
            href = str(token.attrs.get("href", ""))
            if href.startswith("#") and not href.startswith(f"#{ID}"):
                token.attrs["href"] = f"#{ID}{href[1:].lower()}"


def _words_of(inline: Any) -> str:
    """Return the text of a heading without its markup."""
    return "".join(token.content for token in inline.children or ())


def _align_by_class(state: Any) -> None:
    """Write a column's alignment as a class; the content policy allows no style attribute."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
            token.attrs["class"] = "align-" + str(style).removeprefix("text-align:")


def _keep(rendered: dict[str, str]) -> None:
    rows = [RenderedMarkdown(digest=key, html=html) for key, html in rendered.items()]
    RenderedMarkdown.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def _keep_without_waiting(rendered: dict[str, str]) -> None:
    """Keep what a reader's request had to render, unless another writer is at work.

    A database that cannot be written (locked, read-only, full) costs nothing but the next
    rendering.
    """
    with suppress(DatabaseError), without_waiting(), transaction.atomic():
        _keep(rendered)


_parser = _make_parser()
