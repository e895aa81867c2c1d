"""Whatever was deleted here, an update can be loaded: what hangs on it is left alone and named."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import ProtectedError

from catalog.history import renames
from catalog.history.documents import in_batches
from catalog.history.rows import RowKey
from catalog.models import (
    CONTENT,
    PAGES,
    Category,
    Choice,
    Comparison,
    Guide,
    Package,
    Role,
    Stack,
    Technology,
)
from catalog.packs.entries import read
from catalog.packs.loading import plan
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    FACTS,
    PACKAGE,
    PIN,
    TWO,
    VERSIONS,
    Row,
    by_hand,
    category,
    comparison,
    listing,
    load_pack,
    point,
    row,
    technology,
)

pytestmark = pytest.mark.django_db

OLD, NEW = site.BASE_DIR / "fixtures" / "guide-2025", site.BASE_DIR / "fixtures" / "guide-2026-11"
# One plan tells of so many at once: few of what others hang on.
MANY = 500
BATCHES = {Technology: 8, Package: 8, Category: 8}
CONFLICTS_WAIT = 2


def delete(thing: models.Model) -> None:
    """Delete it with all that is in the way, as an editor does one after the other."""
    try:
        with transaction.atomic():
            thing.delete()
    except ProtectedError as error:
        for other in error.protected_objects:
            if type(other) is type(thing):  # it lets go
                name = {Technology: "replaced_by", Category: "parent"}[type(thing)]
                type(thing).objects.filter(pk=other.pk).update(**{name: None})
            elif type(other).objects.filter(pk=other.pk).exists():
                delete(other)
        delete(thing)


@contextmanager
def deleted(*things: models.Model) -> Iterator[None]:
    """The guide without these, until the block ends."""
    with transaction.atomic():
        with by_hand():
            for thing in things:
                if type(thing).objects.filter(pk=thing.pk).exists():
                    delete(thing)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [one for one in CONTENT if one is not Guide])
def test_the_shipped_update_loads_whatever_was_deleted(model):
    load_pack(OLD)
    update = read(NEW)
    named = 0

    for things in in_batches(list(model.objects.order_by("pk")), BATCHES.get(model, MANY)):
        with deleted(*things):
            made = plan(update)

        assert [str(problem) for problem in made.problems.first] == []
        named += bool(made.notes)

    assert named or model not in BATCHES


def renamed(page):
    renames.rename(page, f"{page.slug}-here")


def archived(page):
    type(page).objects.filter(pk=page.pk).update(status="archived")


def moved(page):
    type(page).objects.filter(pk=page.pk).update(position=99)


@pytest.mark.parametrize(
    ("act", "model"),
    [*product((renamed, archived), PAGES.values()), (moved, Category), (moved, Stack)],
)
def test_the_shipped_update_loads_over_what_was_renamed_archived_and_moved(act, model):
    load_pack(OLD)
    with by_hand():
        for page in model.objects.all():
            act(page)

    made = plan(read(NEW))

    assert [str(problem) for problem in made.problems.first] == []
    if act is renamed:  # it is still the same thing
        assert not {change.row for change in made.changes if change.before is None} & {
            RowKey(model._meta.model_name, (page.slug.removesuffix("-here"),))
            for page in model.objects.all()
        }


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("statsd", "package facts “statsd” is left out: “statsd”, which it needs, was deleted"),
        ("fastapi", "is left out: “fastapi”, which it needs, was deleted here."),
        ("uvicorn", "pin “uvicorn” is left out: “uvicorn”, which it needs, was deleted here."),
    ],
)
def test_the_shipped_update_names_what_it_leaves_alone(slug, said):
    load_pack(OLD)
    told, status = io.StringIO(), 0

    with deleted(Technology.objects.get(slug=slug)):
        try:
            call_command("load_pack", NEW, interactive=False, stdout=told)
        except CommandError as error:
            status = error.returncode

    assert status in (0, CONFLICTS_WAIT)
    assert said in told.getvalue()


# Of every kind, small ----------------------------------------------------------------------------

STACK = [row("stack", slug="s", name="S", status="published"), technology("f"), technology("q")]


def role(slug: str, *choices: str) -> list[Row]:
    found = [row("role", stack=["s"], slug=slug, name=slug.capitalize())]
    return found + [row("choice", role=["s", slug], technology=[name]) for name in choices]


def test_what_hangs_on_a_package_that_was_deleted_is_left_out(tmp_path, bring):
    bring(technology("q"), PACKAGE)
    with by_hand():
        Package.objects.all().delete()

    said, _record = bring(technology("q"), VERSIONS, PIN, FACTS, version="2")

    assert said.notes == [
        "package facts “pkg” is left out: “pkg”, which it needs, was deleted here.",
        "pin “pkg” is left out: “pkg”, which it needs, was deleted here.",
    ]
    assert load_pack(tmp_path / "guide")[1] is None


def test_a_new_role_whose_only_choice_was_deleted_is_left_out_too(bring):
    bring(*STACK, *role("web", "q"))
    with by_hand():
        delete(Technology.objects.get(slug="f"))

    said, _record = bring(*STACK, *role("web", "q"), *role("new", "f"), version="2")

    assert list(Role.objects.values_list("slug", flat=True)) == ["web"]
    assert said.notes == [
        "role “new” is left out: “f”, which it needs, was deleted here.",
        "choice “f” is left out: “f”, which it needs, was deleted here.",
    ]


def test_the_last_choice_stays_where_what_takes_its_place_was_deleted(bring):
    bring(*STACK, *role("web", "q"))
    with by_hand():
        delete(Technology.objects.get(slug="f"))
    removes = ({"choice": ["s", "web", "q"]},)
    new = row("choice", role=["s", "web"], technology=["f"])

    said, _record = bring(new, name="update", over=("guide",), removes=removes)

    assert Choice.objects.get().technology.slug == "q"
    assert said.notes == [
        "choice “f” is left out: “f”, which it needs, was deleted here.",
        "choice “Q” stays, since “f” was deleted here.",
    ]


def test_a_new_table_of_which_a_column_was_deleted_is_left_out_whole(bring):
    bring(*TWO)
    with by_hand():
        delete(Technology.objects.get(slug="a"))
    new = comparison("u", "web", "a", "b", criteria=("c",))

    said, _record = bring(*TWO, *new, point("b", "new"), version="2")

    assert list(Comparison.objects.values_list("slug", flat=True)) == ["t"]
    assert {note.rpartition(": ")[2] for note in said.notes[1:]} == {
        "“a”, which it needs, was deleted here."
    }
    assert Technology.objects.get().points.get().slug == "new"


def test_a_table_is_not_published_over_a_column_that_was_deleted(bring):
    rows = [category("web"), technology("a"), technology("b")]
    draft = comparison("t", "web", "a", "b")
    draft[0]["fields"]["status"] = "draft"
    bring(*rows, *draft)
    with by_hand():
        delete(Technology.objects.get(slug="a"))

    said, _record = bring(*rows, *comparison("t", "web", "a", "b"), version="2")

    assert Comparison.objects.get().status == "draft"
    assert [(one.row.key, one.field) for one, _text in said.conflicts] == [(("t",), "status")]


def test_what_never_was_there_is_refused_with_every_other_mistake(bring):
    bring(technology("f"), technology("q"))
    with by_hand():
        Technology.objects.get(slug="f").delete()
    faulty = [
        technology("q", name="x" * 81),
        technology("r", website=7),
        technology("d", status="draft"),
        technology("e"),
        category("web"),
        listing("web", "f"),
        listing("web", "nobody"),
        listing("web", "r"),
        point("q", "a", text="a\x0bb"),
        *comparison("thin", "web", "r"),
        *comparison("other", "web", "d", "e"),
    ]

    with pytest.raises(RefusedError) as refused:
        bring(*faulty, version="2")

    assert str(refused.value).split("\n") == [
        "02-technology.yaml, entry 1, field “name”: Ensure this value has at most 80 characters "
        "(it has 81).",
        "02-technology.yaml, entry 2, field “website”: This field takes text; write 7 in quotes.",
        "06-point.yaml, entry 1, field “text”: This text holds the character U+000B at place 2, "
        "which cannot be shown; remove it.",
        "08-listing.yaml, entry 2, field “technology”: Listing “nobody” needs technology "
        "“nobody”, which is not there.",
        "17-contender.yaml, entry 2: “Other” is published but names “D”, which is a draft.",
    ]
