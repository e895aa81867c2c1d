from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from catalog.history import editions
from catalog.models import Edition, Technology
from tests.admin.reading_history import make_quart, update
from tests.admin.roles import sign_in_as
from tests.factories import make_technology


@pytest.fixture
def pack_dir(settings: Settings, tmp_path: Path) -> Path:
    """Keep uploaded packs of a test in a folder of its own."""
    settings.PACK_DIR = tmp_path / "var" / "packs"
    return settings.PACK_DIR


@pytest.fixture
def flask() -> Technology:
    """Something live that a publisher saved."""
    with editions.record("eve", "", Edition.Origin.ADMIN):
        return make_technology(name="Flask", slug="flask", summary="Small")


@pytest.fixture
def quart() -> Technology:
    """Something live in an edition of its own."""
    return make_quart()


@pytest.fixture
def in_capitals(quart: Technology) -> None:
    """Let Quart be called QUART since edition 2."""
    update(quart, name="QUART")


@pytest.fixture
def ada() -> Client:
    """A contributor, signed in."""
    return sign_in_as("Contributor", "ada")


@pytest.fixture
def eve() -> Client:
    """A publisher, signed in."""
    return sign_in_as("Publisher", "eve")
