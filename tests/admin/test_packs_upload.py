"""A pack comes into the admin as a file: kept by what is in it, or refused with all reasons."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from catalog.history import editions
from catalog.models import Edition, PackLoad
from catalog.packs import uploads
from tests.admin.test_while_writing import another_writer
from tests.admin.uploading import address, items, plan_of, texts, upload, zipped
from tests.packs.packing import pack, technology
from tests.packs.written import as_text, write_zip

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("pack_dir"),
]


def kept(folder: Path) -> list[str]:
    """Every file below a folder that came in; plans beside them are hidden."""
    found = (path for path in folder.rglob("[!.]*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


def test_an_upload_is_kept_and_leads_to_its_plan(
    admin_client: Client, tmp_path: Path, pack_dir: Path
) -> None:
    content = zipped(pack(tmp_path, technology("flask")))

    response = upload(admin_client, content, "My pack (2).ZIP")

    key = kept(pack_dir)[0].partition("/")[0]
    assert kept(pack_dir) == [f"{key}/My-pack-2.zip"]
    assert (pack_dir / key / "My-pack-2.zip").read_bytes() == content
    assert json.loads((pack_dir / key / ".plan.json").read_text())["edition"] == 0
    assert (response.status_code, response.url) == (302, address("plan", key))
    assert (Edition.objects.count(), PackLoad.objects.count()) == (0, 0)


def test_nobody_else_on_the_machine_may_look_into_uploads(
    admin_client: Client, tmp_path: Path, pack_dir: Path
) -> None:
    before = os.umask(0)
    try:
        plan_of(admin_client, pack(tmp_path, technology("flask")))
    finally:
        os.umask(before)

    folders = [pack_dir, *pack_dir.iterdir()]
    assert [oct(folder.stat().st_mode & 0o777) for folder in folders] == ["0o700"] * 2


def test_the_same_file_is_kept_once(admin_client: Client, tmp_path: Path, pack_dir: Path) -> None:
    folder = pack(tmp_path, technology("flask"))

    plans = {plan_of(admin_client, folder), plan_of(admin_client, folder)}

    assert len(plans) == len(kept(pack_dir)) == 1


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_nothing_is_kept_and_nothing_lost(
    admin_client: Client, tmp_path: Path, pack_dir: Path
) -> None:
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


def test_one_file_is_a_pack_of_its_name(admin_client: Client, pack_dir: Path) -> None:
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
def test_a_name_is_made_harmless(name: str, safe: str) -> None:
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
        (
            "guide.zip",
            b"",
            ["guide.zip: The file is empty; choose the one that holds the pack."],
        ),
        (
            "guide.zip",
            b"no archive",
            ["guide.zip: It is damaged or no .zip archive; pack it again."],
        ),
        (
            "a.json",
            b'[{"model": "catalog.alias"}, {"model": "catalog.point"}]',
            [f"a.json, entry {number}, field “fields”: {NO_FIELDS}" for number in (1, 2)],
        ),
    ],
)
def test_what_is_no_pack_is_refused_and_not_kept(
    admin_client: Client, pack_dir: Path, name: str, content: bytes, problems: list[str]
) -> None:
    response = upload(admin_client, content, name)

    assert response.status_code == 400
    assert items(response, "problems") == problems
    assert not pack_dir.exists() or list(pack_dir.iterdir()) == []


def test_every_file_that_leads_out_of_an_archive_is_named(
    admin_client: Client, tmp_path: Path, pack_dir: Path
) -> None:
    names = ["../outside.yaml", "/etc/outside.yaml"]
    archive = write_zip(tmp_path / "a.zip", {name: [technology("flask")] for name in names})

    response = upload(admin_client, archive.read_bytes())

    assert response.status_code == 400
    assert sorted(items(response, "problems")) == [f"{name}: {LEADS_OUT}" for name in names]
    assert kept(tmp_path) == ["a.zip"]


def test_more_than_the_limit_is_refused_and_not_kept(
    admin_client: Client, pack_dir: Path, settings: Settings
) -> None:
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
    admin_client: Client, pack_dir: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
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


def test_a_folder_that_cannot_be_written_is_told(admin_client: Client, pack_dir: Path) -> None:
    pack_dir.parent.write_bytes(b"no folder")

    response = upload(admin_client, b"[]", "a.json")

    assert response.status_code == 400
    assert items(response, "problems") == [
        "a.json: It cannot be kept (Not a directory); tell whoever runs this site."
    ]


def test_a_form_without_a_file_is_shown_again(admin_client: Client) -> None:
    responses = [admin_client.post(address("upload"), data) for data in ({}, {"file": "text"})]

    assert [response.status_code for response in responses] == [400, 400]
    assert texts(responses[0], "ul", "errorlist") == ["This field is required."]


def test_a_plan_of_what_was_never_uploaded_is_not_found(admin_client: Client) -> None:
    assert admin_client.get(address("plan", "0" * 64)).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["0" * 63, "A" * 64, "", ".", "..", "../" + "0" * 61, "0" * 64 + "\n", "0" * 64 + "/../a"],
)
def test_a_key_that_is_none_leads_nowhere(key: str, pack_dir: Path) -> None:
    (pack_dir / ("A" * 64)).mkdir(parents=True)
    for folder in (pack_dir, pack_dir.parent, pack_dir / ("A" * 64)):
        (folder / "a.yaml").write_text("secret")

    assert uploads.path_of(key) is None


@pytest.mark.parametrize("name", [".a.yaml", "a b.yaml", "a.yaml.bak", "a.py", "é.yaml"])
def test_a_strange_file_among_uploads_is_never_opened(
    admin_client: Client, pack_dir: Path, name: str
) -> None:
    (pack_dir / ("0" * 64)).mkdir(parents=True)
    (pack_dir / ("0" * 64) / name).write_text("secret")

    assert admin_client.get(address("plan", "0" * 64)).status_code == 404
