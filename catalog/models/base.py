"""What content models share: natural keys, owners, order, rules, and a signal before a write."""

import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce
from typing import Any, ClassVar, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Func, Q
from django.dispatch import Signal
from django.urls import reverse

from catalog.models import fields, rules

# Sent inside the transaction when rows of content are written in bulk, with `things`: the set of
# ThingKey whose documents differ by it, and `before`: whether the rows are still as they were.
# Only catalog.history.editions listens; models cannot import it.
writing = Signal()

# What the database itself holds every slug to: addresses are made of it, and a fixture brings
# slugs past every validator.
SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"

# Words that addresses use for themselves: /categories/feed/, /compare/.
RESERVED_SLUGS = ("index", "feed", "compare")


def is_not_to_come(day: date) -> None:
    """Raise ValidationError for a future day."""
    if fields.is_to_come(day):
        raise ValidationError("This day is still to come; give the day it was verified.")


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later (or the last, in a month that has no such day)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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

    def update(self, **changes: Any) -> int:
        with transaction.atomic(using=self.db, savepoint=False):
            # Wait for other writers first: they may change what this filter finds.
            self._announce(set(), before=True)
            # Fetched now: after the update the filter may no longer find them.
            keys = list(self.order_by().values_list("pk", flat=True))
            every = self.model._base_manager.using(self.db)
            # In parts, below SQLite's limit of parameters.
            parts = [every.filter(pk__in=keys[at : at + 500]) for at in range(0, len(keys), 500)]
            renames = bool(changes.keys() & self.model.naming_fields())
            for rows in parts:
                things = rows.things() | (rows.referrers() if renames else set())
                self._announce(things, before=True)
            updated = super().update(**changes)
            for rows in parts if renames else ():
                self._announce(rows.things(), before=False)
            return updated

    update.alters_data = True

    def bulk_create(self, objs: Iterable[models.Model], *args: Any, **kwargs: Any) -> list:
        rows = list(objs)
        with transaction.atomic(using=self.db, savepoint=False):
            things = {thing for row in rows for thing in row.things()}
            self._announce(things, before=True)
            return super().bulk_create(rows, *args, **kwargs)

    def _announce(self, things: set[ThingKey], *, before: bool) -> None:
        writing.send(sender=self.model, things=things, before=before)


class ContentModel(models.Model):
    """A row of content: part of a thing, or the thing itself.

    NATURAL_KEY are the look-ups that name the row in fixtures; `loaddata` finds it by them and
    updates it in place, so together they are unique and never null.
    OWNERS are the foreign keys that lead to the things whose documents hold the row; empty
    for a thing itself.
    """

    NATURAL_KEY: ClassVar[tuple[str, ...]]
    OWNERS: ClassVar[tuple[str, ...]] = ()
    NAME_FIELD: ClassVar[str] = ""  # what people call the row; blank for one called by its key
    MARKDOWN: ClassVar[tuple[str, ...]] = ()  # fields that are rendered
    CODE: ClassVar[tuple[str, ...]] = ()  # the fields of a language and of text in it, rendered too

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        # Related managers write through the base manager; they must be announced too.
        base_manager_name = "objects"

    def __str__(self) -> str:
        return getattr(self, self.NAME_FIELD)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in a transaction, so that the row and its edition are kept or lost together."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)

    save.alters_data = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Bring text into its form, validate each field, and refuse text that cannot be shown.

        Forms, grid and packs all come by here.
        """
        errors: dict[str, Any] = {}
        self.normalise(exclude or ())
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
        passed_over = {*(exclude or ()), *errors}
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if field.name in passed_over:
                continue
            try:
                if isinstance(value, str):
                    fields.is_showable(value, one_line=not isinstance(field, models.TextField))
                elif isinstance(value, date):
                    fields.is_in_our_time(value)
                elif isinstance(field, models.IntegerField) and not field.primary_key:
                    fields.fits_every_database(value)
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
        text = fields.with_plain_line_ends(text)
        return text if name in cls.CODE else unicodedata.normalize("NFC", text)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
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
        validators=[fields.is_slug],
        help_text="Names it in addresses and in packs. Once saved, only “Rename” changes it.",
        error_messages={"unique": "This slug is taken; give another."},
    )
    # Who answers for it, and when it is due. Part of the document, but shown in the admin only.
    owner = fields.line(100, "Who answers for it: a name, not an account.")
    review_by = models.DateField(
        null=True, blank=True, help_text="The day by which somebody should look at it again."
    )

    class Meta(ContentModel.Meta):
        abstract = True
        constraints = [
            rules.check(
                "%(class)s_slug_is_one",
                rules.consists_of("slug", SLUG_CHARACTERS)
                & ~Q(slug="")
                & ~Q(slug__in=RESERVED_SLUGS),
                "A slug has lower-case letters, digits and hyphens, and is none of index, "
                "feed, compare.",
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

    status = fields.choice(
        Status,
        default=Status.DRAFT,
        help_text="A draft is seen only here; an archived page keeps its address but leaves all "
        "lists.",
    )

    objects = PageQuerySet.as_manager()

    class Meta(Thing.Meta):
        abstract = True
        constraints = [
            *Thing.Meta.constraints,
            rules.choice("status", Status, message="Choose draft, published or archived."),
        ]

    def get_absolute_url(self) -> str:
        return reverse(f"catalog:{self.KIND}_detail", args=[self.slug])


def follow(row: models.Model, path: str) -> Any:
    """Return the value at the end of a look-up such as criterion__comparison__slug."""
    return reduce(getattr, path.split("__"), row)


def model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """Return the model at the end of a look-up along foreign keys."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
