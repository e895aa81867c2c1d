"""Packs as large as one asks for, laid out and written as dump_pack does. Knows no Django."""

from collections.abc import Iterator
from pathlib import Path

ROWS_OF_A_TECHNOLOGY = 12
# So that a category has as many listings whatever the size of the pack.
IN_A_CATEGORY = 50

MANIFEST = """\
name: big
version: '{version}'
complete: true
over: []
"""

CATEGORY = """\
- model: catalog.category
  fields:
    slug: field-{n}
    owner: Desk of field {n}
    review_by: '2027-03-01'
    status: published
    name: Field {n}
    parent: null
    qualifier: ''
    best_for: Whoever has a task of kind {n}
    introduction: What to *weigh* when a tool of field {n} is chosen.
    position: {n}
"""

TECHNOLOGY = """\
- model: catalog.technology
  fields:
    slug: tool-{n}
    owner: Desk of field {n}
    review_by: '2027-03-01'
    status: published
    name: Tool {n}
    kind: library
    summary: {summary}
    description: {description}
    website: https://tool-{n}.example.org/
    documentation: https://docs.example.org/tool-{n}/
    repository: https://code.example.org/tools/tool-{n}
    licence: MIT
    lifecycle: active
    lifecycle_note: ''
    lifecycle_source: ''
    lifecycle_verified_on: null
    replaced_by: null
- model: catalog.alias
  fields:
    technology: [tool-{n}]
    slug: t-{n}
    name: T {n}
- model: catalog.package
  fields:
    technology: [tool-{n}]
    name: tool-{n}
    import_name: ''
    position: 10
- model: catalog.packagefacts
  fields:
    package: [tool-{n}]
    latest_version: {latest}
    released_on: '2026-10-14'
    requires_python: '>=3.11'
    is_yanked: false
    project_status: active
    read_on: '2026-11-22'
"""

POINT = """\
- model: catalog.point
  fields:
    technology: [tool-{n}]
    slug: {slug}
    kind: {kind}
    text: {text}
    position: {position}
"""

COMPANION = """\
- model: catalog.companion
  fields:
    technology: [tool-{n}]
    companion: [tool-{other}]
    label: ''
    requirement: tool-{other}[async]
    group: Libraries
    note: Keeps the results of tool {n} until they are asked for
    position: 10
"""

LISTING = """\
- model: catalog.listing
  fields:
    category: [field-{category}]
    technology: [tool-{n}]
    label: ''
    requirement: tool-{n}[standard]
    verdict: {verdict}
    qualifier: for services of kind {category}
    best_for: Teams that know tool {n} already
    note: Needs little to begin with
    because: ''
    position: {position}
"""

# Of every third technology.
DESCRIPTION = """|-
      Tool {n} takes work from a queue and **does it once**, also where a worker dies.

      - Results are kept for a day, see [the documentation](https://docs.example.org/tool-{n}/).
      - What fails is tried again, with `retries={n}` at most.

      ```python
      from tool_{n} import Worker

      worker = Worker(name="tool-{n}", retries=3)
      worker.run()
      ```"""

POINTS = (
    ("fast-start", "pro", "Starts in less than a second, tool {n} more so than others"),
    ("clear-errors", "pro", "Errors name the line that is wrong, and what to write in its place"),
    ("few-drivers", "con", "Drivers for fewer databases than its rivals have"),
    ("small-services", "use-when", "Services of kind {n} that one team keeps"),
    ("old-python", "avoid-when", "A Python older than 3.11 is all there is"),
)
VERDICTS = ("recommended", "alternative", "situational", "listed")


def make_pack(folder: Path, technologies: int, version: int = 1) -> int:
    """Write a pack of so many technologies, a multiple of IN_A_CATEGORY; returns its rows.

    Version 2 says something else in about one row of a hundred.
    """
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(MANIFEST.format(version=version), encoding="utf-8")
    for path, text in _files(technologies, version):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return technologies * ROWS_OF_A_TECHNOLOGY + technologies // IN_A_CATEGORY


def _files(technologies: int, version: int) -> Iterator[tuple[str, str]]:
    for n in range(1, technologies + 1):
        yield f"2-technologies/tool-{n}.yaml", _technology(n, is_changed=_is_changed(n, version))
        companion = COMPANION.format(n=n, other=n % technologies + 1)
        yield f"3-companions/tool-{n}.yaml", companion
    categories = technologies // IN_A_CATEGORY
    for number in range(1, categories + 1):
        yield f"1-categories/field-{number}.yaml", CATEGORY.format(n=number)
        yield f"3-listings/field-{number}.yaml", _listings(number, categories, technologies)


def _is_changed(n: int, version: int) -> bool:
    """Three rows each, of twelve."""
    return version > 1 and n % 25 == 7


def _technology(n: int, *, is_changed: bool) -> str:
    summary = f"Does the work of kind {n} in the background, and says when it is done."
    text = TECHNOLOGY.format(
        n=n,
        summary=f"{summary} Now faster." if is_changed else summary,
        description=DESCRIPTION.format(n=n) if n % 3 == 0 else "''",
        latest=f"'{n % 7}.{n % 23}'" if not is_changed else f"{n % 7}.{n % 23}.1",
    )
    for place, (slug, kind, reason) in enumerate(POINTS):
        said = reason.format(n=n) + (", since version 3" if is_changed and place == 0 else "")
        text += POINT.format(n=n, slug=slug, kind=kind, text=said, position=10 * (place + 1))
    return text


def _listings(number: int, categories: int, technologies: int) -> str:
    """Two of each technology: in the category of its number, and in the next."""
    listed = [
        n
        for n in range(1, technologies + 1)
        if number in (n % categories + 1, (n + 1) % categories + 1)
    ]
    return "".join(
        LISTING.format(n=n, category=number, verdict=VERDICTS[n % 4], position=10 * place)
        for place, n in enumerate(listed)
    )
