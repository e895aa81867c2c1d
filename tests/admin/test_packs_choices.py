"""Packs in the admin: kept when they come in, and conflicts that only a choice ends."""

import json
import os
from pathlib import Path

import pytest

from catalog.admin.conflicts import CHOICE as PREFIX
from catalog.admin.conflicts import Choices
from catalog.history import editions
from catalog.history.merge import Take
from catalog.history.rows import RowKey
from catalog.models import Conflict, Edition, PackLoad, Point, Technology
from catalog.packs import uploads
from tests.admin.pages import messages_of, read_form
from tests.admin.test_while_writing import another_writer
from tests.admin.uploading import (
    address,
    apply,
    chosen,
    described,
    items,
    load_by_hand,
    plan_of,
    take,
    texts,
    upload,
    zipped,
)
from tests.packs.packing import edit, load_pack, pack, point, summary_of, technology
from tests.packs.written import as_text, write_zip

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("pack_dir"),
]

SUMMARY = "technology/flask/summary"
THE_ROW = "point/flask/small/"


@pytest.fixture
def conflicting(tmp_path: Path) -> Path:
    """A pack that says something else than the guide where both have changed."""
    load_pack(pack(tmp_path, technology("flask", summary="It was small")))
    edit("flask", summary="It is small")
    return pack(tmp_path, technology("flask", summary="It is fast"), version="2")


@pytest.fixture
def going(tmp_path: Path) -> Path:
    """A complete pack from which a point has gone that was edited here."""
    load_pack(pack(tmp_path, technology("flask"), point("flask", "small"), complete=True))
    Point.objects.update(text="Small, as we see it")
    return pack(tmp_path, technology("flask"), version="2", complete=True)


def test_both_sides_and_what_was_before_stand_beside_each_other(admin_client, conflicting):
    response = admin_client.get(plan_of(admin_client, conflicting))

    assert texts(response, "legend") == [
        "Summary of Flask: was “It was small”, is “It is small” here, “It is fast” in the pack"
    ]
    assert texts(response, "label") == [
        "Theirs: write what the pack says",
        "Mine: keep what is here",
        "Let it wait",
    ]
    assert texts(response, "h3") == ["The pack said before"]
    assert texts(response, "div", "conflict-value") == ["It was small", "It is fast", "It is small"]
    assert chosen(response) == take(SUMMARY, "wait")
    assert items(response, "summary") == ["Nothing changes by itself.", "1 conflict to choose in"]


def test_each_radio_is_described_by_its_value(admin_client, conflicting):
    page = admin_client.get(plan_of(admin_client, conflicting))

    assert described(page) == {
        "theirs-1": "It is fast",
        "mine-1": "It is small",
        "wait-1": "What is here stays, and the question comes back.",
    }


def test_words_that_differ_in_a_long_text_are_marked(admin_client, tmp_path):
    text = "A framework for small services that talk to each other by messages, and is {}"
    load_pack(pack(tmp_path, technology("flask", summary=text.format("slow"))))
    edit("flask", summary=text.format("small"))
    changed = technology("flask", summary=text.format("fast"))

    page = admin_client.get(plan_of(admin_client, pack(tmp_path, changed, version="2")))

    assert texts(page, "ins") == ["added: fast", "added: small"]
    assert texts(page, "del") == ["removed: slow"] * 2


@pytest.mark.parametrize(
    ("choice", "summary", "waiting"),
    [
        ("mine", "It is small", 0),
        ("theirs", "It is fast", 0),
        ("wait", "It is small", 1),
        ("both", "It is small", 1),
        ("", "It is small", 1),
        ("theirs\0", "It is small", 1),
    ],
)
def test_a_choice_ends_a_conflict_and_nothing_else_does(
    admin_client, conflicting, choice, summary, waiting
):
    response = apply(admin_client, plan_of(admin_client, conflicting), **take(SUMMARY, choice))

    assert response.status_code == 302
    assert (summary_of("flask"), Conflict.objects.count()) == (summary, waiting)
    assert messages_of(response)[1:] == ["1 conflict waits for a choice."] * waiting


@pytest.mark.parametrize(
    ("choice", "points", "waiting"), [("mine", 1, 0), ("theirs", 0, 0), ("wait", 1, 1)]
)
def test_a_row_that_went_from_the_pack_goes_only_by_choice(
    admin_client, going, choice, points, waiting
):
    url = plan_of(admin_client, going)

    page = admin_client.get(url)
    apply(admin_client, url, **take(THE_ROW, choice))

    assert texts(page, "legend") == [
        "Small, as we see it, a point of Flask, is gone from the pack but was edited or is needed "
        "here"
    ]
    assert described(page) == {
        "theirs-1": "It goes, as it has gone from the pack.",
        "mine-1": "It stays as it was edited here.",
        "wait-1": "What is here stays, and the question comes back.",
    }
    assert (Point.objects.count(), Conflict.objects.count()) == (points, waiting)


def test_what_is_no_conflict_cannot_be_chosen(admin_client, conflicting):
    strange = {
        **take("technology/flask/name", "theirs"),
        **take("user/1/password", "theirs"),
        **take("x" * 500, "theirs"),
        **take("\0", "theirs"),
        "choice": "theirs",
    }

    response = apply(admin_client, plan_of(admin_client, conflicting), **strange)

    assert response.status_code == 302
    assert list(Technology.objects.values_list("name", "summary")) == [("Flask", "It is small")]
    assert Conflict.objects.count() == 1


def test_more_conflicts_than_a_page_holds_wait(admin_client, tmp_path):
    slugs = [f"tool-{number:03}" for number in range(501)]
    load_pack(pack(tmp_path, *(technology(slug, summary="Small") for slug in slugs)))
    Technology.objects.update(summary="Mine")
    rows = [technology(slug, summary="Theirs") for slug in slugs]
    url = plan_of(admin_client, pack(tmp_path, *rows, version="2"))

    page = admin_client.get(url)
    form = {name: "theirs" if said == "wait" else said for name, said in read_form(page).items()}
    response = admin_client.post(url, form)

    assert items(page, "summary")[1:] == ["501 conflicts to choose in"]
    assert len(texts(page, "fieldset", "conflict")) == 500
    assert texts(page, "p", "quiet")[-1] == (
        "… and 1 more conflict, which waits: choose in it once these are done."
    )
    assert response.status_code == 302
    assert list(Conflict.objects.values_list("key", flat=True)) == ["tool-500"]
    assert Technology.objects.filter(summary="Theirs").count() == 500


def test_a_choice_is_found_by_the_row_and_its_field():
    row = RowKey("cell", ("tables", "speed", "flask"))

    choices = Choices({f"{PREFIX}cell/tables/speed/flask/rating": "theirs"})

    assert [choices.choose(row, field) for field in ("rating", "word", "")] == [
        Take.THEIRS,
        None,
        None,
    ]


# Without the pack's files ------------------------------------------------------------------------


@pytest.fixture
def waiting(conflicting: Path) -> PackLoad:
    """A loading by command that left a conflict."""
    return load_pack(conflicting)[1]


def test_what_waits_is_shown_with_its_loading(admin_client, waiting):
    page = admin_client.get(address("change", waiting.pk))
    listed = admin_client.get(address("changelist"))

    text = "Summary of Flask: was “It was small”, is “It is small” here, “It is fast” in the pack"
    assert text in texts(page, "li")
    assert address("choose", waiting.pk) in page.content.decode()
    assert texts(listed, "td", "field-state") == ["in force, 1 conflict waits", "in force"]


@pytest.mark.parametrize(
    ("choice", "summary", "left"),
    [("mine", "It is small", 0), ("theirs", "It is fast", 0), ("wait", "It is small", 1)],
)
def test_one_chooses_without_the_files(admin_client, waiting, choice, summary, left):
    url = address("choose", waiting.pk)

    page = admin_client.get(url)
    response = apply(admin_client, url, **take(SUMMARY, choice))

    assert [described(page)[name] for name in ("mine-1", "theirs-1")] == [
        "It is small",
        "It is fast",
    ]
    assert response.status_code == 302
    assert (summary_of("flask"), Conflict.objects.count()) == (summary, left)


def test_choosing_is_an_edition_by_who_chose(admin_client, waiting):
    apply(admin_client, address("choose", waiting.pk), **take(SUMMARY, "theirs"))

    assert (Edition.objects.first().user, PackLoad.objects.first().user) == ("admin", "admin")
    assert PackLoad.objects.first().plan.splitlines()[1:] == [
        "  Flask: Summary: “It is small” → “It is fast”"
    ]


def test_letting_it_wait_says_that_it_waits(admin_client, waiting):
    response = apply(admin_client, address("choose", waiting.pk))

    assert (response.status_code, response.url) == (302, address("changelist"))
    assert messages_of(response) == ["1 conflict waits for a choice."]
    assert PackLoad.objects.first() == waiting


def test_a_form_of_an_earlier_choice_is_refused(admin_client, waiting):
    url = address("choose", waiting.pk)
    form = read_form(admin_client.get(url)) | take(SUMMARY, "mine")
    apply(admin_client, url, **take(SUMMARY, "theirs"))

    response = admin_client.post(url, form)

    assert response.status_code == 409
    assert summary_of("flask") == "It is fast"


def test_where_nothing_waits_there_is_nothing_to_choose(admin_client, tmp_path):
    load = load_by_hand(admin_client, pack(tmp_path, technology("flask")))

    page = admin_client.get(address("choose", load.pk))
    of_load = admin_client.get(address("change", load.pk))

    assert items(page, "summary") == ["Nothing to do: the guide says all of this already."]
    assert texts(page, "legend") == []
    assert address("choose", load.pk) not in of_load.content.decode()


# A pack comes into the admin as a file: kept by what is in it, or refused with all reasons --------


def kept(folder: Path) -> list[str]:
    """Every file below a folder that came in; plans beside them are hidden."""
    found = (path for path in folder.rglob("[!.]*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


def test_an_upload_is_kept_and_leads_to_its_plan(admin_client, tmp_path, pack_dir):
    content = zipped(pack(tmp_path, technology("flask")))

    response = upload(admin_client, content, "My pack (2).ZIP")

    key = kept(pack_dir)[0].partition("/")[0]
    assert kept(pack_dir) == [f"{key}/My-pack-2.zip"]
    assert (pack_dir / key / "My-pack-2.zip").read_bytes() == content
    assert json.loads((pack_dir / key / ".plan.json").read_text())["edition"] == 0
    assert (response.status_code, response.url) == (302, address("plan", key))
    assert (Edition.objects.count(), PackLoad.objects.count()) == (0, 0)


def test_nobody_else_on_the_machine_may_look_into_uploads(admin_client, tmp_path, pack_dir):
    before = os.umask(0)
    try:
        plan_of(admin_client, pack(tmp_path, technology("flask")))
    finally:
        os.umask(before)

    folders = [pack_dir, *pack_dir.iterdir()]
    assert [oct(folder.stat().st_mode & 0o777) for folder in folders] == ["0o700"] * 2


def test_the_same_file_is_kept_once(admin_client, tmp_path, pack_dir):
    folder = pack(tmp_path, technology("flask"))

    plans = {plan_of(admin_client, folder), plan_of(admin_client, folder)}

    assert len(plans) == len(kept(pack_dir)) == 1


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_nothing_is_kept_and_nothing_lost(
    admin_client, tmp_path, pack_dir
):
    first = zipped(pack(tmp_path, technology("flask")))
    second = as_text([technology("quart")], "a.yaml")
    url = upload(admin_client, first).url
    before = kept(pack_dir)
    with editions.record("", "", Edition.Origin.ADMIN):
        pass  # the first writer makes the row that all wait for

    with another_writer():
        answers = [upload(admin_client, first), upload(admin_client, second, "a.yaml")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert kept(pack_dir) == before
    assert admin_client.get(url).status_code == 200


def test_one_file_is_a_pack_of_its_name(admin_client, pack_dir):
    content = as_text([technology("flask")], "a.yaml")

    one = upload(admin_client, content, "New facts.yaml").url
    other = upload(admin_client, content, "Old facts.yaml").url

    assert texts(admin_client.get(one), "p", "quiet")[0].startswith("Pack new-facts, version 0,")
    assert texts(admin_client.get(other), "p", "quiet")[0].startswith("Pack old-facts, version 0,")
    assert len(kept(pack_dir)) == 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("guide.zip", "guide.zip"),
        ("guide-2026_11.v2.YAML", "guide-2026_11.v2.yaml"),
        ("../../etc/passwd.yaml", "passwd.yaml"),
        ("C:\\Users\\ada\\guide.json", "guide.json"),
        ("..yml", "_.yml"),
        (".hidden.yaml", "hidden.yaml"),
        ("Führer für Köln.yml", "Fuhrer-fur-Koln.yml"),
        ("指南.yaml", "_.yaml"),
        ("a\0b\nc;rm -rf.zip", "a-b-c-rm-rf.zip"),
        ("x" * 300 + ".zip", "x" * 100 + ".zip"),
        ("zip", "_zip"),
        ("", "_"),
    ],
)
def test_a_name_is_made_harmless(name, safe):
    assert uploads.safe_name(name) == safe


NO_PACK = "A pack comes as a .zip, or as one .yaml, .yml or .json file."
NO_FIELDS = "The fields of an entry are a mapping from name to value."
LEADS_OUT = "This name leads out of the pack; give it a plain name below the pack's folder."


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("guide.tar.gz", b"anything", [f"guide.tar.gz: {NO_PACK}"]),
        ("zip", b"anything", [f"zip: {NO_PACK}"]),
        ("<b>.html", b"anything", [f"<b>.html: {NO_PACK}"]),
        ("guide.zip", b"", ["guide.zip: The file is empty; choose the one that holds the pack."]),
        ("guide.zip", b"no archive",
         ["guide.zip: It is damaged or no .zip archive; pack it again."]),
        ("a.json", b'[{"model": "catalog.alias"}, {"model": "catalog.point"}]',
         [f"a.json, entry {number}, field “fields”: {NO_FIELDS}" for number in (1, 2)]),
    ],
)  # fmt: skip
def test_what_is_no_pack_is_refused_and_not_kept(admin_client, pack_dir, name, content, problems):
    response = upload(admin_client, content, name)

    assert response.status_code == 400
    assert items(response, "problems") == problems
    assert not pack_dir.exists() or list(pack_dir.iterdir()) == []


def test_every_file_that_leads_out_of_an_archive_is_named(admin_client, tmp_path, pack_dir):
    names = ["../outside.yaml", "/etc/outside.yaml"]
    archive = write_zip(tmp_path / "a.zip", {name: [technology("flask")] for name in names})

    response = upload(admin_client, archive.read_bytes())

    assert response.status_code == 400
    assert sorted(items(response, "problems")) == [f"{name}: {LEADS_OUT}" for name in names]
    assert kept(tmp_path) == ["a.zip"]


def test_more_than_the_limit_is_refused_and_not_kept(admin_client, pack_dir, settings):
    settings.PACK_MAX_BYTES = 1_000
    content = as_text([technology("flask", summary="x" * 1_000)], "a.yaml")

    response = upload(admin_client, content, "a.yaml")

    assert response.status_code == 400
    assert items(response, "problems") == [
        "a.yaml: It is larger than 1000 bytes; split it into several packs, or raise "
        "PACK_MAX_BYTES."
    ]
    assert list(pack_dir.iterdir()) == []


def test_more_rows_than_one_request_should_write_are_refused_with_the_way_out(
    admin_client, pack_dir, monkeypatch, settings
):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)
    settings.PACK_MAX_ROWS = 2
    content = as_text([technology("flask"), technology("quart")], "a.yaml")

    response = upload(admin_client, content, "a.yaml")

    assert response.status_code == 400
    assert items(response, "problems") == [
        "a.yaml: This pack holds more than 1 rows; split it into several packs, or load it with "
        "the command load_pack, which takes 2."
    ]
    assert list(pack_dir.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(admin_client, pack_dir):
    pack_dir.parent.write_bytes(b"no folder")

    response = upload(admin_client, b"[]", "a.json")

    assert response.status_code == 400
    assert items(response, "problems") == [
        "a.json: It cannot be kept (Not a directory); tell whoever runs this site."
    ]


def test_a_form_without_a_file_is_shown_again(admin_client):
    responses = [admin_client.post(address("upload"), data) for data in ({}, {"file": "text"})]

    assert [response.status_code for response in responses] == [400, 400]
    assert texts(responses[0], "ul", "errorlist") == ["This field is required."]


def test_a_plan_of_what_was_never_uploaded_is_not_found(admin_client):
    assert admin_client.get(address("plan", "0" * 64)).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["0" * 63, "A" * 64, "", ".", "..", "../" + "0" * 61, "0" * 64 + "\n", "0" * 64 + "/../a"],
)
def test_a_key_that_is_none_leads_nowhere(key, pack_dir):
    (pack_dir / ("A" * 64)).mkdir(parents=True)
    for folder in (pack_dir, pack_dir.parent, pack_dir / ("A" * 64)):
        (folder / "a.yaml").write_text("secret")

    assert uploads.path_of(key) is None


@pytest.mark.parametrize("name", [".a.yaml", "a b.yaml", "a.yaml.bak", "a.py", "é.yaml"])
def test_a_strange_file_among_uploads_is_never_opened(admin_client, pack_dir, name):
    (pack_dir / ("0" * 64)).mkdir(parents=True)
    (pack_dir / ("0" * 64) / name).write_text("secret")

    assert admin_client.get(address("plan", "0" * 64)).status_code == 404
