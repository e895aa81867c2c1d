"""Writes without a door are noticed, and recorded on commit."""

import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.history import documents, editions
from catalog.models import (
    Category,
    Changed,
    Edition,
    EditionCounter,
    Revision,
    Technology,
    ThingKey,
    Unrecorded,
)
from tests.factories import make_category, make_technology
from tests.failing import FailedError, fail_after

pytestmark = pytest.mark.django_db(transaction=True)

FIXTURE = """
- model: catalog.category
  fields: {slug: web, name: Web, status: published}
- model: catalog.technology
  fields: {slug: flask, name: Flask, kind: framework, status: published}
- model: catalog.listing
  fields: {category: [web], technology: [flask], verdict: listed}
"""


def made_editions():
    return list(Edition.objects.order_by("number").values_list("number", "origin"))


def revisions():
    return sorted(Revision.objects.values_list("edition", "kind", "slug"))


@pytest.fixture
def fixture_file(tmp_path):
    path = tmp_path / "fixture.yaml"
    path.write_text(FIXTURE, encoding="utf-8")
    return path


def test_a_save_in_a_shell_raises_the_edition_and_keeps_the_document():
    make_category(slug="web")

    assert made_editions() == [(1, "outside")]
    assert revisions() == [(1, "category", "web")]
    assert Changed.objects.values_list("slug", "edition").get() == ("web", 1)
    assert Unrecorded.objects.count() == 0


def test_a_load_of_fixtures_is_one_edition_with_every_document(fixture_file):
    call_command("loaddata", fixture_file, verbosity=0)

    assert made_editions() == [(1, "outside")]
    assert revisions() == [(1, "category", "web"), (1, "technology", "flask")]
    assert '"catalog.listing"' in Revision.objects.get(kind="category").document


def test_loading_the_same_fixtures_again_keeps_no_second_document(fixture_file):
    call_command("loaddata", fixture_file, verbosity=0)
    ids = list(Category.objects.values_list("pk")), list(Technology.objects.values_list("pk"))

    call_command("loaddata", fixture_file, verbosity=0)

    assert revisions() == [(1, "category", "web"), (1, "technology", "flask")]
    assert ids == (
        list(Category.objects.values_list("pk")),
        list(Technology.objects.values_list("pk")),
    )


def test_updates_and_bulk_creation_are_noticed():
    Category.objects.bulk_create([Category(slug="web", name="W"), Category(slug="api", name="A")])
    Category.objects.filter(slug="web").update(name="Web")

    assert made_editions() == [(1, "outside"), (2, "outside")]
    assert revisions() == [(1, "category", "api"), (1, "category", "web"), (2, "category", "web")]


def test_a_deletion_is_noticed():
    make_category(slug="web")

    Category.objects.all().delete()

    assert revisions() == [(1, "category", "web"), (2, "category", "web")]
    assert Revision.objects.get(edition=2).document == "[]"


def test_one_transaction_is_one_edition():
    with transaction.atomic():
        make_category(slug="web")
        make_technology(slug="flask")

    assert made_editions() == [(1, "outside")]


def test_a_rolled_back_transaction_leaves_nothing():
    with pytest.raises(FailedError), transaction.atomic():
        fail_after(make_category())

    assert made_editions() == []
    assert Unrecorded.objects.count() == 0


def test_a_rolled_back_savepoint_takes_its_edition_along_and_the_next_write_raises_it_again():
    with transaction.atomic():
        with pytest.raises(FailedError), transaction.atomic():
            fail_after(make_category(slug="lost"))
        make_category(slug="kept")

    assert made_editions() == [(1, "outside")]
    assert revisions() == [(1, "category", "kept")]
    assert EditionCounter.objects.get().number == 1


def test_a_thing_noted_before_a_savepoint_is_recorded_when_the_savepoint_is_lost():
    with transaction.atomic():
        make_category(slug="first")
        with pytest.raises(FailedError), transaction.atomic():
            fail_after(make_category(slug="lost"))
        make_category(slug="last")

    assert made_editions() == [(1, "outside")]
    assert revisions() == [(1, "category", "first"), (1, "category", "last")]


def test_a_thing_written_in_a_lost_savepoint_and_again_after_it_is_recorded():
    with transaction.atomic():
        web = make_category(slug="web")
        with pytest.raises(FailedError), transaction.atomic():
            fail_after(make_category(slug="api"))
        make_category(slug="api", name="Second try")
        web.name = "Web again"
        web.save()

    assert revisions() == [(1, "category", "api"), (1, "category", "web")]
    assert "Second try" in Revision.objects.get(slug="api").document
    assert "Web again" in Revision.objects.get(slug="web").document


def test_a_failed_row_leaves_the_edition_where_it_was():
    make_category(slug="web")

    with pytest.raises(IntegrityError):
        make_category(slug="web")

    assert made_editions() == [(1, "outside")]


def test_what_a_killed_process_left_noted_is_recorded_by_the_next_door(monkeypatch):
    with monkeypatch.context() as dead:
        dead.setattr(editions._OnCommit, "__call__", lambda self: None)
        make_category(slug="web")
    assert (revisions(), Unrecorded.objects.count()) == ([], 1)

    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_category(slug="api")

    assert revisions() == [(1, "category", "web"), (2, "category", "api")]
    assert Unrecorded.objects.count() == 0


def test_saving_without_a_transaction_is_recorded_by_the_next_door():
    Category(slug="web", name="Web").save_base()

    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_category(slug="api")

    assert revisions() == [(1, "category", "web"), (2, "category", "api")]


def test_the_number_goes_on_when_the_counters_row_is_missing():
    make_category(slug="web")
    EditionCounter.objects.all().delete()

    make_category(slug="api")

    assert made_editions() == [(1, "outside"), (2, "outside")]


WRITERS = 6


def write_through_a_door(number):
    with editions.record(f"user {number}", "", Edition.Origin.ADMIN):
        make_category(slug=f"door-{number}")
        Technology.objects.filter(slug="shared").update(summary=f"by door {number}")


def write_outside(number):
    with transaction.atomic():
        # The other order of rows than the door's: only one lock order keeps this from deadlock.
        Technology.objects.filter(slug="shared").update(summary=f"by shell {number}")
        make_category(slug=f"shell-{number}")


def test_writers_at_once_wait_for_each_other_and_lose_nothing():
    make_technology(slug="shared")
    failures = []
    start = threading.Barrier(2 * WRITERS)

    def run(write, number) -> None:
        try:
            start.wait(timeout=10)
            write(number)
        except Exception as failure:  # whatever it is, the test names it
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(write, number))
        for number in range(WRITERS)
        for write in (write_through_a_door, write_outside)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failures == []
    assert [number for number, _ in made_editions()] == list(range(1, 2 * WRITERS + 2))
    assert EditionCounter.objects.get().number == 2 * WRITERS + 1
    assert Category.objects.count() == 2 * WRITERS
    assert Revision.objects.filter(kind="category").count() == 2 * WRITERS
    assert Changed.objects.get(slug="shared").edition_id == 2 * WRITERS + 1
    assert Unrecorded.objects.count() == 0


def test_an_update_that_had_to_wait_records_what_was_committed_meanwhile():
    make_category(slug="early")

    def update() -> None:
        Category.objects.update(name="Updated")
        connections.close_all()

    updater = threading.Thread(target=update)
    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_category(slug="late")
        updater.start()
        updater.join(timeout=0.5)  # it waits for this transaction
        assert updater.is_alive()
    updater.join(timeout=30)

    newest = Revision.objects.newest("category", ["early", "late"])
    assert sorted(row.slug for row in newest if '"name":"Updated"' in row.document) == [
        "early",
        "late",
    ]


def test_reading_the_edition_does_not_wait_for_a_writer():
    make_category()
    seen = []

    def read() -> None:
        seen.append(editions.latest().number)
        connections.close_all()

    with editions.record("ada", "", Edition.Origin.ADMIN):
        make_technology()
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=2)

    assert seen == [1]
    assert connection.in_atomic_block is False


# Whatever order writes, savepoints and doors come in, history ends up saying what is there --------


SLUGS = ("a", "b", "c")


class LostError(Exception):
    """Ends a block so that everything in it is rolled back."""


writes = st.tuples(
    st.sampled_from(["save", "update", "delete", "rename"]),
    st.sampled_from(SLUGS),
    st.text("xy", max_size=2),
)
steps = st.recursive(
    writes,
    lambda inner: st.tuples(
        st.sampled_from(["kept", "lost", "door", "lost door"]), st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


def perform(step):
    if step[0] in ("save", "update", "delete", "rename"):
        write(*step)
        return
    how, inner = step
    try:
        if "door" in how:
            with editions.record("ada", "", Edition.Origin.ADMIN):
                perform_all(inner, how)
        else:
            with transaction.atomic():
                perform_all(inner, how)
    except LostError:
        if "lost" not in how:
            raise


def perform_all(inner, how):
    for step in inner:
        perform(step)
    if "lost" in how:
        # A door inside a door is the outer one and is not rolled back by itself: only a
        # savepoint around it would be.
        raise LostError


def write(how, slug, text):
    rows = Category.objects.filter(slug=slug)
    if how == "save":
        row = rows.first() or Category(slug=slug)
        row.name = text
        row.save()
    elif how == "update":
        rows.update(name=text)
    elif how == "rename" and not Category.objects.filter(slug=f"{slug}-renamed").exists():
        rows.update(slug=f"{slug}-renamed")
    elif how == "delete":
        rows.delete()


def forget_everything():
    for model in (Unrecorded, Changed, Revision, Edition, EditionCounter, Category):
        model.objects.all()._raw_delete("default")


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, max_size=6))
def test_history_says_what_is_there(program):
    forget_everything()

    for step in program:
        perform(step)

    assert Unrecorded.objects.count() == 0
    things = {
        ThingKey("category", slug) for slug in Category.objects.values_list("slug", flat=True)
    }
    known = {ThingKey(row.kind, row.slug) for row in Changed.objects.all()}
    assert things <= known
    newest = {
        ThingKey(row.kind, row.slug): row.document
        for row in Revision.objects.newest("category", [thing.slug for thing in known])
    }
    assert newest == documents.texts(known)
    numbers = list(Edition.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    counter = EditionCounter.objects.first()
    assert (counter.number if counter else 0) == len(numbers)
