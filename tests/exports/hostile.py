"""Words that try to be more than words, and tables made of them."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from catalog.comparison.engine import (
    Cell,
    Contender,
    Criterion,
    Group,
    Rectangle,
    Table,
    arrange,
    read,
)
from catalog.exports import Sheet
from tests.comparison.tables import queries, tables

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(CONCATENATE(A1))", "=cmd|' /C calc'!A0"),
    *("\t=1", "\r=1", "\n=1", "\tquiet", "\rquiet", "  =1", "\N{NO-BREAK SPACE}-1"),
    *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\ufe661", "\u207a1", "\u200b=1", "\ufeff@a"),
    *("'=1", '"=1', "' =1", "a;=1", "a; -1", "a\t+1", "a\n@b", 'a;"=1"', "\x01=1"),
]
MARKUP = [
    *(
        "a|b",
        "|",
        "||",
        "a\\|b",
        "\\",
        "\\\\",
        "a\\",
        "| --- |",
        "\n| --- |\n| x |",
        "a\nb",
        "a\r\nb",
    ),
    *("# h", "- l", "+ l", "* l", "1. l", "2) l", "> q", "===", "---", "```", "~~~", "    code"),
    *("\n\n# h", "[a](https://x.example)", "![a](b)", "[a]: https://x.example", "[^1]", "[a][b]"),
    *("https://x.example/a", "ftp://x.example", "//x.example", "www.x.example", "www.1x.example"),
    *("x.example", "Node.js", "a@x.example", "mailto:a@x.example", "<https://x.example>"),
    *("<b>x</b>", "<script>alert(1)</script>", "<!--", "&lt;", "&#124;", "&nbsp;", "`a`", "``"),
    *("**b**", "__b__", "_i_", "*", "~~s~~", "$x$", "a^b^", "{x}", "]]>", "{{ x }}", "{% x %}"),
]
OTHERS = [
    *('"quoted", text', '"', ",", ";", "\x01", "\x1b[31mred", "\x7f", "\x85", "\u2028x", "a\x0bb"),
    *("\u202etxt.exe", "\u2066a\u2069", "\u200fa\u200e", "e\u0301", "\N{GRINNING FACE}", "\u200da"),
]
HOSTILE = [*FORMULAS, *MARKUP, *OTHERS]


def rectangle_of(text: str) -> Rectangle:
    """A table that says `text` wherever something can be said, and rules its second column out."""
    contenders = (Contender("a", text, text), Contender("b", text, text))
    criteria = (
        Criterion("rated", text, weight=3, question=text, address="/rated/"),
        Criterion("said", text, kind="text", group="group", question=text),
    )
    cell = Cell("known", 4, text, text, text, "https://x.example/", date(2020, 1, 2), text, text)
    cells = {
        ("rated", "a"): cell,
        ("rated", "b"): cell._replace(rating=0, source=f"https://x.example/{text}"),
        ("said", "a"): cell._replace(rating=None, word="", stale=True),
        ("said", "b"): cell._replace(rating=None, value=""),
    }
    table = Table(contenders, criteria, cells, (Group("group", text, text),))
    question, _ = read({"must": ["rated.1"]}, table)
    return arrange(table, question)


def sheet_of(text: str) -> Sheet:
    address = "https://guide.example/comparisons/a/?must=rated.1"
    return Sheet(text, address, rectangle_of(text), 7, date(2026, 11, 22), (text,))


# Letters that mean something somewhere are as frequent as all others.
words = st.text(
    st.sampled_from("=+-@\t\r\n;'\"|\\`*_[]()<>#&~:/. aé1wW\u202e\u200b\uff1d")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    max_size=12,
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Any small table under any question, its words any text at all."""
    plain = draw(tables())
    said = iter(draw(st.lists(words, min_size=12, max_size=12)) * 20)
    table = replace(
        plain,
        contenders=tuple(
            one._replace(name=next(said), versions=next(said)) for one in plain.contenders
        ),
        criteria=tuple(
            one._replace(name=next(said), question=next(said)) for one in plain.criteria
        ),
        groups=tuple(one._replace(name=next(said), note=next(said)) for one in plain.groups),
        cells={
            key: cell
            if cell.state != "known"
            else cell._replace(
                word=next(said), value=next(said), note=next(said), source=next(said), stale=False
            )
            for key, cell in plain.cells.items()
        },
    )
    question, complaints = read(draw(queries(table)), table)
    title, address = draw(words), "https://guide.example/comparisons/a/"
    return Sheet(title, address, arrange(table, question), complaints=tuple(complaints))
