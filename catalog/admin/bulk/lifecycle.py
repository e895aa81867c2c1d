"""What became of many technologies, as their makers say."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.admin.bulk.plans import Action, Plan, rewritten
from catalog.history.rows import Fields
from catalog.models import ByteOrder, Technology, ThingKey
from catalog.models.base import is_not_to_come
from catalog.models.fields import is_web_address

UNKNOWN = "unknown"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


class LifecycleForm(forms.Form):
    """The claim with all it rests on, and what to take instead."""

    lifecycle = forms.ChoiceField(
        label="Lifecycle",
        choices=[
            ("", "Choose one"),
            *Technology.Lifecycle.choices,
            (UNKNOWN, "unknown: nobody has checked"),
        ],
        help_text="Lifecycle, note, source and day are one claim: what is left empty here is "
        "emptied.",
    )
    lifecycle_note = forms.CharField(
        label="Note",
        required=False,
        max_length=Technology._meta.get_field("lifecycle_note").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    lifecycle_source = forms.URLField(
        label="Source",
        required=False,
        max_length=Technology._meta.get_field("lifecycle_source").max_length,
        assume_scheme="https",
        validators=[is_web_address],
        help_text="Where the project itself says so.",
        widget=forms.URLInput(attrs={"class": "vTextField"}),
    )
    lifecycle_verified_on = forms.DateField(
        label="Verified on",
        required=False,
        initial=_today,
        validators=[is_not_to_come],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    replaced_by = forms.ModelChoiceField(
        label="Replaced by",
        required=False,
        queryset=Technology.objects.order_by(ByteOrder("slug")).only("name", "slug"),
        to_field_name="slug",
        empty_label="Leave it as it is",
    )
    is_replaced_by_nothing = forms.BooleanField(
        label="Replaced by nothing",
        required=False,
        help_text="Empties what to take instead.",
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        if chosen.get("replaced_by") and chosen.get("is_replaced_by_nothing"):
            raise ValidationError("Choose what to take instead, or nothing: not both.")
        return chosen


class SetLifecycle(Action):
    name = "set_lifecycle"
    label = "Set the lifecycle of selected %(verbose_name_plural)s"
    verb = "Set the lifecycle"
    form = LifecycleForm
    offers = ("technology",)

    def plan(self, things: Sequence[Technology], chosen: dict[str, Any]) -> Plan:
        said = said_by(chosen)
        instead = said.get("replaced_by") or [None]
        refused = {
            thing.key: ["It cannot replace itself."] for thing in things if thing.slug == instead[0]
        }

        def say(_thing: ThingKey, _fields: Fields) -> Fields:
            return said

        able = [thing for thing in things if thing.key not in refused]
        return Plan(rewritten(able, say), refused=refused)

    def done(self, chosen: dict[str, Any]) -> str:
        return "Lifecycle set to “{lifecycle}”".format(
            lifecycle=dict(LifecycleForm.base_fields["lifecycle"].choices)[chosen["lifecycle"]]
            if chosen["lifecycle"] != UNKNOWN
            else "unknown",
        )


def said_by(chosen: dict[str, Any]) -> Fields:
    """What the form says, as a fixture row says it."""
    lifecycle, day = chosen["lifecycle"], chosen["lifecycle_verified_on"]
    said = {
        "lifecycle": "" if lifecycle == UNKNOWN else lifecycle,
        "lifecycle_note": chosen["lifecycle_note"],
        "lifecycle_source": chosen["lifecycle_source"],
        "lifecycle_verified_on": day and day.isoformat(),
    }
    if chosen["is_replaced_by_nothing"]:
        said["replaced_by"] = None
    elif chosen["replaced_by"]:
        said["replaced_by"] = [chosen["replaced_by"].slug]
    return said
