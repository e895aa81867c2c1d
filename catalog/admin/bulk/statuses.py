"""Publishing and archiving many pages at once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise

from catalog import completeness
from catalog.admin.bulk.plans import Action, Plan, rewritten
from catalog.models import Page, Status


class SetStatus(Action):
    status: ClassVar[Status]
    already: ClassVar[str | Promise]  # said of what has this status

    def plan(self, things: Sequence[Page], chosen: dict[str, Any]) -> Plan:
        changes = rewritten(things, lambda _thing, _fields: {"status": str(self.status.value)})
        stays = {thing.key: str(self.already) for thing in things if thing.status == self.status}
        return Plan(changes, stays, self.warnings([t for t in things if t.key not in stays]))

    def warnings(self, pages: list[Page]) -> dict:
        """What to know of pages that are about to get the status."""
        return {}


class Publish(SetStatus):
    name = "publish"
    label = "Publish selected %(verbose_name_plural)s"
    verb = "Publish"
    status = Status.PUBLISHED
    already = "is published already"

    def warnings(self, pages: list[Page]) -> dict:
        """What each still lacks; it can be published all the same."""
        return completeness.lacks_of([page.key for page in pages])

    def done(self, chosen: dict[str, Any]) -> str:
        return "Published"


class Archive(SetStatus):
    name = "archive"
    label = "Archive selected %(verbose_name_plural)s"
    verb = "Archive"
    status = Status.ARCHIVED
    already = "is archived already"

    def warnings(self, pages: list[Page]) -> dict:
        text = "It is a draft: archived, it has an address that readers can open."
        return {page.key: [text] for page in pages if page.status == Status.DRAFT}

    def done(self, chosen: dict[str, Any]) -> str:
        return "Archived"
