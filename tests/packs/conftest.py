import pytest

from tests.packs.small_guide import make_small_guide


@pytest.fixture
def small_guide() -> None:
    make_small_guide()
