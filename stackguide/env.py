"""Reads environment variables, and refuses what it cannot read.

Every refusal is one sentence that names the variable, what is wrong with it and what to do. A
value is never repeated where it may hold a password.
"""

import os
import re
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
REPORT_EXAMPLE = "https://tracker.example.org/new?title={title}&text={address}"


class RefusalError(ImproperlyConfigured):
    """A variable that stops the process; its text is the sentence to print."""


def given(name: str) -> str | None:
    """Return the variable, or None where it is not set.

    Raises RefusalError where it is set and empty: a forgotten value is not a wish for a default.
    """
    # Not by way of django-environ, which takes an empty value for none and one that starts with
    # a dollar sign for the name of another variable.
    value = os.environ.get(name)
    if value is None:
        return None
    if not value.strip():
        raise RefusalError(f"{name} is set but empty; give it a value or remove it.")
    return value.strip()


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; an empty one means the default.

    Raises RefusalError for any other word: what is not a known yes would else count as no.
    """
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in YES + NO:
        raise RefusalError(f"{name}={value!r} is not a yes/no value; write on or off.")
    return value in YES


def number(name: str, *, default: int | None, least: int = 1) -> int | None:
    """Return a whole number. Raises RefusalError for anything else, or less than `least`."""
    value = given(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise RefusalError(
            f"{name}={value!r} is not a whole number of at least {least}; correct it."
        )
    return int(value)


def words(name: str) -> list[str]:
    """Return the parts of a list, which commas or spaces separate; empty where it is not set."""
    return os.environ.get(name, "").replace(",", " ").split()


def one_of(name: str, known: tuple[str, ...], *, default: str) -> str:
    """Return one of the known words. Raises RefusalError for any other."""
    value = given(name) or default
    if value not in known:
        shown = f"one of {', '.join(known)}" if len(known) < 10 else "a code such as en or pt-br"
        raise RefusalError(f"{name}={value!r} is not known; write {shown}.")
    return value


def read_secret(default_file: Path) -> str:
    """Return the secret key: from SECRET_KEY, else SECRET_KEY_FILE, else `default_file`.

    Raises RefusalError where there is none, it cannot be read, or it is weak or published.
    """
    key, file = given("SECRET_KEY"), given("SECRET_KEY_FILE")
    if key and file:
        raise RefusalError("SECRET_KEY and SECRET_KEY_FILE are both set; keep one of them.")
    if key:
        return check_secret("SECRET_KEY", key)
    name = "SECRET_KEY_FILE"
    path = Path(file) if file else default_file
    try:
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if file:
            raise RefusalError(f"{name}: there is no file {path}; create or correct it.") from None
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
    """Return the key. Raises RefusalError where it is weak, or published in this repository."""
    if len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DISTINCT:
        raise RefusalError(
            f"{name} is too weak for a secret key; use at least {LEAST_LENGTH} random characters."
        )
    if PUBLISHED.search(key):
        raise RefusalError(f"{name} holds a published key; use {LEAST_LENGTH} random characters.")
    return key


def read_hosts(*, debug: bool) -> list[str]:
    """Return the names the site answers to; loopback names where ALLOWED_HOSTS is not set.

    Raises RefusalError where it is empty, holds a wildcard, something that is no host name, or a
    host that others can reach while DEBUG is on.
    """
    if given("ALLOWED_HOSTS") is None:
        return ["localhost", "127.0.0.1", "[::1]"]
    hosts = words("ALLOWED_HOSTS")
    if not hosts:
        raise RefusalError("ALLOWED_HOSTS names no host; write the site's name, or remove it.")
    for host in hosts:
        if "*" in host:
            raise RefusalError(
                f"ALLOWED_HOSTS={host!r} lets any name through; write the site's names, with a "
                "leading dot for all names below one."
            )
        if not re.fullmatch(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]", host):
            raise RefusalError(
                f"ALLOWED_HOSTS={host!r} is not a host name; write it without scheme, port and "
                "path."
            )
        if debug and not is_loopback(host):
            raise RefusalError(
                f"DEBUG is on while ALLOWED_HOSTS names {host}, which others can reach; turn DEBUG "
                "off, or allow only localhost."
            )
    return hosts


def is_loopback(host: str) -> bool:
    """Return whether a host name is one of this machine's own, which nobody else can reach."""
    name = host.lower().strip("[]")
    return name in ("localhost", "::1") or bool(re.fullmatch(r"127(\.\d{1,3}){3}", name))


def read_origins() -> list[str]:
    """Return CSRF_TRUSTED_ORIGINS. Raises RefusalError for an entry without a scheme."""
    origins = words("CSRF_TRUSTED_ORIGINS")
    for origin in origins:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise RefusalError(
                f"CSRF_TRUSTED_ORIGINS={origin!r} is not an origin; write scheme and host, such as "
                "https://guide.example.org."
            )
    return origins


def read_report_to() -> str:
    """Return where mistakes are reported: a mail address or a web address with places to fill.

    Empty means nowhere. Raises RefusalError for anything else; the value is not repeated, since the
    address of a tracker may hold a token.
    """
    value = os.environ.get("REPORT_TO", "").strip()
    if not value or MAIL_ADDRESS.fullmatch(value):
        return value
    if not re.match("https?://", value):
        raise RefusalError(
            "REPORT_TO is neither a mail address nor a web address; write guide@example.org or "
            f"{REPORT_EXAMPLE}."
        )
    if re.search(r"[{}]", re.sub(r"\{(title|address)\}", "", value)):
        raise RefusalError(
            "REPORT_TO holds other braces than {title} and {address}; write them as %7B and %7D."
        )
    if not WEB_ADDRESS.fullmatch(value):
        raise RefusalError(
            "REPORT_TO is not a web address with its places behind the host; write "
            f"{REPORT_EXAMPLE}."
        )
    if "{address}" not in value:
        raise RefusalError(
            "REPORT_TO has no {address}, so a report would not say which page it is about; write "
            f"{REPORT_EXAMPLE}."
        )
    return value


def read_database(default_file: Path) -> dict[str, Any]:
    """Return Django's dictionary for DATABASE_URL; SQLite in `default_file` where it is not set.

    Raises RefusalError for an address it cannot read, or a scheme other than SQLite's and
    PostgreSQL's. The address is never repeated: it may hold a password.
    """
    url = given("DATABASE_URL")
    if url is None:
        return _sqlite(default_file)
    scheme = url.partition("://")[0]
    if scheme not in (*POSTGRESQL, "sqlite") or "://" not in url:
        raise RefusalError(
            "DATABASE_URL is not an address of SQLite or PostgreSQL; write sqlite:////path/to/file "
            "or postgres://user:password@host:5432/name."
        )
    if scheme == "sqlite":
        path = unquote(url.removeprefix("sqlite:///").partition("?")[0])
        if not url.startswith("sqlite:///") or path in ("", ":memory:"):
            raise RefusalError(
                "DATABASE_URL names no SQLite file; write sqlite:///relative/path or "
                "sqlite:////absolute/path."
            )
        return _sqlite(default_file.parent.parent / path)
    config = _parse("DATABASE_URL", environ.Env.db_url_config, url)
    if not config["NAME"]:
        raise RefusalError("DATABASE_URL names no database; end it with /name.")
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
    if "pool" in options:
        raise RefusalError("DATABASE_URL cannot carry pool=...; set DB_POOL=on in its place.")
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
    """Return Django's dictionary for CACHE_URL; this process's memory where it is not set.

    Raises RefusalError for an address it cannot read, or a scheme other than Redis's and memory's.
    """
    url = given("CACHE_URL") or "locmemcache://"
    scheme = url.partition("://")[0]
    if scheme not in (*REDIS, "locmemcache") or "://" not in url:
        raise RefusalError(
            "CACHE_URL is not an address of a cache; write redis://host:6379/0 or locmemcache://."
        )
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
