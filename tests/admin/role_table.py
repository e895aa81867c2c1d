"""What each role gets from each address and action of the admin: read from left to right.

A cell says what becomes of one request. GET writes nothing, whoever asks; so does a POST that is
answered by a number alone. The others are answered by a redirect:

    login   to the page where one signs in, and nothing differs
    waits   a pending change is there, and nothing else differs but the notes beside it
    draft   content differs that no reader sees
    live    what readers see differs
    else    accounts, records of packs or uploaded files differ

POST is what a forger sends: the whole form with something typed into it, or a button. Addresses are
called by their names; “things: add” stands for “catalog_stack_add” and all the others, and “bare”
for addresses of rows without a page: Django sends from them to the form.
"""

from collections.abc import Iterator
from typing import NamedTuple

ROLES = ("anonymous", "nobody", "Contributor", "Editor", "Publisher", "Auditor", "Superuser")


class Row(NamedTuple):
    """What requests of one sort to addresses that answer alike are answered with, by role."""

    names: tuple[str, ...]
    method: str
    button: str
    cells: dict[str, str]


GROUPS = {
    "things": ("catalog_comparison", "catalog_stack", "catalog_technology"),
    "snippet": ("catalog_measurement", "catalog_snippet"),
    "parts": (
        *("catalog_alias", "catalog_cell", "catalog_choice", "catalog_companion"),
        *("catalog_contender", "catalog_criterion", "catalog_criteriongroup", "catalog_listing"),
        *("catalog_migration", "catalog_package", "catalog_packagefacts", "catalog_point"),
        *("catalog_preset", "catalog_role", "catalog_supportwindow"),
        *("catalog_compatibility", "catalog_piece"),
    ),
    # What contributors leave to editors.
    "frame_things": ("catalog_category", "catalog_versionset"),
    "guide": ("catalog_guide",),
    "frame_parts": ("catalog_pin",),
    "records": (
        *("catalog_edition", "catalog_link", "catalog_miss", "catalog_packload"),
        "catalog_revision",
    ),
    "pending": ("catalog_pending",),
    "accounts": ("auth_group", "auth_user"),
}
GROUPS["pages"] = GROUPS["things"] + GROUPS["frame_things"]
GROUPS["content"] = sum(map(GROUPS.get, ("pages", "snippet", "guide", "parts", "frame_parts")), ())
GROUPS["all"] = sum(map(GROUPS.get, ("content", "records", "pending", "accounts")), ())


def _names(text: str, join: str) -> Iterator[str]:
    for part in text.split(", "):
        before, _colon, pages = part.partition(": ")
        for model in [model for word in before.split() for model in GROUPS.get(word, (word,))]:
            bare = f"{model.replace('_', '/')}/<path:object_id>/"
            own = [bare if page == "bare" else model + join + page for page in pages.split()]
            yield from own or [model]


def _read(table: str, join: str = "_") -> Iterator[Row]:
    """The rows of a table: addresses, and below them a line for each sort of request."""
    names: tuple[str, ...] = ()
    for text in (line.partition("#")[0].rstrip() for line in table.splitlines()):
        if text and not text.startswith(" "):
            names = tuple(_names(text, join))
        elif text:
            method, *button = text.split()[: -len(ROLES)]
            cells = dict(zip(ROLES, text.split()[-len(ROLES) :], strict=True))
            yield Row(names, method, "".join(button), cells)


ADDRESSES = tuple(
    _read("""
#                  anonymous nobody Contributor Editor Publisher Auditor Superuser
# Content
content: changelist
    GET            login     403    200         200    200       200     200
    POST           login     403    200         200    200       200     200
content: history
    GET            login     403    302         302    302       302     302
    POST           login     403    302         302    302       302     302
things: add
    GET            login     403    200         200    200       403     200
    POST           login     403    draft       draft  draft     403     draft
snippet parts: add
    GET            login     403    200         200    200       403     200
    POST           login     403    waits       waits  live      403     live
frame_things: add
    GET            login     403    403         200    200       403     200
    POST           login     403    403         draft  draft     403     draft
frame_parts: add
    GET            login     403    403         200    200       403     200
    POST           login     403    403         waits  live      403     live
things snippet parts: change
    GET            login     403    200         200    200       200     200
    POST           login     403    waits       waits  live      403     live
frame_things guide frame_parts: change
    GET            login     403    200         200    200       200     200
    POST           login     403    403         waits  live      403     live
pages snippet: delete
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    live      403     live
parts: delete
    GET            login     403    200         200    200       403     200
    POST           login     403    waits       waits  live      403     live
frame_parts: delete
    GET            login     403    403         200    200       403     200
    POST           login     403    403         waits  live      403     live
guide: add delete  # there is one, and it stays
    GET            login     403    403         403    403       403     403
    POST           login     403    403         403    403       403     403
pages: preview
    GET            login     403    200         200    200       200     200
    POST           login     405    405         405    405       405     405
pages snippet: rename
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    live      403     live
guide: rename  # it has no address
    GET            login     403    403         403    403       403     403
    POST           login     403    403         403    403       403     403
catalog_comparison_grid, catalog_comparison_grid_row
    GET            login     403    200         200    200       200     200
    POST           login     403    waits       waits  live      403     live
markdown_preview
    GET            login     405    405         405    405       405     405
    POST           login     403    200         200    200       403     200

# The past, packs, and what waits
records pending: changelist history
    GET            login     403    200         200    200       200     200
    POST           login     403    200         200    200       200     200
records: change
    GET            login     403    200         200    200       200     200
    POST           login     403    403         403    403       403     403
records pending: add delete  # nobody writes them by hand
    GET            login     403    403         403    403       403     403
    POST           login     403    403         403    403       403     403
catalog_edition_undo
    GET            login     403    200         200    200       403     200
    POST           login     403    waits       waits  live      403     live
catalog_revision_of, catalog_revision_deleted, catalog_revision_preview
    GET            login     403    200         200    200       200     200
    POST           login     405    405         405    405       405     405
catalog_revision_revert
    GET            login     403    200         200    200       403     200
    POST           login     403    waits       waits  live      403     live
catalog_pending_change
    GET            login     403    200         200    200       200     200
    POST apply     login     403    403         403    live      403     live
    POST return    login     403    403         403    waits     403     waits
    # It is somebody else's, and editors and publishers may go on with it:
    POST explain   login     403    403         waits  waits     403     waits
    # Who had no part in it does not withdraw it:
    POST withdraw  login     403    403         403    403       403     403
    POST restore   login     403    403         403    403       403     403
catalog_pending_preview
    GET            login     403    200         200    200       200     200
    POST           login     405    405         405    405       405     405
catalog_packload_upload
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    else      403     else
catalog_packload_plan
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    draft     403     draft
catalog_packload_choose  # a conflict that nobody decides goes on waiting
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    302       403     302
catalog_packload_undo
    GET            login     403    403         403    200       403     200
    POST           login     403    403         403    live      403     live

# Accounts
accounts: changelist history
    GET            login     403    403         403    403       403     200
    POST           login     403    403         403    403       403     200
accounts: add change delete, auth_user_password_change
    GET            login     403    403         403    403       403     200
    POST           login     403    403         403    403       403     else

# No model's
index
    GET            login     200    200         200    200       200     200
    POST           login     200    200         200    200       200     200
app_list
    GET            login     404    200         200    200       200     200
    POST           login     404    200         200    200       200     200
autocomplete
    GET            login     403    200         200    200       200     200
    POST           login     405    405         405    405       405     405
view_on_site  # Django tells all staff the address of any row, here of a draft
    GET            login     302    302         302    302       302     302
    POST           login     302    302         302    302       302     302
login
    GET            200       302    302         302    302       302     302
    POST           200       200    200         200    200       200     200
logout
    GET            302       405    405         405    405       405     405
    POST           302       200    200         200    200       200     200
password_change  # posted with a password that is not theirs
    GET            login     200    200         200    200       200     200
    POST           login     200    200         200    200       200     200
password_change_done
    GET            login     200    200         200    200       200     200
    POST           login     405    405         405    405       405     405
jsi18n
    GET            login     200    200         200    200       200     200
    POST           login     405    405         405    405       405     405
all: bare
    GET            login     302    302         302    302       302     302
    POST           login     302    302         302    302       302     302
(?P<url>.*)$
    GET            login     404    404         404    404       404     404
    POST           login     404    404         404    404       404     404
""")
)

# An action on the lists of these models, chosen and confirmed; one that is not offered is passed
# over: the list is shown again, or led to.
ACTIONS = tuple(
    _read(
        """
#                  anonymous nobody Contributor Editor Publisher Auditor Superuser
things: publish archive
    POST           login     403    waits       waits  live      200     live
frame_things: publish archive
    POST           login     403    200         waits  live      200     live
things snippet: mark_reviewed
    POST           login     403    waits       waits  live      200     live
frame_things guide: mark_reviewed
    POST           login     403    200         waits  live      200     live
catalog_technology: set_lifecycle
    POST           login     403    waits       waits  live      200     live
catalog_comparison catalog_snippet: move
    POST           login     403    waits       waits  live      200     live
catalog_category: move
    POST           login     403    200         waits  live      200     live
catalog_technology: move  # half of it could be applied
    POST           login     403    302         302    live      200     live
things snippet: delete_selected
    POST           login     403    302         302    live      200     live
frame_things: delete_selected
    POST           login     403    200         302    live      200     live
parts: delete_selected
    POST           login     403    waits       waits  live      200     live
frame_parts: delete_selected
    POST           login     403    200         waits  live      200     live
accounts: delete_selected
    POST           login     403    403         403    403       403     else
catalog_category catalog_comparison catalog_snippet catalog_stack: _move
    POST           login     403    403         403    live      403     live
""",
        join=" ",
    )
)
