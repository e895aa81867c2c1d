"""Presets: a comparison weighed for a case that has a name."""

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory

from catalog.admin.comparison import PresetForm
from catalog.integrity import check_content
from catalog.models import Comparison, Preset
from tests.factories import make_cell, make_comparison, make_preset
from tests.reading import Document, read

pytestmark = pytest.mark.django_db

OWN = "the guide's"


@pytest.fixture
def comparison() -> Comparison:
    """Two contenders, each better than the other in one of two rows that weigh the same."""
    comparison = make_comparison(contenders=2, criteria=0, slug="web")
    first, second = comparison.contenders.all()
    for slug, ratings in (("fast", (4, 1)), ("safe", (1, 3))):
        row = comparison.criteria.create(slug=slug, name=slug.capitalize(), weight=1)
        for contender, rating in zip((first, second), ratings, strict=True):
            make_cell(row, contender, rating=rating)
    make_preset(comparison, "Much traffic", asks="w=fast.5&w=safe.1", position=1)
    make_preset(comparison, "Much money", asks="w=safe.5&must=safe.2", position=2)
    return comparison


def weighed_for(page: Document) -> tuple[list[str], list[tuple[str, str]]]:
    """What is shown, and name and address of what is offered."""
    return page.texts("p[@class='presets']/b"), page.links("p[@class='presets']")


def test_each_is_a_link_to_its_canonical_address_and_the_one_shown_is_named(client, comparison):
    traffic = "/comparisons/web/?w=fast.5&w=safe.1"
    money = "/comparisons/web/?must=safe.2&w=fast.1&w=safe.5"

    assert weighed_for(read(client, "/comparisons/web/")) == (
        [OWN],
        [("Much traffic", traffic), ("Much money", money)],
    )
    page = read(client, money)
    assert weighed_for(page) == (
        ["Much money"],
        [(OWN, "/comparisons/web/"), ("Much traffic", traffic)],
    )
    assert "is ruled out" in page.texts("ul[@aria-label='Ruled out']/li")[0]
    assert weighed_for(read(client, "/comparisons/web/?w=fast.4&w=safe.1"))[0] == []


def test_what_else_is_asked_stays_so(client, comparison):
    _shown, offered = weighed_for(read(client, "/comparisons/web/?rows=differ&show=marks"))

    assert offered[0][1] == "/comparisons/web/?rows=differ&show=marks&w=fast.5&w=safe.1"


def test_without_presets_nothing_is_said_of_them(client, comparison):
    Preset.objects.all().delete()

    assert weighed_for(read(client, "/comparisons/web/")) == ([], [])


def test_what_asks_for_a_row_that_is_gone_asks_for_the_others_and_is_named(client, comparison):
    comparison.criteria.get(slug="safe").delete()

    assert weighed_for(read(client, "/comparisons/web/"))[1] == [
        ("Much traffic", "/comparisons/web/?w=fast.5"),
    ]
    assert [warning.msg for warning in check_content(None, ["default"])] == [
        f"Preset “{name}” of {comparison} asks for “safe”, which is no row that can be weighed "
        "there."
        for name in ("Much traffic", "Much money", "Much money")
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("w=fast.5&must=safe.yes", "w=fast.5&must=safe.yes"),
        (
            "https://guide.example/comparisons/web/?t=a&show=marks&w=fast.5&w=safe.0#table",
            "w=fast.5&w=safe.0",
        ),
    ],
)
def test_the_address_of_a_weighed_table_can_be_pasted(comparison, typed, kept):
    form = modelform_factory(Preset, PresetForm, fields=["name", "slug", "asks"])
    filled = form({"name": "X", "slug": "x", "asks": typed}, instance=Preset(comparison=comparison))

    assert filled.errors == {}
    assert filled.save(commit=False).asks == kept


@pytest.mark.parametrize("asks", ["", "fast", "w=fast", "w=fast.6", "must=safe.0", "t=a", "w=a.5&"])
def test_what_no_address_has_is_refused(comparison, asks):
    with pytest.raises(ValidationError) as refused:
        Preset(comparison=comparison, slug="x", name="X", asks=asks).full_clean()

    assert [*refused.value.message_dict] == ["asks"]
