"""Two editors at one table: nobody's cells are overwritten, and nothing that was typed is lost."""

import pytest
from django.test import Client

from catalog.history import editions
from catalog.history.renames import rename
from catalog.models import Cell, Comparison, Criterion, Edition, Pending, Status, Technology
from tests.admin.grid.tables import (
    count_of_editions,
    grid_of,
    make_table,
    names_of_rows,
    said,
    send,
)
from tests.admin.overtaken import answered, asked
from tests.admin.pages import messages_of, read_form
from tests.admin.roles import sign_in_as
from tests.admin.test_while_writing import another_writer

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def meanwhile(**fields: object) -> None:
    """Somebody else judges the speed of Flask anew."""
    with editions.record("grace", "Measured", Edition.Origin.ADMIN):
        cell = Cell.objects.get(criterion__slug="speed", contender__technology__slug="flask")
        for name, value in fields.items():
            setattr(cell, name, value)
        cell.save()


def test_both_changes_are_kept_where_they_do_not_meet(admin_client, url):
    form = read_form(admin_client.get(url)) | {"judgement.speed.quart": "2"}
    meanwhile(rating=1, word="Small")

    page = admin_client.post(url, form)
    before = said("speed", "quart")
    answer = admin_client.post(url, answered(page))

    assert (page.status_code, asked(page)) == (409, [])
    assert before[1] == 4
    assert answer.status_code == 302
    assert said("speed", "flask") == ("known", 1, "Small", "", "")
    assert said("speed", "quart") == ("known", 2, "Moderate", "", "")


@pytest.mark.parametrize(("choice", "rating"), [("mine", 2), ("theirs", 1)])
def test_a_cell_that_both_judged_is_asked_about(admin_client, url, choice, rating):
    typed = {
        "judgement.speed.flask": "2",
        "word.speed.flask": "Growing",
        "note.async.flask": "Typed",
    }
    form = read_form(admin_client.get(url)) | typed
    meanwhile(rating=1, word="Small")

    page = admin_client.post(url, form)
    questions = asked(page)
    answer = admin_client.post(url, answered(page, choice, choice))

    assert page.status_code == 409
    assert len(questions) == 2
    assert answer.status_code == 302
    assert said("speed", "flask")[1] == rating
    assert said("async", "flask")[-1] == "Typed"


def test_a_word_that_names_the_rating_is_at_odds_with_it_too(admin_client, url):
    form = read_form(admin_client.get(url)) | {"judgement.speed.flask": "4"}
    meanwhile(rating=1, word="Small")

    admin_client.post(url, answered(admin_client.post(url, form), "mine", "mine"))

    assert said("speed", "flask") == ("known", 4, "Excellent", "", "")


def test_a_row_that_one_removed_and_the_other_filled_is_asked_about(admin_client, url, comparison):
    data = {"_remove": "row.speed", "_confirm": "row.speed"}
    form = read_form(admin_client.get(url)) | data
    meanwhile(rating=1, word="Small")

    page = admin_client.post(url, form)
    kept = admin_client.post(url, answered(page, "theirs"))
    rows_kept = names_of_rows(comparison)
    page = admin_client.post(url, form)
    gone = admin_client.post(url, answered(page, "mine"))

    assert len(asked(page)) == 1
    assert (kept.status_code, gone.status_code) == (302, 302)
    assert rows_kept == ["speed", "async", "best-for"]
    assert names_of_rows(comparison) == ["async", "best-for"]


def test_a_cell_of_a_row_that_is_gone_is_asked_about(admin_client, type_in, url):
    form = read_form(admin_client.get(url)) | {"judgement.speed.flask": "1"}
    type_in({"_remove": "row.speed", "_confirm": "row.speed"})

    page = admin_client.post(url, form)
    answer = admin_client.post(url, answered(page, "mine"))

    assert (page.status_code, len(asked(page)), answer.status_code) == (409, 1, 302)
    assert said("speed", "flask")[1] == 1
    assert said("speed", "quart")[1] == 4


def test_a_row_added_meanwhile_stays(admin_client, type_in, url, comparison):
    form = read_form(admin_client.get(url)) | {"new-row.name": "Mine"}
    type_in({"new-row.name": "Theirs"})

    admin_client.post(url, answered(admin_client.post(url, form)))

    assert set(names_of_rows(comparison)) == {"speed", "async", "best-for", "mine", "theirs"}


def test_to_post_it_again_is_refused_again(admin_client, url):
    form = read_form(admin_client.get(url)) | {"judgement.speed.flask": "2"}
    meanwhile(rating=1, word="Small")

    answers = [admin_client.post(url, form).status_code for _ in range(2)]

    assert answers == [409, 409]
    assert said("speed", "flask")[1] == 1


def test_a_filtered_grid_is_merged_as_well(admin_client, comparison):
    url = grid_of(comparison, query="?group=none")
    form = read_form(admin_client.get(url)) | {"value.best-for.flask": "Mine"}
    meanwhile(rating=1, word="Small")

    answer = admin_client.post(url, answered(admin_client.post(url, form)))

    assert answer.status_code == 302
    assert said("speed", "flask")[1] == 1
    assert said("best-for", "flask")[3] == "Mine"


def test_the_rows_page_follows_the_same_rule(admin_client, comparison):
    url = grid_of(comparison, "speed")
    form = read_form(admin_client.get(url)) | {"applies_to.speed.flask": "4.0"}
    meanwhile(applies_to="3.2")

    page = admin_client.post(url, form)
    answer = admin_client.post(url, answered(page, "mine"))

    assert (page.status_code, len(asked(page)), answer.status_code) == (409, 1, 302)
    assert Cell.objects.get(applies_to="4.0").verified_by == "Ada"


def test_a_technology_that_was_renamed_meanwhile_is_still_the_same(admin_client, url):
    form = read_form(admin_client.get(url)) | {"judgement.speed.flask": "1"}
    with editions.record("grace", "", Edition.Origin.ADMIN):
        rename(Technology.objects.get(slug="flask"), "flask-web")

    admin_client.post(url, answered(admin_client.post(url, form)))

    assert said("speed", "flask-web")[1] == 1
    assert Cell.objects.count() == 5


@pytest.mark.parametrize(
    "token",
    [
        *("", "0", "x", "1", "1 comparison/other", "99 comparison/web", "-1 comparison/web"),
        *(f"{'9' * 5000} comparison/web", "\0", "1 comparison/web "),
    ],
)
def test_a_token_that_is_none_is_refused_and_what_was_typed_is_kept(admin_client, url, token):
    form = read_form(admin_client.get(url))
    before = count_of_editions()

    page = admin_client.post(url, form | {"_state": token, "note.speed.flask": "Typed"})

    assert (page.status_code, count_of_editions()) == (409, before)
    assert "open it anew" in page.content.decode()
    assert read_form(page)["note.speed.flask"] == "Typed"


def test_a_form_without_a_token_is_refused(admin_client, comparison):
    form = read_form(admin_client.get(grid_of(comparison)))
    del form["_state"]

    page = admin_client.post(grid_of(comparison), form | {"judgement.speed.flask": "1"})

    assert (page.status_code, said("speed", "flask")[1]) == (409, 3)


def test_a_fault_does_not_cost_the_token(admin_client, type_in, url):
    faulty = type_in({"name.speed": ""})

    answer = admin_client.post(url, read_form(faulty) | {"name.speed": "Pace"})

    assert (faulty.status_code, answer.status_code) == (400, 302)
    assert Criterion.objects.get(slug="speed").name == "Pace"


def test_a_comparison_that_is_gone_is_told_with_all_that_was_typed(admin_client, url):
    form = read_form(admin_client.get(url)) | {"note.speed.flask": "Typed into it"}
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Criterion.objects.update(group=None)
        Comparison.objects.get().delete()

    page = admin_client.post(url, form)

    assert page.status_code == 409
    assert "Typed into it" in page.content.decode()
    assert not Comparison.objects.exists()


def test_what_nobody_noted_is_read_as_it_is(admin_client, comparison):
    """Written in a shell: its document is kept with the next edition only."""
    Cell.objects.filter(criterion__slug="speed").update(note="From a shell")
    url = grid_of(comparison)

    answer = send(admin_client, url, {"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert said("speed", "flask") == ("known", 1, "Small", "", "From a shell")


@pytest.mark.django_db(transaction=True)
def test_whoever_meets_a_writer_keeps_what_was_typed(admin_client, url):
    form = read_form(admin_client.get(url)) | {"note.speed.flask": "Typed"}

    with another_writer():
        page = admin_client.post(url, form)

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert read_form(page)["note.speed.flask"] == "Typed"
    assert admin_client.post(url, read_form(page)).status_code == 302
    assert said("speed", "flask")[-1] == "Typed"


def test_who_looks_waits_for_nobody(admin_client, comparison, monkeypatch):
    monkeypatch.setattr(editions, "record", None)

    assert admin_client.get(grid_of(comparison)).status_code == 200
    assert messages_of(admin_client.get(grid_of(comparison, "speed"))) == []


# Cells of a published table by whoever does not publish: they wait, and are gone on with ----------


@pytest.fixture
def ada() -> Client:
    return sign_in_as("Contributor", "ada")


def test_what_a_contributor_saves_of_a_live_table_waits(comparison, ada):
    editions = Edition.objects.count()

    answer = send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert "waits for a publisher" in messages_of(answer)[0]
    assert (said("speed", "flask")[1], Edition.objects.count()) == (3, editions)
    pending = Pending.objects.get()
    assert (pending.kind, pending.slug, pending.user) == ("comparison", "web", "ada")
    assert '"rating":1' in pending.document


def test_the_form_shows_what_waits_and_goes_on_with_it(url, comparison, ada):
    send(ada, url, {"judgement.speed.flask": "1", "new-row.name": "Licence"})

    form = read_form(ada.get(url))
    answer = send(ada, url, {"judgement.licence.flask": "4", "judgement.async.quart": "0"})

    assert (form["judgement.speed.flask"], form["judgement.licence.flask"]) == ("1", "")
    assert answer.status_code == 302
    pending = Pending.objects.get()
    assert pending.version == 2
    assert '"slug":"licence"' in pending.document
    again = read_form(ada.get(url))
    assert (again["judgement.licence.flask"], again["judgement.async.quart"]) == ("4", "0")
    assert names_of_rows(comparison) == ["speed", "async", "best-for"]
    assert Cell.objects.count() == 5


def test_the_row_of_a_pending_change_has_a_page(comparison, ada):
    send(ada, grid_of(comparison), {"new-row.name": "Licence"})

    page = ada.get(grid_of(comparison, "licence"))
    answer = send(ada, grid_of(comparison, "licence"), {"weight.licence": "4"})

    assert (page.status_code, answer.status_code) == (200, 302)
    assert '"weight":4' in Pending.objects.get().document


def test_a_fault_leaves_what_waits_as_it_is(url, ada):
    send(ada, url, {"judgement.speed.flask": "1"})

    page = send(ada, url, {"name.speed": ""})
    answer = ada.post(url, read_form(page) | {"name.speed": "Pace"})

    assert (page.status_code, answer.status_code) == (400, 302)
    assert Pending.objects.get().version == 2


def test_a_form_from_before_the_last_change_of_what_waits_is_refused(url, ada):
    send(ada, url, {"judgement.speed.flask": "1"})
    form = read_form(ada.get(url))
    send(ada, url, {"judgement.speed.flask": "2"})

    page = ada.post(url, form | {"judgement.speed.quart": "0"})

    assert page.status_code == 409
    assert read_form(page)["judgement.speed.quart"] == "0"
    assert Pending.objects.get().version == 2


def test_what_somebody_else_proposed_is_not_gone_on_with(url, ada):
    send(ada, url, {"judgement.speed.flask": "1"})
    bob = sign_in_as("Contributor", "bob")

    page = send(bob, url, {"judgement.speed.quart": "0"})

    assert page.status_code == 409
    assert "by ada waits for a publisher" in page.content.decode()
    assert Pending.objects.get().version == 1


def test_a_publisher_sees_what_is_live(comparison, ada):
    send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    form = read_form(sign_in_as("Publisher").get(grid_of(comparison)))

    assert form["judgement.speed.flask"] == "3"


def test_a_draft_is_written_at_once(ada):
    comparison = make_table(status=Status.DRAFT)

    send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert (said("speed", "flask")[1], Pending.objects.count()) == (1, 0)
    assert Comparison.objects.get().status == Status.DRAFT
