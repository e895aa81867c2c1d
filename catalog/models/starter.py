"""What a project is started with: which technologies go together, and what each brings along."""

import re
from string import Template

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from catalog.models import fields, rules
from catalog.models.base import ByteOrder, ContentModel, is_not_to_come
from catalog.models.specifiers import is_specifier
from catalog.models.technology import Technology

# One command each, which lines of other slots may name too.
COMMANDS = ("serve", "develop", "migrate", "worker")
# Where the lines of several pieces meet, one technology after the other.
SLOTS = (
    *COMMANDS,
    *("settings", "imports", "observability", "pytest", "targets", "readme"),
    *("container", "services", "needs", "environment", "volumes", "ci_services", "ci_environment"),
)
# What the generator says of a project.
VALUES = (
    *("title", "project", "database", "python", "dependencies", "dev_dependencies", "documents"),
    *("site", "address", "news", "stack", "edition", "choices", "generator"),
)
LONGEST_PIECE = 20_000

# Relative, within the project, and of characters that every file system and archive takes.
_PATH = re.compile(r"(?!.*\.\.)(?!/)(?!.*//)[A-Za-z0-9._/-]*[A-Za-z0-9_-]\Z", re.ASCII)


def is_path(text: str) -> None:
    """Raise ValidationError for what is no path of a file within a project."""
    if not _PATH.match(text) or text.partition("/")[0] == ".git":
        raise ValidationError("Give the path of a file within the project: “app/main.py”.")


class Relation(models.TextChoices):
    NEEDS = "needs", "needs"
    WORKS_WITH = "works-with", "works with"
    CONFLICTS_WITH = "conflicts-with", "cannot go with"


class Compatibility(ContentModel):
    """Whether a technology goes with another."""

    Relation = Relation
    NATURAL_KEY = ("technology__slug", "relation", "other__slug")
    OWNERS = ("technology",)

    technology = models.ForeignKey(
        Technology, on_delete=models.CASCADE, related_name="compatibilities"
    )
    relation = fields.choice(Relation)
    other = models.ForeignKey(
        Technology, on_delete=models.PROTECT, related_name="compatibilities_of"
    )
    versions = fields.line(
        60, "Which versions of the other, where not all: “>=5.2”.", validators=[is_specifier]
    )
    because = fields.line(300, "One sentence; a stack shows it where the two do not go together.")
    source = fields.web_address("Where the makers of one of them say so.")
    verified_on = models.DateField(null=True, blank=True, validators=[is_not_to_come])
    position = fields.position()

    class Meta(ContentModel.Meta):
        verbose_name_plural = "compatibilities"
        ordering = [
            *("position", ByteOrder("other__slug")),
            *(ByteOrder("relation"), ByteOrder("technology__slug")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["technology", "relation", "other"],
                name="compatibility_once_between_two",
                violation_error_message="This is already said of the two.",
            ),
            rules.check(
                "compatibility_is_with_another",
                ~Q(technology=models.F("other")),
                "A technology goes with itself.",
            ),
            rules.choice("relation", Relation),
            rules.web_address("source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.other.name}"


class Piece(ContentModel):
    """What a technology brings to a project: a whole file, or lines for a slot of files.

    It is for projects that have the technologies it goes with. Of a technology's pieces for one
    slot, and of all pieces for one file, the one that goes with most is taken.
    """

    NATURAL_KEY = ("technology__slug", "slug")
    OWNERS = ("technology",)
    NAME_FIELD = "slug"

    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="pieces")
    slug = fields.slug("Names this piece in packs; never shown.")
    with_technology = fields.reference(
        Technology, "pieces_with", "Only in a project that has this too.", "with"
    )
    and_technology = fields.reference(Technology, "pieces_and", "… and this.", "and")
    path = fields.line(120, "The file: “app/main.py”. Or else:", validators=[is_path])
    slot = models.CharField(
        max_length=20,
        blank=True,
        choices=[(name, name.replace("_", " ")) for name in SLOTS],
        help_text="What its lines are for.",
    )
    text = fields.LinesField(
        blank=True,
        validators=[MaxLengthValidator(LONGEST_PIECE)],
        help_text="$title and other names are filled in, $$ is a dollar sign.",
    )
    position = fields.position()

    class Meta(ContentModel.Meta):
        ordering = ["position", ByteOrder("slug"), ByteOrder("technology__slug")]
        constraints = [
            rules.unique_slug("technology", "piece_once_for_a_technology", "a piece"),
            rules.check(
                "piece_has_one_place",
                Q(path="") & Q(slot__in=SLOTS) | ~Q(path="") & Q(slot=""),
                "A piece is a file or lines for a slot: give one of the two.",
            ),
        ]

    def clean(self) -> None:
        """Raise ValidationError where the text names what no generator fills."""
        super().clean()
        known = {*VALUES, *(COMMANDS if self.slot else SLOTS)} - {self.slot}
        template = Template(self.text)
        unknown = [name for name in template.get_identifiers() if name not in known]
        if unknown or not template.is_valid():
            what = f"nothing is called ${unknown[0]} here" if unknown else "a $ stands alone"
            raise ValidationError(
                {"text": f"Cannot be filled: {what}; write $$ for a dollar sign."}
            )
