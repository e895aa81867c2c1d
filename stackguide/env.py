"""Reads environment variables, and refuses what it cannot read by raising RefusalError.

Every refusal is one sentence that names the variable, what is wrong with it and what to do. A
value is never repeated where it may hold a password.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
POSTGRESQL = ("postgres", "postgresql", "psql", "pgsql")
REDIS = ("redis", "rediss", "rediscache")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# Django's own bounds for a secret key (security.W009), which it checks only on demand.
LEAST_LENGTH, LEAST_DISTINCT = 50, 5
# Words that keys from documentation, tests and pipelines carry, so that everybody knows them.
PUBLISHED = re.compile(r"insecure|example|change-?me|not-?(a-)?secret|throw-?away", re.IGNORECASE)

MAIL_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`|~-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
# Its host is written out: what is filled in comes behind it.
WEB_ADDRESS = re.compile(
    r"https?://([\w.-]+|\[[\da-f:.]+\])(:\d+)?([/?#][!#-;=?-_a-~]*)?", re.ASCII
)
HOST = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
REPORT_EXAMPLE = "https://tracker.example.org/new?title={title}&text={address}"


class RefusalError(ImproperlyConfigured):
    """A variable that stops the process; its text is the sentence to print."""


def refuse(said: str, faults: Mapping[str, object]) -> None:
    """Raise RefusalError for the first of these faults that is there; `said` names the variable."""
    for fault, is_there in faults.items():
        if is_there:
            raise RefusalError(f"{said} {fault}.")


def given(name: str) -> str | None:
    """Return the variable, None where it is not set; a forgotten value is no wish for a default."""
    # Not by way of django-environ, which takes an empty value for none and one that starts with
    # a dollar sign for the name of another variable.
    value = os.environ.get(name)
    if value is not None:
        value = value.strip()
        refuse(name, {"is set but empty; give it a value or remove it": not value})
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; an empty one means the default."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    is_unknown = value not in YES + NO
    refuse(f"{name}={value!r}", {"is not a yes/no value; write on or off": is_unknown})
    return value in YES


def number(name: str, *, default: int | None, least: int = 1) -> int | None:
    """Return a whole number of at least `least`."""
    value = given(name)
    if value is None:
        return default
    is_wrong = not (value.isascii() and value.isdigit()) or int(value) < least
    text = f"is not a whole number of at least {least}; correct it"
    refuse(f"{name}={value!r}", {text: is_wrong})
    return int(value)


def words(name: str) -> list[str]:
    """Return the parts of a list, which commas or spaces separate; empty where it is not set."""
    return os.environ.get(name, "").replace(",", " ").split()


def one_of(name: str, known: tuple[str, ...], *, default: str) -> str:
    """Return one of the known words."""
    value = given(name) or default
    shown = f"one of {', '.join(known)}" if len(known) < 10 else "a code such as en or pt-br"
    refuse(f"{name}={value!r}", {f"is not known; write {shown}": value not in known})
    return value


def read_secret(default_file: Path) -> str:
    """Return the secret key: from SECRET_KEY, else SECRET_KEY_FILE, else `default_file`."""
    key, file = given("SECRET_KEY"), given("SECRET_KEY_FILE")
    refuse("SECRET_KEY and SECRET_KEY_FILE", {"are both set; keep one of them": key and file})
    if key:
        return check_secret("SECRET_KEY", key)
    name = "SECRET_KEY_FILE"
    path = Path(file) if file else default_file
    try:
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        refuse(f"{name}:", {f"there is no file {path}; create or correct it": file})
        raise RefusalError(
            "SECRET_KEY is not set; set it, or SECRET_KEY_FILE, to at least "
            f"{LEAST_LENGTH} random characters (`make run` makes its own key)."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise RefusalError(
            f"{name}: {path} cannot be read ({reason}); let the server read a text file."
        ) from None
    return check_secret(name if file else str(path), key)


def check_secret(name: str, key: str) -> str:
    """Return the key, unless it is weak, or published in this repository."""
    characters = f"{LEAST_LENGTH} random characters"
    is_weak = len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DISTINCT
    refuse(name, {f"is too weak for a secret key; use at least {characters}": is_weak})
    refuse(name, {f"holds a published key; use {characters}": PUBLISHED.search(key)})
    return key


def read_hosts(*, debug: bool) -> list[str]:
    """Return the names the site answers to; loopback names where ALLOWED_HOSTS is not set."""
    if given("ALLOWED_HOSTS") is None:
        return ["localhost", "127.0.0.1", "[::1]"]
    hosts = words("ALLOWED_HOSTS")
    refuse("ALLOWED_HOSTS", {"names no host; write the site's name, or remove it": not hosts})
    every = "write the site's names, with a leading dot for all names below one"
    others = "which others can reach; turn DEBUG off, or allow only localhost"
    for host in hosts:
        faults = {
            f"lets any name through; {every}": "*" in host,
            "is not a host name; write it without scheme, port and path": not HOST.fullmatch(host),
        }
        refuse(f"ALLOWED_HOSTS={host!r}", faults)
        is_open = debug and not is_loopback(host)
        refuse("DEBUG", {f"is on while ALLOWED_HOSTS names {host}, {others}": is_open})
    return hosts


def is_loopback(host: str) -> bool:
    """Return whether a host name is one of this machine's own, which nobody else can reach."""
    name = host.lower().strip("[]")
    return name in ("localhost", "::1") or bool(re.fullmatch(r"127(\.\d{1,3}){3}", name))


def read_origins() -> list[str]:
    """Return CSRF_TRUSTED_ORIGINS, each with its scheme."""
    origins = words("CSRF_TRUSTED_ORIGINS")
    text = "is not an origin; write scheme and host, such as https://guide.example.org"
    for origin in origins:
        is_wrong = not re.fullmatch(r"https?://[^/\s]+", origin)
        refuse(f"CSRF_TRUSTED_ORIGINS={origin!r}", {text: is_wrong})
    return origins


def read_site_url(hosts: list[str], *, is_secure: bool) -> str:
    """Return the address of the site, without a slash at its end; by its first name if not set."""
    first = hosts[0].removeprefix(".")
    value = (given("SITE_URL") or f"http{'s' if is_secure else ''}://{first}").rstrip("/")
    no_address = "is not the address of a site; write https://guide.example.org"
    refuse("SITE_URL", {no_address: not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", value)})
    return value


def read_report_to() -> str:
    """Return where mistakes are reported: a mail address, a web address to fill in, or nowhere."""
    value = os.environ.get("REPORT_TO", "").strip()
    if value and not MAIL_ADDRESS.fullmatch(value):
        no_address = "has no {address}, so a report would not say which page it is about"
        faults = {
            "is neither a mail address nor a web address; write guide@example.org or "
            f"{REPORT_EXAMPLE}": not re.match("https?://", value),
            "holds other braces than {title} and {address}; write them as %7B and %7D": re.search(
                r"[{}]", re.sub(r"\{(title|address)\}", "", value)
            ),
            "is not a web address with its places behind the host; write "
            f"{REPORT_EXAMPLE}": not WEB_ADDRESS.fullmatch(value),
            f"{no_address}; write {REPORT_EXAMPLE}": "{address}" not in value,
        }
        refuse("REPORT_TO", faults)
    return value


def read_database(default_file: Path) -> dict[str, Any]:
    """Return Django's dictionary for DATABASE_URL; SQLite in `default_file` where it is not set."""
    url = given("DATABASE_URL")
    if url is None:
        return _sqlite(default_file)
    scheme, is_address, rest = url.partition("://")
    known = "write sqlite:////path/to/file or postgres://user:password@host:5432/name"
    is_unknown = scheme not in (*POSTGRESQL, "sqlite") or not is_address
    refuse("DATABASE_URL", {f"is not an address of SQLite or PostgreSQL; {known}": is_unknown})
    if scheme == "sqlite":
        path = unquote(rest.removeprefix("/").partition("?")[0])
        is_wrong = not rest.startswith("/") or path in ("", ":memory:")
        paths = "write sqlite:///relative/path or sqlite:////absolute/path"
        refuse("DATABASE_URL", {f"names no SQLite file; {paths}": is_wrong})
        return _sqlite(default_file.parent.parent / path)
    config = _parse("DATABASE_URL", environ.Env.db_url_config, url)
    refuse("DATABASE_URL", {"names no database; end it with /name": not config["NAME"]})
    return _postgresql(config)


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Opening a SQLite file costs more than a query, and closing the last handle empties the
        # write-ahead log.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # Writers queue at BEGIN, where waiting works. A transaction that reads first and
            # writes later is refused at once, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def _postgresql(config: dict[str, Any]) -> dict[str, Any]:
    options = dict(config.get("OPTIONS", {}))
    text = "cannot carry pool=...; set DB_POOL=on in its place"
    refuse("DATABASE_URL", {text: "pool" in options})
    options.setdefault("connect_timeout", 2)
    # Unset for commands: a migration may take its time. The server sets it for pages.
    limit = number("DB_STATEMENT_TIMEOUT_MS", default=None)
    if limit:
        options["options"] = f"{options.get('options', '')} -c statement_timeout={limit}".strip()
    pool = flag("DB_POOL", default=False)
    if pool:
        # One connection for each thread that may ask for one; a queue would only hide the lack.
        options["pool"] = {"min_size": 1, "max_size": number("THREADS", default=4), "timeout": 5}
    return {
        **config,
        "ENGINE": "django.db.backends.postgresql",
        # Django refuses to keep connections that a pool keeps already.
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def read_cache() -> dict[str, Any]:
    """Return Django's dictionary for CACHE_URL; this process's memory where it is not set."""
    url = given("CACHE_URL") or "locmemcache://"
    scheme, is_address, _rest = url.partition("://")
    is_unknown = scheme not in (*REDIS, "locmemcache") or not is_address
    known = "write redis://host:6379/0 or locmemcache://"
    refuse("CACHE_URL", {f"is not an address of a cache; {known}": is_unknown})
    config = _parse("CACHE_URL", environ.Env.cache_url_config, url)
    if scheme in REDIS:
        # A silent Redis must cost a page less than the database does.
        config["OPTIONS"] = {
            "socket_timeout": 0.3,
            "socket_connect_timeout": 0.3,
            **config.get("OPTIONS", {}),
        }
    return config


def _parse(name: str, parse: Any, url: str) -> dict[str, Any]:
    try:
        return parse(url)
    except (ValueError, TypeError, ImproperlyConfigured):
        # The cause would repeat the address.
        raise RefusalError(f"{name} cannot be read; check its host, port and escaping.") from None
