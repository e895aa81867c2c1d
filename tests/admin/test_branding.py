"""Django's admin under our name and in our colours, which can be read by everybody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from whitenoise.compress import Compressor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FOLDER: Path = settings.BASE_DIR / "static" / "css"
SHEET = FOLDER / "admin.css"
# As whitenoise makes it for every browser: gzip at level 9.
MOST_BYTES = 10_000
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in COLOUR.findall(SHEET.read_text())}
READ_TOGETHER = [
    *(("ink", ground) for ground in ("paper", "wash", "tint", "message-warning-bg")),
    ("ink", "message-error-bg"),
    *(("quiet", ground) for ground in ("paper", "wash", "tint")),
    *(("green", ground) for ground in ("paper", "wash", "tint")),
    *(("deep", ground) for ground in ("paper", "wash", "tint")),
    *(("error-fg", ground) for ground in ("paper", "wash", "message-error-bg")),
    *(("paper", ground) for ground in ("green", "deep")),
    *(("paper", f"delete-button{hover}-bg") for hover in ("", "-hover")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ_TOGETHER)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme: int) -> None:
    assert contrast(COLOURS["field"][theme], COLOURS["paper"][theme]) >= 3


def test_the_sheets_are_small() -> None:
    sheets = sorted(FOLDER.glob("admin*.css"))

    assert [sheet.name for sheet in sheets] == ["admin-grid.css", "admin-pages.css", "admin.css"]
    assert sum(len(Compressor.compress_gzip(sheet.read_bytes())) for sheet in sheets) <= MOST_BYTES


@pytest.mark.parametrize("address", ["/admin/", "/admin/catalog/category/add/"])
def test_every_page_has_our_sheet_after_djangos_own(admin_client: Client, address: str) -> None:
    page = admin_client.get(address).content.decode()

    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    ours = [place for place, sheet in enumerate(sheets) if "/static/css/" in sheet]
    assert sheets[ours[0]].endswith("css/admin.css")
    assert ours == list(range(ours[0], len(sheets)))
    assert '<a href="/admin/">StackGuide</a>' in page


def test_the_page_for_signing_in_has_it_too(client: Client) -> None:
    page = client.get("/admin/login/").content.decode()

    assert "css/admin.css" in page
    assert "StackGuide" in page
