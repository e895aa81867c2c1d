"""`make run`: what stands in the way is said in a sentence, and the second run finds the first."""

import http.client
import json
import os
import secrets
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackguide import embedded, env
from tests.environment import OURS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def make_python(folder: Path, name: str, script: str) -> str:
    """Write a program that stands for a Python; return its path."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def install(python: str, folder: Path, lock: Path) -> subprocess.CompletedProcess[str]:
    """Run what the Makefile runs to make an environment."""
    return subprocess.run(  # noqa: S603 - a command of this project
        [
            str(ROOT / "stackguide" / "environment.sh"),
            *(python, str(folder), str(lock), str(folder / "installed")),
        ],
        cwd=folder.parent,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_named_before_anything_is_made(run_python, taken_port):
    done = run_python("-m", "stackguide.embedded", "run", PORT=str(taken_port))
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"StackGuide: port {taken_port} is taken; stop what uses it, or choose another with "
        f"PORT={taken_port + 1}.\n",
    )


def test_other_machines_are_let_in_only_by_name(run_python):
    done = run_python("-m", "stackguide.embedded", "run", HOST="0.0.0.0")  # noqa: S104
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "StackGuide: HOST=0.0.0.0 lets other machines in; name the site with "
        "ALLOWED_HOSTS=guide.internal (say) as well.\n",
    )


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "٣"])
def test_what_is_no_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(env.RefusalError) as stop:
        embedded.read_address()
    assert str(stop.value) == f"PORT={port} is not a port; write a number from 1 to 65535."


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(env.RefusalError) as stop:
        embedded.check_port("192.0.2.1", 8000)
    assert str(stop.value).startswith("HOST=192.0.2.1 PORT=8000 cannot be served on (")


@pytest.mark.parametrize(
    ("names", "name"),
    [
        *[(name, name) for name in ("no-such-guide", "../fixtures", "/etc", "")],
        # Named before the first is loaded.
        ("guide-2025 no-such-guide", "no-such-guide"),
        (" ", ""),
    ],
)
def test_a_guide_that_does_not_exist_is_refused(names, name):
    with pytest.raises(env.RefusalError) as stop:
        embedded.fill_guide(names)
    assert str(stop.value) == (
        f"GUIDE={name} is not a folder of fixtures/; write one, or GUIDE=empty."
    )


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret-key"
    embedded.make_secret(path)
    first = path.read_text(encoding="ascii")
    embedded.make_secret(path)
    assert path.read_text(encoding="ascii") == first
    assert (stat.S_IMODE(path.stat().st_mode), len(first.strip())) == (0o600, 80)
    assert list(tmp_path.iterdir()) == [path]


def test_the_folder_of_the_site_is_its_owners_alone(tmp_path):
    embedded.make_folder(tmp_path / "var")
    embedded.make_folder(tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert list((tmp_path / "var").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    # A file in its place, which stops root as well.
    (tmp_path / "var").write_text("", encoding="ascii")
    with pytest.raises(env.RefusalError) as stop:
        embedded.make_folder(tmp_path / "var")
    assert str(stop.value) == (
        f"{tmp_path}/var cannot be written to (File exists); give this account the folder."
    )


def test_a_database_that_does_not_answer_is_said_in_one_line(run_python):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: it refuses
        port = unused.getsockname()[1]
        url = f"postgres://ann:hidden@127.0.0.1:{port}/guide"
        key = "q7" + os.urandom(40).hex()
        done = run_python("-m", "stackguide.embedded", "admin", DATABASE_URL=url, SECRET_KEY=key)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("StackGuide: the database does not do its part: ")
    assert "hidden" not in done.stderr


def test_a_python_that_does_not_exist_is_said(tmp_path):
    done = install("python-nowhere", tmp_path / "venv", ROOT / "requirements.txt")
    assert (done.returncode, done.stderr) == (
        1,
        "StackGuide: there is no 'python-nowhere' here; install Python 3.11 or newer, or name it "
        "with PYTHON=...\n",
    )


def test_an_old_python_is_said(tmp_path):
    old = make_python(tmp_path, "python3.10", "exit 1")
    done = install(old, tmp_path / "venv", ROOT / "requirements.txt")
    assert (done.returncode, done.stderr) == (
        1,
        f"StackGuide: '{old}' is not Python 3.11 or newer; name a newer one with "
        "PYTHON=python3.12, say.\n",
    )


def test_a_python_without_ensurepip_installs_with_its_own_pip(tmp_path):
    python = make_python(
        tmp_path,
        "python3",
        'if [ "$2" = venv ] && [ "$3" != --without-pip ]; then mkdir -p "$3"; exit 1; fi\n'
        f'exec {sys.executable} "$@"',
    )
    lock = tmp_path / "lock.txt"
    lock.write_text("", encoding="ascii")
    done = install(python, tmp_path / "venv", lock)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "venv" / "installed").exists()
    assert not (tmp_path / "venv" / "bin" / "pip").exists()


def test_a_failed_installation_leaves_no_stamp_and_the_next_one_works(tmp_path):
    lock, folder = tmp_path / "lock.txt", tmp_path / "venv"
    lock.write_text("stackguide-nowhere==1.0 --hash=sha256:" + "0" * 64 + "\n", encoding="ascii")
    done = install(f"{sys.executable}", folder, lock)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"StackGuide: the packages in {lock} could not be installed (see above); the first run "
        "needs a package index that pip can reach."
    )
    assert not (folder / "installed").exists()
    lock.write_text("", encoding="ascii")
    assert install(f"{sys.executable}", folder, lock).returncode == 0


def ask(port: int) -> http.client.HTTPResponse:
    """Return the answer to a probe, as soon as the server gives one."""
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
            response = connection.getresponse()
            response.read()
        except ConnectionError:
            time.sleep(0.1)  # until it listens
        else:
            return response
        finally:
            connection.close()
    raise AssertionError("The server does not answer.")


def test_the_server_names_no_product_logs_json_and_stops_when_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    site = {
        "HOME": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "HTTPS": "off",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "DATABASE_URL": f"sqlite:////{tmp_path}/db.sqlite3",
    }
    arguments = [sys.executable, "-m", "gunicorn", "--config", "stackguide/gunicorn.conf.py"]
    with subprocess.Popen(  # noqa: S603 - a command of this project
        arguments, cwd=ROOT, env=clean | site, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            response = ask(port)
        finally:
            server.terminate()
            _, log = server.communicate(timeout=30)
    assert (response.status, response.headers["Server"]) == (200, "stackguide")
    # What a stranger says of TLS is not believed.
    assert "Strict-Transport-Security" not in response.headers
    # Warnings at the start, as of static files not collected yet, are Python's own lines.
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line["path"] for line in lines if line["logger"] == "stackguide.access"] == ["/healthz"]
    assert {line["logger"] for line in lines} == {"gunicorn.error", "stackguide.access"}
    assert server.returncode == 0
    assert list(tmp_path.iterdir()) == []
