"""Every public address, grouped by section."""

from typing import Any

from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, register_converter
from django.urls import path as plain_path
from django.urls.converters import StringConverter

from catalog.exports import FORMS
from catalog.http import View, of_one_state, only_read
from catalog.views import compare, comparisons, pages, search, stacks, technologies, versions

app_name = "catalog"


def register(name: str, *words: str) -> None:
    """Make a part of an address that is one of these words."""
    takes = {"regex": "|".join(words)}
    register_converter(type(f"{name.title()}Converter", (StringConverter,), takes), name)


register("suffix", *FORMS)
register("archive", *stacks.ARCHIVES)
register("news", "md", "patch")


def path(route: str, view: View, given: dict[str, Any] | None = None, *, name: str) -> URLPattern:
    """Return an address whose answer is of one state of the guide."""
    return plain_path(route, only_read(of_one_state(view)), given, name=name)


urlpatterns = [
    path("", pages.home, name="home"),
    # /categories/
    path("categories/", pages.category_list, name="category_list"),
    path("categories/<slug:slug>/", pages.category_detail, name="category_detail"),
    # /technologies/
    path("technologies/", technologies.technology_list, name="technology_list"),
    path("technologies/<slug:slug>/", technologies.technology_detail, name="technology_detail"),
    # /comparisons/
    path("comparisons/", comparisons.comparison_list, name="comparison_list"),
    path("comparisons/<slug:slug>/", comparisons.comparison_detail, name="comparison_detail"),
    path(
        "comparisons/<slug:slug>.<suffix:suffix>",
        comparisons.comparison_file,
        name="comparison_file",
    ),
    path(
        "comparisons/<slug:slug>/<slug:criterion>/",
        comparisons.criterion_detail,
        name="criterion_detail",
    ),
    # /measurements/
    path("measurements/", comparisons.measurements, name="measurements"),
    # /compare/
    path("compare/", compare.compare, name="compare"),
    path("compare.<suffix:suffix>", compare.compare_file, name="compare_file"),
    # /search/
    path("search/", search.search, name="search"),
    path("search/options/", search.search_options, name="search_options"),
    plain_path("opensearch.xml", only_read(search.opensearch), name="opensearch"),
    # /stacks/
    path("stacks/", stacks.stack_list, name="stack_list"),
    path("stacks/<slug:slug>/", stacks.stack_detail, name="stack_detail"),
    path("stacks/<slug:slug>/project/", stacks.stack_project, name="stack_project"),
    path(
        "stacks/<slug:slug>/project/<path:file>",
        stacks.stack_project_file,
        name="stack_project_file",
    ),
    path("stacks/<slug:slug>/project.<archive:form>", stacks.stack_archive, name="stack_archive"),
    path("stacks/<slug:slug>/pyproject.toml", stacks.stack_pyproject, name="stack_pyproject"),
    path(
        "stacks/<slug:slug>/requirements.txt", stacks.stack_requirements, name="stack_requirements"
    ),
    path("stacks/<slug:slug>/support.ics", stacks.stack_support, name="stack_support"),
    path("stacks/<slug:slug>/since/<int:edition>", stacks.stack_since, name="stack_since"),
    path(
        "stacks/<slug:slug>/since/<int:edition>.<news:form>",
        stacks.stack_since_file,
        name="stack_since_file",
    ),
    # /versions/
    path("versions/", versions.version_list, name="version_list"),
    path("versions/<slug:slug>/", versions.version_detail, name="version_detail"),
    path(
        "versions/<slug:slug>/pyproject.toml", versions.version_pyproject, name="version_pyproject"
    ),
    # For crawlers
    path("sitemap.xml", sitemap, {"sitemaps": pages.SITEMAPS}, name="sitemap"),
    plain_path("robots.txt", only_read(pages.robots), name="robots"),
    # Browsers ask for it at pages without a link to the icon.
    plain_path("favicon.ico", only_read(pages.favicon), name="favicon"),
]
