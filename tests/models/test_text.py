"""No text of content holds a character that a page cannot show, whoever wrote it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client

from catalog.models import CONTENT, ContentModel, Pin, Snippet, Technology
from tests.admin.pages import save, url_of
from tests.factories import make_technology

REFUSED = "\0\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f\ud800\udfff\u202a\u202e\u2066\u2069"
# Joiners and variation selectors are parts of words and of emoji.
TAKEN = "\t\n\r\u200b\u200c\u200d\u2028\ufe0fé\N{GRINNING FACE}"
IN_THE_MIDDLE = "\t\n\r\u2028\u2029"  # what no line of text can hold
NOTHING_TO_SEE = ["\u200b", "\u2800", "\u3164", "\u00ad", "\ufe0f\u200d", "\u0301", " \u115f "]
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


def test_every_text_of_content_is_held_to_it() -> None:
    fields = list(texts())

    faults = {field: faults_of(*field, "on\x0be") for field in fields}

    assert len(fields) > 60
    assert [field for field, found in faults.items() if not found] == []
    assert SENTENCE in faults[Technology, "summary"]
    assert SENTENCE in faults[Technology, "description"]


@pytest.mark.parametrize("character", REFUSED, ids=ascii)
def test_what_cannot_be_shown_is_named_with_its_place(character: str) -> None:
    (fault,) = faults_of(Technology, "summary", f"on{character}e{character}")

    assert fault == SENTENCE.replace("000B", f"{ord(character):04X}")


@pytest.mark.parametrize("character", TAKEN, ids=ascii)
def test_tabs_line_breaks_and_all_other_characters_are_taken(character: str) -> None:
    assert faults_of(Technology, "description", f"on{character}e") == []


@pytest.mark.parametrize("character", IN_THE_MIDDLE, ids=ascii)
def test_a_name_is_one_line(character: str) -> None:
    (fault,) = faults_of(Technology, "name", f"on{character}e")

    assert fault == ("This text is to be one line; take out the line break or tab at place 3.")


@pytest.mark.parametrize("text", NOTHING_TO_SEE, ids=ascii)
def test_a_name_shows_something(text: str) -> None:
    (fault,) = faults_of(Technology, "name", text)

    assert fault == "There is nothing to see in this text; write a letter or nothing."


@pytest.mark.parametrize(
    ("model", "field", "text", "kept"),
    [
        (Technology, "name", "  Ko\u0308ln\u00a0\n", "Köln"),
        (Technology, "name", "👩\u200d💻 \u2764\ufe0f", "👩\u200d💻 \u2764\ufe0f"),
        (Technology, "description", "  Ko\u0308ln\r\n\tb\rc \n", "  Köln\n\tb\nc \n"),
        (Snippet, "code", "  o\u0308\r\n\tb\r", "  o\u0308\n\tb\n"),
        (Pin, "extras", " [standard] ", "standard"),
    ],
)
def test_text_has_one_form(model: type[ContentModel], field: str, text: str, kept: str) -> None:
    others = {other.name for other in model._meta.concrete_fields} - {field}
    row = model(**{field: text})

    row.clean_fields(exclude=others)

    assert getattr(row, field) == kept
    assert row.normalise() == []


def test_a_field_with_a_fault_of_its_own_names_that_alone() -> None:
    assert faults_of(Technology, "summary", "\x01" * 201) == [
        "Ensure this value has at most 200 characters (it has 201)."
    ]


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
def test_a_form_refuses_it_beside_the_field_and_keeps_what_was_typed(admin_client: Client) -> None:
    technology = make_technology(summary="Before")

    page = save(admin_client, url_of(technology), summary="on\x0be", licence="Typed too")

    assert page.status_code == 200
    assert page.context["adminform"].form.errors == {"summary": [SENTENCE]}
    assert 'value="on\x0be"' in page.content.decode()
    assert 'value="Typed too"' in page.content.decode()
    technology.refresh_from_db()
    assert technology.summary == "Before"


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2101-01-01"])
def test_a_day_is_of_our_time(day):
    technology = Technology(review_by=date.fromisoformat(day), name="A", kind="tool", slug="a")

    with pytest.raises(ValidationError) as refused:
        technology.clean_fields()

    assert refused.value.message_dict == {"review_by": ["Give a day from 1970 to 2100."]}
