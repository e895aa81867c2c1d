"""What holds for every form of a table, whatever it is written in."""

import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.exports import FORMS
from catalog.history import editions, renames
from catalog.models import Cell, Comparison, Contender, Criterion, Edition, Status, Technology
from tests.exports.comparisons import NONSENSE, make_full_comparison
from tests.exports.hostile import HOSTILE
from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import make_comparison, make_contender, make_technology

pytestmark = pytest.mark.django_db

every_form = pytest.mark.parametrize("suffix", FORMS)


@every_form
def test_a_draft_is_not_found(client: Client, suffix: str) -> None:
    make_comparison(slug="kept", title="Kept back", status=Status.DRAFT)

    response = client.get(f"/comparisons/kept.{suffix}")

    assert response.status_code == 404
    assert "Kept back" not in response.text


@every_form
def test_a_draft_among_the_contenders_is_not_named(client: Client, suffix: str) -> None:
    comparison = make_comparison(slug="shown")
    draft = make_technology(name="Kept back", slug="kept-back", status=Status.DRAFT)
    make_contender(comparison, technology=draft)

    text = client.get(f"/comparisons/shown.{suffix}?t=kept-back").text

    assert "Kept back" not in text


@every_form
def test_an_archived_table_is_still_found(client: Client, suffix: str) -> None:
    make_comparison(slug="old", status=Status.ARCHIVED)

    text = client.get(f"/comparisons/old.{suffix}").text

    said = {"csv": "Criterion", "md": "\n\nArchived: kept for", "json": '"archived": true'}
    assert said[suffix] in text


@every_form
def test_an_old_slug_leads_to_the_same_form_with_its_query(client: Client, suffix: str) -> None:
    comparison = make_comparison(slug="before")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(comparison, "after")

    response = client.get(f"/comparisons/before.{suffix}?differ=1&x=2")

    assert response.status_code == 301
    assert response["Location"] == f"/comparisons/after.{suffix}?differ=1&x=2"


@every_form
@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?differ=1&t=quart&t=fastapi", "?t=quart&t=fastapi&differ=1"),
        ("?sort=&differ=1&utm_source=x", "?differ=1"),
        ("?t=flask&t=fastapi", "?t=quart&t=fastapi"),
        ("?differ=0", ""),
    ],
)
def test_a_question_in_other_words_leads_to_its_one_address(
    client: Client, suffix: str, query: str, canonical: str
) -> None:
    make_full_comparison()
    technology = Technology.objects.get(slug="quart")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(technology, "flask")
        renames.rename(technology, "quart")

    response = client.get(f"/comparisons/frameworks.{suffix}{query}")

    assert response.status_code == 302
    assert response["Location"] == f"/comparisons/frameworks.{suffix}{canonical}"


@every_form
def test_nonsense_is_left_out_and_the_rest_is_answered(client: Client, suffix: str) -> None:
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}{NONSENSE}")

    complaint = "“nobody” is not in this table; it was left out."
    assert response.status_code == 200
    assert (complaint in response.text) == (suffix != "csv")
    assert "identical row" in response.text or suffix == "csv"


@every_form
@pytest.mark.parametrize("query", ["t=" + "x" * 9_000, "&".join(["differ=1"] * 1_001)])
def test_a_query_longer_than_any_form_sends_is_refused(
    client: Client, suffix: str, query: str
) -> None:
    make_comparison(slug="frameworks")

    assert client.get(f"/comparisons/frameworks.{suffix}?{query}").status_code == 400


@every_form
@pytest.mark.parametrize(
    "query",
    [
        *("t=%00", "t=%FF%FE", "must=%3Cscript%3E.3", "sort=-", "w=..", "group=%0D%0AX: y"),
        *("must=documentation.9", "differ=2", "t=" + "a" * 3_000, "%F0%9F=1", "t[]=quart"),
        "must=%3D1%2B1.3&t=%7C%7C&group=%5Ba%5D(https://x.example)",
    ],
)
def test_a_hostile_query_gives_a_table_that_parses(client: Client, suffix: str, query: str) -> None:
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}?{query}", follow=True)

    assert response.status_code == 200
    _parse(suffix, response.text)
    assert "\0" not in response.text


@every_form
def test_it_is_named_kept_out_of_search_and_knows_its_page(client: Client, suffix: str) -> None:
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}?differ=1")

    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == '<http://testserver/comparisons/frameworks/>; rel="canonical"'
    disposition, _, name = response["Content-Disposition"].partition("; ")
    assert disposition == ("attachment" if suffix == "csv" else "inline")
    assert name == f'filename="frameworks.{suffix}"'
    assert response["Content-Type"].endswith("; charset=utf-8")
    assert "Cookie" not in response.headers.get("Vary", "")


@every_form
def test_it_is_only_read(client: Client, suffix: str) -> None:
    make_comparison(slug="frameworks")

    assert client.post(f"/comparisons/frameworks.{suffix}").status_code == 405


@every_form
@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_words_in_every_field_stay_words(client: Client, suffix: str, text: str) -> None:
    make_comparison(slug="frameworks", contenders=2, criteria=1)
    Comparison.objects.update(title=text)
    Technology.objects.update(name=text)
    Contender.objects.update(versions=text)
    Criterion.objects.update(name=text, question=text)
    Cell.objects.update(word=text, value=text, note=text, applies_to=text)
    Comparison.objects.get().groups.update(name=text)

    response = client.get(f"/comparisons/frameworks.{suffix}?must=criterion-0.4")

    assert response.status_code == 200
    _parse(suffix, response.text)


@every_form
@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, suffix: str, size: int
) -> None:
    make_comparison(slug="frameworks", contenders=size, criteria=size, introduction="Words.")

    with django_assert_num_queries(7):
        client.get(f"/comparisons/frameworks.{suffix}")


def _parse(suffix: str, text: str) -> None:
    if suffix == "csv":
        assert len({len(row) for row in csv_words(text)}) == 1
    elif suffix == "md":
        assert len({len(row) for row in parse_markdown(text).table}) == 1
    else:
        assert set(json.loads(text)) >= {"title", "contenders", "groups"}
