"""Every model, by one path. Content models stand in the order in which fixtures can be loaded."""

from catalog.models.base import ByteOrder, ContentModel, Page, Status, Thing, ThingKey, writing
from catalog.models.category import Category, Listing
from catalog.models.comparison import Cell, Comparison, Contender, Criterion, CriterionGroup
from catalog.models.guide import Guide
from catalog.models.history import Changed, Edition, EditionCounter, Moved, Revision, Unrecorded
from catalog.models.link import Link
from catalog.models.pack import Base, Conflict, PackLoad
from catalog.models.pending import Pending
from catalog.models.rendering import Code, RenderedMarkdown
from catalog.models.snippet import Snippet
from catalog.models.stack import Choice, Role, Stack
from catalog.models.technology import (
    Alias,
    Companion,
    Package,
    PackageFacts,
    Point,
    Technology,
)
from catalog.models.version import Pin, VersionSet

CONTENT: tuple[type[ContentModel], ...] = (
    Guide,
    Category,
    Technology,
    Alias,
    Package,
    PackageFacts,
    Point,
    Listing,
    Companion,
    Snippet,
    Comparison,
    CriterionGroup,
    Contender,
    Criterion,
    Cell,
    Stack,
    Role,
    Choice,
    VersionSet,
    Pin,
)

__all__ = [
    "CONTENT",
    "Alias",
    "Base",
    "ByteOrder",
    "Category",
    "Cell",
    "Changed",
    "Choice",
    "Code",
    "Companion",
    "Comparison",
    "Conflict",
    "Contender",
    "ContentModel",
    "Criterion",
    "CriterionGroup",
    "Edition",
    "EditionCounter",
    "Guide",
    "Link",
    "Listing",
    "Moved",
    "PackLoad",
    "Package",
    "PackageFacts",
    "Page",
    "Pending",
    "Pin",
    "Point",
    "RenderedMarkdown",
    "Revision",
    "Role",
    "Snippet",
    "Stack",
    "Status",
    "Technology",
    "Thing",
    "ThingKey",
    "Unrecorded",
    "VersionSet",
    "writing",
]
