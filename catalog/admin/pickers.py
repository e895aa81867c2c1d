"""What a picker offers: the exact name first, and with each name what speaks for or against it."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, Q, QuerySet, Value, When

from catalog.advice import standing, with_rank
from catalog.models import Package, Technology

EXACT, BEGINNING, ELSEWHERE = range(3)


class PickerView(AutocompleteJsonView):
    """Answers pickers: exact names, then beginnings, each by verdict and lifecycle."""

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        if found.model not in (Technology, Package):
            return found
        path, slug = ("", "slug") if found.model is Technology else ("technology", "name")
        term = self.term.replace("\0", "")
        match = Case(
            When(Q(name__iexact=term) | Q(**{f"{slug}__iexact": term}), then=Value(EXACT)),
            When(name__istartswith=term, then=Value(BEGINNING)),
            default=Value(ELSEWHERE),
        )
        # A search through aliases finds a row once for each of them.
        rows = found.model.objects.filter(pk__in=found.order_by().values("pk"))
        rows = rows.select_related("__".join(filter(None, (path, "replaced_by"))))
        rows = with_rank(rows.annotate(match=match), path)
        return rows.order_by("match", "rank", *found.model._meta.ordering)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Technology | Package):
            technology = obj.technology if isinstance(obj, Package) else obj
            words = [technology.get_kind_display(), standing(technology, obj.rank)]
            found["text"] += f" ({', '.join(filter(None, words))})"
        return found
