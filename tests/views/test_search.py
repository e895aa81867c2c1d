"""The page of the search, what it offers while one types, and what it logs of what it lacks."""

import json
import logging
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from catalog.models import Listing, Miss, Status, Technology
from catalog.views.search import MOST_OTHERS, MOST_TECHNOLOGIES
from tests.factories import (
    make_alias,
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_criterion,
    make_guide,
    make_listing,
    make_package,
    make_package_facts,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import Document, read, text_of
from tests.searching import index_all

pytestmark = pytest.mark.django_db

ADDRESS = "/search/"


@pytest.fixture
def queues() -> None:
    """Two queues, their category and comparison, and what else names them."""
    category = make_category(name="Task Queues", slug="task-queues")
    celery = make_technology(name="Celery", slug="celery", summary="A queue with a scheduler.")
    rq = make_technology(name="RQ", slug="rq", summary="Simple jobs.")
    make_alias(rq, name="Redis Queue")
    make_package_facts(make_package(rq, name="rq-core"), latest_version="3.0", released_on="2026")
    make_listing(category, celery, verdict=Listing.Verdict.RECOMMENDED, qualifier="for most")
    make_listing(category, rq, verdict=Listing.Verdict.LISTED)
    comparison = make_comparison(
        title="Queues compared", slug="queues", category=category, contenders=0, criteria=1
    )
    row = comparison.criteria.get()
    for technology, rating in ((celery, 4), (rq, 1)):
        contender = make_contender(comparison, technology=technology)
        make_cell(row, contender, rating=rating, value="Beat")
    make_technology(name="passlib", slug="passlib", replaced_by=celery)
    index_all()


def groups(page: Document) -> dict[str, list[str]]:
    """The names in each group, by its heading without the count."""
    return {
        section.find("h2").text.strip(): [text_of(link) for link in section.findall("ul/li/a")]
        for section in page.find("section")
    }


def search(client: Client, text: str, **more: str) -> Document:
    response = client.get(ADDRESS, {"q": text, **more})
    assert response.status_code == 200
    return Document(response.text)


def top(page: Document) -> list[str]:
    return page.texts("div[@class='top']")


def test_hits_stand_in_groups_by_the_first_of_each_with_counts(client, queues):
    page = search(client, "task queue")

    assert page.texts("p[@class='quiet found-count']") == ["4 answers in 2 groups."]
    assert page.links("div[@class='top']")[0] == ("Task Queues", "/categories/task-queues/")
    assert groups(page) == {
        "Technologies": ["RQ", "Celery"],  # an alias has one of the words
        "Comparisons": ["Queues compared"],
    }
    assert page.links("nav[@aria-label='Groups of answers']") == [
        ("Technologies 2", "#technology"),
        ("Comparisons 1", "#comparison"),
    ]


def test_a_technology_is_shown_with_words_marked_and_its_line_of_truth(client, queues):
    page = search(client, "scheduler queue")

    assert page.texts("section[@id='technology']/ul/li") == [
        "Celery A queue with a scheduler. Recommended for most in Task Queues "
        "100.0, 1st of 2 in Queues compared lifecycle not checked"
    ]
    assert page.texts("section[@id='technology']/ul/li/p/mark") == ["queue", "scheduler"]


def test_a_name_answers_by_itself_on_top(client, queues):
    page = search(client, "celery")

    assert page.links("div[@class='top']/p")[:1] == [("Celery", "/technologies/celery/")]
    (said,) = top(page)
    assert "Recommended for most" in said
    assert "Technologies" not in groups(page)  # it is not said twice
    assert "lists RQ" in search(client, "rq").texts("p[@class='also']")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("redis queue", "alias Redis Queue"), ("rq-core", "package rq-core")],
)
def test_a_hit_says_why_where_its_name_does_not(client, queues, text, reason):
    # Called just so, it stands on top, and RQ in the list.
    listing = make_listing(technology=make_technology(name=text, slug="just-so"))
    index_all()

    page = search(client, text)

    assert page.links("div[@class='top']")[0] == (text, listing.technology.get_absolute_url())
    assert page.texts("section[@id='technology']/ul/li/p[@class='also']") == [reason]


@pytest.mark.parametrize(
    "text", ["celery vs rq", "rq or celery", "celery redis queue", "celry vs rq"]
)
def test_two_technologies_lead_to_the_comparison_that_holds_both(client, queues, text):
    page = search(client, text)

    assert page.links("div[@class='top']/p")[0][1] == "/comparisons/queues/"
    assert groups(page)["Technologies"][:2] in (["Celery", "RQ"], ["RQ", "Celery"])


def test_two_technologies_without_a_comparison_are_set_side_by_side(client, queues):
    assert search(client, "passlib vs celery").links("div[@class='top']/p") == [
        ("Compare passlib and Celery", "/compare/?t=passlib&t=celery")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alternative to passlib", "Instead of passlib: Celery"),
        (
            "instead of celery",
            "The guide names nothing that replaces Celery. In the same categories: RQ",
        ),
    ],
)
def test_what_is_to_be_replaced_leads_to_what_replaces_it(client, queues, text, said):
    assert top(search(client, text))[0].startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("celery vs nosuchthing", "The guide knows no technology called “nosuchthing”."),
        ("alternative to nosuchthing", "The guide knows no technology called “nosuchthing”."),
        ("celery plumbing", "No page has all of the words: these have most of them."),
        ("ceelry", "Nothing is called “ceelry”; this page answers for celery."),
    ],
)
def test_what_a_text_asks_and_the_guide_has_not_is_said(client, queues, text, said):
    assert any(said in line for line in search(client, text).texts("main//p"))


@pytest.mark.parametrize("space", ["%C2%A0", "%0A", "%09", "++"])
def test_any_white_space_parts_words(client, queues, space):
    page = Document(client.get(f"{ADDRESS}?q=redis{space}queue").text)

    assert page.links("div[@class='top']")[0] == ("RQ", "/technologies/rq/")


def test_sides_are_offered_and_listed_as_on_the_page(client, queues):
    offered = client.get(f"{ADDRESS}options/", {"q": "celery vs rq"}).text
    listed = read(client, "/technologies/?text=celery+vs+rq")

    assert 'href="/comparisons/queues/"><span>Celery and RQ</span>' in offered
    assert [text_of(link) for link in listed.find("section/ul/li/a")][:2] == ["Celery", "RQ"]


def test_every_jump_leads_to_a_group_that_is_there(client, queues):
    for text in ("celery", "queues compared", "task queues", "celery vs rq", "beat"):
        page = search(client, text)
        ids = {one.get("id") for one in page.find("section")}
        jumps = {address[1:] for _, address in page.links("nav[@aria-label='Groups of answers']")}
        assert jumps <= ids


def test_a_word_that_stands_nowhere_is_answered_as_it_was_meant(client, queues):
    page = search(client, "celry scheduler")

    assert page.texts("p[@class='say']") == [
        "Nothing is called “celry”; this page answers for celery scheduler."
    ]
    assert groups(page) == {"Technologies": ["Celery"]}


def test_a_group_shows_a_few_and_leads_to_all(client):
    for number in range(MOST_TECHNOLOGIES + 1):
        make_technology(name=f"Gadget {number}")
    comparison = make_comparison(contenders=2, criteria=0)
    for number in range(MOST_OTHERS + 1):
        make_criterion(comparison, name=f"Gadget {number}", slug=f"row-{number}")
    index_all()

    page = search(client, "gadget")
    assert {name: len(found) for name, found in groups(page).items()} == {
        "Technologies": MOST_TECHNOLOGIES,
        "Rows of comparisons": MOST_OTHERS,
    }
    assert [link for link in page.links() if link[0] == "All of them"] == [
        ("All of them", "/technologies/?text=gadget"),
        ("All of them", "/search/?q=gadget&kind=row"),
    ]
    rows = search(client, "gadget", kind="row")
    assert {name: len(found) for name, found in groups(rows).items()} == {
        "Rows of comparisons": MOST_OTHERS + 1
    }


def test_each_kind_of_hit_leads_to_where_it_stands(client, queues):
    make_snippet(technology=Technology.objects.get(slug="celery"), title="Zebra", slug="zebra")
    make_snippet(category=make_category(slug="c", name="C"), title="Zebra two", slug="zebra-2")
    make_stack(name="Zebra stack", slug="zebra")
    make_version_set(title="Zebra versions", slug="zebra")
    make_criterion(make_comparison(criteria=0, slug="z"), name="Zebra row", slug="row")
    index_all()

    addresses = {address for _, address in search(client, "zebra").links()}

    assert {
        "/technologies/celery/#snippet-zebra",
        "/categories/c/#snippet-zebra-2",
        "/stacks/zebra/",
        "/versions/zebra/",
        "/comparisons/z/row/",
    } <= addresses
    assert {client.get(address).status_code for address in addresses if address[0] == "/"} == {200}


def test_nothing_asked_and_nothing_found_say_how_to_go_on(client, queues):
    empty, lost = read(client, ADDRESS), search(client, "qwertyuiop")

    assert empty.texts("h1") == ["Search"]
    assert lost.texts("h1") == ["Search: qwertyuiop"]
    for page in (empty, lost):
        assert page.links("nav[@aria-label='Categories']") == [
            ("Task Queues", "/categories/task-queues/")
        ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=%00%00",
        "q=" + "x" * 5_000,
        "q=<script>alert(1)</script>",
        "q=a&q=b&kind=nonsense",
        "q=%ff%fe",
        "q=" + "vs+" * 500,
        "kind=row",
        "q=%F0%9F%90%8D",
    ],
)
def test_hostile_text_gets_a_page(client, queues, query):
    for path in (ADDRESS, f"{ADDRESS}options/"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200
        assert "<script>alert" not in response.text


def test_a_query_longer_than_any_form_sends_is_refused(client):
    assert client.get(f"{ADDRESS}?q=" + "x" * 9_000).status_code == 400


def test_what_is_offered_is_a_listbox_of_the_first_hits(client, queues):
    page = client.get(f"{ADDRESS}options/", {"q": "task que"}, headers={"HX-Request": "true"})

    assert "<html" not in page.text
    fragment = Document(f"<!doctype html><title>x</title><main>{page.text}</main>")
    names = [one.get("aria-label") for one in fragment.find("div[@role='group']")]
    assert names == ["Categories", "Comparisons", "Technologies"]
    assert fragment.links()[0] == ("Task Queues Recommended: Celery", "/categories/task-queues/")
    assert fragment.texts("p") == ["4 suggestions"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_cost_of_a_search_does_not_grow_with_what_is_found(
    client, django_assert_max_num_queries, size
):
    make_guide()
    for _ in range(size):
        category = make_category(name="Web")
        for _ in range(size):
            make_listing(category, make_technology(summary="Gadget", status=Status.PUBLISHED))
    index_all()
    with django_assert_max_num_queries(22):
        search(client, "gadget web")
    with django_assert_max_num_queries(9):
        search(client, "gadget")
    with django_assert_max_num_queries(7):
        client.get(f"{ADDRESS}options/", {"q": "gadget we"})


def test_browsers_are_told_how_to_search(client):
    response = client.get("/opensearch.xml")

    assert response["Content-Type"] == "application/opensearchdescription+xml"
    assert 'template="http://testserver/search/?q={searchTerms}"' in response.text
    assert 'rel="search"' in client.get("/").text


def test_search_pages_are_not_indexed_and_name_themselves(client, queues):
    page = search(client, "celery")

    assert page.find("meta[@name='robots']")[0].get("content") == "noindex"
    assert page.texts("title") == ["Search: celery · StackGuide"]
    assert page.find("input[@id='site-search']")[0].get("value") == "celery"


# What was not found -----------------------------------------------------------------------------


def test_only_a_search_without_an_answer_is_logged_with_nothing_of_who_asked(
    client, queues, caplog
):
    caplog.set_level(logging.INFO, "stackguide.search")
    search(client, "celery")
    search(client, "")
    client.get(f"{ADDRESS}options/", {"q": "qwertyuiop"})
    search(client, "Qwertyuiop")

    (record,) = [one for one in caplog.records if one.name == "stackguide.search"]
    assert (record.getMessage(), record.searched) == ("Nothing found", "Qwertyuiop")


def test_a_setting_turns_the_log_off(client, settings, caplog):
    settings.SEARCH_MISSES = False
    caplog.set_level(logging.INFO, "stackguide.search")

    search(client, "qwertyuiop")

    assert [one for one in caplog.records if one.name == "stackguide.search"] == []


def line(text: str, day: int, logger: str = "stackguide.search") -> str:
    at = f"2026-11-{day:02}T10:00:00+00:00"
    return json.dumps({"logger": logger, "searched": text, "timestamp": at}) + "\n"


def counted() -> list[tuple[str, int, int]]:
    return [(miss.text, miss.count, miss.at.day) for miss in Miss.objects.all()]


def test_lines_of_a_log_are_counted_once_until_there_is_an_answer(queues, tmp_path):
    log = tmp_path / "site.log"
    log.write_text(
        line("Zope", 1) + line("zope", 2) + line("rust", 2) + line("celery", 2)
        + line("x", 3, "stackguide.access") + "no json\n[]\n{}\n"
    )  # fmt: skip
    call_command("search_misses", log, stdout=(said := StringIO()))
    assert said.getvalue() == "4 counted, 0 were counted before; 1 texts have an answer by now.\n"
    assert counted() == [("zope", 2, 2), ("rust", 1, 2)]

    with log.open("a") as more:
        more.write(line("rust", 4) + line("rust", 5))
    make_technology(name="Zope", slug="zope")
    index_all()
    call_command("search_misses", log, stdout=(said := StringIO()))

    assert said.getvalue() == "2 counted, 4 were counted before; 1 texts have an answer by now.\n"
    assert counted() == [("rust", 3, 5)]


def test_the_list_keeps_what_was_looked_for_last(tmp_path, monkeypatch):
    monkeypatch.setattr("catalog.management.commands.search_misses.MOST_KEPT", 2)
    log = tmp_path / "site.log"
    log.write_text(line("first", 1) + line("second", 2) + line("third", 3))

    call_command("search_misses", log, stdout=StringIO())

    assert [text for text, *_ in counted()] == ["second", "third"]


def test_a_log_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="/nowhere cannot be read: No such file or directory"):
        call_command("search_misses", "/nowhere")


def test_the_desk_and_the_list_show_what_was_not_found(admin_client):
    Miss.objects.create(text="zope", count=3, at=datetime(2026, 11, 2, tzinfo=UTC))

    desk, page = admin_client.get("/admin/"), admin_client.get("/admin/catalog/miss/")

    assert "Looked for and not found" in desk.text
    assert "3 times" in desk.text
    assert "/search/?q=zope" in page.text
    assert admin_client.get("/admin/catalog/miss/add/").status_code == 403
