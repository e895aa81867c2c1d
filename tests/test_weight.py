"""What a first visit costs on the wire, with the static files as production compresses them."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import html5lib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from tests.browser.public import ADDRESSES

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
MOST_BYTES = 60_000
# With 72 cells, a note and the sources of each row in it, and the forms that weigh 15 rows. Pages
# are not compressed here; a proxy in front makes the table as small as the second figure.
MOST_BYTES_OF_A_TABLE = 110_000
MOST_BYTES_OF_A_PAGE_COMPRESSED = 14 * 1024
MOST_BYTES_OF_SHEETS = 12 * 1024
FETCHED = ("stylesheet", "icon", "preload", "modulepreload")


@pytest.fixture
def as_in_production(tmp_path: Path) -> Iterator[Client]:
    """A client of the site with its static files collected, named by content and compressed."""
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES=storages,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield Client(headers={"accept-encoding": "gzip, deflate, br"})


def fetch(client: Client, address: str) -> tuple[str, int]:
    """How the file is encoded, and its size so."""
    answer = client.get(address)
    size = len(answer.getvalue())
    for close in answer._resource_closers:  # not the whole answer's: it closes the database too
        close()
    return answer.headers["Content-Encoding"], size


def files_of(html: bytes, address: str) -> set[str]:
    """The addresses of what a browser fetches to show the page."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    named = [element.get("src") for element in tree.iter() if element.tag in ("script", "img")]
    for link in tree.iter("link"):
        if set((link.get("rel") or "").split()) & {*FETCHED}:
            named.append(link.get("href"))
    return {urljoin(address, name) for name in named if name}


def test_a_first_visit_is_light(as_in_production):
    packs = (FIXTURES / name for name in ("guide-2025", "guide-2026-11"))
    call_command("start_guide", *packs, verbosity=0)
    weights, encodings, compressed, sheets = {}, set(), {}, {}
    for address in ADDRESSES:
        page = as_in_production.get(address)
        files = {name: fetch(as_in_production, name) for name in files_of(page.content, address)}
        encodings |= {encoding for encoding, size in files.values()}
        weights[address] = len(page.content) + sum(size for encoding, size in files.values())
        compressed[address] = len(gzip.compress(page.content, compresslevel=6))
        sheets[address] = sum(size for name, (_, size) in files.items() if name.endswith(".css"))

    assert {a: size for a, size in weights.items() if size > MOST_BYTES_OF_A_TABLE} == {}
    tables = (*(f"/comparisons/{name}-" for name in ("task", "web", "async")), "/compare/?")
    heavy = [address for address, size in weights.items() if size > MOST_BYTES]
    assert {a: weights[a] for a in heavy if not a.startswith(tables)} == {}
    assert {a: n for a, n in compressed.items() if n > MOST_BYTES_OF_A_PAGE_COMPRESSED} == {}
    assert {a: n for a, n in sheets.items() if n > MOST_BYTES_OF_SHEETS} == {}
    assert encodings == {"br"}
