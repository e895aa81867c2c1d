"""The house around the app `catalog`: settings, server, errors, health and logs."""

__version__ = "0.1.0"
