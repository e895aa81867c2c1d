"""A failure in the middle of something, for tests of what it leaves behind."""

from typing import NoReturn


class FailedError(Exception):
    """Raised on purpose."""


def fail_after(_done: object) -> NoReturn:
    raise FailedError
