import pytest

from catalog.models import Technology
from tests.admin.bulk.acting import make_drafts


@pytest.fixture
def flask() -> Technology:
    """Something that nobody has seen yet."""
    return make_drafts("Flask")[0]
