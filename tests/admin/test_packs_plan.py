"""The plan of an uploaded pack: shown without writing, applied only as it was shown."""

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Conflict, Edition, PackLoad, Technology
from tests.admin.pages import messages_of, read_form
from tests.admin.test_while_writing import another_writer
from tests.admin.uploading import (
    address,
    apply,
    chosen,
    described,
    items,
    load_by_hand,
    plan_anew,
    plan_of,
    take,
    texts,
    upload,
)
from tests.packs.packing import category, edit, listing, pack, summary_of, technology
from tests.packs.written import as_text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("pack_dir"),
]

SUMMARY = "technology/flask/summary"


@pytest.fixture
def conflicting(admin_client: Client, tmp_path: Path) -> Path:
    """A pack that says something else than the guide where both have changed."""
    load_by_hand(admin_client, pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    edit("flask", summary="Mine")
    return pack(tmp_path, technology("flask", summary="Theirs", licence="BSD"), version="2")


# Looking -----------------------------------------------------------------------------------------


@pytest.fixture
def url(admin_client: Client, conflicting: Path) -> str:
    return plan_of(admin_client, conflicting)


def test_a_plan_says_what_would_change_and_writes_nothing(admin_client, tmp_path):
    url = plan_of(admin_client, pack(tmp_path, technology("flask"), category("web")))

    response = admin_client.get(url)

    assert response.status_code == 200
    assert items(response, "summary") == ["Categories: 1 new", "Technologies: 1 new"]
    assert items(response, "changes") == ["New category: Web", "New technology: Flask"]
    assert texts(response, "h3") == ["Categories", "Technologies"]
    assert texts(response, "p", "quiet") == [
        "Pack guide, version 1, compared with edition 0 of the guide."
    ]
    assert (Technology.objects.count(), Edition.objects.count(), PackLoad.objects.count()) == (
        0,
        0,
        0,
    )
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_complete_pack_says_so(admin_client, tmp_path):
    url = plan_of(admin_client, pack(tmp_path, technology("flask"), complete=True))

    assert texts(admin_client.get(url), "p", "quiet") == [
        "Pack guide, version 1, compared with edition 0 of the guide. It is complete: what is not "
        "in it goes, as far as it came from this pack."
    ]


def test_things_of_which_several_things_are_said_say_each_by_itself(admin_client, tmp_path):
    load_by_hand(admin_client, pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    changed = technology("flask", summary="Fast", licence="BSD")

    response = admin_client.get(plan_of(admin_client, pack(tmp_path, changed, version="2")))

    first, *sentences = items(response, "changes")
    assert first.startswith("Flask")
    assert sorted(sentences) == ["Licence: “MIT” → “BSD”", "Summary: “Small” → “Fast”"]


def test_a_long_plan_ends_with_a_count(admin_client, tmp_path):
    rows = [technology(f"tool-{number:03}") for number in range(502)]

    response = admin_client.get(plan_of(admin_client, pack(tmp_path, *rows)))

    assert items(response, "summary") == ["Technologies: 502 new"]
    assert len(items(response, "changes")) == 500
    assert texts(response, "p", "quiet")[1:] == ["… and 2 more things."]


def test_what_is_left_alone_is_said(admin_client, tmp_path):
    load_by_hand(admin_client, pack(tmp_path, technology("flask"), technology("quart")))
    Technology.objects.filter(slug="quart").delete()
    changed = [technology("flask"), technology("quart", summary="Async")]

    response = admin_client.get(plan_of(admin_client, pack(tmp_path, *changed, version="2")))

    assert items(response, "notes") == ["technology “quart” was deleted here and stays so."]
    assert items(response, "summary") == ["Nothing changes by itself."]


def test_what_a_pack_says_is_shown_as_text(admin_client, tmp_path):
    hostile = "<script>alert(1)</script>"
    load_by_hand(admin_client, pack(tmp_path, technology("flask", summary="Small")))
    edit("flask", summary=f"mine {hostile}")
    changed = technology("flask", name=hostile, summary=f"theirs {hostile}")

    response = admin_client.get(plan_of(admin_client, pack(tmp_path, changed, version="2")))

    assert hostile not in response.content.decode()
    assert hostile in " ".join(items(response, "changes"))
    assert described(response)["theirs-1"] == f"theirs {hostile}"
    assert described(response)["mine-1"] == f"mine {hostile}"


def test_looking_at_a_plan_of_three_costs_what_one_of_one_does(admin_client, tmp_path):
    costs = []
    for count in (1, 3):
        name = f"pack-{count}"
        folder = tmp_path / name
        slugs = [f"{name}-{number}" for number in range(count)]
        rows = [technology(slug, summary="A") for slug in slugs]
        load_by_hand(admin_client, pack(folder, *rows, name=name))
        for slug in slugs:
            edit(slug, summary="B")
        rows = [technology(slug, summary="C", licence="MIT") for slug in slugs]
        rows += [technology(f"new-{slug}") for slug in slugs]
        rows += [category(name), *(listing(name, slug) for slug in slugs)]
        url = plan_of(admin_client, pack(folder, *rows, name=name, version="2"))
        admin_client.get(url)

        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(url)

        assert len(chosen(response)) == count
        costs.append(len(queries))

    assert costs == [5, 5]


# Applying ----------------------------------------------------------------------------------------


def test_applying_is_one_edition_by_who_did_it(admin_client, tmp_path):
    url = plan_of(admin_client, pack(tmp_path, technology("flask"), category("web")))

    response = apply(admin_client, url)

    load = PackLoad.objects.get()
    made = Edition.objects.get()
    assert (response.status_code, response.url) == (302, address("change", load.pk))
    assert messages_of(response) == [
        f'“guide 1” is loaded: edition <a href="/admin/catalog/edition/{made.pk}/change/">1</a>. '
        f'<a href="{address("undo", load.pk)}">Undo</a>'
    ]
    assert (load.user, load.edition, made.user, made.origin) == ("admin", made, "admin", "pack")
    assert load.plan.splitlines()[0] == "Categories: 1 new"
    assert list(Technology.objects.values_list("slug", flat=True)) == ["flask"]
    assert LogEntry.objects.get().get_change_message() == "Added."


def test_a_second_time_there_is_nothing_to_do(admin_client, tmp_path):
    url = plan_of(admin_client, pack(tmp_path, technology("flask")))
    form = read_form(admin_client.get(url))
    apply(admin_client, url)

    old = admin_client.post(url, form)
    page = plan_anew(admin_client, url)
    response = admin_client.post(url, read_form(page))

    assert old.status_code == 409
    assert items(page, "summary") == ["Nothing to do: the guide says all of this already."]
    assert "plan_form" in page.content.decode()
    assert 'type="submit" class="default"' not in page.content.decode()
    assert (response.status_code, response.url) == (302, address("changelist"))
    assert messages_of(response)[-1] == "Nothing to do: the guide says so already."
    assert (PackLoad.objects.count(), Edition.objects.count()) == (1, 1)


def test_a_pack_that_changes_no_row_is_recorded_without_an_edition(admin_client, tmp_path):
    load_by_hand(admin_client, pack(tmp_path, technology("flask")))
    url = plan_of(admin_client, pack(tmp_path, technology("flask"), name="other", over=("guide",)))

    page = admin_client.get(url)
    response = apply(admin_client, url)

    assert items(page, "summary") == ["Nothing changes by itself."]
    assert messages_of(response)[-1] == "“other 1” is loaded. The guide said all of it already."
    assert (PackLoad.objects.first().edition, Edition.objects.count()) == (None, 1)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "x\0"])
def test_without_the_token_of_its_plan_nothing_is_applied(admin_client, url, token):
    form = read_form(admin_client.get(url)) | take(SUMMARY, "theirs")
    form = {name: said for name, said in (form | {"token": token}).items() if said is not None}

    response = admin_client.post(url, form)

    assert response.status_code == 409
    assert chosen(response) == take(SUMMARY, "theirs")
    assert (summary_of("flask"), PackLoad.objects.count()) == ("Mine", 1)


def test_where_the_guide_moved_the_plan_is_made_anew_by_a_button(admin_client, url):
    edit("flask", licence="GPL")

    old, new = admin_client.get(url), plan_anew(admin_client, url)

    assert old.status_code == 200
    assert texts(old, "p", "errornote") == [
        "The guide has changed since this plan was made (edition 3 by grace); look again."
    ]
    assert texts(old, "button", "button") == ["Make the plan anew"]
    assert (texts(new, "p", "errornote"), texts(new, "button", "button")) == ([], [])
    assert [len(chosen(page)) for page in (old, new)] == [1, 2]
    assert items(new, "summary") == ["Nothing changes by itself.", "2 conflicts to choose in"]


def test_where_the_guide_moved_the_plan_is_shown_anew_and_choices_are_kept(admin_client, url):
    form = read_form(admin_client.get(url)) | take(SUMMARY, "theirs")
    edit("flask", licence="GPL")

    refused = admin_client.post(url, form)
    accepted = admin_client.post(url, read_form(refused))

    assert refused.status_code == 409
    assert texts(refused, "p", "errornote") == [
        "The guide has changed since this plan was made (edition 3 by grace); look again."
    ]
    assert chosen(refused) == {
        f"_choice:{SUMMARY}": "theirs",
        "_choice:technology/flask/licence": "wait",
    }
    assert accepted.status_code == 302
    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Theirs", "GPL")


def test_of_two_tabs_the_second_is_shown_what_the_first_did(admin_client, url):
    first, second = (read_form(admin_client.get(url)) for _tab in range(2))

    done = admin_client.post(url, first | take(SUMMARY, "mine"))
    refused = admin_client.post(url, second | take(SUMMARY, "theirs"))

    assert (done.status_code, refused.status_code) == (302, 409)
    assert texts(refused, "p", "errornote") == [
        "The guide has changed since this plan was made (edition 3 by admin); look again."
    ]
    assert summary_of("flask") == "Mine"


def test_a_pack_that_moved_only_what_packs_said_is_noticed_too(admin_client, url, tmp_path):
    form = read_form(admin_client.get(url))
    flask = technology("flask", summary="Mine")
    load_by_hand(admin_client, pack(tmp_path, flask, name="other", over=("guide",)))

    response = admin_client.post(url, form)

    assert response.status_code == 409
    assert texts(response, "p", "errornote") == [
        "Another pack was loaded since this plan was made; look again."
    ]


# What is refused ---------------------------------------------------------------------------------


def test_a_plan_with_problems_cannot_be_applied(admin_client, tmp_path):
    url = plan_of(admin_client, pack(tmp_path, listing("web", "flask")))

    page = admin_client.get(url)
    sent = admin_client.post(url, read_form(page))

    problems = items(page, "problems")
    assert [problem.partition(": ")[2] for problem in problems] == [
        "Listing “flask” needs category “web”, which is not there.",
        "Listing “flask” needs technology “flask”, which is not there.",
    ]
    assert 'type="submit" class="default"' not in page.content.decode()
    assert (page.status_code, sent.status_code) == (200, 400)
    assert items(sent, "problems") == problems
    assert PackLoad.objects.count() == 0


def test_an_older_version_is_refused(admin_client, tmp_path):
    load_by_hand(admin_client, pack(tmp_path, technology("flask"), version="2"))

    page = admin_client.get(plan_of(admin_client, pack(tmp_path, technology("flask"))))

    assert items(page, "problems") == [
        "pack.yaml, field “version”: Version 1 is older than 2, which is loaded already."
    ]


def test_an_upload_that_can_no_longer_be_read_says_why(admin_client, settings):
    url = upload(admin_client, as_text([technology("flask")], "a.yaml"), "a.yaml").url
    settings.PACK_MAX_ROWS = 0

    looked = admin_client.get(url)
    responses = [admin_client.post(url, {"_anew": "1"}), admin_client.post(url, read_form(looked))]

    assert looked.status_code == 200
    assert [response.status_code for response in responses] == [400, 400]
    for response in responses:
        assert items(response, "problems") == [
            "a.yaml: This pack holds more than 0 rows; split it into several packs, or raise "
            "PACK_MAX_ROWS."
        ]


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_a_plan_is_shown_and_choices_are_kept(admin_client, url):
    form = read_form(admin_client.get(url)) | take(SUMMARY, "theirs")

    with another_writer():
        looked = admin_client.get(url)
        response = admin_client.post(url, form)

    assert looked.status_code == 200
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert take(SUMMARY, "theirs").items() <= read_form(response).items()
    assert admin_client.post(url, read_form(response)).status_code == 302
    assert (summary_of("flask"), Conflict.objects.count()) == ("Theirs", 0)
