"""What each role gets from each address of the admin: read the table from left to right.

A cell says what becomes of one request. GET writes nothing, whoever asks; so does a POST that is
answered by a number alone. The others are answered by a redirect:

    login   to the page where one signs in, and nothing differs
    waits   a pending change is there, and nothing else differs but the notes beside it
    draft   content differs that no reader sees
    live    what readers see differs
    else    accounts, records of packs or uploaded files differ

POST is what a forger sends: the whole form with something typed into it, or the button.
"""

from dataclasses import dataclass

ROLES = ("anonymous", "nobody", "Contributor", "Editor", "Publisher", "Auditor", "Superuser")


@dataclass(frozen=True)
class Row:
    """Addresses by their names that answer alike, each cell in the order of ROLES.

    `button` tells what a forger presses where an address has several; no GET, then.
    """

    names: tuple[str, ...]
    get: str = ""
    post: str = ""
    button: str = ""


def of(models: tuple[str, ...], *pages: str) -> tuple[str, ...]:
    """The names of these pages of these models."""
    return tuple(f"{model}_{page}" for model in models for page in pages)


def bare(models: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses of rows without a page: Django sends from them to the form."""
    return tuple(f"{model.replace('_', '/')}/<path:object_id>/" for model in models)


THINGS = ("catalog_comparison", "catalog_stack", "catalog_technology")
SNIPPET = ("catalog_snippet",)
PARTS = (
    *("catalog_alias", "catalog_cell", "catalog_choice", "catalog_companion"),
    *("catalog_contender", "catalog_criterion", "catalog_criteriongroup", "catalog_listing"),
    *("catalog_package", "catalog_packagefacts", "catalog_point", "catalog_role"),
)
# What contributors leave to editors.
FRAME_THINGS = ("catalog_category", "catalog_versionset")
GUIDE = ("catalog_guide",)
FRAME_PARTS = ("catalog_pin",)
RECORDS = ("catalog_edition", "catalog_link", "catalog_packload", "catalog_revision")
PENDING = ("catalog_pending",)
ACCOUNTS = ("auth_group", "auth_user")

PAGES = (*THINGS, *FRAME_THINGS)
OWN = (*PAGES, *SNIPPET, *GUIDE)
CONTENT = (*OWN, *PARTS, *FRAME_PARTS)
ALL = (*CONTENT, *RECORDS, *PENDING, *ACCOUNTS)

ADDRESSES = (
    #            anonymous nobody Contributor Editor Publisher Auditor Superuser
    # Content
    Row(
        of(CONTENT, "changelist"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    200         200    200       200     200",
    ),
    Row(
        of(CONTENT, "history"),
        get="    login     403    302         302    302       302     302",
        post="   login     403    302         302    302       302     302",
    ),
    Row(
        of(THINGS, "add"),
        get="    login     403    200         200    200       403     200",
        post="   login     403    draft       draft  draft     403     draft",
    ),
    Row(
        of((*SNIPPET, *PARTS), "add"),
        get="    login     403    200         200    200       403     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        of(FRAME_THINGS, "add"),
        get="    login     403    403         200    200       403     200",
        post="   login     403    403         draft  draft     403     draft",
    ),
    Row(
        of(FRAME_PARTS, "add"),
        get="    login     403    403         200    200       403     200",
        post="   login     403    403         waits  live      403     live",
    ),
    Row(
        of((*THINGS, *SNIPPET, *PARTS), "change"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        of((*FRAME_THINGS, *GUIDE, *FRAME_PARTS), "change"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    403         waits  live      403     live",
    ),
    Row(
        of((*PAGES, *SNIPPET), "delete"),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    live      403     live",
    ),
    Row(
        of(PARTS, "delete"),
        get="    login     403    200         200    200       403     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        of(FRAME_PARTS, "delete"),
        get="    login     403    403         200    200       403     200",
        post="   login     403    403         waits  live      403     live",
    ),
    Row(  # there is one, and it stays
        of(GUIDE, "add", "delete"),
        get="    login     403    403         403    403       403     403",
        post="   login     403    403         403    403       403     403",
    ),
    Row(
        of(PAGES, "preview"),
        get="    login     403    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(
        of((*PAGES, *SNIPPET), "rename"),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    live      403     live",
    ),
    Row(  # it has no address
        of(GUIDE, "rename"),
        get="    login     403    403         403    403       403     403",
        post="   login     403    403         403    403       403     403",
    ),
    Row(
        ("catalog_comparison_grid", "catalog_comparison_grid_row"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        ("markdown_preview",),
        get="    login     405    405         405    405       405     405",
        post="   login     403    200         200    200       403     200",
    ),
    # The past, packs, and what waits
    Row(
        of((*RECORDS, *PENDING), "changelist", "history"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    200         200    200       200     200",
    ),
    Row(
        of(RECORDS, "change"),
        get="    login     403    200         200    200       200     200",
        post="   login     403    403         403    403       403     403",
    ),
    Row(  # nobody writes them by hand
        of((*RECORDS, *PENDING), "add", "delete"),
        get="    login     403    403         403    403       403     403",
        post="   login     403    403         403    403       403     403",
    ),
    Row(
        ("catalog_edition_undo",),
        get="    login     403    200         200    200       403     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        ("catalog_revision_of", "catalog_revision_deleted", "catalog_revision_preview"),
        get="    login     403    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(
        ("catalog_revision_revert",),
        get="    login     403    200         200    200       403     200",
        post="   login     403    waits       waits  live      403     live",
    ),
    Row(
        ("catalog_pending_change",),
        get="    login     403    200         200    200       200     200",
    ),
    Row(
        ("catalog_pending_change",),
        button="apply",
        post="   login     403    403         403    live      403     live",
    ),
    Row(
        ("catalog_pending_change",),
        button="return",
        post="   login     403    403         403    waits     403     waits",
    ),
    Row(  # it is somebody else's, and editors and publishers may go on with it
        ("catalog_pending_change",),
        button="explain",
        post="   login     403    403         waits  waits     403     waits",
    ),
    Row(
        ("catalog_pending_change",),
        button="withdraw",
        post="   login     403    403         waits  waits     403     waits",
    ),
    Row(
        ("catalog_pending_preview",),
        get="    login     403    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(
        ("catalog_packload_upload",),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    else      403     else",
    ),
    Row(
        ("catalog_packload_plan",),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    draft     403     draft",
    ),
    Row(  # a conflict that nobody decides goes on waiting
        ("catalog_packload_choose",),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    302       403     302",
    ),
    Row(
        ("catalog_packload_undo",),
        get="    login     403    403         403    200       403     200",
        post="   login     403    403         403    live      403     live",
    ),
    # Accounts
    Row(
        of(ACCOUNTS, "changelist", "history"),
        get="    login     403    403         403    403       403     200",
        post="   login     403    403         403    403       403     200",
    ),
    Row(
        (*of(ACCOUNTS, "add", "change", "delete"), "auth_user_password_change"),
        get="    login     403    403         403    403       403     200",
        post="   login     403    403         403    403       403     else",
    ),
    # No model's
    Row(
        ("index",),
        get="    login     200    200         200    200       200     200",
        post="   login     200    200         200    200       200     200",
    ),
    Row(
        ("app_list",),
        get="    login     404    200         200    200       200     200",
        post="   login     404    200         200    200       200     200",
    ),
    Row(
        ("autocomplete",),
        get="    login     403    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(  # Django tells all staff the address of any row, here of a draft
        ("view_on_site",),
        get="    login     302    302         302    302       302     302",
        post="   login     302    302         302    302       302     302",
    ),
    Row(
        ("login",),
        get="    200       302    302         302    302       302     302",
        post="   200       200    200         200    200       200     200",
    ),
    Row(
        ("logout",),
        get="    302       405    405         405    405       405     405",
        post="   302       200    200         200    200       200     200",
    ),
    Row(  # posted with a password that is not theirs
        ("password_change",),
        get="    login     200    200         200    200       200     200",
        post="   login     200    200         200    200       200     200",
    ),
    Row(
        ("password_change_done",),
        get="    login     200    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(
        ("jsi18n",),
        get="    login     200    200         200    200       200     200",
        post="   login     405    405         405    405       405     405",
    ),
    Row(
        bare(ALL),
        get="    login     302    302         302    302       302     302",
        post="   login     302    302         302    302       302     302",
    ),
    Row(
        ("(?P<url>.*)$",),
        get="    login     404    404         404    404       404     404",
        post="   login     404    404         404    404       404     404",
    ),
)
