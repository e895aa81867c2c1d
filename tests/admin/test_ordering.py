"""Buttons move a row up or down, without JavaScript, as one edition."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.db import models
from django.test import Client

from catalog.models import (
    Category,
    Comparison,
    Edition,
    Listing,
    Pin,
    Point,
    Snippet,
    Stack,
    VersionSet,
)
from tests.admin.pages import read_form, save, url_for, url_of
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_package,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def order(direction: str, row: models.Model) -> str:
    return f"{direction}-{row._meta.model_name}-{row.pk}"


def press(client: Client, direction: str, row: models.Model) -> int:
    return client.post(url_for(type(row)), {"_move": order(direction, row)}).status_code


def buttons(client: Client, url: str) -> dict[str, tuple[str, bool]]:
    """Label and whether it can be pressed, by value."""
    page = html5lib.parse(client.get(url).content.decode(), namespaceHTMLElements=False)
    found: list[Element] = [b for b in page.iter("button") if b.get("name") == "_move"]
    assert [button.get("id") for button in found] == [button.get("value") for button in found]
    return {b.get("value"): (b.get("aria-label"), "disabled" not in b.attrib) for b in found}


def editions() -> list[str]:
    found = Edition.objects.filter(user__in=["admin", "grace"]).order_by("number")
    return list(found.values_list("comment", flat=True))


def places(rows: models.QuerySet) -> list[tuple[str, int]]:
    return [(str(row), row.position) for row in rows]


# In a list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "make", "name"),
    [
        (Category, make_category, "name"),
        (Comparison, make_comparison, "title"),
        (Stack, make_stack, "name"),
    ],
)
def test_a_row_moves_up_in_its_list(admin_client, model, make, name):
    rows = [make(**{name: letter, "slug": letter.lower()}) for letter in "ABC"]

    response = admin_client.post(url_for(model), {"_move": order("up", rows[2])})

    assert response.status_code == 302
    assert response["Location"] == f"{url_for(model)}#{order('up', rows[2])}"
    assert places(model.objects.filter(pk__in=[row.pk for row in rows])) == [
        ("A", 10),
        ("C", 20),
        ("B", 30),
    ]
    assert editions() == ["Moved up."]


def test_it_moves_down_and_the_view_of_the_list_stays(admin_client):
    first, _second = make_stack(position=10), make_stack(position=20)
    address = url_for(Stack) + "?status__exact=published"

    response = admin_client.post(address, {"_move": order("down", first)})

    # It stands last now, where only the other button can be pressed again.
    assert response["Location"] == f"{address}#{order('up', first)}"
    assert list(Stack.objects.values_list("pk", flat=True))[-1] == first.pk
    assert editions() == ["Moved down."]


def test_a_category_moves_among_those_of_its_parent(admin_client):
    top, other = make_category(name="Top", position=5), make_category(name="Other", position=6)
    first = make_category(name="First", parent=top, position=10)
    elsewhere = make_category(name="Elsewhere", parent=other, position=15)
    last = make_category(name="Last", parent=top, position=20)

    press(admin_client, "up", last)

    assert places(top.children.all()) == [("Last", 10), ("First", 20)]
    elsewhere.refresh_from_db()
    assert elsewhere.position == 15
    shown = buttons(admin_client, url_for(Category))
    assert list(shown)[::2] == [order("up", row) for row in (top, last, first, other, elsewhere)]
    assert shown[order("up", last)] == ("Move Last up", False)
    assert shown[order("down", last)] == ("Move Last down", True)
    assert shown[order("down", first)] == ("Move First down", False)


def test_a_snippet_moves_on_its_owners_page(admin_client):
    owner = make_technology()
    first, second = (make_snippet(technology=owner, position=p) for p in (10, 20))
    alone = make_snippet(position=15)

    press(admin_client, "down", first)

    assert list(owner.snippets.all()) == [second, first]
    assert Snippet.objects.get(pk=alone.pk).position == 15
    assert not any(
        usable
        for value, (_, usable) in buttons(admin_client, url_for(Snippet)).items()
        if value.endswith(f"-{alone.pk}")
    )


def test_the_first_stays_first(admin_client):
    first, _second = make_stack(position=10), make_stack(position=20)

    assert press(admin_client, "up", first) == 302

    assert Stack.objects.first() == first
    assert editions() == []


def test_a_list_that_is_filtered_still_knows_who_is_first(admin_client):
    make_stack(name="Shown not", position=10)
    row = make_stack(name="Found", position=20)

    shown = buttons(admin_client, url_for(Stack) + "?q=Found")

    assert shown[order("up", row)] == ("Move Found up", True)


@pytest.mark.parametrize(
    ("value", "status"),
    [("up", 400), ("up-stack-x", 400), ("over-stack-1", 400), ("up-category-1", 400)],
)
def test_nonsense_is_refused(admin_client, value, status):
    assert admin_client.post(url_for(Stack), {"_move": value}).status_code == status


def test_a_row_that_is_gone_is_not_found(admin_client):
    assert admin_client.post(url_for(Stack), {"_move": "up-stack-99"}).status_code == 404


def test_who_may_only_look_has_no_buttons_and_moves_nothing():
    first, second = make_stack(position=10), make_stack(position=20)
    client = sign_in("view_stack")

    assert buttons(client, url_for(Stack)) == {}
    assert press(client, "up", second) == 403
    assert Stack.objects.first() == first


# In a table of parts ----------------------------------------------------------------------------


def test_a_part_moves_and_what_was_typed_is_kept(admin_client):
    category = make_category(name="Databases")
    first = make_listing(category, make_technology(name="One"), position=10)
    second = make_listing(category, make_technology(name="Two"), position=20)

    response = save(admin_client, url_of(category), best_for="All", _move=order("up", second))

    assert response["Location"] == f"{url_of(category)}#{order('down', second)}"
    assert list(category.listings.all()) == [second, first]
    assert Category.objects.get().best_for == "All"
    assert editions() == ["Changed Best for. Moved listing “Two” up."]


def test_moving_alone_is_one_edition_that_says_only_so(admin_client):
    technology = make_technology()
    points = [make_point(technology, text=text, slug=text) for text in ("a", "b", "c")]

    save(admin_client, url_of(technology), _move=order("down", points[0]))

    assert [point.text for point in technology.points.all()] == ["b", "a", "c"]
    assert editions() == ["Moved point “a” down."]


def test_what_is_wrong_is_said_and_nothing_moves(admin_client):
    technology = make_technology()
    first, second = make_point(technology, position=1), make_point(technology, position=2)

    response = save(
        admin_client, url_of(technology), name="", summary="Typed", _move=order("up", second)
    )

    assert response.status_code == 200
    assert "Typed" in response.content.decode()
    assert list(technology.points.all()) == [first, second]
    assert editions() == []


def test_a_pin_moves_within_its_group(admin_client):
    version_set: VersionSet = make_version_set(pins=2)
    main = list(version_set.pins.all())
    dev = Pin.objects.create(
        version_set=version_set, package=make_package(), specifier=">=1", group=Pin.Group.DEV
    )

    shown = buttons(admin_client, url_of(version_set))
    save(admin_client, url_of(version_set), _move=order("up", main[1]))

    assert list(version_set.pins.all()) == [main[1], main[0], dev]
    assert (shown[order("up", dev)][1], shown[order("down", dev)][1]) == (False, False)


def test_a_part_of_another_page_is_refused_with_all_that_was_sent(admin_client):
    technology, other = make_technology(summary="Before"), make_technology()
    points = [make_point(other, position=position) for position in (1, 2)]

    response = save(admin_client, url_of(technology), summary="After", _move=order("up", points[1]))

    assert response.status_code == 400
    technology.refresh_from_db()
    assert technology.summary == "Before"
    assert list(other.points.all()) == points


def test_a_part_deleted_by_the_same_form_is_not_moved(admin_client):
    technology = make_technology()
    point = make_point(technology)

    response = save(
        admin_client, url_of(technology), _move=order("up", point), **{"points-0-DELETE": "on"}
    )

    assert response.status_code == 302
    assert Point.objects.count() == 0


def test_who_may_not_change_the_parts_cannot_move_them():
    category = make_category()
    listings = [make_listing(category, position=position) for position in (1, 2)]
    client = sign_in("change_category", "view_category", "view_listing")

    shown = buttons(client, url_of(category))
    response = save(client, url_of(category), _move=order("up", listings[1]))

    assert shown == {}
    assert response.status_code == 403
    assert list(Listing.objects.filter(category=category)) == listings


# As entered -------------------------------------------------------------------------------------


def form_with(client: Client, url: str, prefix: str, rows: list[dict]) -> dict:
    """A form with so many new rows in one of its tables, as a script adds them."""
    form = read_form(client.get(url))
    there = int(form[f"{prefix}-TOTAL_FORMS"])
    form[f"{prefix}-TOTAL_FORMS"] = str(there + len(rows))
    for place, row in enumerate(rows, there):
        form |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return form


def test_new_parts_stand_in_the_order_in_which_they_were_typed(admin_client):
    technology = make_technology()
    make_point(technology=technology, slug="old", text="Old", position=30)
    rows = [
        {"kind": "pro", "text": text, "slug": text.lower(), "position": position}
        for text, position in [("Very fast", "0"), ("A simple router", "0"), ("First", "5")]
    ]
    for row in rows:
        row["slug"] = row["slug"].replace(" ", "-")

    form = form_with(admin_client, url_of(technology), "points", rows)
    assert admin_client.post(url_of(technology), form).status_code == 302

    assert places(technology.points.all()) == [
        ("First", 5),
        ("Old", 30),
        ("Very fast", 40),
        ("A simple router", 50),
    ]


def test_a_new_listing_stands_last_in_its_category(admin_client):
    category, technology = make_category(), make_technology(name="Newcomer")
    make_listing(category=category, technology=make_technology(name="There"), position=20)
    row = {"category": str(category.pk), "verdict": "listed", "position": "0"}

    form = form_with(admin_client, url_of(technology), "listings", [row])
    assert admin_client.post(url_of(technology), form).status_code == 302

    assert places(category.listings.all()) == [("There", 20), ("Newcomer", 30)]


def test_many_moves_by_numbers_are_one_edition(admin_client):
    technology = make_technology()
    for place, slug in enumerate("abc", 1):
        make_point(technology=technology, slug=slug, text=slug, position=place * 10)

    numbers = {f"points-{place}-position": str(30 - place * 10) for place in range(3)}
    save(admin_client, url_of(technology), **numbers)

    assert places(technology.points.all()) == [("c", 10), ("b", 20), ("a", 30)]
    assert len(editions()) == 1


def test_a_part_gets_a_slug_that_is_free_where_nobody_typed_one(admin_client):
    technology = make_technology()
    make_point(technology, slug="point", text="There")
    # What a script fills in is nobody's own either.
    typed = [("快速", ""), ("C", "c"), ("C++", "c"), ("Other", "mine"), ("数据", "")]
    row = {"kind": "pro", "position": "0"}

    rows = [row | {"text": text, "slug": slug} for text, slug in typed]
    form = form_with(admin_client, url_of(technology), "points", rows)
    assert admin_client.post(url_of(technology), form).status_code == 302

    slugs = [point.slug for point in technology.points.all()]
    assert slugs == ["point", "point-2", "c", "c-2", "mine", "point-3"]


def test_a_row_of_text_is_not_weighed(admin_client):
    comparison = make_comparison(criteria=1)
    row = {"name": "Best for", "slug": "best-for", "kind": "text", "weight": "1"}
    row["position"] = "0"

    form = form_with(admin_client, url_of(comparison), "criteria", [row])
    assert admin_client.post(url_of(comparison), form).status_code == 302

    assert comparison.criteria.get(slug="best-for").weight == 0


def test_a_slug_that_another_part_has_is_refused_at_its_row(admin_client):
    """Also for a forged row, of which there is no part: it is taken as a new one."""
    technology = make_technology()
    make_point(technology, slug="mine", text="There")

    form = read_form(admin_client.get(url_of(technology))) | {"points-0-id": "999999"}
    page = admin_client.post(url_of(technology), form)

    assert page.status_code == 200
    assert "Another row has this slug; give another." in page.text
