"""Which versions go into a project, and what was proved of them."""

import hashlib
import json
import shlex
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings

from catalog.exports.pyproject import commands
from catalog.history.rows import State
from catalog.models.specifiers import as_pep440, name_with_extras
from catalog.models.version import Pin
from catalog.starters.choosing import own


class Requirement(NamedTuple):
    """A package at the versions of a set."""

    technology: str
    package: str
    name: str  # with its extras: “uvicorn[standard]”
    specifier: str  # by PEP 440
    is_dev: bool

    @property
    def text(self) -> str:
        """The requirement as installers read it: “uvicorn[standard]>=0.54,<0.55”."""
        return f"{self.name}{self.specifier}"


class Pinned(NamedTuple):
    """The set that suits best, and what it pins of the technologies that are asked for."""

    version_set: str
    title: str
    python: str  # by PEP 440
    requirements: tuple[Requirement, ...]

    @property
    def digest(self) -> str:
        """Stand for Python range and requirements, as scripts/verify_guide has it."""
        said = [self.python, *sorted(one.text for one in self.requirements)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    @property
    def takes(self) -> dict[str, str]:
        """The specifier by which each technology is taken."""
        return {one.technology: one.specifier for one in self.requirements}

    def lines(self, *, is_dev: bool) -> list[str]:
        return [one.text for one in self.requirements if one.is_dev == is_dev]


def pinned(
    technologies: Mapping[str, State], sets: Mapping[str, State], versions: Mapping[str, str]
) -> Pinned | None:
    """Return what the newest sets pin of these technologies, by the set that pins most.

    Where it agrees with a version that the stack names (`versions`, by technology), that counts
    too; None without a set.
    """
    packages = {
        row.key[0]: slug
        for slug, document in technologies.items()
        for row in document
        if row.model == "package"
    }
    found = []
    newest = max((own(one)["as_of"] for one in sets.values()), default="")
    for slug, document in sets.items():
        if own(document)["as_of"] != newest:
            continue
        pins = [
            (packages[row.key[1]], row.key[1], fields)
            for row, fields in document.items()
            if row.model == "pin" and row.key[1] in packages
        ]
        agree = sum(
            _agrees(fields["specifier"], versions.get(of, "")) for of, _name, fields in pins
        )
        found.append((-len(pins) - agree, slug, pins))
    if not found:
        return None
    _rank, slug, pins = min(found)
    said = own(sets[slug])
    order = {technology: place for place, technology in enumerate(technologies)}
    requirements = [
        Requirement(
            of,
            name,
            name_with_extras(name, fields["extras"]),
            as_pep440(fields["specifier"]),
            fields["group"] == Pin.Group.DEV,
        )
        for of, name, fields in pins
    ]
    requirements.sort(key=lambda one: (order[one.technology], one.package))
    return Pinned(slug, said["title"], as_pep440(said["python"]), tuple(requirements))


def _agrees(specifier: str, version: str) -> bool:
    named = version.partition(" ")[0]  # “5.2” of “5.2 LTS”
    return bool(named) and specifier.lstrip("^~>= ").startswith(named)


def to_requirements(pinned: Pinned) -> str:
    """Return the requirements line by line: the very versions that were proved, where any were."""
    proof = proof_of(pinned)
    versions = proof.versions if proof else {}
    return "".join(
        f"{one.name}=={versions[one.package]}\n" if one.package in versions else f"{one.text}\n"
        for one in pinned.requirements
    )


def to_commands(pinned: Pinned) -> dict[str, str]:
    """Return what adds the requirements to a project by uv, and by pip."""
    main, dev = pinned.lines(is_dev=False), pinned.lines(is_dev=True)
    return {"uv": commands(main, dev), "pip": f"pip install {shlex.join([*main, *dev])}"}


class Proof(NamedTuple):
    """What became of a set of requirements: Pythons it resolves on, those it ran on, the day.

    `versions` are those that were installed, by package; `failures` say what did not hold.
    """

    day: str
    resolves: tuple[str, ...]
    ran: tuple[str, ...]
    versions: dict[str, str]
    failures: tuple[str, ...]


def proof_of(requirements: Pinned | None) -> Proof | None:
    """Return the proof of exactly these requirements, where one ships with the site."""
    entry = shipped("verified.json").get(requirements.digest) if requirements else None
    if entry is None:
        return None
    tried = entry["pythons"]
    told = (one["versions"].split(", ") for one in tried.values() if "versions" in one)
    return Proof(
        day=entry["day"],
        resolves=tuple(python for python, one in tried.items() if one.get("resolved")),
        ran=tuple(python for python, one in tried.items() if one.get("ran")),
        versions=dict(pair.split(" ") for pair in next(told, ())),
        failures=tuple(
            f"On Python {python}: {one.get('why') or 'a check failed'}"
            for python, one in tried.items()
            if one.get("resolved") is False or one.get("ran") is False
        ),
    )


@cache
def shipped(name: str) -> dict[str, dict[str, Any]]:
    """Return the results of a file of measurements/ by the digest of what was tried; or nothing."""
    try:
        read = json.loads((settings.PROOFS / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {one["hash"]: {**one, "day": read["date"]} for one in read["results"].values()}
