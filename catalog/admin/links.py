"""Addresses that the guide names, as they were found when last asked for, and where they stand."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import ReadOnlyMixin, SiteAdmin
from catalog.admin.desk.index import places_of
from catalog.models import Link

STATES = {True: "alive", False: "dead", None: "not known"}


@admin.register(Link)
class LinkAdmin(ReadOnlyMixin, SiteAdmin):
    """Read only: checking makes these rows, and content names their addresses."""

    list_display = ["address", "found", "since", "named_by"]
    list_filter = ["is_alive", "checked_on"]
    search_fields = ["address", "reason"]
    search_help_text = "By address, or what was answered."
    fields = ["visit", "state", "reason", "since", "checked_on", "named_by"]
    readonly_fields = ["visit", "state", "named_by"]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        _find_places(request, found.result_list)
        return found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Link | None:
        link = super().get_object(request, object_id, from_field)
        if link is not None:
            _find_places(request, [link])
        return link

    @admin.display(description="state", ordering="is_alive")
    def state(self, link: Link) -> str:
        return STATES[link.is_alive]

    @admin.display(description="found", ordering="is_alive")
    def found(self, link: Link) -> str:
        return f"{self.state(link)}: {link.reason}" if link.reason else self.state(link)

    @admin.display(description="address")
    def visit(self, link: Link) -> SafeString:
        link_to = '<a href="{0}" rel="noopener noreferrer">{0}</a>'
        return format_html(link_to, link.address)

    @admin.display(description="named by")
    def named_by(self, link: Link) -> SafeString | str:
        """Return the forms on which it stands, as far as whoever asks may see them."""
        places = link.places
        if not places.shown:
            return "nothing that you may see"
        pairs = ((place.address, place.text) for place in places.shown)
        links = format_html_join(", ", '<a href="{}">{}</a>', pairs)
        return format_html("{} and {} more", links, places.more) if places.more else links


def _find_places(request: HttpRequest, links: Iterable[Link]) -> None:
    places = places_of(request, [link.address for link in links])
    for link in links:
        link.places = places[link.address]
