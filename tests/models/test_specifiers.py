import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from catalog.models.specifiers import direction, to_pep440
from catalog.models.version import is_specifier

SPECIFIERS = [
    *("^5.0", "~5.2", "==5.2", "==5.2.*", "~=5.2", "~=5.2.1", ">=2.0,<3", "<3", ">2", "!=2"),
    *("===5.2", ">=1!2.0", "", "nonsense", "^0.110.0", ">=2.0,<=3,!=2.5"),
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


@pytest.mark.parametrize("nonsense", ["", "latest", "^", "1.2", "^1.2.3.4", ">=1; os", '1"\n', "*"])
def test_what_nobody_could_install_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="no version specifier"):
        to_pep440(nonsense)
    with pytest.raises(ValidationError, match="Write a version specifier"):
        is_specifier(nonsense)


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
