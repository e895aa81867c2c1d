"""What the style sheets promise: contrast in light and dark, nothing fetched, a form, a size."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from whitenoise.compress import Compressor

FOLDER: Path = settings.BASE_DIR / "static" / "css"
# The pages' own; the admin's sheets set Django's variables and have tests of their own.
NAMES = ("site.css", "parts.css", "compare.css")
SHEETS = [FOLDER / name for name in NAMES]
CSS = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
# As whitenoise makes it for every browser: gzip at level 9. Most are sent Brotli, which is smaller.
MOST_BYTES = 12_000
MOST_OF_A_SCRIPT = 4_096
# Editors load these once for a day's work.
MOST_OF_A_SCRIPT_AT_THE_DESK = 8_192
SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))

TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS
    )
}
TEXT = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("quiet", "paper"),
    ("quiet", "wash"),
    ("accent", "paper"),
    ("accent", "wash"),
    ("ink", "tint"),
    ("accent", "tint"),
    ("paper", "ink"),  # a button
    ("paper", "accent"),  # a button under the pointer
]
NOT_TEXT = [("field", "paper"), ("accent", "paper"), ("accent", "wash"), ("rule", "paper")]

every_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])


def luminance(color: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(pair: tuple[str, str], scheme: str) -> float:
    darker, lighter = sorted(luminance(TOKENS[name][scheme]) for name in pair)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_the_standard():
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#777777") == pytest.approx(0.184, abs=0.001)


@every_scheme
@pytest.mark.parametrize("pair", TEXT, ids=" on ".join)
def test_text_stands_out(pair, scheme):
    assert contrast(pair, scheme) >= 4.5


@every_scheme
@pytest.mark.parametrize("pair", NOT_TEXT, ids=" on ".join)
def test_edges_of_fields_and_the_focus_stand_out(pair, scheme):
    assert contrast(pair, scheme) >= 3


def test_every_colour_on_the_screen_is_a_token():
    screen = CSS.partition("@media print")[0]
    tokens = re.sub(r"--[\w-]+: light-dark\([^)]*\);", "", screen)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[\s;,)])|\brgba?\(|\bhsla?\(", tokens) == []


def test_nothing_is_fetched_by_a_style_sheet():
    assert re.findall(r"@import|url\(|image-set\(|data:", CSS) == []


def test_the_style_sheets_are_small():
    assert sum(len(Compressor.compress_gzip(sheet.read_bytes())) for sheet in SHEETS) <= MOST_BYTES


def test_the_script_of_every_page_is_small():
    most = defaultdict(lambda: MOST_OF_A_SCRIPT_AT_THE_DESK, {"site.js": MOST_OF_A_SCRIPT})
    assert [script.name for script in SCRIPTS if script.stat().st_size >= most[script.name]] == []


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def without_arguments(css: str) -> str:
    """Return a sheet without what quotes and brackets hold: no comma there ends anything."""
    css = re.sub(r'"[^"]*"', '""', css)
    while (shorter := re.sub(r"\([^()]*\)", "", css)) != css:
        css = shorter
    return css


def test_a_sheet_has_one_selector_or_declaration_a_line():
    line = re.compile(r"@[^;{}]+[;{]|[^,;{}]+[,{]|[^;{}]+;|}|")

    assert [
        f"{sheet.name}: {text}"
        for sheet in sorted(FOLDER.glob("*.css"))
        for text in without_arguments(without_comments(sheet.read_text())).splitlines()
        if not line.fullmatch(text.strip())
    ] == []


def test_the_first_sheet_says_in_which_order_layers_stand():
    order = re.compile(r"@layer \w+, [\w, ]+;")

    assert [sheet.name for sheet in SHEETS if order.search(sheet.read_text())] == ["site.css"]


def test_every_rule_stands_in_a_layer():
    for sheet in SHEETS:
        plain = without_comments(sheet.read_text(encoding="utf-8"))
        outside, depth = "", 0
        for letter in plain:
            depth += (letter == "{") - (letter == "}")
            outside += letter if depth == 0 else ""
        assert depth == 0
        assert re.sub(r"@layer [\w, ]+[;}]?", "", outside).replace("}", "").strip() == ""


def test_every_token_that_is_used_is_defined():
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))

    assert used - set(re.findall(r"--([\w-]+):", CSS)) == set()
