import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Pin, Status
from tests.factories import make_package, make_version_set
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_the_heading_is_exactly_the_title(client: Client) -> None:
    version_set = make_version_set(title="Versions <2025>", introduction="As *written*.")

    page = read(client, version_set.get_absolute_url())

    assert page.texts("h1") == ["Versions <2025>"]
    assert page.texts("title") == ["Versions <2025> · StackGuide"]


def test_pins_are_a_table_main_before_dev(client: Client) -> None:
    version_set = make_version_set(
        pins=0, as_of="2025", python="^3.11", python_note="3.11+ recommended"
    )
    for name, group, position, extras, specifier, note in [
        ("pytest", Pin.Group.DEV, 1, "", "^7.4.4", ""),
        ("uvicorn", Pin.Group.MAIN, 2, "standard", "^0.27.0", "with extras"),
        ("fastapi", Pin.Group.MAIN, 1, "", "^0.110.0", ""),
    ]:
        Pin.objects.create(
            version_set=version_set,
            package=make_package(name=name),
            group=group,
            position=position,
            extras=extras,
            specifier=specifier,
            note=note,
        )

    page = read(client, version_set.get_absolute_url())

    assert page.texts("main//p") == ["Python ^3.11 3.11+ recommended"]
    assert page.texts("caption") == ["Pins as of 2025"]
    assert page.table() == [
        ["Package", "Version", "Group"],
        ["fastapi", "^0.110.0", "main"],
        ["uvicorn[standard]", "^0.27.0 with extras", "main"],
        ["pytest", "^7.4.4", "dev"],
    ]


def test_a_draft_is_not_found(client: Client) -> None:
    draft = make_version_set(title="Kept back", status=Status.DRAFT)

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "Kept back" not in response.text


def test_an_archived_set_stays_with_a_banner(client: Client) -> None:
    page = read(client, make_version_set(status=Status.ARCHIVED).get_absolute_url())

    assert page.texts("p[@class='banner']") == [
        "Archived: kept for those who look it up, no longer maintained."
    ]
    assert [meta.get("content") for meta in page.find("meta[@name='robots']")] == ["noindex"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    version_set = make_version_set(pins=size, introduction="Words.")
    read(client, version_set.get_absolute_url())  # renders the Markdown

    with django_assert_num_queries(6):
        client.get(version_set.get_absolute_url())
