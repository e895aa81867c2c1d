from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Do not spend half of each test on hashing the password of whoever signs in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def pack_dir(settings: Settings, tmp_path: Path) -> Path:
    """Keep uploaded packs of a test in a folder of its own."""
    settings.PACK_DIR = tmp_path / "var" / "packs"
    return settings.PACK_DIR
