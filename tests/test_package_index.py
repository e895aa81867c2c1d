"""What the package index says, and what becomes of it."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pypi_simple import DistributionPackage, ProjectPage, ProjectStatus

from catalog import package_index
from catalog.history import editions
from catalog.management.commands.refresh_packages import index_address, reader
from catalog.models import Edition, Listing, PackageFacts, Pin, Technology
from catalog.package_index import UnreadableError, facts_of
from tests.factories import (
    make_listing,
    make_package,
    make_package_facts,
    make_technology,
    make_version_set,
)
from tests.packs.packing import edit, load_pack, pack, row, technology

with_database = pytest.mark.django_db

FACTS = {
    "latest_version": "2.0",
    "released_on": "2026-05-20",
    "requires_python": ">=3.11",
    "is_yanked": False,
    "project_status": "",
    "read_on": "2026-06-01",
}


def file(version: str | None, day: str = "2026-01-01", **fields: Any) -> DistributionPackage:
    given = {
        "filename": f"one-{version}.tar.gz",
        "url": "",
        "project": "one",
        "version": version,
        "package_type": "sdist",
        "digests": {},
        "requires_python": None,
        "has_sig": None,
        "upload_time": datetime.fromisoformat(day).replace(tzinfo=UTC),
    }
    return DistributionPackage(**given | fields)


def page(*files: DistributionPackage, status: ProjectStatus | None = None) -> ProjectPage:
    return ProjectPage("one", list(files), None, None, status=status)


def index(**facts: Any) -> package_index.Read:
    """An index with these packages; of others it says nothing."""

    def read(name: str) -> dict[str, Any]:
        if name not in facts:
            raise UnreadableError("the index does not have it")
        return FACTS | facts[name]

    return read


def refresh(read: package_index.Read, *names: str, **options: Any) -> tuple[list[str], list[str]]:
    """What the command prints, and what it warns of."""
    said, warned = io.StringIO(), io.StringIO()
    call_command("refresh_packages", *names, read=read, stdout=said, stderr=warned, **options)
    return said.getvalue().splitlines(), warned.getvalue().splitlines()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([file("1.9"), file("1.10"), file("1.10rc1")], {"latest_version": "1.10"}),
        # Of two files, the first; a file that came years later makes no new release of it.
        ([file("1.0", "2026-03-02"), file("1.0", "2026-03-01")], {"released_on": "2026-03-01"}),
        ([file("2.0a1"), file("1.0")], {"latest_version": "1.0"}),
        ([file("2.0a1")], {"latest_version": "2.0a1"}),
        ([file("2.0", is_yanked=True), file("1.0")], {"latest_version": "1.0", "is_yanked": False}),
        # A final release that was taken back is less than a pre-release that was not.
        ([file("2.0", is_yanked=True), file("1.0a1")], {"latest_version": "1.0a1"}),
        ([file("2.0", is_yanked=True)], {"latest_version": "2.0", "is_yanked": True}),
        ([file("2.0", is_yanked=True), file("2.0")], {"is_yanked": False}),
        ([file("1.0", requires_python="<4,>=3.11")], {"requires_python": "<4,>=3.11"}),
        ([file("1.0", requires_python="three")], {"requires_python": ""}),
        ([file("1.0", requires_python=">=3," * 30 + ">=3")], {"requires_python": ""}),
        ([file("1.0", upload_time=None)], {"released_on": ""}),
        ([file("broken"), file("1.0"), file(None)], {"latest_version": "1.0"}),
    ],
)
def test_the_newest_release_is_found(files, expected):
    facts = facts_of(page(*files), "2026-11-29")

    assert {name: facts[name] for name in expected} == expected
    assert facts["read_on"] == "2026-11-29"


def test_the_status_of_a_project_is_told():
    found = page(file("1.0"), status=ProjectStatus.ARCHIVED)

    assert facts_of(found, "2026-11-29")["project_status"] == "archived"


def test_a_package_without_a_release_is_not_told_of():
    with pytest.raises(UnreadableError, match="no release"):
        facts_of(page(), "2026-11-29")


@with_database
def test_what_is_new_is_one_edition_and_a_second_run_changes_nothing():
    one, two = (make_package(name=name) for name in ("one", "two"))
    make_package_facts(one, latest_version="1.0", read_on="2026-05-28")
    read = index(one={}, two={"latest_version": "3.1"})

    said, warned = refresh(read)
    number = editions.number_now()

    assert (said, warned) == (
        [
            "new: one: 1.0 → 2.0",
            "new: two: 3.1 is the newest",
            f"Read 2 packages, 2 with something new; kept as edition {number}.",
        ],
        [],
    )
    assert {facts.package.name: facts.latest_version for facts in PackageFacts.objects.all()} == {
        "one": "2.0",
        "two": "3.1",
    }
    assert Edition.objects.first().comment == "Read the package index"
    assert refresh(read)[0][-1] == "Read 2 packages, 0 with something new; nothing was written."
    assert editions.number_now() == number
    assert two.facts.read_on == "2026-06-01"


@with_database
@pytest.mark.parametrize(
    ("day", "said"), [("2026-07-01", []), ("2026-07-02", ["new: one: read again"])]
)
def test_the_day_of_reading_is_told_anew_once_a_month(day, said):
    make_package_facts(make_package(name="one"), **FACTS)

    assert refresh(index(one={"read_on": day}))[0][:-1] == said


@with_database
def test_a_day_that_is_none_is_read_anew():
    facts = make_package_facts(make_package(name="one"), **FACTS)
    PackageFacts.objects.filter(pk=facts.pk).update(read_on="never")

    assert refresh(index(one={}))[0][0] == "new: one: read again"


@with_database
def test_what_has_not_changed_is_neither_written_nor_asked_about(django_assert_num_queries):
    packages = [make_package(name=f"p-{number}") for number in range(5)]
    for package in packages:
        make_package_facts(package, **FACTS)
    read = index(**{package.name: {} for package in packages})
    package_index.refresh(read)  # which works off what was written outside

    with django_assert_num_queries(5) as asked:
        package_index.refresh(read)

    assert [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT"))] == []


@with_database
def test_a_dry_run_keeps_nothing():
    make_package(name="one")
    number = editions.number_now()

    said, _warned = refresh(index(one={}), dry_run=True)

    assert said[0] == "new: one: 2.0 is the newest"
    assert (PackageFacts.objects.count(), editions.number_now()) == (0, number)


@with_database
def test_what_cannot_be_read_stays_as_it_was_and_is_named():
    make_package_facts(make_package(name="gone"), latest_version="1.0")
    make_package(name="odd")
    make_package(name="well")
    read = index(odd={"latest_version": "no version"}, well={})

    said, warned = refresh(read, "gone", "odd", "strange", "well")

    assert warned[0] == "not read: gone: the index does not have it"
    assert warned[1].startswith("not read: odd: ")
    assert warned[2] == "not read: strange: no package of the guide"
    assert said[-1].startswith("Read 1 package, 1 with something new; kept as edition")
    assert list(PackageFacts.objects.values_list("latest_version", flat=True)) == ["1.0", "2.0"]


@with_database
def test_an_index_out_of_reach_is_an_error():
    make_package(name="one")

    with pytest.raises(CommandError, match="No package could be read"):
        refresh(index())


@with_database
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "shuts out 2.0 of 2026-05-20"),
        ({"latest_version": "1.9"}, ""),
        ({"latest_version": "1.9", "is_yanked": True}, "1.9 was taken back (yanked)"),
        ({"latest_version": "1.9", "project_status": "archived"}, "archived on the index"),
    ],
)
def test_pins_that_it_touches_are_named(facts, why):
    package = make_package(name="one")
    version_set = make_version_set(pins=0, title="Python")
    Pin.objects.create(version_set=version_set, package=package, specifier=">=1,<2")

    said, _warned = refresh(index(one=facts))

    expected = [f"touches a pin: one >=1,<2 in Python: {why}"] if why else []
    assert said[1:-1] == expected


@with_database
@pytest.mark.parametrize(
    ("verdict", "lifecycle", "facts", "why"),
    [
        ("recommended", "", {"released_on": "2022-12-01"}, "no release for 3 years"),
        ("recommended", "finished", {"released_on": "2022-12-01"}, ""),
        ("situational", "", {"released_on": "2022-12-01"}, ""),
        ("alternative", "", {"is_yanked": True}, "2.0 was taken back (yanked)"),
        ("alternative", "", {"project_status": "deprecated"}, "deprecated on the index"),
        ("recommended", "", {}, ""),
    ],
)
def test_verdicts_that_it_touches_are_named(verdict, lifecycle, facts, why):
    one = make_technology(name="One", lifecycle=lifecycle)
    make_package(one, name="one")
    make_listing(technology=one, verdict=Listing.Verdict(verdict))

    said, _warned = refresh(index(one=facts))

    assert said[1:-1] == ([f"touches a verdict: One: {why}"] if why else [])


# Asking ------------------------------------------------------------------------------------------


class Simple(http.server.BaseHTTPRequestHandler):
    """An index that has one package and says so in JSON, if that is asked for."""

    def do_GET(self) -> None:
        is_there, wants_json = self.path == "/simple/one/", "json" in self.headers["Accept"]
        name = {"filename": "one-2.0.tar.gz", "url": "one-2.0.tar.gz", "hashes": {}}
        told = {"upload-time": "2026-05-20T10:00:00Z", "requires-python": ">=3.11", "yanked": False}
        page = {
            "meta": {"api-version": "1.4"},
            "name": "one",
            "versions": ["2.0"],
            "files": [name | told | {"size": 1}],
            "project-status": {"status": "deprecated"},
        }
        status = (
            200 if is_there and wants_json else 500 if is_there or "broken" in self.path else 404
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
        self.end_headers()
        self.wfile.write(json.dumps(page).encode())

    def log_message(self, *_args: object) -> None:
        """A test's output is not a log."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where a little index answers."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Simple) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
        thread.join()


def test_the_index_tells_days_and_status(address):
    facts = reader(address)("one")

    assert facts | {"read_on": ""} == FACTS | {"project_status": "deprecated", "read_on": ""}
    assert facts["read_on"] == datetime.now(UTC).date().isoformat()


def test_the_index_says_what_it_does_not_have(address):
    with pytest.raises(UnreadableError, match="does not have it"):
        reader(address)("two")


def test_an_index_that_does_not_do_its_part_is_named_without_its_password(address):
    with pytest.raises(UnreadableError) as error:
        reader(address.replace("http://", "http://ada:secret@"))("broken")

    assert "500 Server Error" in str(error.value)
    assert "secret" not in str(error.value)


def test_an_index_that_is_away_is_no_crash():
    with pytest.raises(UnreadableError):
        reader("http://127.0.0.1:9/simple/")("one")


def test_the_index_is_that_of_pip(tmp_path, monkeypatch):
    written = tmp_path / "pip.conf"
    written.write_text("[global]\nindex-url = https://index.example.org/simple/\n")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(written))

    assert index_address() == "https://index.example.org/simple/"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example.org/simple/")
    assert index_address() == "https://other.example.org/simple/"


# Beside a pack that brings facts, too -----------------------------------------------------------


def facts_row(day: str, version: str, python: str = ">=3.11") -> dict[str, Any]:
    facts = {"latest_version": version, "read_on": day, "requires_python": python}
    return row("packagefacts", package=["one"], **facts)


@with_database
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-05-31", ("2.0", ">=3.12")), ("2026-06-02", ("3.0", ">=3.11")), ("2026-06", None)],
)
def test_of_two_readings_the_later_stands_whole_and_nobody_is_asked(tmp_path, day, expected):
    first = [technology("flask"), row("package", technology=["flask"], name="one")]
    load_pack(pack(tmp_path, *first, facts_row("2026-05-01", "1.0")))
    refresh(index(one={"requires_python": ">=3.12"}))

    _report, load = load_pack(
        pack(tmp_path, *first, facts_row(day, "3.0"), version="2"),
    )

    facts = PackageFacts.objects.get()
    conflicts = load.conflicts.count() if load else 0
    if expected is None:  # nobody knows which was later: an editor chooses
        assert conflicts > 0
    else:
        assert ((facts.latest_version, facts.requires_python), conflicts) == (expected, 0)


@with_database
def test_other_rows_of_a_pack_are_still_asked_about(tmp_path):
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    edit("flask", summary="Mine")

    _report, load = load_pack(pack(tmp_path, technology("flask", summary="New"), version="2"))

    assert load.conflicts.count() == 1
    assert Technology.objects.get().summary == "Mine"
