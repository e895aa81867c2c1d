"""What content models share: natural keys, owners, order, rules, and a signal before a write."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any, ClassVar, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.dispatch import Signal
from django.urls import reverse

from catalog.models.fields import is_showable, with_plain_line_ends

# Sent inside the transaction when rows of content are written in bulk, with `things`: the set of
# ThingKey whose documents differ by it, and `before`: whether the rows are still as they were.
# Only catalog.history.editions listens; models cannot import it.
writing = Signal()

# What the database itself holds every slug to: addresses are made of it, and a fixture brings
# slugs past every validator.
SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"

# Words that addresses use for themselves: /categories/feed/, /compare/.
RESERVED_SLUGS = ("index", "feed", "compare")

is_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens between them: “task-queues”.",
)
_PARTIAL_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)


def first_day(partial: str) -> date | None:
    """Return the first day of a year, a month or a day; None for what there is not."""
    if not _PARTIAL_DATE.fullmatch(partial):
        return None
    try:
        return date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None


def is_partial_date(text: str) -> None:
    """Raise ValidationError for what is no year, month or day, or is still to come."""
    if not (first := first_day(text)):
        raise ValidationError("Give a year, a month or a day: 2025, 2026-11 or 2026-11-22.")
    if is_to_come(first):
        raise ValidationError("This day is still to come; give one that has been.")


def is_not_to_come(day: date) -> None:
    """Raise ValidationError for a future day."""
    if is_to_come(day):
        raise ValidationError("This day is still to come; give the day it was verified.")


def is_to_come(day: date) -> bool:
    """Return whether a day is in the future; one day is left for editors ahead of UTC."""
    return day > datetime.now(UTC).date() + timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later or, where they are negative, earlier.

    The last day of a month that has no such day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_years_between(earlier: str, later: str) -> int:
    """Count the years that surely lie between two partial dates, whichever days they were.

    Never negative; 0 where one of the two is empty, or was never validated.
    """
    if not (first_day(earlier) and first_day(later)):
        return 0
    last = earlier + "-12-31"[len(earlier) - 4 :]
    first = later + "-01-01"[len(later) - 4 :]
    years = int(first[:4]) - int(last[:4])
    return max(years - (first[4:] < last[4:]), 0)


def without_leading(field: str, characters: str) -> Func:
    """Return the text of a field from the first character on that is none of `characters`."""
    return Func(F(field), Value(characters), function="LTRIM", output_field=models.TextField())


def begins_with(field: str, text: str) -> Q:
    """Ask whether a field begins with exactly this text; SQLite's LIKE overlooks case."""
    return Q(Exact(Left(field, len(text)), Value(text)))


class ThingKey(NamedTuple):
    """The name of a thing in history, packs and addresses, whatever its primary key is."""

    kind: str
    slug: str


class ByteOrder(Func):
    """Orders text by its bytes, which SQLite does by default and PostgreSQL only when told.

    Without it “Zope”, “aiohttp” and “élan” stand in another order on each database, and in
    another again after an upgrade of the operating system's collations.
    """

    template = "(%(expressions)s) COLLATE %(collation)s"

    def __init__(self, expression: str | models.expressions.Combinable) -> None:
        super().__init__(expression, output_field=models.TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list]:
        return self.as_sql(compiler, connection, collation="BINARY", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list]:
        return self.as_sql(compiler, connection, collation='"C"', **context)


class ContentQuerySet(models.QuerySet):
    """Rows of content. Its bulk writes are announced as save() and delete() are."""

    is_announced = False  # whether the caller has announced already what its writes change

    def get_by_natural_key(self, *values: str) -> models.Model:
        return self.get(**dict(zip(self.model.NATURAL_KEY, values, strict=True)))

    def things(self) -> set[ThingKey]:
        """Return the things these rows belong to. One query for each kind of owner."""
        return {
            ThingKey(kind, slug)
            for kind, path in self.model.owner_slugs()
            for slug in self.order_by().values_list(path, flat=True).distinct()
        }

    def referrers(self) -> set[ThingKey]:
        """Return the things whose documents name these rows by their natural keys."""
        found = set()
        for relation in self.model._meta.related_objects:
            if issubclass(relation.related_model, ContentModel):
                rows = relation.related_model._base_manager.using(self.db)
                found |= rows.filter(**{f"{relation.field.name}__in": self.order_by()}).things()
        return found

    def announced(self) -> Self:
        """Return these rows for writes in bulk whose things the caller announces itself."""
        rows = self.all()
        rows.is_announced = True
        return rows

    announced.queryset_only = True

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.is_announced = self.is_announced
        return clone

    def update(self, **changes: Any) -> int:
        if self.is_announced:
            return super().update(**changes)
        with transaction.atomic(using=self.db, savepoint=False):
            # Wait for other writers first: they may change what this filter finds.
            announce(self.model, set(), before=True)
            # Fetched now: after the update the filter may no longer find them.
            keys = list(self.order_by().values_list("pk", flat=True))
            renames = bool(changes.keys() & self.model.naming_fields())
            self._announce(keys, before=True, renames=renames)
            updated = super().update(**changes)
            if renames:
                self._announce(keys, before=False, renames=False)
            return updated

    update.alters_data = True

    def bulk_create(self, objs: Iterable[models.Model], *args: Any, **kwargs: Any) -> list:
        if self.is_announced:
            return super().bulk_create(objs, *args, **kwargs)
        rows = list(objs)
        with transaction.atomic(using=self.db, savepoint=False):
            things = {thing for row in rows for thing in row.things()}
            announce(self.model, things, before=True)
            return super().bulk_create(rows, *args, **kwargs)

    def delete_announced(self) -> int:
        """Delete these rows alone, in one statement: what refers to them must be gone already."""
        return self._raw_delete(self.db)

    delete_announced.alters_data = True
    delete_announced.queryset_only = True

    def _announce(self, keys: list[int], *, before: bool, renames: bool) -> None:
        every = self.model._base_manager.using(self.db)
        for start in range(0, len(keys), 500):  # below SQLite's limit of parameters
            rows = every.filter(pk__in=keys[start : start + 500])
            things = rows.things() | (rows.referrers() if renames else set())
            announce(self.model, things, before=before)


class ContentModel(models.Model):
    """A row of content: part of a thing, or the thing itself.

    NATURAL_KEY are the look-ups that name the row in fixtures; `loaddata` finds it by them and
    updates it in place, so together they are unique and never null.
    OWNERS are the foreign keys that lead to the things whose documents hold the row; empty
    for a thing itself.
    """

    NATURAL_KEY: ClassVar[tuple[str, ...]]
    OWNERS: ClassVar[tuple[str, ...]] = ()
    MARKDOWN: ClassVar[tuple[str, ...]] = ()  # fields that are rendered
    CODE: ClassVar[tuple[str, ...]] = ()  # the fields of a language and of text in it, rendered too

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        # Related managers write through the base manager; they must be announced too.
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in a transaction, so that the row and its edition are kept or lost together."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)

    save.alters_data = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Bring text into its form, validate each field, and refuse text that cannot be shown.

        Forms, grid and packs all come by here. Raises ValidationError with the errors by field.
        """
        errors: dict[str, Any] = {}
        self.normalise(exclude or ())
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
        passed_over = {*(exclude or ()), *errors}
        for field in self._meta.concrete_fields:
            text = getattr(self, field.attname)
            if isinstance(text, str) and field.name not in passed_over:
                try:
                    is_showable(text, one_line=not isinstance(field, models.TextField))
                except ValidationError as error:
                    errors[field.name] = error
        if errors:
            raise ValidationError(errors)

    def normalise(self, exclude: Collection[str] = ()) -> list[str]:
        """Bring the text of each field into its form; return the fields that were not in it."""
        changed = []
        for field in self._meta.concrete_fields:
            text = getattr(self, field.attname)
            if isinstance(text, str) and field.name not in exclude:
                setattr(self, field.attname, normal := self.normalised(field.name, text))
                changed += [field.name] * (normal != text)
        return changed

    @classmethod
    def normalised(cls, name: str, text: str) -> str:
        r"""Return text of a field in the one form that is stored.

        Code only gets \n for line ends; prose is composed (NFC) as well, and what has one line
        has no margins either.
        """
        if not isinstance(cls._meta.get_field(name), models.TextField):
            return unicodedata.normalize("NFC", text).strip()
        text = with_plain_line_ends(text)
        return text if name in cls.CODE else unicodedata.normalize("NFC", text)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete in a transaction, for the same reason."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            return super().delete(*args, **kwargs)

    delete.alters_data = True

    def natural_key(self) -> tuple[str, ...]:
        return tuple(follow(self, path) for path in self.NATURAL_KEY)

    def things(self) -> set[ThingKey]:
        """Return the things this row belongs to as it stands in memory. May query each key."""
        return {ThingKey(kind, follow(self, path)) for kind, path in self.owner_slugs()}

    @classmethod
    def owner_slugs(cls) -> list[tuple[str, str]]:
        """Return each kind of owner with the look-up of its slug, such as role__stack__slug."""
        if not cls.OWNERS:
            return [(cls.KIND, "slug")]
        return [(model_at(cls, path).KIND, f"{path}__slug") for path in cls.OWNERS]

    @classmethod
    def naming_fields(cls) -> set[str]:
        """Return the fields whose change renames the row or moves it to another thing."""
        names = {path.split("__")[0] for path in (*cls.NATURAL_KEY, *cls.OWNERS)}
        return names | {f"{name}_id" for name in names}


class Thing(ContentModel):
    """A row with a document of its own, named by kind and slug."""

    KIND: ClassVar[str]
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        max_length=80,
        unique=True,
        validators=[is_slug],
        help_text="Names it in addresses and in packs. Given once, never changed.",
        error_messages={"unique": "This slug is taken; give another."},
    )
    # Who answers for it, and when it is due. Part of the document, but shown in the admin only.
    owner = models.CharField(
        max_length=100, blank=True, help_text="Who answers for it: a name, not an account."
    )
    review_by = models.DateField(
        null=True, blank=True, help_text="The day by which somebody should look at it again."
    )

    class Meta(ContentModel.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(Exact(without_leading("slug", SLUG_CHARACTERS), Value("")))
                & ~Q(slug="")
                & ~Q(slug__in=RESERVED_SLUGS),
                name="%(class)s_slug_is_one",
                violation_error_message=(
                    "A slug has lower-case letters, digits and hyphens, and is none of index, "
                    "feed, compare."
                ),
            ),
        ]

    @property
    def key(self) -> ThingKey:
        return ThingKey(self.KIND, self.slug)


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    ARCHIVED = "archived", "archived"


class PageQuerySet(ContentQuerySet):
    def published(self) -> Self:
        """Return what lists, counts and searches show."""
        return self.filter(status=Status.PUBLISHED)

    def readable(self) -> Self:
        """Return what has a public address: published, or archived with a banner."""
        return self.exclude(status=Status.DRAFT)


class Page(Thing):
    """A thing with an address of its own, that editors can keep back or retire."""

    status = models.CharField(
        max_length=9,
        choices=Status,
        default=Status.DRAFT,
        help_text="A draft is seen only here; an archived page keeps its address but leaves all "
        "lists.",
    )

    objects = PageQuerySet.as_manager()

    class Meta(Thing.Meta):
        abstract = True
        constraints = [
            *Thing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="%(class)s_status_is_known",
                violation_error_message="Choose draft, published or archived.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse(f"catalog:{self.KIND}_detail", args=[self.slug])


def announce(sender: type[models.Model], things: set[ThingKey], *, before: bool) -> None:
    """Signal that the documents of `things` are about to change, or have just changed.

    Without things it signals only that something is about to be written.
    """
    writing.send(sender=sender, things=things, before=before)


def follow(row: models.Model, path: str) -> Any:
    """Return the value at the end of a look-up such as criterion__comparison__slug."""
    return reduce(getattr, path.split("__"), row)


def model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """Return the model at the end of a look-up along foreign keys."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def web_address_constraint(field: str) -> models.CheckConstraint:
    """Keep javascript: and other schemes out of a field that a page puts into an href.

    Stock `loaddata` runs no validator, so the database holds this.
    """
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | begins_with(field, "https://") | begins_with(field, "http://"),
        name=f"%(class)s_{field}_is_a_web_address",
        violation_error_message="An address starts with https:// or http://.",
    )


def choice_constraint(
    field: str, choices: type[models.TextChoices], *, blank: bool = False
) -> models.CheckConstraint:
    """Hold a field to its choices, or to the empty word too when `blank`."""
    allowed = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": allowed}),
        name=f"%(class)s_{field}_is_known",
        violation_error_message="Choose one of the words offered.",
    )


def not_itself_constraint(field: str, message: str) -> models.CheckConstraint:
    """Refuse with `message` a row that points at itself through `field`."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | ~Q(**{field: F("pk")}),
        name=f"%(class)s_{field}_is_another",
        violation_error_message=message,
    )


def not_slug_constraint(word: str, message: str) -> models.CheckConstraint:
    """Refuse a slug that addresses use for themselves."""
    return models.CheckConstraint(
        condition=~Q(slug=word),
        name=f"%(class)s_slug_is_not_{word}",
        violation_error_message=message,
    )


def unique_slug_constraint(owner: str, name: str, noun: str) -> models.UniqueConstraint:
    """Keep the slug of a part, which its editors call `noun`, unique within its owner."""
    return models.UniqueConstraint(
        fields=[owner, "slug"],
        name=name,
        violation_error_message=f"This {owner} already has {noun} of that slug.",
    )
