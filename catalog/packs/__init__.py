"""Content as files that travel."""

from catalog.packs.dumping import Wish, dump
from catalog.packs.layout import FOLDERS, Folder, fixture_paths, to_yaml

__all__ = ["FOLDERS", "Folder", "Wish", "dump", "fixture_paths", "to_yaml"]
