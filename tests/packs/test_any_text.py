"""Whatever text comes in by whatever way, the guide's dump loads into an empty database."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.integrity import find_invalid_rows
from catalog.models import Cell, Comparison, PackLoad, Snippet, Technology
from catalog.packs.problems import RefusedError
from tests.admin.grid.tables import grid_of, send
from tests.admin.pages import read_form, save, url_of
from tests.factories import make_comparison, make_snippet, make_technology
from tests.packs.dumps import bytes_in, delete_everything, dump_pack
from tests.packs.packing import load_pack, pack, row

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# Half of it what breaks: controls, marks of direction, what is not composed, what shows nothing.
TEXTS = st.text(
    st.sampled_from(
        "a \t\n\r\x00\x0b\x85\u0301\u200b\u200d\u202e\u2028\u2800ö=#:-'\"\\{[&*!|>%@`,"
    ),
    max_size=6,
)
TEXTS |= st.text(max_size=8)
NUMBERS = count()


def by_form(client: Client, text: str, _folder: Path) -> None:
    technology = Technology.objects.get(slug="flask")
    save(client, url_of(technology), name=text, summary=text, description=text)
    snippet = Snippet.objects.get()
    save(client, url_of(snippet), code=text, run_with=text)


def by_grid(client: Client, text: str, _folder: Path) -> None:
    url = grid_of(Comparison.objects.get())
    cell = Cell.objects.first()
    place = f"{cell.criterion.slug}.{cell.contender.technology.slug}"
    send(client, url, {f"note.{place}": text, f"word.{place}": text, "_save": "1"})


def by_block(client: Client, text: str, _folder: Path) -> None:
    url = grid_of(Comparison.objects.get())
    page = send(client, url, {"_paste": "1", "_block": f"Good, {text}: {text}"})
    if page.context and "carried" in page.context:
        client.post(url, {**dict(page.context["carried"]), "_save": "1"})


def by_pack(_client: Client, text: str, folder: Path) -> None:
    texts = {"name": text, "summary": text, "description": text}
    rows = [row("technology", slug="new", kind="tool", **texts)]
    rows += [row("point", technology=["new"], slug="p", kind="pro", text=text)]
    with suppress(RefusedError, UnicodeEncodeError):
        load_pack(pack(folder, *rows))


@pytest.mark.parametrize("way", [by_form, by_grid, by_block, by_pack])
def test_any_text_comes_out_as_it_went_in(
    admin_client: Client, tmp_path: Path, way: Callable[[Client, str, Path], None]
) -> None:
    technology = make_technology(slug="flask", name="Flask")
    make_comparison(contenders=2, criteria=1)
    make_snippet(technology=technology)

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(TEXTS)
    @example(" o\u0308\r\n\tb\u200d ")
    @example("a\x0bb")
    def come_and_go(text: str) -> None:
        folder = tmp_path / str(next(NUMBERS))
        folder.mkdir()
        with transaction.atomic():
            way(admin_client, text, folder)
            assert list(find_invalid_rows()) == []
            dump_pack(folder / "first", name="guide", pack_version="1")
            delete_everything()
            PackLoad.objects.all().delete()  # else what came by a pack counts as deleted here
            load_pack(folder / "first")
            dump_pack(folder / "second", name="guide", pack_version="1")
            transaction.set_rollback(True)
        assert bytes_in(folder / "first") == bytes_in(folder / "second")

    come_and_go()
    assert read_form(admin_client.get(url_of(technology)))["name"] == "Flask"
