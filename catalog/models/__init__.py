"""Every model, by one path. Content models stand in the order in which fixtures can be loaded."""

from catalog.models.base import ByteOrder, ContentModel, Page, Status, Thing, ThingKey, writing
from catalog.models.category import Category, Guide, Listing, Snippet
from catalog.models.comparison import (
    Cell,
    Comparison,
    Contender,
    Criterion,
    CriterionGroup,
    Measurement,
    Preset,
)
from catalog.models.records import (
    Base,
    Changed,
    Code,
    Conflict,
    Edition,
    EditionCounter,
    Link,
    Moved,
    PackLoad,
    Pending,
    RenderedMarkdown,
    Revision,
    Unrecorded,
)
from catalog.models.search import Entry, Miss, Posting
from catalog.models.stack import Choice, Role, Stack
from catalog.models.starter import Compatibility, Piece
from catalog.models.technology import (
    Alias,
    Companion,
    Migration,
    Package,
    PackageFacts,
    Point,
    SupportWindow,
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
    SupportWindow,
    Listing,
    Companion,
    Migration,
    Compatibility,
    Piece,
    Measurement,
    Snippet,
    Comparison,
    CriterionGroup,
    Contender,
    Criterion,
    Cell,
    Preset,
    Stack,
    Role,
    Choice,
    VersionSet,
    Pin,
)

# Each kind of thing by its name in addresses, packs and history; pages are those with an address.
THINGS: dict[str, type[Thing]] = {
    model.KIND: model for model in CONTENT if issubclass(model, Thing)
}
PAGES: dict[str, type[Page]] = {
    kind: model for kind, model in THINGS.items() if issubclass(model, Page)
}
