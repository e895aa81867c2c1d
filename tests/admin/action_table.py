"""What becomes of each action on a list, by whom it is sent; the cells are those of role_table.py.

An action that is not offered is passed over: the list is shown again, or led to.
"""

from dataclasses import dataclass

from tests.admin.role_table import (
    ACCOUNTS,
    FRAME_PARTS,
    FRAME_THINGS,
    GUIDE,
    PARTS,
    SNIPPET,
    THINGS,
)


@dataclass(frozen=True)
class ActionRow:
    """An action on the lists of these models, chosen and confirmed; cells in the order of ROLES."""

    action: str
    models: tuple[str, ...]
    post: str


ACTIONS = (
    #               anonymous nobody Contributor Editor Publisher Auditor Superuser
    ActionRow(
        "publish", THINGS, post="      login     403    waits       waits  live      200     live"
    ),
    ActionRow(
        "publish",
        FRAME_THINGS,
        post="      login     403    200         waits  live      200     live",
    ),
    ActionRow(
        "archive", THINGS, post="      login     403    waits       waits  live      200     live"
    ),
    ActionRow(
        "archive",
        FRAME_THINGS,
        post="      login     403    200         waits  live      200     live",
    ),
    ActionRow(
        "mark_reviewed",
        (*THINGS, *SNIPPET),
        post="      login     403    waits       waits  live      200     live",
    ),
    ActionRow(
        "mark_reviewed",
        (*FRAME_THINGS, *GUIDE),
        post="      login     403    200         waits  live      200     live",
    ),
    ActionRow(
        "set_lifecycle",
        ("catalog_technology",),
        post="      login     403    waits       waits  live      200     live",
    ),
    ActionRow(
        "move",
        ("catalog_comparison", *SNIPPET),
        post="      login     403    waits       waits  live      200     live",
    ),
    ActionRow(
        "move",
        ("catalog_category",),
        post="      login     403    200         waits  live      200     live",
    ),
    ActionRow(  # half of it could be applied
        "move",
        ("catalog_technology",),
        post="      login     403    302         302    live      200     live",
    ),
    ActionRow(
        "delete_selected",
        (*THINGS, *SNIPPET),
        post="      login     403    302         302    live      200     live",
    ),
    ActionRow(
        "delete_selected",
        FRAME_THINGS,
        post="      login     403    200         302    live      200     live",
    ),
    ActionRow(
        "delete_selected",
        PARTS,
        post="      login     403    waits       waits  live      200     live",
    ),
    ActionRow(
        "delete_selected",
        FRAME_PARTS,
        post="      login     403    200         waits  live      200     live",
    ),
    ActionRow(
        "delete_selected",
        ACCOUNTS,
        post="      login     403    403         403    403       403     else",
    ),
    ActionRow(
        "_move",
        ("catalog_category", "catalog_comparison", "catalog_snippet", "catalog_stack"),
        post="      login     403    403         403    live      403     live",
    ),
)
