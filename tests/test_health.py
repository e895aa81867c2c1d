"""What probes are told, whatever works and whatever does not."""

from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from stackguide import health

GOOD = {"database": "ok", "migrations": "ok", "cache": "ok"}


def ask(page: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Return status and content of a probe's answer."""
    response = Client().get(page, headers=headers)
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.json()


def test_the_process_answers_without_a_database():
    assert ask("/healthz") == (200, {"process": "ok"})


@pytest.mark.django_db
def test_all_is_well():
    assert ask("/readyz") == (200, GOOD)


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
def test_probes_come_by_address_and_without_tls():
    assert ask("/readyz", host="10.0.0.7:8000") == (200, GOOD)


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_probes_can_only_look(page):
    response = Client().post(page)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db
def test_a_probe_may_ask_for_the_head_alone():
    response = Client().head("/readyz")
    assert (response.status_code, response.content) == (200, b"")


def test_without_a_database_the_site_is_not_ready_and_says_no_more(caplog):
    refused = OperationalError("connection to server at 10.1.2.3 refused")
    with mock.patch.object(connection, "cursor", side_effect=refused):
        answer = ask("/readyz")
    assert answer == (503, {"database": "failing", "migrations": "failing", "cache": "ok"})
    assert "10.1.2.3" not in caplog.text


@pytest.mark.django_db
def test_a_migration_that_waits_makes_the_site_not_ready():
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert ask("/readyz") == (503, {**GOOD, "migrations": "failing"})


@pytest.mark.django_db
def test_a_cache_that_refuses_makes_the_site_not_ready():
    with mock.patch.object(health, "cache") as cache:
        cache.set.side_effect = ConnectionError
        assert ask("/readyz") == (503, {**GOOD, "cache": "failing"})


@pytest.mark.django_db
def test_a_cache_that_forgets_makes_the_site_not_ready():
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    ):
        assert ask("/readyz") == (503, {**GOOD, "cache": "failing"})


@pytest.mark.django_db
@pytest.mark.redis
@pytest.mark.skipif(
    not settings.CACHES["default"]["BACKEND"].endswith("RedisCache"),
    reason="needs CACHE_URL=redis://...; the PostgreSQL lane sets it",
)
def test_a_probe_leaves_nothing_in_redis():
    cache = caches["default"]
    client = cache._cache.get_client()
    ours = f"{cache.key_prefix}:*"
    cache.set("another", 1, timeout=5)
    before = list(client.scan_iter(ours))

    assert ask("/readyz") == (200, GOOD)

    assert len(before) == 1
    assert list(client.scan_iter(ours)) == before
