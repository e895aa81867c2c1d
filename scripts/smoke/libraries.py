"""Libraries that need no server."""

import contextlib
import http.server
import importlib
import io
import json
import os
import threading

from smoke.checks import NAME, check, expect


@check("Pydantic validates", "pydantic")
def pydantic_validates() -> None:
    model = importlib.import_module("pydantic").create_model("Book", pages=(int, ...))
    expect(model(pages="474").pages, 474)


@check("pydantic-settings reads the environment", "pydantic-settings")
def settings_read() -> None:
    os.environ["SMOKE_PAGES"] = "474"

    class Settings(importlib.import_module("pydantic_settings").BaseSettings):
        smoke_pages: int

    expect(Settings().smoke_pages, 474)


@check("PyJWT signs with a secret and with an RSA key", "pyjwt")
def pyjwt_signs() -> None:
    jwt = importlib.import_module("jwt")
    secret = "s" * 32
    expect(jwt.decode(jwt.encode({"a": 1}, secret), secret, algorithms=["HS256"]), {"a": 1})
    rsa = importlib.import_module("cryptography.hazmat.primitives.asymmetric.rsa")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    token = jwt.encode({"a": 1}, key, algorithm="RS256")
    expect(jwt.decode(token, key.public_key(), algorithms=["RS256"]), {"a": 1})


@check("python-jose signs", "python-jose")
def jose_signs() -> None:
    jwt = importlib.import_module("jose.jwt")
    secret = "s" * 32
    expect(jwt.decode(jwt.encode({"a": 1}, secret), secret, algorithms=["HS256"]), {"a": 1})


@check("argon2-cffi hashes and verifies", "argon2-cffi")
def argon2_hashes() -> None:
    hasher = importlib.import_module("argon2").PasswordHasher()
    expect(hasher.verify(hasher.hash("horse"), "horse"), True)


@check("pwdlib hashes and verifies, with Argon2 and bcrypt", "pwdlib")
def pwdlib_hashes() -> None:
    pwdlib = importlib.import_module("pwdlib")
    argon2 = importlib.import_module("pwdlib.hashers.argon2").Argon2Hasher()
    bcrypt = importlib.import_module("pwdlib.hashers.bcrypt").BcryptHasher()
    hashes = pwdlib.PasswordHash((argon2, bcrypt))
    right, new = hashes.verify_and_update("horse", bcrypt.hash("horse"))
    expect((right, str(new).startswith("$argon2id$")), (True, True))


@check("passlib hashes and verifies with bcrypt", "passlib")
def passlib_hashes() -> None:
    bcrypt = importlib.import_module("passlib.hash").bcrypt
    expect(bcrypt.verify("horse", bcrypt.hash("horse")), True)


def check_client(client: str) -> None:
    library = importlib.import_module(client)
    transport = library.MockTransport(
        lambda request: library.Response(200, json={"at": request.url.path})
    )
    with library.Client(transport=transport, base_url="http://example.com") as found:
        expect(found.get("/books").json(), {"at": "/books"})


@check("HTTPX2 asks and reads", "httpx2")
def httpx2_asks() -> None:
    check_client("httpx2")


@check("httpx asks and reads", "httpx")
def httpx_asks() -> None:
    check_client("httpx")


@check("structlog writes a line of JSON", "structlog")
def structlog_writes() -> None:
    structlog = importlib.import_module("structlog")
    out = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    structlog.get_logger().info("started", port=1)
    expect(json.loads(out.getvalue()), {"event": "started", "port": 1})


@check("OpenTelemetry records a span", "opentelemetry-api", "opentelemetry-sdk")
def telemetry_records() -> None:
    sdk = importlib.import_module("opentelemetry.sdk.trace")
    export = importlib.import_module("opentelemetry.sdk.trace.export")
    memory = importlib.import_module("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter, provider = memory.InMemorySpanExporter(), sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    with provider.get_tracer(NAME).start_as_current_span("order"):
        pass
    expect([span.name for span in exporter.get_finished_spans()], ["order"])


@check(
    "OpenTelemetry sends a span by OTLP",
    "opentelemetry-sdk",
    "opentelemetry-exporter-otlp-proto-http",
)
def telemetry_sends() -> None:
    received: list[bytes] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sdk = importlib.import_module("opentelemetry.sdk.trace")
    export = importlib.import_module("opentelemetry.sdk.trace.export")
    otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    provider = sdk.TracerProvider()
    address = f"http://127.0.0.1:{server.server_port}/v1/traces"
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter(address)))
    with provider.get_tracer(NAME).start_as_current_span(NAME):
        pass
    provider.shutdown()
    server.shutdown()
    expect([NAME.encode() in body for body in received], [True])


@check("Sentry's SDK sends an error", "sentry-sdk")
def sentry_sends() -> None:
    sentry = importlib.import_module("sentry_sdk")
    events: list[dict] = []
    with contextlib.suppress(ZeroDivisionError):
        sentry.init(
            dsn="http://key@127.0.0.1:9/1",
            before_send=lambda event, _hint: events.append(event),
            default_integrations=False,
        )
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        sentry.capture_exception(error)
    expect([event["exception"]["values"][0]["type"] for event in events], ["ZeroDivisionError"])
