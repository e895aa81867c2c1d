"""Lists stand in one order on every database: numbers, then names by their bytes."""

import pytest

from catalog.models import CONTENT, ByteOrder, ContentModel, Guide, Technology
from tests.factories import make_technology


@pytest.mark.django_db
def test_names_stand_by_their_bytes_on_every_database() -> None:
    for name in [
        "élan",
        "zope",
        "a1",
        "aiohttp",
        "Zope",
        "a-b",
        "a b",
        "ab",
        "_x",
        "AB",
        "10",
        "9",
    ]:
        make_technology(name=name)

    ordered = Technology.objects.order_by(ByteOrder("name")).values_list("name", flat=True)

    assert list(ordered) == [
        *("10", "9", "AB", "Zope", "_x", "a b", "a-b", "a1", "ab", "aiohttp", "zope", "élan"),
    ]
    assert list(ordered.reverse()) == sorted(ordered, key=str.encode, reverse=True)


@pytest.mark.django_db
def test_technologies_stand_by_slug() -> None:
    for slug in ["b", "a-b", "ab", "a1", "a", "10", "9"]:
        make_technology(slug=slug)

    slugs = Technology.objects.values_list("slug", flat=True)

    assert list(slugs) == ["10", "9", "a", "a-b", "a1", "ab", "b"]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_the_order_of_every_model_is_total_and_by_bytes(model: type[ContentModel]) -> None:
    by_bytes = {name_of(part) for part in model._meta.ordering if not isinstance(part, str)}
    numbers = [part for part in model._meta.ordering if isinstance(part, str)]

    if model is Guide:  # one row, which the database holds it to
        assert (by_bytes, numbers) == (set(), ["slug"])
    else:
        assert by_bytes >= set(model.NATURAL_KEY)
        assert [name for name in numbers if name.split("__")[-1] != "position"] == []
        assert not isinstance(model._meta.ordering[-1], str)


def name_of(part: ByteOrder) -> str:
    """The field that a part of an ordering compares: ByteOrder("slug") or its .desc()."""
    order = part if isinstance(part, ByteOrder) else part.expression
    assert isinstance(order, ByteOrder)
    (field,) = order.get_source_expressions()
    return field.name
