"""The code samples of the guide: where they are, what they were run with, and who runs them.

`make snippets` runs them; nothing here needs the packages they show.
"""

import ast
import hashlib
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from scripts import lock, snippets
from scripts.guide import find_packs
from scripts.snippets import Failure, Snippet

SHIPPED = snippets.read()
PROGRAMS = Path(sys.executable).parent
every_snippet = pytest.mark.parametrize("snippet", SHIPPED, ids=lambda snippet: snippet.slug)

PLACES = {
    *("category deployment", "category development-tools", "category jwt-authentication"),
    *("category password-hashing", "category security", "category tracing"),
    *("technology celery", "technology fastapi", "technology httpx", "technology httpx2"),
    *("technology opentelemetry", "technology pwdlib", "technology structlog"),
    *("technology pydantic", "technology pydantic-settings", "technology pytest"),
    *("technology sqlalchemy", "technology strawberry", "technology tortoise-orm"),
}

# What runs without being imported: database drivers, the client inside FastAPI's test client,
# and the programs that a configuration or a script is for.
ALSO_USED = {
    "opentelemetry-spans": {"opentelemetry-sdk"},
    "pre-commit-hooks": {"mypy", "pre-commit", "ruff"},
    "production-setup": {"uvicorn"},
    "pytest-async-client": {"pytest-asyncio"},
    "fastapi-sqlalchemy-request": {"aiosqlite", "httpx2"},
    "fastapi-traces": {"httpx2"},
    "security-headers": {"httpx2"},
    "sqlalchemy-async-session": {"aiosqlite"},
    "strawberry-fastapi-router": {"httpx2"},
    "tortoise-orm-model": {"aiosqlite"},
}

# What was right once, and what its libraries or Python have since replaced.
REPLACED = re.compile(
    r"utcnow|utcfromtimestamp|get_event_loop|\bdeclarative_base\b|(?<!async_)sessionmaker\(|"
    r"@validator|@root_validator|class Config\b|parse_obj|parse_raw|\.dict\(|"
    r"uvicorn\.workers|passlib|\bjose\b|\bpk=True|on_event|language: (?:system|script)\b|"
    r"AsyncClient\(app|always_eager|BaseHTTPMiddleware|middleware\(\"http\"\)"
)


def make_snippet(code: str, language: str = "python", **fields: str) -> Snippet:
    standing = {"slug": "one", "place": "technology one", "title": "One", "run_with": ""}
    return Snippet(code=code, language=language, position=10, **standing | fields)


def fail(code: str, language: str = "python", longest: float = 60) -> str:
    snippet = make_snippet(code, language)
    return snippets.find_failure(snippet, (), lambda snippet: PROGRAMS, longest)


# What is shipped --------------------------------------------------------------------------------


def test_each_place_of_the_guide_has_one():
    assert sorted(snippet.place for snippet in SHIPPED) == sorted(PLACES)
    assert len(SHIPPED) == snippets.FEWEST


def test_a_heading_of_the_guide_is_the_title():
    titles = {snippet.place: (snippet.title, snippet.language) for snippet in SHIPPED}

    assert titles["category security"] == ("Security Headers", "python")
    assert titles["category development-tools"] == ("Pre-commit Hooks", "yaml")
    assert titles["category deployment"] == ("Production Setup", "bash")


@every_snippet
def test_it_is_a_file_of_its_own_that_ends_with_one_newline(snippet):
    files = [pack / "4-snippets" / f"{snippet.slug}.yaml" for pack in find_packs()]

    assert any(path.is_file() for path in files)
    assert snippet.position in (10, 20)
    assert snippet.code == snippet.code.strip() + "\n"


@every_snippet
def test_its_versions_are_those_of_the_lock(snippet):
    text = (lock.ROOT / lock.SNIPPETS).read_text(encoding="utf-8")

    assert snippet.run_with == snippets.find_run_with(snippet, text)


@every_snippet
def test_it_names_all_that_it_uses_and_no_more(snippet):
    used = snippets.find_imported(snippet) | ALSO_USED.get(snippet.slug, set())

    assert set(snippets.find_named(snippet)) == used
    assert used != set()


def test_the_lock_is_written_for_what_they_name():
    named = {
        f"{name}{extras}"
        for snippet in SHIPPED
        for name, (extras, _) in snippets.find_named(snippet).items()
    }

    asked = map(Requirement, lock.read_tables()[lock.APART])
    assert {re.sub("[<=>].*", "", str(requirement)) for requirement in asked} == named


@every_snippet
def test_it_shows_nothing_that_was_replaced(snippet):
    assert REPLACED.findall(snippet.code) == []


@pytest.mark.parametrize(
    "snippet",
    [snippet for snippet in SHIPPED if snippet.language == "python"],
    ids=lambda snippet: snippet.slug,
)
def test_running_it_shows_that_it_works(snippet):
    claims = [node for node in ast.walk(ast.parse(snippet.code)) if isinstance(node, ast.Assert)]

    assert claims != []


@pytest.mark.parametrize("slug", ALSO_USED)
def test_what_is_also_used_belongs_to_a_snippet(slug):
    assert slug in [snippet.slug for snippet in SHIPPED]


# Packs laid over each other ---------------------------------------------------------------------


def write_pack(root: Path, name: str, over: list[str], *rows: dict[str, object]) -> Path:
    folder = root / "fixtures" / name
    (folder / "4-snippets").mkdir(parents=True)
    manifest = {"name": name, "over": over}
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    for row in rows:
        text = yaml.safe_dump([{"model": "catalog.snippet", "fields": row}], sort_keys=False)
        (folder / "4-snippets" / f"{row['slug']}.yaml").write_text(text, encoding="utf-8")
    return folder / "4-snippets"


ROW = {
    "slug": "one",
    "title": "One",
    "technology": ["jwt"],
    "category": None,
    "language": "python",
    "code": "import jwt\n",
    "run_with": "pyjwt 1.0",
    "position": 10,
}


def test_a_pack_changes_single_fields_of_the_one_below(tmp_path):
    # By their names the upper one would come first.
    write_pack(tmp_path, "z", [], ROW, {**ROW, "slug": "two"})
    changed = {"slug": "one", "technology": None, "category": ["tokens"], "run_with": "pyjwt 2.0"}
    write_pack(tmp_path, "a", ["z"], changed)

    one, two = snippets.read(tmp_path)
    assert one.place == "category tokens"
    assert one.run_with == "pyjwt 2.0"
    assert (one.title, one.code, one.position) == ("One", "import jwt\n", 10)
    assert (two.place, two.run_with) == ("technology jwt", "pyjwt 1.0")


def test_recording_changes_that_one_line_of_the_newest_pack(tmp_path):
    text = (lock.ROOT / lock.SNIPPETS).read_text(encoding="utf-8")
    pyjwt, pytest_ = (lock.find_pins(text)[name] for name in ("pyjwt", "pytest"))
    below = write_pack(tmp_path, "below", [], ROW, {**ROW, "slug": "two"}, {**ROW, "slug": "three"})
    said = [
        {"slug": "one", "code": "import jwt, pytest\n", "run_with": "pytest 1, pyjwt[crypto] 1"},
        {"slug": "two", "title": "Two"},
    ]
    newest = write_pack(tmp_path, "newest", ["below"], *said)
    before = [path.read_text(encoding="utf-8") for path in sorted(below.iterdir())]

    assert snippets.record(tmp_path) == [
        newest / f"{slug}.yaml" for slug in ("one", "three", "two")
    ]
    rows = {snippet.slug: snippet for snippet in snippets.read(tmp_path)}
    assert rows["one"].run_with == f"pyjwt[crypto] {pyjwt}, pytest {pytest_}"
    assert rows["one"].code == "import jwt, pytest\n"
    assert rows["two"].run_with == rows["three"].run_with == f"pyjwt {pyjwt}"
    assert (rows["two"].title, rows["three"].title) == ("Two", "One")
    assert (newest / "three.yaml").read_text(encoding="utf-8") == (
        f"- model: catalog.snippet\n  fields:\n    slug: three\n    run_with: pyjwt {pyjwt}\n"
    )
    assert [path.read_text(encoding="utf-8") for path in sorted(below.iterdir())] == before
    assert snippets.record(tmp_path) == []


# What they are run with -------------------------------------------------------------------------


def test_packages_are_found_by_what_is_imported():
    code = (
        "import jwt, json\nfrom opentelemetry import trace\nfrom opentelemetry.sdk.trace import T"
    )

    assert snippets.find_imported(make_snippet(f"{code}\nimport pytest_asyncio")) == {
        *("pyjwt", "opentelemetry-api", "opentelemetry-sdk", "pytest-asyncio")
    }


def test_versions_are_read_with_their_extras():
    snippet = make_snippet("", run_with="aiosqlite 0.22.1, pwdlib[argon2,bcrypt] 0.3.1")

    assert snippets.find_named(snippet) == {
        "aiosqlite": ("", "0.22.1"),
        "pwdlib": ("[argon2,bcrypt]", "0.3.1"),
    }
    assert snippets.find_requirements(snippet) == [
        *("aiosqlite==0.22.1", "pwdlib[argon2,bcrypt]==0.3.1")
    ]


@pytest.mark.parametrize("run_with", ["jwt", "pyjwt==2", "pyjwt 2 pytest 9", "--pre 1", "a[b c] 1"])
def test_what_is_not_a_name_and_a_version_fails(run_with):
    with pytest.raises(Failure, match="which is not a name and a version"):
        snippets.find_named(make_snippet("", run_with=run_with))


def test_a_snippet_that_imports_what_it_does_not_name_fails(tmp_path):
    snippet = make_snippet("import jwt\nimport yaml\nimport pytest\n", run_with="pytest 9.2.0")

    def make(snippet: Snippet) -> Path:
        return snippets.make_environment(snippet, tmp_path)

    assert snippets.find_failure(snippet, (), make) == (
        "run_with does not name pyjwt, pyyaml, which it imports"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def make_of_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Snippet], Path]:
    """Makes environments out of three packages: the extra of the first one is the second one."""
    extra = "Provides-Extra: more\nRequires-Dist: second; extra == 'more'\n"
    pins = ""
    for name, more in (("first", extra), ("second", ""), ("third", "")):
        path = tmp_path / f"{name}-1.0-py3-none-any.whl"
        head = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{more}"
        wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}.py", "word = __name__\n")
            archive.writestr(f"{name}-1.0.dist-info/METADATA", head)
            archive.writestr(f"{name}-1.0.dist-info/WHEEL", wheel)
            archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
        digest = hashlib.sha256(b"" if name == "third" else path.read_bytes()).hexdigest()
        pins += f"{name}==1.0 --hash=sha256:{digest}\n"
    (tmp_path / "pins.txt").write_text(pins, encoding="utf-8")
    for variable, value in (
        *(("UV_FIND_LINKS", str(tmp_path)), ("UV_NO_INDEX", "1")),
        *(("UV_CACHE_DIR", str(tmp_path / "cache")), ("UV_OFFLINE", "1")),
    ):
        monkeypatch.setenv(variable, value)
    return lambda snippet: snippets.make_environment(
        snippet, tmp_path / "home", tmp_path / "pins.txt"
    )


# It asks as a library does that needs something of its own extra.
ASKS = "import importlib\nassert importlib.import_module('second').word == 'second'\n"


def test_an_extra_that_is_not_named_is_not_there(make_of_index):
    few = make_snippet(ASKS, run_with="first 1.0")
    enough = make_snippet(ASKS, run_with="first[more] 1.0")

    assert "No module named 'second'" in snippets.find_failure(few, (), make_of_index)
    assert snippets.find_failure(enough, (), make_of_index) == ""


@pytest.mark.parametrize(
    ("run_with", "failure"),
    [
        ("first 2.0", "must have a hash"),
        ("third 1.0", "Hash mismatch"),
        ("fourth 1.0", "must have a hash"),
    ],
)
def test_only_what_the_lock_allows_is_installed(make_of_index, run_with, failure):
    found = snippets.find_failure(make_snippet("", run_with=run_with), (), make_of_index)

    assert found.startswith("its packages cannot be installed; write a version that ")
    assert failure in found


def test_an_environment_is_made_once_for_its_versions(make_of_index, monkeypatch):
    snippet = make_snippet("", run_with="second 1.0")
    programs = make_of_index(snippet)
    monkeypatch.setattr(snippets, "run_uv", lambda *arguments: pytest.fail("made again"))

    assert make_of_index(snippet) == programs
    with pytest.raises(pytest.fail.Exception):
        make_of_index(make_snippet("", run_with="first 1.0"))


def test_environments_of_other_versions_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(snippets, "HOME", tmp_path)
    snippet = make_snippet("", run_with="first 1.0")
    kept = snippets.find_environment(snippet, tmp_path, lock.ROOT / lock.SNIPPETS)
    for folder in (kept, tmp_path / "one-0123456789ab", tmp_path / "lib"):
        folder.mkdir()
    (tmp_path / "lib64").symlink_to("lib")
    (tmp_path / "pyvenv.cfg").touch()

    snippets.forget_environments([snippet])
    assert list(tmp_path.iterdir()) == [kept]


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
def test_a_program_fails_with_what_it_said(code, failure):
    assert failure in fail(code)


def test_a_program_may_speak_with_itself():
    code = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname(), 5).close()\n"
        "print('done')\n"
    )

    assert fail(code) == ""


def test_a_test_is_run_with_the_settings_that_it_shows():
    test = "def test_it(pytestconfig):\n    assert pytestconfig.getini('testpaths') == ['here']\n"
    asked = "# In pyproject.toml:\n# [tool.pytest.ini_options]\n# testpaths = ['here']\n"

    assert fail(asked + test) == ""
    assert "assert [] == ['here']" in fail(test)


def test_a_program_that_does_not_end_is_ended():
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
def test_other_languages_are_read_by_their_tools(language, code, failure):
    found = fail(code, language)

    assert found.startswith(failure)
    assert bool(found) == bool(failure)


@pytest.mark.parametrize(
    ("ci", "failure"), [("", ""), ("true", "shellcheck is not installed, and CI=true")]
)
def test_a_missing_shellcheck_is_a_failure_only_in_ci(monkeypatch, ci, failure):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(snippets.shutil, "which", lambda program: None)

    assert fail("#!/bin/bash\necho one\n", "bash") == failure


@pytest.mark.parametrize(
    ("failures", "count", "status", "last"),
    [
        (0, 19, 0, "19 passed, 0 failed"),
        (1, 16, 1, "15 passed, 1 failed"),
        (0, 15, 1, "15 passed, 0 failed"),
    ],
)
def test_a_failed_or_a_missing_one_fails_the_run(
    monkeypatch, capsys, tmp_path, failures, count, status, last
):
    found = [make_snippet("", slug=str(number)) for number in range(count)]
    broken = {str(number) for number in range(failures)}
    monkeypatch.setattr(snippets, "HOME", tmp_path)
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
