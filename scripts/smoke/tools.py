"""Test runners and checkers, as programs."""

import os
import subprocess
import sys

from smoke.checks import LONGEST, NAME, check, expect, program, write
from smoke.web import DJANGO, DJANGO_URLS


@check("pytest runs a test", "pytest")
def pytest_runs() -> None:
    write("test_one.py", "def test_one() -> None:\n    assert 40 + 2 == 42\n")
    expect("1 passed" in program("pytest", "-q", "-p", "no:cacheprovider", "test_one.py"), True)


@check("pytest-asyncio runs an async test", "pytest", "pytest-asyncio")
def pytest_asyncio_runs() -> None:
    write("test_two.py", "async def test_two() -> None:\n    assert 40 + 2 == 42\n")
    options = ("-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto")
    expect("1 passed" in program("pytest", *options, "test_two.py"), True)


@check("pytest-cov measures", "pytest", "pytest-cov")
def pytest_cov_measures() -> None:
    write("test_one.py", "def test_one() -> None:\n    assert 40 + 2 == 42\n")
    options = ("-q", "-p", "no:cacheprovider", "--cov", ".")
    expect("100%" in program("pytest", *options, "test_one.py"), True)


@check("pytest-django stores a row", "pytest", "pytest-django", "django", servers=("PostgreSQL",))
def pytest_django_stores() -> None:
    write("django_settings.py", DJANGO.replace(NAME, f"{NAME}_pytest"))
    write("django_urls.py", DJANGO_URLS)
    write(
        "test_three.py",
        """
        import pytest
        from django.contrib.auth.models import Group


        @pytest.mark.django_db
        def test_three() -> None:
            Group.objects.create(name="Editors")
            assert Group.objects.count() == 1
        """,
    )
    options = ("-q", "-p", "no:cacheprovider", "--ds", "django_settings")
    expect("1 passed" in program("pytest", *options, "test_three.py"), True)


@check("Ruff finds and formats", "ruff")
def ruff_finds() -> None:
    write("good.py", "print(1)\n")
    program("ruff", "check", "--isolated", "good.py")
    program("ruff", "format", "--isolated", "--check", "good.py")


@check("mypy finds a wrong type", "mypy")
def mypy_finds() -> None:
    write("wrong.py", "one: int = 'two'\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, "wrong.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    expect((done.returncode, "Incompatible types" in done.stdout), (1, True))
