"""The rules of the house that a machine can check."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern

from catalog import urls

ROOT = settings.BASE_DIR
CATALOG = ROOT / "catalog"
TEMPLATES = ROOT / "templates"
# What is made or installed here, and what others wrote.
NOT_OURS = re.compile(
    r"\.git|\.venv.*|\.\w+_cache|\.hypothesis|var|vendor|node_modules|__pycache__|test-results"
)
LONGEST_FILE = 600
# One declaration a line makes a sheet longer than it is long to read.
LONGEST_SHEET = 700
WIDEST_TEMPLATE = 160

# A module imports only from layers above its line: what stands lower may use what stands higher.
LAYERS = [
    {"engine"},
    {"models", "locks"},
    {"markdown", "reports"},
    {"search"},
    {"history", "roles"},
    {
        *("exports", "filters", "http", "integrity", "completeness", "links", "upgrades"),
        *("advice", "package_index"),
    },
    {"describe"},
    {"packs", "comparison", "starters"},
    {"templatetags", "truth", "answers"},
    {"views", "admin", "management"},
    {"urls", "apps", "sites"},
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
MAY_IMPORT_EACH_OTHER = {
    "engine",
    "models",
    "search",
    "history",
    "describe",
    "links",
    "packs",
    "starters",
    "comparison",
    "exports",
    "views",
    "admin",
}
KNOW_REQUESTS = {"views", "admin", "http", "sites"}
# Models exist only once every app is loaded.
IMPORT_LATE = {
    *(CATALOG / "apps.py", CATALOG / "sites.py"),
    *(ROOT / "scripts" / "bench_grid.py", ROOT / "scripts" / "profile_change.py"),
    *(ROOT / "scripts" / "bench_search.py", ROOT / "scripts" / "prove_stacks.py"),
}


def files(folder: Path, *suffixes: str) -> list[Path]:
    """Every file of ours below a folder."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and (not suffixes or path.suffix in suffixes)
        and not any(NOT_OURS.fullmatch(part) for part in path.relative_to(ROOT).parts)
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def area_of(path: Path) -> str:
    """The part of the app that a module belongs to: its folder, or its own name."""
    return area_named(".".join(path.relative_to(CATALOG.parent).with_suffix("").parts))


def area_named(name: str) -> str:
    """Return the area of an import: the second part, but for the engine, which stands below all."""
    pure = "catalog.comparison.engine"
    return "engine" if f"{name}.".startswith(f"{pure}.") else name.split(".")[1]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


MODULES = [
    path
    for path in files(CATALOG, ".py")
    if "migrations" not in path.parts and path != CATALOG / "__init__.py"
]
PAGES = files(TEMPLATES, ".html")
FRAGMENTS = [path for path in PAGES if path.name.startswith("_")]


# Python -----------------------------------------------------------------------------------------


def test_imports_point_down():
    upward = {}
    for path in MODULES:
        here = area_of(path)
        ours = {area_named(name) for name in imports(parse(path)) if name.startswith("catalog.")}
        allowed = {area for area in ours if RANK[area] < RANK[here]}
        if here in MAY_IMPORT_EACH_OTHER or path.name == "__init__.py":
            allowed.add(here)
        if ours - allowed:
            upward[name_of(path)] = ours - allowed

    assert len(MODULES) > 100
    assert upward == {}


def test_the_engine_of_tables_is_pure():
    assert [
        (name_of(path), name)
        for path in MODULES
        if area_of(path) == "engine"
        for name in imports(parse(path))
        if name.split(".")[0] not in sys.stdlib_module_names | {"catalog"}
    ] == []


def test_only_the_edges_know_of_requests():
    assert [
        name_of(path)
        for path in MODULES
        if area_of(path) not in KNOW_REQUESTS
        and any(name.startswith("django.http") for name in imports(parse(path)))
    ] == []


def test_imports_stand_at_the_top():
    assert [
        (name_of(path), name)
        for path in files(ROOT, ".py")
        if "tests" not in path.parts and path not in IMPORT_LATE
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for name in imports(node)
    ] == []


def test_the_app_does_not_know_the_site():
    users = [
        name_of(path)
        for path in files(CATALOG, ".py")
        if any(name.split(".")[0] == "stackguide" for name in imports(parse(path)))
    ]

    assert users == []


def test_the_site_knows_the_app_only_in_its_urls():
    users = {
        path.name
        for path in files(ROOT / "stackguide", ".py")
        if any(name.split(".")[0] == "catalog" for name in imports(parse(path)))
    }

    assert users <= {"urls.py"}


def test_text_is_declared_safe_in_one_place():
    declares = re.compile(r"\bmark_safe\b|\bSafe(?:String|Text)\(|__html__")

    users = {name_of(path) for path in files(ROOT, ".py") if declares.search(path.read_text())}

    assert users - {name_of(Path(__file__).resolve())} == {
        "catalog/comparison/cells.py",
        "catalog/markdown.py",
    }


def test_every_address_has_a_view_and_a_template_of_one_name():
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]

    names = [pattern.name for pattern in patterns]
    assert [pattern.callback.__name__ for pattern in patterns] == names
    pages = [
        pattern.name for pattern in patterns if not re.search(r"\.[\w<:>]+$", str(pattern.pattern))
    ]
    files = [TEMPLATES / "catalog" / f"{name}.html" for name in pages]
    # A piece of pages has an underscore before its name.
    assert [
        one for one in files if not (one.is_file() or one.with_name(f"_{one.name}").is_file())
    ] == []


# Templates --------------------------------------------------------------------------------------


def test_no_template_holds_scripts_or_styles():
    inline = r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on"

    assert [
        (name_of(path), found)
        for path in PAGES
        for found in re.findall(inline, text_of(path), re.IGNORECASE)
    ] == []


def test_no_template_turns_escaping_off():
    unsafe = r"\|\s*safe(?:seq)?\b|autoescape\s+off"

    assert [name_of(path) for path in PAGES if re.search(unsafe, text_of(path))] == []


def test_a_fragment_extends_nothing_and_is_included():
    texts = [text_of(path) for path in (*PAGES, *MODULES)]
    names = {path: f'"{path.relative_to(TEMPLATES).as_posix()}"' for path in FRAGMENTS}

    assert len(FRAGMENTS) > 50
    assert [name for path, name in names.items() if "{% extends" in text_of(path)] == []
    assert [name for name in names.values() if not any(name in text for text in texts)] == []


def test_lines_of_templates_are_short_enough_to_read():
    assert [
        f"{name_of(path)}:{number}"
        for path in files(TEMPLATES, ".html", ".txt")
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if len(line) > WIDEST_TEMPLATE
    ] == []


def test_style_sheets_that_pages_name_are_all_there_are():
    link = re.compile(r"""{% static "(css/[^"]+)" %}""")

    named = {name for path in PAGES for name in link.findall(text_of(path))}
    assert {f"static/{name}" for name in named} == set(map(name_of, files(ROOT / "static/css")))


def test_a_page_is_a_whole_page():
    assert [
        name_of(path)
        for path in PAGES
        if path not in FRAGMENTS
        and text_of(path).startswith("{% extends") == ("<!doctype html>" in text_of(path))
    ] == []


# The tree ---------------------------------------------------------------------------------------


def test_a_file_is_short_enough_to_read():
    lengths = {
        name_of(path): len(text_of(path).splitlines())
        for path in files(ROOT, ".py", ".html", ".css", ".js")
        if "migrations" not in path.parts
    }

    assert {
        name: length
        for name, length in lengths.items()
        if length > (LONGEST_SHEET if name.endswith(".css") else LONGEST_FILE)
    } == {}


def test_no_module_is_a_drawer_for_anything():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "services", "mixins"}

    assert [name_of(path) for path in files(ROOT, ".py") if path.stem in drawers] == []


def test_no_file_names_the_host_of_a_package_index():
    # In pieces, so that this file does not name them either.
    hosts = [
        *("pypi" + ".org", "pypi" + ".python", "python" + "hosted", "npm" + "js.", "un" + "pkg."),
        *("jsde" + "livr", "cdn" + "js.", "ana" + "conda.org", "docker" + ".io", "ghcr" + ".io"),
        *("crates" + ".io", "ruby" + "gems.org", "hub." + "docker"),
    ]
    named = [
        (name_of(path), host)
        for path in files(ROOT)
        for host in hosts
        if host.encode() in path.read_bytes()
    ]

    assert named == []
