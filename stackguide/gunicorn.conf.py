"""How the site is served: `gunicorn --config stackguide/gunicorn.conf.py`."""

import os
import sys
from pathlib import Path

import gunicorn.http.wsgi

# A page whose query takes five seconds is one nobody waits for; commands may take their time.
os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "5000")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stackguide.settings")

chdir = str(Path(__file__).resolve().parent.parent)
# Gunicorn puts this folder on the path only after reading this file.
sys.path.insert(0, chdir)

from django.conf import settings  # noqa: E402

from stackguide import env  # noqa: E402

wsgi_app = "stackguide.wsgi:application"
proc_name = "stackguide"

try:
    bind = f"{os.environ.get('HOST', '127.0.0.1')}:{env.number('PORT', default=8000)}"
    workers = env.number("WEB_CONCURRENCY", default=2)
    threads = env.number("THREADS", default=4)
    logconfig_dict = settings.LOGGING
    # Only a trusted proxy may say that a request came by HTTPS, or for whom. Gunicorn would
    # believe anyone on the same machine.
    forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
    if not settings.TRUST_PROXY:
        forwarded_allow_ips = ""
except env.RefusalError as refusal:
    sys.exit(f"StackGuide: {refusal}")

# Threads, so that a slow reader or a password being hashed does not stop the others.
worker_class = "gthread"
# A worker that is silent this long is replaced; requests in flight get as long at shutdown.
timeout = graceful_timeout = 30
# The longest request line that gunicorn can take: a question asked of a table may have 8 KB.
limit_request_line = 8190
# The access line is the middleware's, with the request's id.
accesslog = None
# No socket to steer the server by: it would be a file in the home directory, and another door.
control_socket_disable = True
# The name of the server in answers, without product and version.
gunicorn.http.wsgi.SERVER = "stackguide"
