"""What readers looked for and did not find, counted from the log by a command."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from catalog.admin.base import ReadOnlyMixin, SiteAdmin
from catalog.models import Miss


@admin.register(Miss)
class MissAdmin(ReadOnlyMixin, SiteAdmin):
    """Read only: what finds something by now leaves the list when the log is counted next."""

    list_display = ["text", "count", "at", "try_it"]
    search_fields = ["text"]
    search_help_text = "By the text that was looked for."
    fields = ["text", "count", "at", "try_it"]
    readonly_fields = ["try_it"]

    @admin.display(description="search")
    def try_it(self, miss: Miss) -> SafeString:
        address = f"{reverse('catalog:search')}?{urlencode({'q': miss.text})}"
        return format_html('<a href="{}">Search for it now</a>', address)
