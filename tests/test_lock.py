"""The lock files follow pyproject.toml, and name no place that packages come from."""

import re

import pytest
from packaging.version import Version

from scripts import lock


@pytest.mark.parametrize("name", lock.FILES)
def test_the_lock_follows_what_pyproject_asks_for(name):
    text = (lock.ROOT / name).read_text(encoding="utf-8")
    assert lock.find_problems(name, text, lock.read_tables()) == []


@pytest.mark.parametrize("name", lock.FILES)
def test_the_lock_names_no_address(name):
    text = (lock.ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"(?m)^.*(?:://|index|find-links).*$", text) == []


@pytest.mark.parametrize("name", lock.FILES)
def test_every_pin_has_a_hash(name):
    text = (lock.ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(lock.find_pins(text))


def test_django_has_the_security_fixes_it_is_asked_for():
    pins = lock.find_pins((lock.ROOT / lock.RUN).read_text(encoding="utf-8"))
    assert Version("5.2.19") <= pins["django"] < Version("5.3")


def test_a_changed_table_and_a_pin_outside_of_it_are_noticed():
    tables = {"run": ["django>=5.2,<5.3", "nh3"]}
    text = f"{lock.DIGEST}{lock.find_digest({'run': ['django']})}\ndjango==6.0 \\\n    --hash=x\n"
    assert lock.find_problems(lock.RUN, text, tables) == [
        "requirements.txt was not written from this pyproject.toml: run `make lock`.",
        "requirements.txt pins django 6.0, not <5.3,>=5.2.",
        "requirements.txt does not pin nh3.",
    ]


def test_the_snippets_are_locked_apart_from_the_site():
    tables = {"run": ["django"], "test": ["pytest"], "snippets": ["celery"]}

    assert lock.find_tables(lock.SNIPPETS, tables) == {"snippets": ["celery"]}
    for name in (lock.RUN, lock.DEVELOP, lock.NEWEST):
        assert lock.find_tables(name, tables) == {"run": ["django"], "test": ["pytest"]}


def test_a_lock_answers_only_for_its_own_tables():
    tables = {"run": ["django"], "test": ["pytest>=9"], "snippets": ["celery>=5", "pytest<9"]}
    digest = lock.find_digest({"snippets": tables["snippets"]})

    text = f"{lock.DIGEST}{digest}\ncelery==4.0 \\\n    --hash=x\n"
    assert lock.find_problems(lock.SNIPPETS, text, tables) == [
        "requirements-snippets.txt pins celery 4.0, not >=5.",
        "requirements-snippets.txt does not pin pytest.",
    ]
