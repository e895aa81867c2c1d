"""Rules that the database holds: stock `loaddata` runs no validator."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact


def consists_of(field: str, characters: str) -> Q:
    """Ask whether the text of a field has no other characters than these."""
    others = Func(F(field), Value(characters), function="LTRIM", output_field=models.TextField())
    return Q(Exact(others, Value("")))


def begins_with(field: str, text: str) -> Q:
    """Ask whether a field begins with exactly this text; SQLite's LIKE overlooks case."""
    return Q(Exact(Left(field, len(text)), Value(text)))


def check(name: str, condition: Q, message: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def web_address(field: str) -> models.CheckConstraint:
    """Keep javascript: and other schemes out of a field that a page puts into an href."""
    return check(
        f"%(class)s_{field}_is_a_web_address",
        Q(**{field: ""}) | begins_with(field, "https://") | begins_with(field, "http://"),
        "An address starts with https:// or http://.",
    )


def choice(
    field: str,
    choices: type[models.TextChoices],
    *,
    blank: bool = False,
    message: str = "Choose one of the words offered.",
) -> models.CheckConstraint:
    """Hold a field to its choices, or to the empty word too when `blank`."""
    allowed = [*choices.values, ""] if blank else choices.values
    return check(f"%(class)s_{field}_is_known", Q(**{f"{field}__in": allowed}), message)


def not_itself(field: str, message: str) -> models.CheckConstraint:
    """Refuse a row that points at itself through `field`."""
    condition = Q(**{f"{field}__isnull": True}) | ~Q(**{field: F("pk")})
    return check(f"%(class)s_{field}_is_another", condition, message)


def not_slug(word: str, message: str) -> models.CheckConstraint:
    """Refuse a slug that addresses use for themselves."""
    return check(f"%(class)s_slug_is_not_{word}", ~Q(slug=word), message)


def violated(error: Exception, models: Iterable[type[models.Model]]) -> str:
    """Return the message of the constraint that a database names in its refusal; blank if none.

    PostgreSQL gives the name of a unique constraint, SQLite its columns: “a.one_id, a.two_id”.
    """
    said = str(error)
    for model in models:
        for constraint in model._meta.constraints:
            fields = map(model._meta.get_field, getattr(constraint, "fields", ()))
            columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
            if constraint.name in said or (columns and columns in said):
                return str(constraint.violation_error_message)
    return ""


def unique_slug(owner: str, name: str, noun: str) -> models.UniqueConstraint:
    """Keep the slug of a part, which its editors call `noun`, unique within its owner."""
    return models.UniqueConstraint(
        fields=[owner, "slug"],
        name=name,
        violation_error_message=f"This {owner} already has {noun} of that slug.",
    )
