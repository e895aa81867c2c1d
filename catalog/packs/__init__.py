"""Content as files that travel."""

from catalog.packs.as_yaml import to_yaml
from catalog.packs.layout import FOLDERS, Folder, files, fixture_paths, write

__all__ = ["FOLDERS", "Folder", "files", "fixture_paths", "to_yaml", "write"]
