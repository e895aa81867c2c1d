"""Content as files that travel."""

from catalog.packs.dumping import FOLDERS, dump, to_yaml

__all__ = ["FOLDERS", "dump", "to_yaml"]
