"""What holds for every form of a table, whatever it is written in."""

import json

import pytest
from django.test import Client

from catalog.comparison import tables
from catalog.exports import FORMS
from catalog.history import editions, renames
from catalog.models import (
    Cell,
    Comparison,
    Contender,
    Criterion,
    CriterionGroup,
    Edition,
    Status,
    Technology,
)
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
def test_a_question_in_other_words_leads_to_its_one_address(client: Client, suffix: str) -> None:
    make_full_comparison()
    technology = Technology.objects.get(slug="quart")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(technology, "flask")
        renames.rename(technology, "quart")
    address = f"/comparisons/frameworks.{suffix}"

    canonical = {
        "?differ=1&t=quart&t=fastapi": "?t=quart&t=fastapi&differ=1",
        "?sort=&differ=1&utm_source=x": "?differ=1",
        "?t=flask&t=fastapi": "?t=quart&t=fastapi",
        "?differ=0": "",
    }
    answers = {query: client.get(address + query) for query in canonical}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert {query: answer["Location"] for query, answer in answers.items()} == {
        query: address + wanted for query, wanted in canonical.items()
    }


@every_form
def test_nonsense_is_left_out_and_the_rest_is_answered(client: Client, suffix: str) -> None:
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}{NONSENSE}")

    complaint = "“nobody” is not in this table; it was left out."
    assert response.status_code == 200
    assert (complaint in response.text) == (suffix != "csv")
    assert "identical row" in response.text or suffix == "csv"


@every_form
def test_a_hostile_query_gives_a_table_that_parses_or_is_refused(
    client: Client, suffix: str
) -> None:
    make_full_comparison()
    address = f"/comparisons/frameworks.{suffix}"

    for query in (
        *("t=%00", "t=%FF%FE", "must=%3Cscript%3E.3", "sort=-", "w=..", "group=%0D%0AX: y"),
        *("must=documentation.9", "differ=2", "t=" + "a" * 3_000, "%F0%9F=1", "t[]=quart"),
        "must=%3D1%2B1.3&t=%7C%7C&group=%5Ba%5D(https://x.example)",
    ):
        response = client.get(f"{address}?{query}", follow=True)
        assert response.status_code == 200, query
        _parse(suffix, response.text)
        assert "\0" not in response.text
    # Longer than any form sends.
    for query in ("t=" + "x" * 9_000, "&".join(["differ=1"] * 1_001)):
        assert client.get(f"{address}?{query}").status_code == 400


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


def test_hostile_words_in_every_field_stay_words(client: Client) -> None:
    make_comparison(slug="frameworks", contenders=2, criteria=1)

    for text in filter(str.strip, HOSTILE):
        Comparison.objects.update(title=text)
        Technology.objects.update(name=text)
        Contender.objects.update(versions=text)
        Criterion.objects.update(name=text, question=text)
        Cell.objects.update(word=text, value=text, note=text, applies_to=text)
        CriterionGroup.objects.update(name=text)
        tables.forget()  # within a transaction the edition is raised only once
        for suffix in FORMS:
            response = client.get(f"/comparisons/frameworks.{suffix}?must=criterion-0.4")
            assert response.status_code == 200, text
            _parse(suffix, response.text)


def _parse(suffix: str, text: str) -> None:
    if suffix == "csv":
        assert len({len(row) for row in csv_words(text)}) == 1
    elif suffix == "md":
        assert len({len(row) for row in parse_markdown(text).table}) == 1
    else:
        assert set(json.loads(text)) >= {"title", "contenders", "groups"}
