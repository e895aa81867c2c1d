"""What an action would make of the things that were selected, before anything is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise

from catalog.admin.listed import own_row
from catalog.admin.past import may_look
from catalog.history.rows import Fields, RowChange, owners_of
from catalog.history.store import rows_of
from catalog.models import Thing, ThingKey

Sentences = dict[ThingKey, list[str]]


@dataclass
class Plan:
    """The changes of an action, and what is said of those things besides."""

    changes: list[RowChange] = field(default_factory=list)
    stays: dict[ThingKey, str] = field(default_factory=dict)  # why nothing becomes of a thing
    warnings: Sentences = field(default_factory=dict)  # what to know before it is confirmed
    refused: Sentences = field(default_factory=dict)  # why it cannot be done to a thing


class NothingToChoose(forms.Form):
    """The form of an action that does always the same."""


class Action:
    """Something that can be done to many things of a kind at once. It only plans."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]  # in the list of actions; may name %(verbose_name_plural)s
    verb: ClassVar[str | Promise]  # heads the page, and stands on its button
    form: ClassVar[type[forms.Form]] = NothingToChoose
    # Kinds whose names the form offers.
    offers: ClassVar[Sequence[str]] = ()

    def is_open_to(self, request: HttpRequest) -> bool:
        """Whether somebody who may change such things may do this to them."""
        return all(may_look(request, kind) for kind in self.offers)

    def plan(self, things: Sequence[Thing], chosen: dict[str, Any]) -> Plan:
        """What it would do to these things of one model, with what was chosen in the form."""
        raise NotImplementedError

    def done(self, chosen: dict[str, Any]) -> str:
        """What was done, as a heading for names: “Published”."""
        raise NotImplementedError


def rewritten(
    things: Iterable[Thing], say: Callable[[ThingKey, Fields], Fields]
) -> list[RowChange]:
    """What differs once each of these things, all of one model, says this of itself.

    `say` is asked for each with its fields. One query, in batches.
    """
    keys = {own_row(thing.key): thing.key for thing in things}
    changes = []
    for model in {row.model for row in keys}:
        for row, before in rows_of(model, keys).items():
            after = {**before, **say(keys[row], before)}
            if after != before:
                changes.append(RowChange(row, before, after, owners_of(row, after)))
    return changes
