"""Lists stand in one order on every database: numbers, then names by their bytes."""

from collections.abc import Iterator
from itertools import groupby

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from catalog.models import CONTENT, ByteOrder, Cell, ContentModel, Guide, Technology
from catalog.models.specifiers import direction, to_pep440
from catalog.models.version import is_specifier
from tests.admin.pages import save, url_of
from tests.factories import make_technology, make_whole_guide


@pytest.mark.django_db
def test_names_stand_by_their_bytes_on_every_database():
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
        *("10", "9", "AB", "Zope", "_x", "a b", "a-b", "a1", "ab", "aiohttp", "zope", "élan")
    ]
    assert list(ordered.reverse()) == sorted(ordered, key=str.encode, reverse=True)


@pytest.mark.django_db
def test_technologies_stand_by_slug():
    for slug in ["b", "a-b", "ab", "a1", "a", "10", "9"]:
        make_technology(slug=slug)

    slugs = Technology.objects.values_list("slug", flat=True)

    assert list(slugs) == ["10", "9", "a", "a-b", "a1", "ab", "b"]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_the_order_of_every_model_is_total_and_by_bytes(model):
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


# Every content model can be named without a primary key, by what is unique and never null ---------


MODELS = list(apps.get_app_config("catalog").get_models())
every_content_model = pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)

# What begins with a capital letter in the middle of a sentence too.
NAMES = {"Python"}


def test_every_content_model_is_in_the_load_order():
    assert set(CONTENT) == {model for model in MODELS if issubclass(model, ContentModel)}
    assert len(CONTENT) == len(set(CONTENT))


@every_content_model
def test_the_natural_key_is_held_by_a_unique_constraint(model):
    columns = {path.split("__")[0] for path in model.NATURAL_KEY}

    unique = [{field.name} for field in model._meta.concrete_fields if field.unique]
    unique += [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    assert columns in unique
    assert [name for name in columns if model._meta.get_field(name).null] == []


@every_content_model
def test_a_reference_in_a_natural_key_is_the_whole_key_of_its_target(model):
    paths = [path.partition("__") for path in model.NATURAL_KEY if "__" in path]

    for name, parts in groupby(paths, key=lambda path: path[0]):
        given = {rest for _, _, rest in parts}
        if (model, name) == (Cell, "contender"):
            # Its comparison is the criterion's, which is in the key already.
            given.add("comparison__slug")
        assert given == set(model._meta.get_field(name).related_model.NATURAL_KEY)


@pytest.mark.django_db
@every_content_model
def test_each_row_is_found_by_its_natural_key(model):
    make_whole_guide()
    rows = list(model.objects.all())

    assert rows != []
    assert [model.objects.get_by_natural_key(*row.natural_key()) for row in rows] == rows
    assert len({row.natural_key() for row in rows}) == len(rows)


@every_content_model
def test_the_default_manager_hides_nothing(model):
    assert model._default_manager.all().query.where.children == []
    assert model._base_manager.all().query.where.children == []


@every_model
def test_every_reference_says_how_it_is_called_from_the_other_end(model):
    references = [field for field in model._meta.concrete_fields if field.is_relation]

    assert [field.name for field in references if not field.remote_field.related_name] == []


@every_content_model
def test_every_field_has_a_name_in_lower_case(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [model._meta.verbose_name, model._meta.verbose_name_plural]
    names += [field.verbose_name for field in fields]

    assert [str(name) for name in names if not str(name)[0].islower() and name not in NAMES] == []


@every_content_model
def test_no_field_fills_itself(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]

    assert [
        field.name
        for field in fields
        if getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        or (callable(field.default) and field.has_default())
    ] == []


# No text of content holds a character that a page cannot show, whoever wrote it -------------------


REFUSED = "\0\x01\x08\x0b\x0c\x0e\x1b\x1f\ud800\udfff\u202a\u202e\u2066\u2069"
TAKEN = "\t\n\r\x7f\x85\u200b\u2028é\N{GRINNING FACE}"
SENTENCE = "This text holds the character U+000B at place 3, which cannot be shown; remove it."


def texts() -> Iterator[tuple[type[ContentModel], str]]:
    """Every field of content that people write text into."""
    for model in CONTENT:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                yield model, field.name


def faults_of(model: type[ContentModel], name: str, text: str) -> list[str]:
    """What a field says of a text, while the others are not asked."""
    others = {field.name for field in model._meta.concrete_fields} - {name}
    try:
        model(**{name: text}).clean_fields(exclude=others)
    except ValidationError as error:
        return error.message_dict[name]
    return []


def test_every_text_of_content_is_held_to_it():
    fields = list(texts())

    faults = {field: faults_of(*field, "on\x0be") for field in fields}

    assert len(fields) > 60
    assert [field for field, found in faults.items() if not found] == []
    assert SENTENCE in faults[Technology, "summary"]
    assert SENTENCE in faults[Technology, "description"]


@pytest.mark.parametrize("character", REFUSED, ids=ascii)
def test_what_cannot_be_shown_is_named_with_its_place(character):
    (fault,) = faults_of(Technology, "summary", f"on{character}e{character}")

    assert fault == SENTENCE.replace("000B", f"{ord(character):04X}")


@pytest.mark.parametrize("character", TAKEN, ids=ascii)
def test_tabs_line_breaks_and_all_other_characters_are_taken(character):
    assert faults_of(Technology, "description", f"on{character}e") == []


def test_a_field_with_a_fault_of_its_own_names_that_alone():
    assert faults_of(Technology, "summary", "\x0b" * 201) == [
        "Ensure this value has at most 200 characters (it has 201)."
    ]


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
def test_a_form_refuses_it_beside_the_field_and_keeps_what_was_typed(admin_client):
    technology = make_technology(summary="Before")

    page = save(admin_client, url_of(technology), summary="on\x0be", licence="Typed too")

    assert page.status_code == 200
    assert page.context["adminform"].form.errors == {"summary": [SENTENCE]}
    assert 'value="on\x0be"' in page.content.decode()
    assert 'value="Typed too"' in page.content.decode()
    technology.refresh_from_db()
    assert technology.summary == "Before"


#  -------------------------------------------------------------------------------------------------


SPECIFIERS = [
    *("^5.0", "~5.2", "==5.2", "==5.2.*", "~=5.2", "~=5.2.1", ">=2.0,<3", "<3", ">2", "!=2"),
    *("===5.2", ">=1!2.0", "", "nonsense", "^0.110.0", ">=2.0,<=3,!=2.5"),
]


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("^0.110.0", ">=0.110.0,<0.111.0"),
        ("^2.0.25", ">=2.0.25,<3.0.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^3.11", ">=3.11,<4.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        (" >=2.0 , <3 ", ">=2.0 ,<3".replace(" ", "")),
        ("==1.4.*", "==1.4.*"),
        ("~=5.2.19", "~=5.2.19"),
    ],
)
def test_a_specifier_means_the_same_to_python_packaging(written, standard):
    assert to_pep440(written) == standard


@given(st.lists(st.integers(0, 50), min_size=1, max_size=3))
def test_a_caret_admits_its_own_version_and_not_the_next_that_may_break(numbers):
    text = ".".join(map(str, numbers))

    admits = SpecifierSet(to_pep440(f"^{text}"))

    padded = numbers + [0] * (3 - len(numbers))
    place = next((at for at, number in enumerate(padded) if number), len(numbers) - 1)
    place = min(place, len(numbers) - 1) if not any(padded) else place
    following = [*padded[:place], padded[place] + 1, *[0] * (2 - place)]
    assert Version(text) in admits
    assert Version(".".join(map(str, following))) not in admits


@pytest.mark.parametrize("nonsense", ["", "latest", "^", "1.2", "^1.2.3.4", ">=1; os", '1"\n', "*"])
def test_what_nobody_could_install_is_refused(nonsense):
    with pytest.raises(ValueError, match="no version specifier"):
        to_pep440(nonsense)
    with pytest.raises(ValidationError, match="Write a version specifier"):
        is_specifier(nonsense)


@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [
        ("^5.0", "^5.2", 1),
        ("^5.2", "^5.0", -1),
        ("^0.9.0", "^0.110.0", 1),
        (">=2.0,<3", ">=2.0,<4", 1),
        (">=2.0,<3", ">=2.0", 1),
        (">=2.0", ">=2.0,<3", -1),
        (">=2.0,<4", ">=2.5,<3", 1),  # the lowest decides
        ("<3", "<4", 1),
        ("<3", "<=3", 1),
        (">2", ">=2", -1),
        ("==5.2", "==5.2.1", 1),
        ("==5.2", "==5.2.*", 1),
        ("~=2.2", "~=2.2.0", -1),
        ("~5.2", "~5.10", 1),
        (">=9", ">=1!2.0", 1),
        ("^5.0", ">=5.0,<6", 0),
        ("^5.0", ">= 5.0, < 6", 0),
        (">=2.0,!=2.5", ">=2.0", 0),
        ("^5.0", "nonsense", 0),
        ("", "^5.0", 0),
        ("===5.2", "===local-build", 0),
    ],
)
def test_which_way_a_specifier_goes(before, after, goes):
    assert direction(before, after) == goes


@given(st.sampled_from(SPECIFIERS), st.sampled_from(SPECIFIERS))
def test_there_and_back_go_opposite_ways(one, other):
    assert direction(one, other) == -direction(other, one)
