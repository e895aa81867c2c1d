"""The editor's workplace. Importing it is how Django finds every page."""

from catalog.admin import comparison, history, links, misses, packs, pending, things
