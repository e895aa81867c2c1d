"""The code samples of the guide: where they are, what they were run with, and who runs them.

`make snippets` runs them; nothing here needs the packages they show.
"""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests import lock, snippets
from tests.snippets import Snippet

SHIPPED = snippets.read()
PROGRAMS = Path(sys.executable).parent
every_snippet = pytest.mark.parametrize("snippet", SHIPPED, ids=lambda snippet: snippet.slug)

PLACES = {
    *("category deployment", "category development-tools", "category jwt-authentication"),
    *("category password-hashing", "category security", "category tracing"),
    *("technology celery", "technology httpx", "technology pydantic"),
    *("technology pydantic-settings", "technology pytest", "technology sqlalchemy"),
    *("technology strawberry", "technology tortoise-orm"),
}

# What was right once, and what its libraries or Python have since replaced.
REPLACED = re.compile(
    r"utcnow|utcfromtimestamp|get_event_loop|\bdeclarative_base\b|(?<!async_)sessionmaker\(|"
    r"@validator|@root_validator|class Config\b|parse_obj|parse_raw|\.dict\(|"
    r"uvicorn\.workers|passlib|\bjose\b|\bpk=True|on_event|language: (?:system|script)\b|"
    r"AsyncClient\(app"
)


def make_snippet(code: str, language: str = "python", **fields: str) -> Snippet:
    standing = {"slug": "one", "place": "technology one", "title": "One", "run_with": ""}
    return Snippet(
        path=Path("one.yaml"), code=code, language=language, position=10, **standing | fields
    )


def fail(code: str, language: str = "python", longest: float = 60) -> str:
    return snippets.find_failure(make_snippet(code, language), (), PROGRAMS, longest)


# What is shipped --------------------------------------------------------------------------------


def test_each_place_of_the_guide_has_one() -> None:
    assert sorted(snippet.place for snippet in SHIPPED) == sorted(PLACES)
    assert len(SHIPPED) == snippets.FEWEST


def test_a_heading_of_the_guide_is_the_title() -> None:
    titles = {snippet.place: (snippet.title, snippet.language) for snippet in SHIPPED}

    assert titles["category security"] == ("Security Headers", "python")
    assert titles["category development-tools"] == ("Pre-commit Hooks", "yaml")
    assert titles["category deployment"] == ("Production Setup", "bash")


@every_snippet
def test_it_is_a_file_of_its_own_that_ends_with_one_newline(snippet: Snippet) -> None:
    assert (snippet.path.stem, snippet.position) == (snippet.slug, 10)
    assert snippet.code == snippet.code.strip() + "\n"


@every_snippet
def test_its_versions_are_those_of_the_lock(snippet: Snippet) -> None:
    text = (lock.ROOT / lock.SNIPPETS).read_text(encoding="utf-8")

    assert snippet.run_with == snippets.find_run_with(snippet, text)
    assert snippet.run_with != ""


@every_snippet
def test_it_shows_nothing_that_was_replaced(snippet: Snippet) -> None:
    assert REPLACED.findall(snippet.code) == []


@pytest.mark.parametrize(
    "snippet",
    [snippet for snippet in SHIPPED if snippet.language == "python"],
    ids=lambda snippet: snippet.slug,
)
def test_running_it_shows_that_it_works(snippet: Snippet) -> None:
    claims = [node for node in ast.walk(ast.parse(snippet.code)) if isinstance(node, ast.Assert)]

    assert claims != []


@pytest.mark.parametrize("slug", snippets.ALSO_USED)
def test_what_is_also_used_belongs_to_a_snippet(slug: str) -> None:
    assert slug in [snippet.slug for snippet in SHIPPED]


# What they are run with -------------------------------------------------------------------------


def test_packages_are_found_by_what_is_imported() -> None:
    code = (
        "import jwt, json\nfrom opentelemetry import trace\nfrom opentelemetry.sdk.trace import T"
    )
    snippet = make_snippet(f"{code}\nimport pytest_asyncio", slug="production-setup")

    assert snippets.find_packages(snippet) == {
        *("gunicorn", "uvicorn", "uvicorn-worker"),
        *("pyjwt", "opentelemetry-api", "opentelemetry-sdk", "pytest-asyncio"),
    }


def test_recording_changes_that_one_line(tmp_path: Path) -> None:
    (shipped,) = [snippet.path for snippet in SHIPPED if snippet.slug == "jwt-create-and-read"]
    text = shipped.read_text(encoding="utf-8")
    old = re.sub("run_with: .*", "run_with: pyjwt 1.0", text)
    folder = tmp_path / "fixtures" / "some-pack" / "4-snippets"
    folder.mkdir(parents=True)
    (folder / "one.yaml").write_text(old, encoding="utf-8")

    assert snippets.record(tmp_path) == [folder / "one.yaml"]
    assert (folder / "one.yaml").read_text(encoding="utf-8") == text
    assert snippets.record(tmp_path) == []


# Running ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("import warnings\nwarnings.warn('old', DeprecationWarning)\n", "DeprecationWarning: old"),
        ("assert 1 == 2\n", "AssertionError"),
        ("open('snippet.py')\n", "ResourceWarning: unclosed file"),
        ("import sys\nprint('careful', file=sys.stderr)\n", "it says on stderr\ncareful"),
        (
            "import socket\nsocket.create_connection(('192.0.2.1', 80), 5)\n",
            "a snippet runs without a network, and this one asks for 192.0.2.1",
        ),
        (
            "import urllib.request\nurllib.request.urlopen('http://example.com')\n",
            "a snippet runs without a network, and this one asks for example.com",
        ),
    ],
)
def test_a_program_fails_with_what_it_said(code: str, failure: str) -> None:
    assert failure in fail(code)


def test_a_program_may_speak_with_itself() -> None:
    code = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname(), 5).close()\n"
        "print('done')\n"
    )

    assert fail(code) == ""


def test_a_program_that_does_not_end_is_ended() -> None:
    assert fail("import time\ntime.sleep(60)\n", longest=0.5) == "not done after 0.5 seconds"


@pytest.mark.parametrize(
    ("language", "code", "failure"),
    [
        ("toml", "name = 'one'\n", ""),
        ("toml", "name = \n", "not TOML: Invalid value (at line 1, column 8)"),
        ("yaml", "one: [1, 2]\n", ""),
        ("yaml", "one: [1, 2\n", "not YAML: while parsing a flow sequence"),
        ("bash", "#!/bin/bash\nif true; then\n", "status 2"),
        ("cobol", "STOP RUN.\n", "nothing here runs cobol"),
    ],
)
def test_other_languages_are_read_by_their_tools(language: str, code: str, failure: str) -> None:
    found = fail(code, language)

    assert found.startswith(failure)
    assert bool(found) == bool(failure)


@pytest.mark.parametrize(
    ("ci", "failure"), [("", ""), ("true", "shellcheck is not installed, and CI=true")]
)
def test_a_missing_shellcheck_is_a_failure_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, failure: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(snippets.shutil, "which", lambda program: None)

    assert fail("#!/bin/bash\necho one\n", "bash") == failure


@pytest.mark.parametrize(
    ("failures", "count", "status", "last"),
    [
        (0, 14, 0, "14 passed, 0 failed"),
        (1, 14, 1, "13 passed, 1 failed"),
        (0, 13, 1, "13 passed, 0 failed"),
    ],
)
def test_a_failed_or_a_missing_one_fails_the_run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failures: int,
    count: int,
    status: int,
    last: str,
) -> None:
    found = [make_snippet("", slug=str(number)) for number in range(count)]
    broken = {str(number) for number in range(failures)}
    monkeypatch.setattr(snippets, "read", lambda: found)
    monkeypatch.setattr(
        snippets, "find_failure", lambda snippet, _: "broken" if snippet.slug in broken else ""
    )

    assert snippets.main() == status
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == last
    assert [line for line in said if "failed: broken" in line] == [
        f"{slug} (technology one): failed: broken" for slug in sorted(broken)
    ]
