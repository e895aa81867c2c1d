import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from catalog.models.specifiers import (
    direction,
    is_extras,
    is_requirement,
    is_specifier,
    is_version,
    to_pep440,
)

SPECIFIERS = [
    *("^5.0", "~5.2", "==5.2", "==5.2.*", "~=5.2", "~=5.2.1", ">=2.0,<3", "<3", ">2", "!=2"),
    *("===5.2", ">=1!2.0", "", "nonsense", "^0.110.0", ">=2.0,<=3,!=2.5"),
]


# Each was saved and published once: packaging 320 and 866.
NONSENSE = [
    *("", "latest", "^", "~", "1.2", ">=1; os", '1"\n', "||", "^1 ||", ">=3.6.*", "<=20.1.*"),
    *(">1.0.*", "~=2", "==*", ">=foo", ">=1.0-", ">=1.0+cu118", "==1.0.*.*", "==1_0", "!=!1"),
    *("==....", "^\u0663.1", ">=\u0663", "^2.7 || ^3.4", "!=2 || >3"),
]


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("^0.110.0", ">=0.110.0,<0.111.0"),
        ("^2.0.25", ">=2.0.25,<3.0.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^3.11", ">=3.11,<4.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        (" >=2.0 , <3 ", ">=2.0 ,<3".replace(" ", "")),
        ("==1.4.*", "==1.4.*"),
        ("~=5.2.19", "~=5.2.19"),
        ("^2.31.0.20240218", ">=2.31.0.20240218,<3.0.0.0"),  # how Poetry pins type stubs
        ("^1.0rc1", ">=1.0rc1,<2.0"),
        ("*", ">=0"),
        ("2.0.*", "==2.0.*"),
        ("^1.0,<1.5", ">=1.0,<2.0,<1.5"),
        ("^2.0 || ^3.0", ">=2.0,<4.0"),
        (">=3.8,<3.9 || >=3.9", ">=3.8"),
        ("==1.6.* || ==1.5.*", ">=1.5,<1.7"),
        ("<2 || >=2", ">=0.dev0"),
    ],
)
def test_a_specifier_means_the_same_to_python_packaging(written: str, standard: str) -> None:
    assert to_pep440(written) == standard


@given(st.lists(st.integers(0, 50), min_size=1, max_size=3))
def test_a_caret_admits_its_own_version_and_not_the_next_that_may_break(numbers: list) -> None:
    text = ".".join(map(str, numbers))

    admits = SpecifierSet(to_pep440(f"^{text}"))

    padded = numbers + [0] * (3 - len(numbers))
    place = next((at for at, number in enumerate(padded) if number), len(numbers) - 1)
    place = min(place, len(numbers) - 1) if not any(padded) else place
    following = [*padded[:place], padded[place] + 1, *[0] * (2 - place)]
    assert Version(text) in admits
    assert Version(".".join(map(str, following))) not in admits


@pytest.mark.parametrize("nonsense", [*NONSENSE])
def test_what_nobody_could_install_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011, the sentence is packaging's
        to_pep440(nonsense)
    with pytest.raises(ValidationError, match="Write a version specifier"):
        is_specifier(nonsense)


@given(st.text(".*<>=!~^|, 019abrc+-", max_size=12) | st.text(max_size=8))
def test_what_is_accepted_is_what_packaging_reads(text: str) -> None:
    try:
        is_specifier(text)
    except ValidationError:
        return
    standard = SpecifierSet(to_pep440(text))
    assert str(standard)
    assert to_pep440(text).isascii()


@pytest.mark.parametrize("nothing", [">=8,<7", "==1,==2", ">1,<=1", "^1.0,<1", "<2,>=2"])
def test_what_no_version_can_satisfy_is_said(nothing: str) -> None:
    with pytest.raises(ValidationError, match=f"No version satisfies “{re.escape(nothing)}”"):
        is_specifier(nothing)


@pytest.mark.parametrize(
    ("check", "taken", "refused"),
    [
        (
            is_version,
            ["2.31.0", "1!2", "1.0rc1", "1.0+local"],
            ["latest", "<b>", "\u0661.0", ">=1"],
        ),
        (is_extras, ["standard", "redis, http2", "a.b"], ["a b", "[a]", "standard;x", 'a"b', "a,"]),
        (is_requirement, ["uvicorn[standard]", "a>=1"], ["uvicorn[[a]]", "a b", "<b>", "[a]"]),
    ],
)
def test_facts_are_what_packaging_reads(
    check: Callable[[str], None], taken: list[str], refused: list[str]
) -> None:
    for text in taken:
        check(text)
    for text in refused:
        with pytest.raises(ValidationError):
            check(text)


@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [
        ("^5.0", "^5.2", 1),
        ("^5.2", "^5.0", -1),
        ("^0.9.0", "^0.110.0", 1),
        (">=2.0,<3", ">=2.0,<4", 1),
        (">=2.0,<3", ">=2.0", 1),
        (">=2.0", ">=2.0,<3", -1),
        (">=2.0,<4", ">=2.5,<3", 1),  # the lowest decides
        ("<3", "<4", 1),
        ("<3", "<=3", 1),
        (">2", ">=2", -1),
        ("==5.2", "==5.2.1", 1),
        ("==5.2", "==5.2.*", 1),
        ("~=2.2", "~=2.2.0", -1),
        ("~5.2", "~5.10", 1),
        (">=9", ">=1!2.0", 1),
        ("^5.0", ">=5.0,<6", 0),
        ("^5.0", ">= 5.0, < 6", 0),
        (">=2.0,!=2.5", ">=2.0", 0),
        ("^5.0", "nonsense", 0),
        ("", "^5.0", 0),
        ("===5.2", "===local-build", 0),
    ],
)
def test_which_way_a_specifier_goes(before: str, after: str, goes: int) -> None:
    assert direction(before, after) == goes


@given(st.sampled_from(SPECIFIERS), st.sampled_from(SPECIFIERS))
def test_there_and_back_go_opposite_ways(one: str, other: str) -> None:
    assert direction(one, other) == -direction(other, one)
