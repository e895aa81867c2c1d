"""Answers the probes of whatever keeps the site running.

/healthz: the process answers. /readyz: so do the database and the cache, and no migration waits.
"""

import logging
import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

logger = logging.getLogger(__name__)


def check_database() -> bool:
    """Return whether the database answers a query. Raises what the database raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def check_migrations() -> bool:
    """Return whether every migration of this code is applied. Raises what the database raises."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def check_cache() -> bool:
    """Return whether the cache keeps a value. Raises what the cache raises."""
    # A key of its own for each probe: two workers may be asked in the same moment.
    key = f"readyz-{uuid.uuid4().hex}"
    cache.set(key, key, timeout=5)
    kept = cache.get(key) == key
    cache.delete(key)
    return kept


def find_state() -> dict[str, str]:
    """Return "ok" or "failing" for each thing the site needs to answer readers."""
    checks = {"database": check_database, "migrations": check_migrations, "cache": check_cache}
    state = {}
    for name, check in checks.items():
        try:
            state[name] = "ok" if check() else "failing"
        # Drivers raise types of their own, and a probe must answer whatever is wrong.
        except Exception as error:
            logger.warning("readyz: %s: %s", name, type(error).__name__)
            state[name] = "failing"
    return state


class HealthMiddleware:
    """Answers the two addresses, before the host check and the redirect to HTTPS would refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in ("/healthz", "/readyz"):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = HttpResponseNotAllowed(["GET", "HEAD"])
        elif request.path_info == "/healthz":
            response = JsonResponse({"process": "ok"})
        else:
            state = find_state()
            ready = all(value == "ok" for value in state.values())
            response = JsonResponse(state, status=200 if ready else 503)
        response.headers["Cache-Control"] = "no-store"
        return response
