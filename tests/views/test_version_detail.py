import pytest
from django.test import Client

from catalog.models import Pin
from tests.factories import make_package, make_version_set
from tests.reading import read

pytestmark = pytest.mark.django_db


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
