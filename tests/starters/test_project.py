"""A project from pieces: which of them are taken, and how their lines meet. No database."""

from typing import Any

import pytest

from catalog.history.rows import State, state_of
from catalog.starters.choosing import Chosen, at_odds, choose, places_in
from catalog.starters.project import Start, files_of, lacking
from catalog.starters.versions import Pinned, Requirement


def row(model: str, **fields: Any) -> dict[str, Any]:
    return {"model": f"catalog.{model}", "fields": fields}


def technology(slug: str, *parts: dict[str, Any], name: str = "", **fields: Any) -> State:
    own = {"slug": slug, "name": name or slug.title(), "status": "published"}
    own |= {"documentation": "", "website": f"https://{slug}.org", "lifecycle": ""} | fields
    for part in parts:
        part["fields"] = {"technology": [slug], **part["fields"]}
    return state_of([row("technology", **own), *parts])


def piece(slug: str, path: str = "", text: str = "", slot: str = "", with_: str = "") -> dict:
    names = [[name] for name in with_.split()]
    first, second = [*names, None, None][:2]
    return row(
        "piece",
        slug=slug,
        path=path,
        slot=slot,
        text=text,
        with_technology=first,
        and_technology=second,
    )


def stack(**roles: str) -> State:
    """A stack by role: “one-of a b” or “all-of c”."""
    rows = [row("stack", slug="small", name="Small", status="published")]
    for role, said in roles.items():
        mode, *slugs = said.split()
        rows.append(row("role", stack=["small"], slug=role, name=role.title(), mode=mode))
        for slug in slugs:
            fields = {"role": ["small", role], "technology": [slug], "with_technology": None}
            rows.append(row("choice", **fields, version="", note=""))
    return state_of(rows)


def started(technologies: list[State], **asked: str) -> Start:
    documents = {next(iter(one)).key[0]: one for one in technologies}
    places = places_in(STACK, documents)
    chosen = choose(places, {role: [slug] for role, slug in asked.items()})
    wanted = ["python", *chosen.technologies]
    pinned = Pinned("now", "Now", ">=3.11", (Requirement("api", "api", "api[fast]", ">=1", False),))
    taken = {slug: documents[slug] for slug in wanted}
    said = ("small", "Small & light", chosen, documents, taken, pinned)
    return Start(*said, 7, "/stacks/small/", "https://guide.org")


STACK = stack(framework="all-of api", database="one-of big tiny")
COMMANDS = [piece(name, slot=name, text=f"{name} it") for name in ("develop", "serve", "migrate")]


def guide(*pieces_of_api: dict, python: list = (), big: list = (), tiny: list = ()) -> list[State]:
    return [
        technology("python", *python),
        technology("api", *COMMANDS, *pieces_of_api),
        technology("big", *big),
        technology("tiny", *tiny),
    ]


def test_of_pieces_for_one_file_the_one_for_most_is_taken_then_the_later():
    found = guide(
        piece("plain", "main.py", "plain\n"),
        piece("big", "main.py", "with big\n", with_="big"),
        piece("settings", "settings.py", "of the framework\n"),
        python=[piece("settings", "settings.py", "of python\n")],
    )

    assert files_of(started(found)) == {
        "main.py": "with big\n",
        "settings.py": "of the framework\n",
    }
    assert files_of(started(found, database="tiny"))["main.py"] == "plain\n"


def test_a_slot_takes_lines_of_each_technology_and_leaves_no_line_where_there_are_none():
    found = guide(
        piece("file", "a.txt", "first\n$settings\n  $services\nlast $develop $$HOME\n"),
        piece("one", slot="settings", text="A = '$project'"),
        big=[
            piece("two", slot="settings", text="B = 2"),
            piece("three", slot="settings", text="B = 3", with_="api"),
        ],
    )

    assert files_of(started(found)) == {
        "a.txt": "first\nA = 'small'\nB = 3\nlast develop it $HOME\n"
    }
    assert files_of(started(found, database="tiny"))["a.txt"].splitlines()[1] == "A = 'small-tiny'"


def test_the_generator_says_what_it_knows():
    names = "$title|$project|$database|$python|$dependencies|$edition|$stack|$address|$news"
    found = guide(piece("file", "a.txt", f"{names}\n$choices\n$documents"))

    text = files_of(started(found, database="tiny"))["a.txt"]

    assert text.splitlines() == [
        'Small & light|small-tiny|small_tiny|>=3.11|    "api[fast]>=1",|7|small'
        "|https://guide.org/stacks/small/?database=tiny"
        "|https://guide.org/stacks/small/since/7.md?database=tiny",
        'database = "tiny"',
        "| Framework | Api | <https://api.org> |",
        "| Database | Tiny | <https://tiny.org> |",
    ]


@pytest.mark.parametrize(
    ("pieces", "asked", "sentences"),
    [
        ({}, {}, []),
        ({"big": [piece("x", "x", "x")]}, {}, []),
        (
            {"big": [piece("x", "x", "x")]},
            {"database": "tiny"},
            ["The guide has no piece of a project for Tiny yet."],
        ),
    ],
)
def test_a_choice_without_pieces_beside_one_that_has_some_is_named(pieces, asked, sentences):
    assert lacking(started(guide(**pieces), **asked)) == sentences


def test_a_stack_without_commands_starts_nothing():
    bare = [technology(slug) for slug in ("python", "api", "big", "tiny")]

    assert lacking(started(bare)) == ["The guide has no pieces of a project for this stack yet."]


def test_choosing_takes_what_is_offered_and_says_the_rest():
    places = places_in(STACK, {"api", "big", "tiny"})

    def asked(**query: str) -> Chosen:
        return choose(places, {name: [value] for name, value in query.items()})

    assert asked().pairs == asked(database="big").pairs == ()
    assert asked(database="tiny").pairs == (("database", "tiny"),)
    assert asked(database="big").choices == (("database", "big"),)
    assert asked(database="huge", colour="red").complaints == [
        "“huge” is not offered for Database."
    ]
    assert [place.is_choice for place in places_in(STACK, {"api", "big"})] == [False, False]


def test_what_cannot_go_together_or_lacks_what_it_needs_is_a_sentence():
    def edge(relation: str, other: str, versions: str = "", because: str = "") -> dict[str, Any]:
        fields = {"relation": relation, "other": [other], "versions": versions, "because": because}
        return row("compatibility", **fields)

    documents = {
        "api": technology("api", edge("conflicts-with", "tiny", because="it speaks SQL")),
        "big": technology("big", edge("needs", "disk", ">=2"), edge("works-with", "api")),
        "tiny": technology("tiny"),
    }

    names = {"api": "Api", "big": "Big", "tiny": "Tiny", "disk": "Disk"}

    def asked(*chosen: str, **takes: str) -> list[str]:
        return [*at_odds(chosen, documents, names, takes)]

    assert asked("api", "big") == ["Big needs Disk >=2."]
    assert asked("api", "tiny") == ["Api cannot go with Tiny (it speaks SQL)."]
    # An edge for some versions is for those; where none is taken it is for all.
    documents["disk"] = technology("disk", edge("conflicts-with", "tiny", "<3"))
    assert asked("big", "disk", disk=">=2.1,<3") == []
    assert asked("big", "disk", disk=">=1,<3") == ["Big needs Disk >=2."]
    assert asked("disk", "tiny") == ["Disk cannot go with Tiny <3."]
    assert asked("disk", "tiny", tiny=">=3.1") == []
    # What readers may not see is not named.
    del names["disk"]
    assert asked("api", "big") == []
