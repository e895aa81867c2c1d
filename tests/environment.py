"""The environment of every test run, set before Django reads its settings.

Whoever runs the tests may have an environment of a real site: only the database and the cache of
a lane are taken from it, and Django puts a test database beside the one that is named.
"""

import os
import secrets

KEPT = ("DATABASE_URL", "CACHE_URL", "DB_POOL")
OURS = (
    *("DEBUG", "HTTPS", "TRUST_PROXY", "SECRET_KEY", "SECRET_KEY_FILE", "SECRET_KEY_FALLBACKS"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "CACHE_URL", "DB_POOL", "THREADS"),
    *("DB_STATEMENT_TIMEOUT_MS", "LANGUAGE_CODE", "LOG_LEVEL", "WEB_CONCURRENCY", "HOST", "PORT"),
    *("GUIDE", "FORWARDED_ALLOW_IPS", "REPORT_TO", "SITE_URL"),
    *("PACK_MAX_BYTES", "PACK_MAX_ROWS", "PACK_MAX_DEPTH"),
)

for name in OURS:
    if name not in KEPT:
        os.environ.pop(name, None)
os.environ.update(
    SECRET_KEY=secrets.token_urlsafe(60),
    HTTPS="off",
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1],testserver",
)
