"""Runs every code sample of the guide, exactly as it is shown: `make snippets`.

Each runs alone in an empty folder, with the packages that it names and what these need, with
warnings as errors and without a network: neither a sample that names too little passes nor one
that teaches a deprecated call. What they need is pinned in requirements-snippets.txt; with
`--record` the versions of that lock file are written into the newest pack instead.
"""

import ast
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from scripts import lock
from scripts.guide import find_packs, read_guide

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-snippets"  # an environment for each snippet
FEWEST = 19  # the places of the guide that show code, its table of versions apart
LONGEST = 60.0  # seconds for one snippet on a busy machine
FIELDS = ("slug", "title", "language", "code", "run_with", "position")
# One of the versions in run_with: name[extra,extra] version.
RUN_WITH = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)((?:\[[a-z0-9,-]+\])?) ([0-9]\S*)")
# What a test sample asks of pyproject.toml, in its first comment.
PYPROJECT = re.compile(r"# In pyproject\.toml:\n((?:# .*\n)+)")

# Where the package of a module has another name; the longest match counts.
PACKAGES = {
    "argon2": "argon2-cffi",
    "jwt": "pyjwt",
    "opentelemetry": "opentelemetry-api",
    "opentelemetry.sdk": "opentelemetry-sdk",
    "strawberry": "strawberry-graphql",
    "tortoise": "tortoise-orm",
    "yaml": "pyyaml",
}

# Stands in for a network namespace where the system grants none. An audit hook sees the calls of
# C extensions too, and nothing can take it away again.
GUARD = """
import sys

def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", None):
        raise OSError(f"a snippet runs without a network, and this one asks for {host}")

sys.addaudithook(refuse)
"""

# What the snippet of a server serves, and what the hooks of the other one look at.
APP = """
from typing import Any


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        message = {"type": ""}
        while message["type"] != "lifespan.shutdown":
            message = await receive()
            await send({"type": message["type"] + ".complete"})
        return
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
""".lstrip()


class Failure(Exception):  # noqa: N818 - the word of the last line
    """What is wrong with a snippet."""


@dataclass(frozen=True)
class Snippet:
    slug: str
    place: str
    title: str
    language: str
    code: str
    run_with: str
    position: int


@dataclass(frozen=True)
class Bench:
    """An empty folder to run things in, and how they are kept from the network."""

    folder: Path
    isolation: tuple[str, ...]
    programs: Path
    longest: float = LONGEST

    def environment(self) -> dict[str, str]:
        here = str(self.folder)
        variables = {"HOME": here, "TMPDIR": here, "LANG": "C.UTF-8", "PYTHONWARNINGS": "error"}
        if not self.isolation:
            variables["PYTHONPATH"] = f"{here}/.guard"
        return {**variables, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}

    def start(self, *command: str | Path) -> subprocess.Popen[str]:
        if not self.isolation:
            (self.folder / ".guard").mkdir(exist_ok=True)
            (self.folder / ".guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
        return subprocess.Popen(  # noqa: S603 - running what is shown is the point
            [*self.isolation, *map(str, command)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that what it starts can be ended with it
        )

    def run(self, *command: str | Path) -> str:
        """Run a command to its end; return what it said on stderr. Raises Failure."""
        process = self.start(*command)
        try:
            said, complained = process.communicate(timeout=self.longest)
        except subprocess.TimeoutExpired:
            stop(process)
            raise Failure(f"not done after {self.longest:g} seconds") from None
        if process.returncode != 0:
            raise Failure(f"status {process.returncode}\n{said}{complained}".rstrip())
        return complained


def stop(process: subprocess.Popen[str]) -> None:
    """End a process and everything it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def find_isolation() -> tuple[str, ...]:
    """Return the command that runs another one without a network; empty where none may."""
    for command in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which(command[0]):
            done = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603
            if done.returncode == 0:
                return command
    return ()


# The fixtures -----------------------------------------------------------------------------------


def read(root: Path = ROOT) -> list[Snippet]:
    """Return every snippet as one sees it with all packs loaded."""
    snippets = []
    for _key, said in sorted(read_guide(find_packs(root))["snippet"].items()):
        technology, category = said["technology"], said["category"]
        place = f"technology {technology[0]}" if technology else f"category {category[0]}"
        snippets.append(Snippet(place=place, **{name: said[name] for name in FIELDS}))
    return snippets


def find_imported(snippet: Snippet) -> set[str]:
    """Return the packages that a snippet imports from."""
    packages: set[str] = set()
    if snippet.language != "python":
        return packages
    for node in ast.walk(ast.parse(snippet.code)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names:
                known = [key for key in PACKAGES if f"{name}.".startswith(f"{key}.")]
                packages.add(PACKAGES[max(known, key=len)] if known else top.replace("_", "-"))
    return packages


def find_named(snippet: Snippet) -> dict[str, tuple[str, str]]:
    """Return the extras and the version of each package in run_with. Raises Failure."""
    named = {}
    for entry in filter(None, snippet.run_with.split(", ")):
        found = RUN_WITH.fullmatch(entry)
        if found is None:
            raise Failure(f"run_with has {entry!r}, which is not a name and a version")
        named[found[1]] = (found[2], found[3])
    return named


def find_run_with(snippet: Snippet, text: str) -> str:
    """Return run_with with the versions that a lock file pins, in the order of the names."""
    pins, named = lock.find_pins(text), find_named(snippet)
    return ", ".join(f"{name}{named[name][0]} {pins[name]}" for name in sorted(named))


def record(root: Path = ROOT) -> list[Path]:
    """Write the locked versions into the newest pack; return the files that changed."""
    text = (ROOT / lock.SNIPPETS).read_text(encoding="utf-8")
    folder = find_packs(root)[-1] / "4-snippets"
    changed = []
    for snippet in read(root):
        run_with = find_run_with(snippet, text)
        if run_with == snippet.run_with:
            continue
        path = folder / f"{snippet.slug}.yaml"
        row = f"- model: catalog.snippet\n  fields:\n    slug: {snippet.slug}\n"
        before = path.read_text(encoding="utf-8") if path.exists() else row
        # Code stands deeper than the fields, so no line of it is taken for this one.
        line = f"    run_with: {run_with}\n"
        after, count = re.subn(r"(?m)^    run_with: .*\n", line, before)
        folder.mkdir(exist_ok=True)
        path.write_text(after if count else before + line, encoding="utf-8", newline="\n")
        changed.append(path)
    return changed


# Their environments -----------------------------------------------------------------------------


def find_requirements(snippet: Snippet) -> list[str]:
    """Return what is installed for a snippet. Raises Failure where that does not cover it."""
    named = find_named(snippet)
    if unnamed := find_imported(snippet) - named.keys():
        raise Failure(f"run_with does not name {', '.join(sorted(unnamed))}, which it imports")
    return [f"{name}{extras}=={version}" for name, (extras, version) in sorted(named.items())]


def find_environment(snippet: Snippet, home: Path, pins: Path) -> Path:
    """Return the folder for the environment of these versions, this lock file and this Python."""
    parts = (sys.version, snippet.run_with, pins.read_text(encoding="utf-8"))
    return home / f"{snippet.slug}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}"


def make_environment(
    snippet: Snippet, home: Path = HOME, pins: Path = ROOT / lock.SNIPPETS
) -> Path:
    """Return the programs of an environment that holds what a snippet names, made if need be."""
    requirements = find_requirements(snippet)
    folder = find_environment(snippet, home, pins)
    stamp = folder / "installed"  # written last, so one that was left half made is made again
    if not stamp.exists():
        run_uv("venv", "--clear", "--python", sys.executable, folder)
        if requirements:
            # The lock file allows no other version and no other file of anything that is needed.
            options = ("--require-hashes", "--constraints", pins, "--compile-bytecode")
            run_uv("pip", "install", "--python", folder / "bin/python", *options, *requirements)
        stamp.touch()
    return folder / "bin"


def run_uv(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "uv", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
    if done.returncode != 0:
        advice = f"write a version that {lock.SNIPPETS} has, or bring that up with `make lock`"
        raise Failure(f"its packages cannot be installed; {advice}\n{done.stderr}".rstrip())


def forget_environments(snippets: list[Snippet]) -> None:
    """Remove what was made for other versions."""
    kept = {find_environment(snippet, HOME, ROOT / lock.SNIPPETS) for snippet in snippets}
    for path in set(HOME.glob("*")) - kept:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


# Running ----------------------------------------------------------------------------------------


def run_python(snippet: Snippet, bench: Bench) -> None:
    program: tuple[str, ...] = ("snippet.py",)
    if re.search(r"(?m)^(async )?def test_", snippet.code):
        options = ("--quiet", "-W", "error", "-p", "no:cacheprovider")
        program = ("-m", "pytest", *options, "snippet.py")
    if asked := PYPROJECT.match(snippet.code):
        settings = re.sub("(?m)^# ", "", asked[1])
        (bench.folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    (bench.folder / "snippet.py").write_text(snippet.code, encoding="utf-8")
    complained = bench.run(bench.programs / "python", "-W", "error", *program)
    # A warning in a destructor cannot fail the program; it is printed.
    if complained:
        raise Failure(f"it says on stderr\n{complained}".rstrip())


def run_yaml(snippet: Snippet, bench: Bench) -> None:
    try:
        content = yaml.safe_load(snippet.code)
    except yaml.YAMLError as problem:
        raise Failure(f"not YAML: {problem}") from None
    if isinstance(content, dict) and "repos" in content:
        config = bench.folder / ".pre-commit-config.yaml"
        config.write_text(snippet.code, encoding="utf-8")
        (bench.folder / "main.py").write_text(APP, encoding="utf-8")
        bench.run(bench.programs / "pre-commit", "validate-config", config.name)
        bench.run("git", "init", "--quiet")
        bench.run("git", "add", config.name, "main.py")
        bench.run(bench.programs / "pre-commit", "run", "--all-files")


def run_toml(snippet: Snippet, bench: Bench) -> None:
    try:
        tomllib.loads(snippet.code)
    except tomllib.TOMLDecodeError as problem:
        raise Failure(f"not TOML: {problem}") from None


def run_bash(snippet: Snippet, bench: Bench) -> None:
    (bench.folder / "snippet.sh").write_text(snippet.code, encoding="utf-8")
    bench.run("bash", "-n", "snippet.sh")
    if shutil.which("shellcheck"):
        bench.run("shellcheck", "snippet.sh")
    elif is_strict():
        raise Failure("shellcheck is not installed, and CI=true")
    if "uvicorn main:app" in snippet.code:
        (bench.folder / "main.py").write_text(APP, encoding="utf-8")
        serve(bench)
        serve(bench, "WEB_CONCURRENCY=2")


def serve(bench: Bench, *settings: str) -> None:
    """Start the server, ask it for a page through a socket, and end it as a supervisor does."""
    (bench.folder / "app.sock").unlink(missing_ok=True)
    # Uvicorn takes each option from the environment too, and a socket before host and port.
    process = bench.start("env", "UVICORN_UDS=app.sock", *settings, "bash", "snippet.sh")
    try:
        status = ask(bench, process)
        process.terminate()
        complained = process.communicate(timeout=bench.longest)[1]
    except subprocess.TimeoutExpired:
        raise Failure(f"the server does not stop within {bench.longest:g} seconds") from None
    finally:
        if process.poll() is None:
            stop(process)
    # A single process ends by the signal it was sent, the parent of several with 0.
    if status != 204 or process.returncode not in (0, -signal.SIGTERM):
        raise Failure(f"answered {status}, status {process.returncode}\n{complained}".rstrip())


def ask(bench: Bench, process: subprocess.Popen[str]) -> int | None:
    """Return the status of the server's answer; None where it ended or does not answer."""
    connection = http.client.HTTPConnection("localhost", timeout=bench.longest)
    end = time.monotonic() + bench.longest
    while process.poll() is None and time.monotonic() < end:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(bench.longest)
        try:
            connection.sock.connect(str(bench.folder / "app.sock"))
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)  # until it listens
        finally:
            connection.close()
    return None


TOOLS = {"python": run_python, "yaml": run_yaml, "toml": run_toml, "bash": run_bash}


def find_failure(
    snippet: Snippet,
    isolation: tuple[str, ...],
    make: Callable[[Snippet], Path] = make_environment,
    longest: float = LONGEST,
) -> str:
    """Run a snippet; return what is wrong with it, blank where nothing is."""
    if snippet.language not in TOOLS:
        return f"nothing here runs {snippet.language}"
    with tempfile.TemporaryDirectory(prefix="snippet-") as folder:
        try:
            bench = Bench(Path(folder), isolation, make(snippet), longest)
            TOOLS[snippet.language](snippet, bench)
        except Failure as failure:
            return str(failure)
    return ""


def is_strict() -> bool:
    """Return whether a missing tool is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def main() -> int:
    """Run every snippet, say what became of each, and return 1 if one failed or is missing."""
    snippets, isolation = read(), find_isolation()
    print(f"no network: {'its own namespace' if isolation else 'an audit hook'}")
    if not shutil.which("shellcheck"):
        print("shellcheck is not installed: bash snippets are only parsed and started")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = list(pool.map(lambda snippet: find_failure(snippet, isolation), snippets))
    forget_environments(snippets)
    for snippet, failure in zip(snippets, failures, strict=True):
        print(f"{snippet.slug} ({snippet.place}): {f'failed: {failure}' if failure else 'passed'}")
    failed = sum(map(bool, failures))
    if len(snippets) < FEWEST:
        print(f"there are {len(snippets)} snippets; the guide has {FEWEST} places for them")
    print(f"{len(snippets) - failed} passed, {failed} failed")
    return 1 if failed or len(snippets) < FEWEST else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        for changed in record():
            print(changed.relative_to(ROOT))
    else:
        sys.exit(main())
