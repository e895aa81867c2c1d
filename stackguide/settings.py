"""One settings module for every environment; what differs comes from the environment.

Production is what one gets by setting nothing: DEBUG is off, HTTPS is on, and a key that is
missing, weak or published stops the process.
"""

from pathlib import Path

import django
from django.conf import global_settings
from pythonjsonlogger.core import RESERVED_ATTRS

from stackguide import __version__, env

BASE_DIR = Path(__file__).resolve().parent.parent
# All that a running site writes on disk. Made by `make run`, never by importing settings.
VAR_DIR = BASE_DIR / "var"

DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=True)
TRUST_PROXY = env.flag("TRUST_PROXY", default=False)

SECRET_KEY = env.read_secret(VAR_DIR / "secret-key")
SECRET_KEY_FALLBACKS = [
    env.check_secret("SECRET_KEY_FALLBACKS", key) for key in env.words("SECRET_KEY_FALLBACKS")
]
ALLOWED_HOSTS = env.read_hosts(debug=DEBUG)
CSRF_TRUSTED_ORIGINS = env.read_origins()

DATABASES = {"default": env.read_database(VAR_DIR / "db.sqlite3")}
# A release never reads what another one has stored.
CACHES = {"default": {"KEY_PREFIX": f"stackguide-{__version__}", **env.read_cache()}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

INSTALLED_APPS = [
    # Before staticfiles: `runserver` then serves static files as production does, with headers.
    "whitenoise.runserver_nostatic",
    "catalog.apps.CatalogConfig",
    "catalog.apps.GuideAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
]

# The policy is one dictionary; from 6.0 on Django sends it itself.
CONTENT_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
if django.VERSION >= (6, 0):
    SECURE_CSP = CONTENT_POLICY
    CONTENT_POLICY_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"
else:
    CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_POLICY}
    CONTENT_POLICY_MIDDLEWARE = "csp.middleware.CSPMiddleware"

# No LocaleMiddleware: a public page is a function of edition, date and address, not of a header.
MIDDLEWARE = [
    # What sets headers stands outside of what answers, so that every answer carries them.
    "stackguide.requests.RequestMiddleware",
    CONTENT_POLICY_MIDDLEWARE,
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Probes come by IP address and without TLS: before the redirect and the host check.
    "stackguide.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stackguide.errors.UnsavedMiddleware",
]

ROOT_URLCONF = "stackguide.urls"
WSGI_APPLICATION = "stackguide.wsgi.application"
CSRF_FAILURE_VIEW = "stackguide.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Transport and cookies: switched together, so that no half of it is ever forgotten.
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whether names below the site's and the browsers' preload list are bound to HTTPS for years is
# the choice of whoever owns the domain, at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
if django.VERSION < (6, 1):
    # Accepts signatures by a salt that collides for some cookie names; only old cookies need it,
    # and newer Djangos warn of whoever names the setting.
    SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
MESSAGE_STORAGE = "stackguide.messages.MessageStorage"
MESSAGE_COOKIE_NAME = "__Host-messages" if HTTPS else "messages"

# Pages of text and forms need nothing of a device.
DEVICE_FEATURES = """
    accelerometer autoplay camera display-capture encrypted-media fullscreen gamepad geolocation
    gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts magnetometer
    microphone midi otp-credentials payment picture-in-picture publickey-credentials-get
    screen-wake-lock serial storage-access usb window-management xr-spatial-tracking
"""
PERMISSIONS_POLICY = {name: [] for name in DEVICE_FEATURES.split()}

# A comparison of 40 technologies and 60 criteria, edited as one grid, is ten times the default.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Whether a search that finds nothing is logged, so that editors learn what is missing.
SEARCH_MISSES = env.flag("SEARCH_MISSES", default=True)

# How much of a pack is read: bytes of all its files unpacked, entries, and levels of nesting, of
# which an entry needs four.
PACK_MAX_BYTES = env.number("PACK_MAX_BYTES", default=64 * 1024 * 1024)
PACK_MAX_ROWS = env.number("PACK_MAX_ROWS", default=100_000)
PACK_MAX_DEPTH = env.number("PACK_MAX_DEPTH", default=20, least=4)
# Packs that were uploaded in the admin. Several nodes share this folder.
PACK_DIR = VAR_DIR / "packs"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = env.one_of(
    "LANGUAGE_CODE", tuple(code for code, _ in global_settings.LANGUAGES), default="en"
)
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# No page of another site has business with these files.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Where the site is for those outside of it: in files and archives that leave it, whatever host a
# request names.
SITE_URL = env.read_site_url(ALLOWED_HOSTS, is_secure=HTTPS)
# What was proved of versions and of projects; tests hold it to the guide that ships.
PROOFS = BASE_DIR / "measurements"

# Where readers report a mistake; empty where they cannot.
REPORT_TO = env.read_report_to()

# Whether a pending change needs a publisher who had no part in it.
FOUR_EYES = env.flag("FOUR_EYES", default=False)

LOG_LEVEL = env.one_of("LOG_LEVEL", env.LEVELS, default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "stackguide.requests.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["levelname", "name", "message", "request_id"],
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": True,
            # Django hangs the request on its records, and its text shows the query string.
            "reserved_attrs": [*RESERVED_ATTRS, "request"],
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's defaults give these handlers of their own.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Every answer has its access line already; here only what broke.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "gunicorn.error": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
    },
}
