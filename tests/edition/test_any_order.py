"""Whatever order writes, savepoints and doors come in, history ends up saying what is there."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.history import documents, editions
from catalog.models import (
    Category,
    Changed,
    Edition,
    EditionCounter,
    Revision,
    ThingKey,
    Unrecorded,
)

pytestmark = pytest.mark.django_db(transaction=True)

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
