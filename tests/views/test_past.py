"""What the page of a technology says of its last changes: what was and is public, nothing else."""

from typing import Any

import pytest
from django.test import Client

from catalog.history.renames import rename
from catalog.models import ContentModel, Status, Technology
from tests.edition.on_a_day import edition
from tests.factories import (
    make_category,
    make_companion,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_technology,
)
from tests.reading import read, text_of

pytestmark = pytest.mark.django_db


def change(day: int, row: ContentModel, **fields: Any) -> None:
    with edition(f"2026-11-{day:02}"):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()


def past(client: Client, slug: str = "flask") -> list[str]:
    page = read(client, f"/technologies/{slug}/")
    text = text_of(page.root)
    assert "Secret words" not in text
    assert "ada" not in text.split()
    return page.texts("section[@aria-labelledby='changed']/ul/li")


@pytest.fixture
def flask() -> Technology:
    with edition("2026-11-01"):
        return make_technology(name="Flask", slug="flask", licence="BSD")


def test_a_technology_that_nobody_changed_says_nothing_of_its_past(client, flask):
    assert past(client) == []


def test_changes_stand_newest_first_with_their_days(client, flask):
    change(2, flask, licence="MIT")
    change(3, flask, lifecycle="maintenance")

    assert past(client) == [
        "2026-11-03 Lifecycle: unknown → maintenance only.",
        "2026-11-02 Licence: “BSD” → “MIT”.",
    ]


def test_five_changes_are_enough(client, flask):
    for day in range(2, 10):
        change(day, flask, licence=f"Licence {day}")

    assert [text[:10] for text in past(client)] == [f"2026-11-0{day}" for day in range(9, 4, -1)]


def test_the_verdict_comes_first_and_what_is_beyond_three_sentences_is_folded(client, flask):
    with edition("2026-11-02"):
        listing = make_listing(make_category(name="Web"), flask, verdict="listed")
    with edition("2026-11-03"):
        listing.verdict = "recommended"
        listing.save()
        flask.licence = "MIT"
        flask.save()
        make_package_facts(make_package(flask, name="flask"), latest_version="3.1")
        make_point(flask, text="It is small.")

    newest, before = past(client)

    assert before == "2026-11-02 New listing: in Web."
    assert newest.startswith("2026-11-03 Listing in Web: listed → recommended. Licence:")
    assert "And 2 more" in newest


def test_nothing_of_a_draft_is_told_but_that_it_was_published(client, flask):
    change(2, flask, status=Status.DRAFT, licence="Hidden 2")
    change(3, flask, licence="Hidden 3")
    change(4, flask, status=Status.PUBLISHED, licence="Shown")
    change(5, flask, licence="MIT")

    assert past(client) == ["2026-11-05 Licence: “Shown” → “MIT”.", "2026-11-04 Published."]


def test_a_draft_that_is_archived_says_nothing(client, flask):
    change(2, flask, status=Status.DRAFT, licence="Hidden")
    change(3, flask, status=Status.ARCHIVED)

    assert past(client) == []


def test_what_only_editors_see_is_not_told(client, flask):
    with edition("2026-11-02"):
        listing = make_listing(make_category(name="Web"), flask)
    change(3, flask, owner="Grace", review_by="2027-01-01")
    change(4, listing, position=7)

    assert past(client) == ["2026-11-02 New listing: in Web as recommended."]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_what_has_no_page_today_is_not_named(client, flask, is_deleted):
    with edition("2026-11-02"):
        category, other = make_category(name="Gone"), make_technology(name="Hidden")
        listing = make_listing(category, flask)
        companion = make_companion(flask, companion=other)
        flask.replaced_by = other
        flask.lifecycle = "deprecated"
        flask.save()
    change(3, listing, verdict="avoid")
    assert "Gone" in past(client)[0]
    assert "replaced by Hidden" in past(client)[1]
    with edition("2026-11-04"):
        if is_deleted:
            flask.replaced_by = None
            flask.save()
            companion.delete()
            category.delete()
            other.delete()
        else:
            for row in (category, other):
                row.status = Status.DRAFT
                row.save()

    assert past(client) == ["2026-11-02 Lifecycle: unknown → deprecated."]


def test_of_two_replacements_neither_is_named_where_one_is_a_draft(client, flask):
    with edition("2026-11-02"):
        shown, hidden = make_technology(name="Shown"), make_technology(name="Hidden")
    change(3, flask, replaced_by=shown)
    change(4, flask, replaced_by=hidden)
    change(5, hidden, status=Status.DRAFT)

    assert past(client) == ["2026-11-03 Replaced by: empty → Shown."]


def test_what_was_hidden_at_the_time_is_not_told_once_it_is_published(client, flask):
    with edition("2026-11-02"):
        category = make_category(name="Web", status=Status.DRAFT)
        listing = make_listing(category, flask, verdict="avoid")
        other = make_technology(name="Other", status=Status.DRAFT)
        make_companion(flask, companion=other)
    change(3, listing, verdict="alternative")
    with edition("2026-11-04"):
        for row in (category, other):
            row.status = Status.PUBLISHED
            row.save()
    change(5, listing, verdict="recommended")

    assert past(client) == ["2026-11-05 Listing in Web: alternative → recommended."]


def test_what_is_archived_has_a_page_and_is_named(client, flask):
    with edition("2026-11-02"):
        other = make_technology(name="Other", status=Status.ARCHIVED)
        make_companion(flask, companion=other)

    assert past(client) == ["2026-11-02 New companion: Other."]


def test_a_text_that_looks_like_the_field_of_a_draft_hides_nothing(client, flask):
    with edition("2026-11-02"):
        category = make_category(name="Web", best_for='"status":"draft"')
        make_listing(category, flask)

    assert past(client) == ["2026-11-02 New listing: in Web as recommended."]


def test_another_slug_takes_the_past_along(client, flask):
    change(2, flask, licence="MIT")
    with edition("2026-11-03"):
        rename(flask, "flask-3")
    change(4, flask, licence="ISC")

    assert past(client, "flask-3") == [
        "2026-11-04 Licence: “MIT” → “ISC”.",
        "2026-11-02 Licence: “BSD” → “MIT”.",
    ]


def test_what_was_deleted_and_is_made_again_begins_anew(client, flask):
    change(2, flask, licence="MIT")
    with edition("2026-11-03"):
        flask.delete()
    with edition("2026-11-04"):
        make_technology(name="Flask", slug="flask")

    assert past(client) == []


def test_a_draft_made_outside_of_the_admin_is_not_named_from_then_on(client, flask):
    with edition("2026-11-02"):
        category = make_category(name="Web")
        make_listing(category, flask)
    assert past(client) != []
    category.status = Status.DRAFT
    category.save()

    assert past(client) == []
