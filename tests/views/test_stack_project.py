"""The project of a stack: chosen in the address, looked into, taken along, kept up."""

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from catalog.history import editions
from catalog.models import Choice, Compatibility, Edition, Pin, Role, Stack, Status, Technology
from tests.factories import (
    make_compatibility,
    make_package,
    make_piece,
    make_stack,
    make_support_window,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db
ADDRESS = "/stacks/small/"
ROLES = "table[@class='entries roles']"


def text_of(page: Any) -> str:
    return " ".join(page.texts("main"))


@pytest.fixture(autouse=True)
def stack() -> Stack:
    """A stack with a framework and one of two databases, and a project of its own."""
    with editions.record("ada", "", Edition.Origin.ADMIN):
        stack = make_stack(name="Small", slug="small", roles=0)
        names = ("Python", "Api", "Big", "Tiny")
        python, api, big, tiny = (make_technology(name=one, slug=one.lower()) for one in names)
        for at, role, mode, technologies in (
            (1, "framework", Role.Mode.ALL_OF, [api]),
            (2, "database", Role.Mode.ONE_OF, [big, tiny]),
        ):
            said = {"name": role.title(), "mode": mode, "position": at}
            row = Role.objects.create(stack=stack, slug=role, **said)
            for position, technology in enumerate(technologies):
                Choice.objects.create(role=row, technology=technology, position=position)
        version_set = make_version_set(title="Now", slug="now", as_of="2026-11", pins=0)
        package = make_package(api, name="api")
        Pin.objects.create(version_set=version_set, package=package, specifier="^1.0")
        for name in ("develop", "serve", "migrate"):
            make_piece(api, path="", slot=name, text=f"{name} it")
        make_piece(python, path="README.md", text="# $title\n$settings\n")
        for technology in (big, tiny):
            text = f"It keeps things in {technology}."
            make_piece(technology, path="", slot="settings", text=text)
        make_support_window(python, cycle="3.13", end_of_life="2029-10")
    return stack


def technology(slug: str) -> Technology:
    return Technology.objects.get(slug=slug)


def test_what_is_chosen_stands_in_the_address_and_leads_to_its_files(client):
    page = read(client, ADDRESS)

    assert page.table(ROLES)[2:] == [
        ["Database (one of)", "Big chosen", *[""] * 5],
        ["Tiny choose Tiny", *[""] * 5],
    ]
    assert ("choose Tiny", f"{ADDRESS}?database=tiny") in page.links()
    chosen = read(client, f"{ADDRESS}?database=tiny")
    assert [row[0] for row in chosen.table(ROLES)[3:]] == ["Tiny chosen"]
    assert ("project.tar", f"{ADDRESS}project.tar?database=tiny") in chosen.links()
    assert "uv add 'api>=1.0,<2.0'" in text_of(chosen)


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("?database=big", ADDRESS),
        ("?database=tiny&utm_source=mail", f"{ADDRESS}?database=tiny"),
        ("?database=big&database=tiny", f"{ADDRESS}?database=tiny"),
    ],
)
def test_other_forms_of_an_address_lead_to_the_canonical_one(client, query, location):
    response = client.get(ADDRESS + query)

    assert (response.status_code, response.headers["Location"]) == (302, location)


def test_what_is_not_offered_is_left_out_and_said(client):
    page = read(client, f"{ADDRESS}?database=huge")

    assert "“huge” is not offered for Database." in text_of(page)
    assert page.table(ROLES)[2][1] == "Big chosen"
    assert client.get(f"{ADDRESS}project.zip?database=huge").status_code == 404


def test_what_cannot_go_with_the_rest_cannot_be_chosen_and_says_why(client):
    make_compatibility(
        technology("tiny"),
        relation=Compatibility.Relation.CONFLICTS_WITH,
        other=technology("api"),
        because="it speaks SQL",
    )

    page = read(client, ADDRESS)

    assert page.table(ROLES)[3][0] == "Tiny Tiny cannot go with Api (it speaks SQL)."
    chosen = read(client, f"{ADDRESS}?database=tiny")
    assert "Tiny cannot go with Api (it speaks SQL)." in chosen.texts("p[@class='look']")


def test_the_project_can_be_looked_into_and_taken_along(client):
    assert [row[0] for row in read(client, f"{ADDRESS}project/").table()[1:]] == ["README.md"]
    page = read(client, f"{ADDRESS}project/README.md?database=tiny")
    assert "# Small\nIt keeps things in Tiny." in "".join(page.find("pre")[0].itertext())
    archive = client.get(f"{ADDRESS}project.tar?database=tiny").content
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        names = files.getnames()
        text = files.extractfile(names[0]).read().decode()
    assert (names, text) == (["small-tiny/README.md"], "# Small\nIt keeps things in Tiny.\n")
    assert client.get(f"{ADDRESS}project.tar?database=tiny").content == archive


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("pyproject.toml", "# Small"),
        ("requirements.txt", "api>=1.0,<2.0\n"),
        ("support.ics", "BEGIN:VCALENDAR\r\n"),
    ],
)
def test_files_for_who_has_a_project_already(client, file, start):
    response = client.get(ADDRESS + file)

    assert response.content.decode().startswith(start)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    "address",
    ["project/none.py", "project/../secret", "since/99", "since/0", "since/x", f"since/{10**30}"],
)
def test_what_there_is_not_is_not_found(client, address):
    assert client.get(ADDRESS + address).status_code == 404


def test_without_pieces_the_page_says_so_and_the_versions_remain(client):
    technology("api").pieces.all().delete()

    page = read(client, ADDRESS)

    assert "The guide has no pieces of a project for this stack yet." in text_of(page)
    assert client.get(f"{ADDRESS}project/").status_code == 404
    assert client.get(f"{ADDRESS}pyproject.toml").status_code == 200


def test_what_changed_since_an_edition_is_said_and_given_as_a_patch(client):
    first = editions.number_now()
    piece = technology("big").pieces.get()
    piece.text = "It keeps all things."
    with editions.record("ada", "", Edition.Origin.ADMIN):
        piece.save()
        Pin.objects.update(specifier="^2.0")

    page = read(client, f"{ADDRESS}since/{first}")
    patch = client.get(f"{ADDRESS}since/{first}.patch").content.decode()

    assert "api>=1.0,<2.0 → api>=2.0,<3.0." in text_of(page)
    assert patch.startswith(
        "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n"
    )
    assert "\n-It keeps things in Big.\n+It keeps all things.\n" in patch
    markdown = client.get(f"{ADDRESS}since/{first}.md").content.decode()
    assert f"<http://localhost{ADDRESS}since/{first}.patch?database=big>" in markdown


def test_the_patch_makes_todays_project_of_an_untouched_one(client, tmp_path):
    """From each edition to the last: a file changes, comes, goes."""
    numbers = [editions.number_now()]
    api = technology("api")
    for change in (
        lambda: api.pieces.update(text="changed"),
        lambda: make_piece(api, path="app/new.py", text="new\n"),
        lambda: technology("python").pieces.all().delete(),
        lambda: make_piece(api, path="README.md", text="$title, $edition\n"),
    ):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            change()
        numbers.append(editions.number_now())
        (tmp_path / str(numbers[-1])).mkdir()
        extract(client.get(f"{ADDRESS}project.tar").content, tmp_path / str(numbers[-1]))

    for number in numbers[1:-1]:
        folder = tmp_path / str(number)
        patch = client.get(f"{ADDRESS}since/{number}.patch").content
        subprocess.run(["git", "apply"], input=patch, cwd=folder / "small", check=True)  # noqa: S607
        assert files_in(folder) == files_in(tmp_path / str(numbers[-1]))


def extract(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def files_in(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_a_stack_that_readers_could_not_see_then_has_no_news_of_it(client):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Stack.objects.update(status=Status.DRAFT)
    hidden = editions.number_now()
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Stack.objects.update(status=Status.PUBLISHED)

    assert client.get(f"{ADDRESS}since/{hidden}").status_code == 404
    assert client.get(f"{ADDRESS}since/{editions.number_now()}").status_code == 200


def test_a_draft_is_no_part_of_a_project(client):
    Technology.objects.filter(slug="big").update(status=Status.DRAFT)

    page: Any = read(client, ADDRESS)

    assert page.table(ROLES)[2] == ["Database", "Tiny", *[""] * 5]
    assert "Tiny" in client.get(f"{ADDRESS}project/README.md").content.decode()
