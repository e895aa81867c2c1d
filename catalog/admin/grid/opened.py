"""A comparison as a grid's form shows it: its document, the token of that, and who may do what."""

from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest

from catalog.admin.formstate import (
    basis_token,
    posted_basis,
    posted_token,
    state_of,
    to_amend,
    token_of,
)
from catalog.admin.grid.rights import Rights
from catalog.admin.grid.sheet import Document, Sheet
from catalog.admin.saving import saving_of, shown_with_pending
from catalog.history import documents
from catalog.history.pending import Basis, pending_for
from catalog.models import Comparison, Pending, Technology, ThingKey


@dataclass(frozen=True)
class Opened:
    """What a form is made from, or was made from where it comes back.

    `refusal` says why what was posted cannot be read at all; then `document` is what is live.
    """

    comparison: Comparison
    document: Document
    names: dict[str, str]
    rights: Rights
    token: str
    basis: str
    amended: Pending | None
    posted_basis: Basis | None
    refusal: str = ""

    @classmethod
    def by(cls, request: HttpRequest, model_admin: Any, comparison: Comparison) -> Self:
        """Read it for a request. Raises BusyError where what waits has to be shown, and cannot be.

        As many queries whatever the size of the table.
        """
        # Before anything that is shown, so that it is never newer than that.
        token, refusal = token_of(comparison), ""
        saving_of(request).pending = pending_for(comparison.key)
        amended = to_amend(request)
        with shown_with_pending(amended):
            document = documents.of([comparison.key])[comparison.key]
        if request.method == "POST":
            posted = posted_token(request)
            saving_of(request).basis = posted_basis(request)
            state = state_of(posted, comparison)
            refusal = refusal or state.refusal
            if posted != token and not refusal and amended is None:
                document = documents.at(comparison.key, state.edition) or document
            token = posted
        return cls(
            comparison=comparison,
            document=document,
            names=_names(document),
            rights=Rights.of(request, model_admin, comparison),
            token=token,
            basis=basis_token(request),
            amended=amended,
            posted_basis=posted_basis(request),
            refusal=refusal,
        )

    @property
    def thing(self) -> ThingKey:
        return self.comparison.key

    def sheet(self) -> Sheet:
        return Sheet.of(self.document)


def _names(document: Document) -> dict[str, str]:
    """The names of the technologies in a document, by their slugs."""
    slugs = [row["fields"]["technology"][0] for row in document if "technology" in row["fields"]]
    return dict(Technology.objects.filter(slug__in=slugs).order_by().values_list("slug", "name"))
