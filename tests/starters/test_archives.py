"""A project as archives, and the patch from one project to another."""

import io
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.starters.archives import to_patch, to_tar, to_zip

FILES = {"README.md": "# Größe\n", "app/__init__.py": "", "app/main.py": "one\ntwo\n"}


def test_both_archives_hold_the_files_in_a_folder_and_nothing_of_when_they_were_made():
    with zipfile.ZipFile(io.BytesIO(to_zip("small", FILES))) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            f"small/{path}": text for path, text in FILES.items()
        }
        assert {(one.date_time, one.compress_type) for one in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)
        }
    with tarfile.open(fileobj=io.BytesIO(to_tar("small", FILES))) as archive:
        assert [(one.name, one.mtime, one.mode, one.uname) for one in archive] == [
            (f"small/{path}", 0, 0o644, "") for path in FILES
        ]
        assert archive.extractfile("small/README.md").read().decode() == FILES["README.md"]


# A few lines of a few letters, so that files resemble each other; \f ends no line, whatever Python
# thinks of it.
TEXTS = st.lists(st.sampled_from(["a", "b", "", "-- c", "\f", "ü\u2028"]), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
PROJECTS = st.dictionaries(
    st.sampled_from(["a.py", "app/b.py", "app/deep/c.md", "d"]), TEXTS, max_size=4
)


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def read(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes().decode() for path in sorted(paths)}


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1", "--silent"]])
def test_the_patch_makes_the_newer_project_of_the_older(tool, tmp_path_factory):
    @settings(max_examples=40)
    @given(PROJECTS, PROJECTS)
    def check(before: dict[str, str], after: dict[str, str]) -> None:
        if tool[0] == "patch":
            # Of an empty file a patch has only its heading, which `patch` passes over.
            before, after = ({k: v for k, v in one.items() if v} for one in (before, after))
        folder = tmp_path_factory.mktemp("project")
        write(folder, before)
        if text := to_patch(before, after):
            subprocess.run(tool, input=text.encode(), cwd=folder, check=True)  # noqa: S603
        assert read(folder) == dict(sorted(after.items()))

    check()
