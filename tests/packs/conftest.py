from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.history.merge import Take
from tests.packs.packing import Row, load_pack, pack
from tests.packs.small_guide import make_small_guide


@pytest.fixture
def small_guide() -> None:
    make_small_guide()


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., tuple]:
    """Load a pack of these rows; every conflict ends as `take` says, or waits."""

    def bring(*rows: Row, take: Take | None = None, **manifest: object) -> tuple:
        return load_pack(pack(tmp_path, *rows, **manifest), take)

    return bring
