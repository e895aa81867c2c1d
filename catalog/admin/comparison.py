"""The editor's pages for comparisons: columns and rows on one, all cells in the grid behind it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.base import ContentFormMixin, PartForm, PartFormSet, section
from catalog.admin.content import PageAdmin, PartAdmin, ThingAdmin
from catalog.admin.filters import (
    ComparisonFilter,
    CompletenessFilter,
    EvidenceFilter,
    given_filters,
)
from catalog.admin.grid.views import GridAdmin
from catalog.admin.ordering import OrderedAdmin, OrderedInline, OrderedPartsAdmin
from catalog.models import (
    Cell,
    Comparison,
    Contender,
    Criterion,
    CriterionGroup,
    Measurement,
    Preset,
)


class CriterionGroupInline(OrderedInline):
    model = CriterionGroup
    fields = ["position", "name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


class ContenderInline(OrderedInline):
    model = Contender
    fields = ["position", "technology", "versions"]
    autocomplete_fields = ["technology"]


class ShortListMixin(ContentFormMixin):
    """Offers in one picker the few rows of the comparison at hand, so that none is searched for."""

    picker: str  # the name of its foreign key
    offered: QuerySet
    related_links = ()

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name != self.picker:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs["queryset"] = self.offered
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)  # asked once, not once for each row
        return field


class CriterionForm(PartForm):
    """A row of a table. One of text is not weighed: its weight is set to 0 unless it was typed."""

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("kind") == Criterion.Kind.TEXT and "weight" not in self.changed_data:
            found["weight"] = 0
        return found


class CriterionInline(ShortListMixin, OrderedInline):
    model = Criterion
    form = CriterionForm
    picker = "group"
    fields = ["position", "name", "slug", "group", "kind", "weight", "question"]
    prepopulated_fields = {"slug": ["name"]}

    def get_formset(
        self, request: HttpRequest, obj: Comparison | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        self.offered = CriterionGroup.objects.filter(comparison=obj)
        return super().get_formset(request, obj, **kwargs)


class PresetForm(PartForm):
    """A preset, from the address of the table as it was weighed, or from what such a one asks."""

    def clean_asks(self) -> str:
        typed = self.cleaned_data["asks"]
        asked = parse_qsl(urlsplit(typed).query if "?" in typed else typed)
        return "&".join(f"{name}={value}" for name, value in asked if name in ("w", "must"))


class PresetInline(OrderedInline):
    model = Preset
    form = PresetForm
    fields = ["position", "name", "slug", "asks"]
    prepopulated_fields = {"slug": ["name"]}


class CellInline(ShortListMixin, admin.StackedInline):
    """The cells of a row: one for each contender, also for those not judged yet."""

    model = Cell
    formset = PartFormSet
    picker = "contender"
    autocomplete_fields = ["measurement"]
    fields = [
        ("contender", "state", "rating"),
        ("word", "value"),
        "note",
        ("source", "measurement", "applies_to"),
        ("verified_on", "verified_by"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("contender__technology")

    def get_formset(
        self, request: HttpRequest, obj: Criterion | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        self.offered, self.not_judged = Contender.objects.none(), []
        if obj is not None:
            contenders = Contender.objects.filter(comparison=obj.comparison_id)
            self.offered = contenders.select_related("technology")
            not_judged = contenders.exclude(cells__criterion=obj)
            self.not_judged = list(not_judged.values_list("pk", flat=True))
        return super().get_formset(request, obj, **kwargs)

    def get_extra(self, request: HttpRequest, obj: Criterion | None = None, **kwargs: Any) -> int:
        return len(self.not_judged)


@admin.register(Comparison)
class ComparisonAdmin(OrderedAdmin, OrderedPartsAdmin, GridAdmin, PageAdmin):
    counts = {"contender_count": "contenders", "criterion_count": "criteria"}
    list_display = [
        "title",
        "category",
        "status",
        "contender_count",
        "criterion_count",
        "cells",
        "position",
    ]
    list_filter = [CompletenessFilter, "category", *given_filters("introduction", "verdict")]
    list_select_related = ["category"]
    search_fields = ["title", "slug", "category__name"]
    autocomplete_fields = ["category"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        section(None, ["title", "slug", "status"]),
        section("Place", ["category", "position"]),
        section(
            "What it says",
            ["introduction", "verdict", "review_months"],
            "Columns and rows follow below. Once the comparison is saved, “Cells” above leads to "
            "the table itself, in which its cells are filled in.",
        ),
    ]
    inlines = [ContenderInline, CriterionGroupInline, CriterionInline, PresetInline]

    @admin.display(description="cells")
    def cells(self, comparison: Comparison) -> SafeString:
        address = reverse("admin:catalog_comparison_grid", args=[comparison.pk])
        return format_html('<a href="{}">{}</a>', address, "Edit cells")


@admin.register(Contender)
class ContenderAdmin(PartAdmin):
    list_display = ["technology", "comparison", "versions"]
    list_filter = given_filters("versions")
    search_fields = ["technology__name", "comparison__title"]
    autocomplete_fields = ["comparison", "technology"]


@admin.register(CriterionGroup)
class CriterionGroupAdmin(PartAdmin):
    list_display = ["name", "comparison", "position"]
    search_fields = ["name", "slug", "comparison__title"]
    autocomplete_fields = ["comparison"]
    fields = ["comparison", "name", "slug", "position"]


@admin.register(Criterion)
class CriterionAdmin(PartAdmin):
    form = CriterionForm
    counts = {"cell_count": "cells"}
    list_display = ["name", "comparison", "group", "kind", "weight", "cell_count"]
    list_filter = ["kind", *given_filters("group", "question")]
    list_select_related = ["comparison", "group"]
    search_fields = ["name", "slug", "comparison__title"]
    autocomplete_fields = ["comparison"]
    fieldsets = [
        section(None, ["comparison", "group", "name", "slug", "position"]),
        section(
            "What is asked",
            ["question", "kind", "weight"],
            "A rating or a yes counts by its weight; text never does.",
        ),
    ]
    inlines = [CellInline]

    def get_form(
        self, request: HttpRequest, obj: Criterion | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        if "group" in form.base_fields:  # not for those who may only look
            groups = CriterionGroup.objects.filter(comparison=obj and obj.comparison_id)
            form.base_fields["group"].queryset = groups
        return form

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Criterion, inline: CellInline, prefix: str
    ) -> dict[str, Any]:
        """Offer a line for each contender that has no cell; it counts once it is filled in."""
        lines = [{"contender": contender} for contender in inline.not_judged]
        return {**super().get_formset_kwargs(request, obj, inline, prefix), "initial": lines}


@admin.register(Preset)
class PresetAdmin(PartAdmin):
    form = PresetForm
    list_display = ["name", "comparison", "asks"]
    search_fields = ["name", "slug", "comparison__title"]
    autocomplete_fields = ["comparison"]
    fields = ["comparison", "name", "slug", "asks", "position"]


@admin.register(Cell)
class CellAdmin(PartAdmin):
    list_display = ["__str__", "contender", "criterion", "comparison", "verified_on"]
    list_filter = [
        "state",
        EvidenceFilter,
        *given_filters("source", "verified_on", "verified_by", "note"),
        ("criterion__comparison", ComparisonFilter),
    ]
    list_select_related = ["contender__technology", "criterion__comparison"]
    search_fields = ["word", "value", "contender__technology__name", "criterion__name"]
    autocomplete_fields = ["criterion", "contender", "measurement"]
    fieldsets = [
        section(None, ["criterion", "contender"]),
        section("Judgement", ["state", "rating", "word", "value", "note"]),
        section(
            "What it rests on",
            ["source", "measurement", "verified_on", "verified_by", "applies_to"],
            "A page that says so, or a measurement.",
        ),
    ]

    @admin.display(description="comparison", ordering="criterion__comparison__title")
    def comparison(self, cell: Cell) -> Comparison:
        return cell.criterion.comparison


@admin.register(Measurement)
class MeasurementAdmin(ThingAdmin):
    counts = {"cell_count": "cells"}
    list_display = ["title", "date", "script", "result", "cell_count"]
    search_fields = ["title", "slug"]
    search_help_text = "By title or slug."
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        section(None, ["title", "slug"]),
        section("How and when", ["script", "setting", "date", "result"]),
    ]
