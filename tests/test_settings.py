"""Which environments are refused, in which words, and what the others come to."""

import secrets
from pathlib import Path

import pytest

from stackguide import env
from tests.environment import OURS

KEY = secrets.token_urlsafe(60)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with none of the site's variables set."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def read_database() -> object:
    return env.read_database(Path("/site/var/db"))


def read_secret() -> object:
    return env.read_secret(Path("/nowhere/key"))


def read_hosts() -> object:
    return env.read_hosts(debug=False)


NO_DATABASE = (
    "DATABASE_URL is not an address of SQLite or PostgreSQL; write sqlite:////path/to/file or "
    "postgres://user:password@host:5432/name."
)
WEAK = "SECRET_KEY is too weak for a secret key; use at least 50 random characters."
NO_WAY_TO_REPORT = (
    "REPORT_TO is neither a mail address nor a web address; write guide@example.org or "
    "https://tracker.example.org/new?title={title}&text={address}."
)
BRACES = "REPORT_TO holds other braces than {title} and {address}; write them as %7B and %7D."
NO_WEB_ADDRESS = (
    "REPORT_TO is not a web address with its places behind the host; write "
    "https://tracker.example.org/new?title={title}&text={address}."
)
TRACKER = "https://tracker.example.org/"
# By what reads it: the environment, a variable a line, and the sentence.
REFUSED = {
    lambda: env.flag("DEBUG", default=False): {
        "DEBUG=maybe": "DEBUG='maybe' is not a yes/no value; write on or off."
    },
    lambda: env.flag("HTTPS", default=True): {
        "HTTPS=perhaps": "HTTPS='perhaps' is not a yes/no value; write on or off."
    },
    read_database: {
        "DATABASE_URL=postgres://a@b/c\nDB_POOL=x": (
            "DB_POOL='x' is not a yes/no value; write on or off."
        ),
        "DATABASE_URL=garbage": NO_DATABASE,
        "DATABASE_URL=mysql://a:b@c/d": NO_DATABASE,
        "DATABASE_URL=postgres://a:hidden@b:port/c": (
            "DATABASE_URL cannot be read; check its host, port and escaping."
        ),
        "DATABASE_URL=postgres://a@b": "DATABASE_URL names no database; end it with /name.",
        "DATABASE_URL=postgres://a@b/c?pool=true": (
            "DATABASE_URL cannot carry pool=...; set DB_POOL=on in its place."
        ),
        "DATABASE_URL=sqlite://var/db.sqlite3": (
            "DATABASE_URL names no SQLite file; write sqlite:///relative/path or "
            "sqlite:////absolute/path."
        ),
        "DATABASE_URL=": "DATABASE_URL is set but empty; give it a value or remove it.",
        "DATABASE_URL=postgres://a@b/c\nDB_STATEMENT_TIMEOUT_MS=5s": (
            "DB_STATEMENT_TIMEOUT_MS='5s' is not a whole number of at least 1; correct it."
        ),
    },
    env.read_cache: {
        "CACHE_URL=memcache://127.0.0.1:11211": (
            "CACHE_URL is not an address of a cache; write redis://host:6379/0 or locmemcache://."
        )
    },
    read_secret: {
        "": (
            "SECRET_KEY is not set; set it, or SECRET_KEY_FILE, to at least 50 random characters "
            "(`make run` makes its own key)."
        ),
        "SECRET_KEY=": "SECRET_KEY is set but empty; give it a value or remove it.",
        "SECRET_KEY=short": WEAK,
        f"SECRET_KEY={'abcd' * 20}": WEAK,
        f"SECRET_KEY=django-insecure-{KEY}": (
            "SECRET_KEY holds a published key; use 50 random characters."
        ),
        f"SECRET_KEY={KEY}\nSECRET_KEY_FILE=/run/key": (
            "SECRET_KEY and SECRET_KEY_FILE are both set; keep one of them."
        ),
        "SECRET_KEY_FILE=/nowhere/other": (
            "SECRET_KEY_FILE: there is no file /nowhere/other; create or correct it."
        ),
        "SECRET_KEY_FILE=/": (
            "SECRET_KEY_FILE: / cannot be read (Is a directory); let the server read a text file."
        ),
    },
    read_hosts: {
        "ALLOWED_HOSTS=*": (
            "ALLOWED_HOSTS='*' lets any name through; write the site's names, with a leading dot "
            "for all names below one."
        ),
        "ALLOWED_HOSTS= ": "ALLOWED_HOSTS is set but empty; give it a value or remove it.",
        "ALLOWED_HOSTS=,": "ALLOWED_HOSTS names no host; write the site's name, or remove it.",
        "ALLOWED_HOSTS=https://guide.internal": (
            "ALLOWED_HOSTS='https://guide.internal' is not a host name; write it without scheme, "
            "port and path."
        ),
    },
    lambda: env.read_hosts(debug=True): {
        "ALLOWED_HOSTS=localhost,guide.internal": (
            "DEBUG is on while ALLOWED_HOSTS names guide.internal, which others can reach; turn "
            "DEBUG off, or allow only localhost."
        )
    },
    env.read_origins: {
        "CSRF_TRUSTED_ORIGINS=guide.internal": (
            "CSRF_TRUSTED_ORIGINS='guide.internal' is not an origin; write scheme and host, such "
            "as https://guide.example.org."
        )
    },
    lambda: env.read_site_url(["localhost"], is_secure=True): {
        f"SITE_URL={value}": (
            "SITE_URL is not the address of a site; write https://guide.example.org."
        )
        for value in ("guide.example.org", "ftp://a", "https://a/b", "https://a b", 'https://a"b')
    },
    env.read_report_to: {
        **{
            f"REPORT_TO={value}": NO_WAY_TO_REPORT
            for value in (
                *("guide", "guide@", "mailto:guide@example.org", "javascript:{address}", "a b@c"),
            )
        },
        **{
            f"REPORT_TO={TRACKER}{value}{{address}}": BRACES
            for value in ("{name}", "{", "}", "{{title}}", "{TITLE}", "{title!r}", "{}")
        },
        **{
            f"REPORT_TO={value}": NO_WEB_ADDRESS
            for value in (
                *("https://{address}/", "https:///new?{address}", 'https://a.example/"{address}'),
                "https://user:hidden@tracker.example.org/new?{address}",
            )
        },
        f"REPORT_TO={TRACKER}new?title={{title}}": (
            "REPORT_TO has no {address}, so a report would not say which page it is about; write "
            "https://tracker.example.org/new?title={title}&text={address}."
        ),
    },
    lambda: env.one_of("LOG_LEVEL", env.LEVELS, default="INFO"): {
        "LOG_LEVEL=loud": (
            "LOG_LEVEL='loud' is not known; write one of DEBUG, INFO, WARNING, ERROR, CRITICAL."
        )
    },
}


CASES = [(read, *case) for read, cases in REFUSED.items() for case in cases.items()]


# Called by the sentence: the key is another in each process.
@pytest.mark.parametrize(
    ("read", "variables", "sentence"), CASES, ids=[sentence[:40] for *_, sentence in CASES]
)
def test_what_cannot_be_read_is_refused_in_one_sentence(monkeypatch, read, variables, sentence):
    for line in variables.splitlines():
        monkeypatch.setenv(*line.split("=", maxsplit=1))
    with pytest.raises(env.RefusalError) as refusal:
        read()
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("default", [True, False])
@pytest.mark.parametrize(
    ("words", "said"),
    [(("on", "yes", "TRUE", "1", " on "), True), (("off", "no", "False", "0"), False)],
)
def test_words_for_yes_are_yes_and_for_no_no_and_nothing_is_the_default(
    monkeypatch, words, said, default
):
    for word, expected in [*((word, said) for word in words), ("", default)]:
        monkeypatch.setenv("DEBUG", word)
        assert env.flag("DEBUG", default=default) is expected, word


def test_a_secret_that_starts_with_a_dollar_sign_is_taken_as_it_is(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", f"${KEY}")
    assert env.read_secret(Path("/nowhere/key")) == f"${KEY}"


def test_the_secret_is_read_from_the_file_of_the_installation(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    assert env.read_secret(tmp_path / "key") == KEY


def test_without_a_list_only_this_machine_is_answered():
    assert env.read_hosts(debug=False) == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "guide@example.org", "guide+python@intranet"),
        "https://tracker.example.org/new?title={title}&text={address}",
        "http://localhost:3000/#/new/{address}",
    ],
)
def test_reports_go_to_a_mail_address_a_tracker_or_nowhere(monkeypatch, value):
    monkeypatch.setenv("REPORT_TO", value)
    assert env.read_report_to() == value.strip()


def test_without_a_word_of_it_there_are_no_reports():
    assert env.read_report_to() == ""


def test_the_site_is_where_it_is_said_to_be_or_at_its_first_name(monkeypatch):
    assert env.read_site_url([".guide.org", "b"], is_secure=True) == "https://guide.org"
    monkeypatch.setenv("SITE_URL", "http://[::1]:8000/")
    assert env.read_site_url(["localhost"], is_secure=True) == "http://[::1]:8000"


def test_postgresql_takes_password_pool_and_time_limit(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss%2Fword@db:5433/guide?sslmode=require")
    monkeypatch.setenv("DB_POOL", "on")
    monkeypatch.setenv("DB_STATEMENT_TIMEOUT_MS", "5000")
    assert env.read_database(Path("/site/var/db")) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "guide",
        "USER": "ann",
        "PASSWORD": "p@ss/word",
        "HOST": "db",
        "PORT": 5433,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "sslmode": "require",
            "connect_timeout": 2,
            "options": "-c statement_timeout=5000",
            "pool": {"min_size": 1, "max_size": 4, "timeout": 5},
        },
    }


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///data/guide.db", Path("/site/data/guide.db")),
        ("sqlite:////data/guide.db", Path("/data/guide.db")),
    ],
)
def test_sqlite_files_are_found_from_the_site(monkeypatch, url, file):
    monkeypatch.setenv("DATABASE_URL", url)
    assert env.read_database(Path("/site/var/db.sqlite3"))["NAME"] == file


def test_sqlite_queues_its_writers_and_logs_ahead():
    assert env.read_database(Path("/site/var/db.sqlite3"))["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        ),
    }


def test_a_silent_redis_costs_less_than_half_a_second(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://:p%40ss@cache:6379/1")
    cache = env.read_cache()
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["OPTIONS"] == {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}


def test_a_command_prints_the_sentence_and_no_traceback(run_python):
    done = run_python("manage.py", "check", DEBUG="maybe", SECRET_KEY=KEY)
    assert (done.returncode, done.stderr) == (
        1,
        "StackGuide: DEBUG='maybe' is not a yes/no value; write on or off.\n",
    )


def test_the_server_prints_the_sentence_and_no_traceback(run_python):
    arguments = ("-m", "gunicorn", "--config", "stackguide/gunicorn.conf.py", "--check-config")
    done = run_python(*arguments, SECRET_KEY="short")
    assert (done.returncode, done.stderr) == (
        1,
        "StackGuide: SECRET_KEY is too weak for a secret key; use at least 50 random characters.\n",
    )


def test_https_switches_cookies_redirect_and_promise_together(run_python):
    code = (
        "from django.conf import settings as s; print(s.DEBUG, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    )
    site = {"SECRET_KEY": KEY, "DJANGO_SETTINGS_MODULE": "stackguide.settings"}
    on, off = run_python("-c", code, **site), run_python("-c", code, HTTPS="off", **site)
    assert on.stdout == "False True 31536000 True True __Host-sessionid __Host-csrftoken\n"
    assert off.stdout == "False False 0 False False sessionid csrftoken\n"
