"""Addresses are found in every field that holds one, whatever the model."""

import pytest
from django.db import models
from pytest_django import DjangoAssertNumQueries

from catalog.links import address_fields, named
from catalog.models import CONTENT, Cell, Link, Status
from tests.factories import make_comparison, make_technology

pytestmark = pytest.mark.django_db

FIELDS = [(model, field.name) for model in CONTENT for field in address_fields(model)]


def test_the_fields_are_those_that_we_know() -> None:
    assert {(model.__name__, name) for model, name in FIELDS} == {
        ("Technology", "website"),
        ("Technology", "documentation"),
        ("Technology", "repository"),
        ("Technology", "lifecycle_source"),
        ("Cell", "source"),
    }


def test_every_field_that_constraints_hold_to_addresses_is_one_of_them() -> None:
    held = {
        (model, constraint.name.removesuffix("_is_a_web_address").partition("_")[2])
        for model in CONTENT
        for constraint in model._meta.constraints
        if constraint.name.endswith("_is_a_web_address")
    }

    assert held == set(FIELDS)


def test_a_link_is_as_long_as_what_it_is_of() -> None:
    longest = max(model._meta.get_field(name).max_length for model, name in FIELDS)

    assert Link._meta.get_field("address").max_length == longest
    assert all(isinstance(model._meta.get_field(name), models.URLField) for model, name in FIELDS)


def test_each_address_is_there_once_with_all_that_name_it() -> None:
    flask = make_technology(slug="flask", website="https://a.test/", repository="https://b.test/")
    draft = make_technology(
        slug="draft", status=Status.DRAFT, website="https://a.test/", documentation="http://c.test"
    )
    comparison = make_comparison(1, 1, slug="table")
    Cell.objects.update(source="https://a.test/")

    assert named() == {
        "https://a.test/": {flask.key, draft.key, comparison.key},
        "https://b.test/": {flask.key},
        "http://c.test": {draft.key},
    }


@pytest.mark.parametrize("size", [1, 3])
def test_reading_them_takes_a_query_for_each_field(
    django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    for number in range(size):
        make_technology(website=f"https://a.test/{number}")

    with django_assert_num_queries(len(FIELDS)):
        assert len(named()) == size
