"""Content as files that travel."""

from catalog.packs.dumping import FOLDERS, dump, fixture_paths, to_yaml

__all__ = ["FOLDERS", "dump", "fixture_paths", "to_yaml"]
