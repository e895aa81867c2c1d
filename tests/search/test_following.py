"""Entries follow content: from every way in, at once, and only of what readers may see."""

import re
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.history import indexing
from catalog.history.pending import kept_back
from catalog.history.renames import rename
from catalog.history.trial import dry_run
from catalog.models import (
    Category,
    Entry,
    Pending,
    Posting,
    Status,
    Technology,
)
from catalog.search import texts, words
from tests.factories import (
    make_category,
    make_cell,
    make_companion,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
    make_whole_guide,
)
from tests.failing import FailedError
from tests.search.finding import edition, found

pytestmark = pytest.mark.django_db(transaction=True)

FIXTURE = """
- model: catalog.technology
  fields: {slug: zope, name: Zope, kind: framework, status: published}
"""


@pytest.fixture
def flask() -> Technology:
    with edition():
        return make_technology(name="Flask", slug="flask")


def drift() -> list[str]:
    return list(indexing.find_drift())


# Ways in ----------------------------------------------------------------------------------------


def test_a_write_from_any_way_in_is_found_at_once(flask, tmp_path):
    assert found("flask") == ["technology flask"]

    flask.name = "Quart"
    flask.save()  # outside of an edition
    assert (found("flask"), found("quart")) == ([], ["technology flask"])
    Technology.objects.filter(pk=flask.pk).update(name="Sanic")
    assert (found("quart"), found("sanic")) == ([], ["technology flask"])
    with edition():
        make_point(flask, text="Blueprints")
    assert found("blueprint") == ["technology flask"]
    (tmp_path / "zope.yaml").write_text(FIXTURE)
    call_command("loaddata", tmp_path / "zope.yaml", verbosity=0)
    assert found("zope") == ["technology zope"]
    Technology.objects.get(slug="zope").delete()
    assert found("zope") == []
    assert drift() == []


def test_what_is_rolled_back_is_not_found(flask):
    with suppress(FailedError), edition():
        make_technology(name="Zope")
        raise FailedError
    with dry_run(), edition():
        flask.name = "Quart"
        flask.save()
    with transaction.atomic():
        make_technology(name="Zope")
        transaction.set_rollback(True)

    assert (found("zope"), found("quart"), found("flask")) == ([], [], ["technology flask"])
    assert drift() == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_only_what_is_published_is_found_wherever_it_is_named(status):
    with edition():
        web, other = make_category(name="Web"), make_category(name="Other")
        flask = make_technology(name="Flask", slug="flask")
        make_listing(web, flask, best_for="Services")
        make_listing(other, flask)
        make_companion(other_one := make_technology(name="Second", slug="second"), companion=flask)
        comparison = make_comparison(title="Compared", contenders=1, criteria=1)
        cell = make_cell(
            comparison.criteria.get(), make_contender(comparison, technology=flask), value="Jinja"
        )
        make_snippet(technology=flask, title="Hello", code="print('zebra')")
        stack = make_stack(name="Stack", choices=0)
        stack.roles.get().choices.create(technology=flask, note="sync")
        version_set = make_version_set(title="Pinned", pins=0)
        version_set.pins.create(package=make_package(flask, name="flask-core"), specifier="^3")
    assert {one.split()[0] for one in found("flask")} == {*texts.TEXTS, "row"}
    assert len(found("jinja")) == len(found("zebra")) == len(found("services")) == 1

    with edition():
        Technology.objects.filter(pk=flask.pk).update(status=status)
    for text in ("flask", "jinja", "zebra", "services", "hello", "flask-core"):
        assert found(text) == [], text
    assert found("second") == ["technology second"]

    with edition():
        Technology.objects.filter(pk=flask.pk).update(status=Status.PUBLISHED, name="Quart")
        Category.objects.filter(pk=web.pk).update(status=status)
    assert found("web") == found("services") == []
    # All but the category that went, and the version set, which names the package.
    assert len(found("quart")) == 7
    assert drift() == []
    assert (other_one.slug, cell.value) == ("second", "Jinja")


def test_a_pending_change_is_not_found_and_a_renamed_page_under_its_new_slug(flask):
    with edition() as recording, kept_back(recording, "ada"):
        Technology.objects.filter(pk=flask.pk).update(summary="Proposed")
    assert Pending.objects.get().thing == flask.key
    assert found("proposed") == []

    with edition():
        rename(flask, "quart")

    assert found("flask") == ["technology quart"]
    assert drift() == []


def test_what_says_the_same_to_readers_writes_no_entry(flask):
    before = set(Posting.objects.values_list("pk", flat=True))
    with edition():
        Technology.objects.filter(pk=flask.pk).update(owner="Ada")

    assert set(Posting.objects.values_list("pk", flat=True)) == before


# Looked after -----------------------------------------------------------------------------------


def test_drift_is_named_by_the_check_and_mended_by_the_command(flask):
    Entry.objects.filter(slug="flask").update(title="Old")
    Entry.objects.create(
        id=1, thing="technology gone", kind="technology", slug="gone", title="Gone", priority=1,
        texts=[], version=texts.VERSION,
    )  # fmt: skip
    said = StringIO()
    call_command("check", tags=["database"], databases=["default"], stderr=said)
    assert re.findall(r"W002\) (Search .*)", said.getvalue()) == [
        "Search has an old state of technology flask; run `manage.py search_rebuild`.",
        "Search has an old state of technology gone; run `manage.py search_rebuild`.",
    ]

    call_command("search_rebuild", stdout=(said := StringIO()))

    assert said.getvalue() == "1 entries, as the content has them.\n"
    assert (drift(), found("flask")) == ([], ["technology flask"])


@pytest.mark.parametrize("lost", ["entries", "version", "nothing"])
def test_a_migration_makes_what_is_missing_or_old(flask, lost):
    if lost == "entries":
        Posting.objects.all().delete()
        Entry.objects.all().delete()
    if lost == "version":
        Entry.objects.update(version=0, title="As it was made then")

    call_command("migrate", verbosity=0)

    assert (found("flask"), drift()) == (["technology flask"], [])


def test_every_row_of_content_is_found_by_each_of_its_words():
    with edition():
        make_whole_guide()
    entries = list(Entry.objects.all())
    assert {entry.kind for entry in entries} == {*texts.TEXTS, "row"}

    for entry in entries:
        for field, text in entry.texts:
            for word in words.parts_of(text):
                is_filler = field == texts.Field.BODY and word in words.FILLERS
                hits = found(word)
                assert is_filler or str(entry) in hits, (entry, word)


WORDS = st.lists(
    st.sampled_from(["queue", "queues", "C++", "C#", ".NET", "pub/sub", "Café", "x-ray", "3.11"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(WORDS, min_size=1, max_size=4, unique=True), summary=WORDS)
def test_any_name_is_found_first_by_itself_and_the_order_is_total(db, names, summary):
    with transaction.atomic():
        with edition():
            for place, name in enumerate(names):
                make_technology(name=name, slug=f"t{place}", summary=summary)
        for name in names:
            hits = found(name)
            assert len(hits) == len(set(hits))
            first = Technology.objects.get(slug=hits[0].split()[1])
            assert words.whole(first.name) == words.whole(name)
            assert found(name) == hits
        transaction.set_rollback(True)
