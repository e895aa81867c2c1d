"""Frameworks and servers: applications that answer."""

import importlib
import os
import uuid

from smoke.checks import NAME, REDIS, check, expect, free_port, page, running, until, write

ASGI = """
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/")
    def square(number: int = 3) -> int:
        return number**2
"""


@check("FastAPI answers", "fastapi")
def fastapi_answers() -> None:
    write("fastapi_app.py", ASGI)
    client_of = importlib.import_module("fastapi.testclient").TestClient
    client = client_of(importlib.import_module("fastapi_app").app)
    expect(client.get("/?number=5").json(), 25)
    expect(client.get("/?number=five").status_code, 422)


@check("Uvicorn serves FastAPI", "uvicorn", "fastapi")
def uvicorn_serves() -> None:
    write("fastapi_app.py", ASGI)
    port = free_port()
    with running("uvicorn", "fastapi_app:app", "--port", str(port)) as process:
        expect(until(lambda: page(port), process), "9")


FLASK = """
    from flask import Flask

    app = Flask(__name__)


    @app.get("/")
    def hello():
        return "hello"
"""


@check("Flask answers", "flask")
def flask_answers() -> None:
    write("flask_app.py", FLASK)
    expect(importlib.import_module("flask_app").app.test_client().get("/").text, "hello")


@check("Gunicorn serves Flask", "gunicorn", "flask")
def gunicorn_serves_flask() -> None:
    write("flask_app.py", FLASK)
    port = free_port()
    with running("gunicorn", "flask_app:app", "--bind", f"127.0.0.1:{port}") as process:
        expect(until(lambda: page(port), process), "hello")


DJANGO = f"""
    import os

    SECRET_KEY = "{uuid.uuid4().hex * 2}"
    DEBUG = False
    ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    ROOT_URLCONF = "django_urls"
    USE_TZ = True
    INSTALLED_APPS = [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        *(["drf_spectacular"] if "drf-spectacular" in os.environ["ASKED"].split() else []),
    ]
    DATABASES = {{
        "default": {{
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "127.0.0.1",
            "USER": "postgres",
            "NAME": "postgres",
            "TEST": {{"NAME": "{NAME}"}},
        }}
    }}
    CACHES = {{
        "default": {{
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "{REDIS}",
            "KEY_PREFIX": "{NAME}",
        }}
    }}
    REST_FRAMEWORK = {{"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}}
"""
DJANGO_URLS = """
    from django.contrib.auth.models import Group
    from rest_framework import routers, serializers, viewsets


    class GroupSerializer(serializers.ModelSerializer):
        class Meta:
            model = Group
            fields = ["id", "name"]


    class GroupViews(viewsets.ModelViewSet):
        queryset = Group.objects.order_by("name")
        serializer_class = GroupSerializer
        permission_classes = []


    router = routers.DefaultRouter()
    router.register("groups", GroupViews)
    urlpatterns = router.urls
"""


def set_up_django() -> None:
    write("django_settings.py", DJANGO)
    write("django_urls.py", DJANGO_URLS)
    os.environ["DJANGO_SETTINGS_MODULE"] = "django_settings"
    importlib.import_module("django").setup()


@check(
    "Django migrates, stores and answers as an API",
    *("django", "djangorestframework", "psycopg"),
    servers=("PostgreSQL",),
)
def django_answers() -> None:
    set_up_django()
    utils = importlib.import_module("django.test.utils")
    databases = utils.setup_databases(verbosity=0, interactive=False)
    try:
        client = importlib.import_module("rest_framework.test").APIClient()
        expect(client.post("/groups/", {"name": "Editors"}).status_code, 201)
        expect([row["name"] for row in client.get("/groups/").json()], ["Editors"])
        expect(client.post("/groups/", {"name": ""}).status_code, 400)
    finally:
        utils.teardown_databases(databases, verbosity=0)


@check("drf-spectacular writes the OpenAPI document", "drf-spectacular", "django")
def spectacular_writes() -> None:
    set_up_django()
    generators = importlib.import_module("drf_spectacular.generators")
    schema = generators.SchemaGenerator().get_schema(request=None, public=True)
    expect("/groups/" in schema["paths"], True)


@check("Django's cache keeps in Redis", "django", "redis", servers=("Redis",))
def django_caches() -> None:
    set_up_django()
    cache = importlib.import_module("django.core.cache").cache
    cache.set("one", 1, timeout=30)
    expect(cache.get("one"), 1)
    cache.delete("one")


@check("Gunicorn serves Django", "gunicorn", "django")
def gunicorn_serves_django() -> None:
    write("django_settings.py", DJANGO)
    write("django_urls.py", DJANGO_URLS)
    write(
        "django_wsgi.py",
        "from django.core.wsgi import get_wsgi_application as make\napp = make()\n",
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "django_settings"
    port = free_port()
    with running("gunicorn", "django_wsgi:app", "--bind", f"127.0.0.1:{port}") as process:
        expect("groups" in str(until(lambda: page(port), process)), True)
