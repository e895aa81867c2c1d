"""What every test stands on: a database as in production, plain static files, no network."""

import gc
import ipaddress
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck, settings

from catalog.comparison import tables
from tests.environment import OURS
from tests.factories import make_whole_guide

ROOT = Path(__file__).resolve().parent.parent

# That a machine is busy is no fault of the code.
settings.register_profile(
    "busy",
    parent=settings(),
    deadline=None,
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.too_slow],
)
settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--one-in", type=int, default=1, help="Run one test in so many, always the same."
    )
    parser.addoption(
        "--database",
        choices=("any", "only", "none"),
        default="any",
        help="Run the tests that use a database or a cache only, or none of them.",
    )


def pytest_collection_finish() -> None:
    """Leave what is there for the whole run out of every search for garbage."""
    gc.collect()
    gc.freeze()


def uses_database(item: pytest.Item) -> bool:
    """Return whether a test reads or writes a database, or the cache of production."""
    marks = ("django_db", "redis")
    return any(map(item.get_closest_marker, marks)) or bool(
        {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a sample: by their names, so that every process keeps the same."""
    one_in, database = config.getoption("--one-in"), config.getoption("--database")
    kept = [
        item
        for item in items
        if crc32(item.nodeid.encode()) % one_in == 0
        and (database == "any" or uses_database(item) == (database == "only"))
    ]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test database into a file, and let PostgreSQL's be lost with the machine.

    Django would keep SQLite's in memory, where nothing is ever locked and no log is written.
    """
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        # One folder, so one file, for each process.
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        options = database["OPTIONS"]
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()


def tables_with_rows() -> set[str]:
    """Return which tables are not empty. One query."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test that commits be followed by the deletion of its rows.

    Django would empty every table and have content types and permissions made anew, which costs
    more than most of these tests.
    """
    with django_db_blocker.unblock():
        by_migrations = tables_with_rows()

    def delete_rows(_test: TransactionTestCase) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for name in tables_with_rows() - by_migrations:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - a table of ours

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", delete_rows)
        yield


@pytest.fixture(scope="session", autouse=True)
def settings_of_tests() -> Iterator[None]:
    """Serve static files from where they are written, and hash passwords quickly.

    The manifest that production reads exists after collectstatic only, and a test should not pass
    or fail by what was collected last. To hash the password of whoever signs in as production does
    takes longer than most tests.
    """
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Begin each test with an empty cache: with keys of its own that nobody has used.

    To clear it would empty the whole Redis database, which another test process uses at the
    same moment and whoever runs the tests may use for something else.
    """
    cache.key_prefix = f"stackguide-test-{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget tables of other tests: a rollback takes the clock of editions back."""
    tables.forget()


@pytest.fixture
def whole_guide() -> None:
    """Fill the guide with one row at least of every model."""
    make_whole_guide()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse connections to other machines: no test depends on one, or tells one anything."""
    connect = socket.socket.connect

    def connect_here(this: socket.socket, address: Any) -> None:
        if this.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise ConnectionError(f"A test wants to connect to {address[0]}.")
        connect(this, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def is_here(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs this Python in an environment with none of our variables."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        return subprocess.run(  # noqa: S603 - the arguments are the test's own
            [sys.executable, *arguments],
            cwd=ROOT,
            env=clean | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
