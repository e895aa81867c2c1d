"""What somebody may do to a table: asked before a control is shown, and of whatever was posted."""

from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from catalog.admin.grid.sheet import Document
from catalog.history.rows import Fields, RowKey, State, state_of
from catalog.models import Cell, Comparison, Contender, Criterion, CriterionGroup

PARTS = (Criterion, CriterionGroup, Contender)


@dataclass(frozen=True, slots=True)
class Rights:
    """Which verbs on which models of a table are somebody's: ("add", "criterion")."""

    allowed: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, request: HttpRequest, model_admin: Any, comparison: Comparison) -> Self:
        """Nobody changes a part of a comparison that they may not change."""
        if not model_admin.has_change_permission(request, comparison):
            return cls(frozenset())
        asked = [("change", Cell)]
        asked += [(verb, part) for part in PARTS for verb in ("add", "change", "delete")]
        return cls(
            frozenset(
                (verb, model._meta.model_name)
                for verb, model in asked
                if request.user.has_perm(f"catalog.{verb}_{model._meta.model_name}")
            )
        )

    def may(self, verb: str, model: str) -> bool:
        return (verb, model) in self.allowed

    def by_code(self) -> dict[str, bool]:
        """Each right as a template asks for it: whether there is “change_cell”."""
        return {
            f"{verb}_{model._meta.model_name}": self.may(verb, model._meta.model_name)
            for model in (Cell, *PARTS)
            for verb in ("add", "change", "delete")
        }

    def check(self, base: Document, mine: Document) -> None:
        """Raises PermissionDenied where the way from one document to the other is not theirs."""
        before, after = state_of(base), state_of(mine)
        for row in {**before, **after}:
            if before.get(row) != after.get(row) and not self._may(row, before, after):
                raise PermissionDenied

    def _may(self, row: RowKey, before: State, after: State) -> bool:
        was, becomes = before.get(row), after.get(row)
        if row.model == "cell":
            # A cell that nobody had written is as much there as any other; and it is never taken
            # away but with its row or column.
            return becomes is None or self.may("change", "cell")
        if was is None:
            return self.may("add", row.model)
        if becomes is None:
            return self.may("delete", row.model)
        return self.may("change", row.model) or _only_left_group(row, was, becomes, after)


def _only_left_group(row: RowKey, was: Fields, becomes: Fields, after: State) -> bool:
    """Whether a row says the same but for the group, which has been taken away."""
    if row.model != "criterion" or becomes["group"] is not None or not was["group"]:
        return False
    gone = RowKey("criteriongroup", tuple(was["group"])) not in after
    return gone and {**was, "group": None} == becomes
