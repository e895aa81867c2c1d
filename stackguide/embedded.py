"""Runs the site on one machine with nothing but this folder: `make run`, `make admin`, `make dev`.

Everything the site writes lies in var/, which belongs to the account that runs it. Whatever stands
in the way is said in one sentence, and leaves nothing behind that would stop the next try.
"""

import errno
import hashlib
import os
import secrets
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error, connections

from stackguide import env, health
from stackguide.env import refuse

ROOT = Path(__file__).resolve().parent.parent
EMPTY = "empty"


def read_address() -> tuple[str, int]:
    """Return HOST and PORT, unless they cannot or should not be served on.

    They are the address of the site where nothing else is said to be.
    """
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8000")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65536
    refuse(f"PORT={port}", {"is not a port; write a number from 1 to 65535": not is_port})
    is_open = not env.is_loopback(host) and not os.environ.get("ALLOWED_HOSTS")
    text = "lets other machines in; name the site with ALLOWED_HOSTS=guide.internal (say) as well"
    refuse(f"HOST={host}", {text: is_open})
    if not env.flag("HTTPS", default=False):
        name = next(iter(env.words("ALLOWED_HOSTS")), host).removeprefix(".")
        name = f"[{name}]" if ":" in name.strip("[]") and name[0] != "[" else name
        os.environ.setdefault("SITE_URL", f"http://{name}:{port}")
    return host, int(port)


def check_port(host: str, port: int) -> None:
    """Raises RefusalError where something else listens there already, or nothing ever can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server does: a port that was served on a minute ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        text = f"is taken; stop what uses it, or choose another with PORT={port + 1}"
        refuse(f"port {port}", {text: error.errno == errno.EADDRINUSE})
        text = f"cannot be served on ({error.strerror}); choose others"
        refuse(f"HOST={host} PORT={port}", {text: True})


def make_folder(folder: Path) -> None:
    """Make the folder for all the site writes. Raises RefusalError where that is not possible."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        text = f"cannot be written to ({error.strerror}); give this account the folder"
        refuse(str(folder), {text: True})


def make_secret(path: Path) -> None:
    """Make a secret key of this installation's own, once; only this account can read it."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(60) + "\n")
    # Whole or not at all, and never over a key that another start made meanwhile.
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def prepare() -> None:
    """Make var/ and the key, and read the settings."""
    os.chdir(ROOT)
    # The database, its log and the key are nobody else's to read.
    os.umask(0o077)
    make_folder(ROOT / "var")
    if not {"SECRET_KEY", "SECRET_KEY_FILE"} & set(os.environ):
        make_secret(ROOT / "var" / "secret-key")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stackguide.settings")
    # Without a certificate in front of it, this site speaks plain HTTP.
    os.environ.setdefault("HTTPS", "off")
    django.setup()


def update_database() -> None:
    """Apply the migrations that wait. Raises what the database raises."""
    if not health.check_migrations():
        say("preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)


def fill_guide(names: str) -> None:
    """Load the packs of these names into a database that never held a guide."""
    if names == EMPTY:
        return
    folders = names.split() or [""]
    text = f"is not a folder of fixtures/; write one, or GUIDE={EMPTY}"
    for name in folders:
        is_name = name != "" and Path(name).name == name
        is_folder = is_name and (ROOT / "fixtures" / name).is_dir()
        refuse(f"GUIDE={name}", {text: not is_folder})
    call_command("start_guide", *(f"fixtures/{name}" for name in folders))


def collect_static() -> None:
    """Collect and compress the static files where they, or the packages they come from, changed."""
    stamp = settings.STATIC_ROOT / ".collected"
    # A list rather than the files' text: this runs at each start.
    parts = [(ROOT / "requirements.txt").read_text(encoding="utf-8"), django.__version__]
    for path in sorted((ROOT / "static").rglob("*")):
        state = path.stat()
        parts.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    say("collecting static files ...")
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest, encoding="ascii")


def run() -> None:
    """Prepare what is missing, say where to read, and become the server."""
    host, port = read_address()
    check_port(host, port)
    prepare()
    update_database()
    fill_guide(os.environ.get("GUIDE", EMPTY))
    collect_static()
    connections.close_all()
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    say(f"read the guide at http://{shown}:{port}/ (stop with Ctrl+C)")
    say(f"edit it at http://{shown}:{port}/admin/ (`make admin` makes the first administrator)")
    sys.stdout.flush()
    arguments = ["-m", "gunicorn", "--config", "stackguide/gunicorn.conf.py"]
    # Becomes the server, so that signals and exit status are the server's own.
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


def admin() -> None:
    """Ask for a name and a password, and make an administrator of them."""
    prepare()
    update_database()
    call_command("createsuperuser")


def dev() -> None:
    """Serve with reloading and Django's own error pages, to this machine alone."""
    os.environ.setdefault("DEBUG", "on")
    host, port = read_address()
    # The reloader starts this program again as a child: the port is its parent's then, and the
    # database is prepared.
    first = "RUN_MAIN" not in os.environ
    if first:
        check_port(host, port)
    prepare()
    if first:
        update_database()
        fill_guide(os.environ.get("GUIDE", EMPTY))
    call_command("runserver", f"{host}:{port}")


def say(sentence: str) -> None:
    """Print a line to whoever typed the command."""
    print(f"StackGuide: {sentence}", flush=True)


def main(arguments: list[str]) -> int:
    """Do one of the three; return 0, or 1 after a sentence that says what stands in the way."""
    doings: dict[str, Callable[[], None]] = {"run": run, "admin": admin, "dev": dev}
    if len(arguments) != 1 or arguments[0] not in doings:
        print(f"StackGuide: name one of {', '.join(doings)}.", file=sys.stderr)
        return 2
    try:
        doings[arguments[0]]()
    except (ImproperlyConfigured, CommandError) as stop:
        reason = str(stop)
    except Error as error:
        reason = f"the database does not do its part: {' '.join(str(error).split())}"
    except KeyboardInterrupt:
        reason = "stopped."
    else:
        return 0
    print(f"StackGuide: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
