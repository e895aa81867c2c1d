"""A guide so small that one sees what each part of it needs."""

from catalog.models import Choice, Companion, CriterionGroup, Package, Pin, Role
from tests.factories import (
    make_alias,
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_criterion,
    make_guide,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

# What each part of make_small_guide() holds.
PARTS = {
    ("guide/guide",): ["guide guide"],
    ("category/backend",): ["category backend"],
    ("category/web",): [
        *("category backend", "category web", "listing web/flask", "listing web/quart"),
        *("technology flask", "technology quart"),
    ],
    ("technology/redis",): ["category data", "listing data/redis", "technology redis"],
    ("technology/flask",): [
        *("alias flask/fl", "category backend", "category web", "companion flask/redis"),
        *("listing web/flask", "package flask", "packagefacts flask", "point flask/small"),
        *("technology flask", "technology quart", "technology redis"),
    ],
    ("snippet/hello",): ["snippet hello", "technology flask", "technology quart"],
    ("snippet/notes",): ["category backend", "category web", "snippet notes"],
    ("comparison/frameworks",): [
        *("category backend", "category web"),
        *("cell frameworks/speed/flask", "cell frameworks/speed/quart", "comparison frameworks"),
        *("contender frameworks/flask", "contender frameworks/quart"),
        *("criterion frameworks/speed", "criteriongroup frameworks/general"),
        *("technology flask", "technology quart"),
    ],
    ("stack/api",): [
        *("choice api/framework/flask", "role api/framework", "stack api"),
        *("technology flask", "technology quart", "technology redis"),
    ],
    ("version/november",): [
        *("package flask", "pin november/flask"),
        *("technology flask", "technology quart", "versionset november"),
    ],
    ("technology/redis", "category/backend", "guide/guide"): [
        *("category backend", "category data", "guide guide", "listing data/redis"),
        "technology redis",
    ],
}


def make_small_guide() -> None:
    """Every kind of reference once, and beside each something that is not needed."""
    make_guide()
    backend = make_category(slug="backend")
    web = make_category(slug="web", parent=backend)
    data = make_category(slug="data")
    quart = make_technology(slug="quart")
    flask = make_technology(slug="flask", replaced_by=quart)
    redis = make_technology(slug="redis")
    make_alias(flask, slug="fl")
    make_package_facts(make_package(flask, name="flask"), read_on="2026-11-22")
    make_package_facts(make_package(quart, name="quart"))
    make_point(flask, slug="small")
    make_point(quart, slug="fast")
    Companion.objects.create(technology=flask, companion=redis)
    for category, technology in ((web, flask), (web, quart), (data, redis)):
        make_listing(category, technology)
    make_snippet(slug="hello", technology=flask)
    make_snippet(slug="notes", category=web)
    table = make_comparison(slug="frameworks", category=web, contenders=0, criteria=0)
    row = make_criterion(table, slug="speed", name="Speed", group=CriterionGroup.objects.get())
    for technology in (flask, quart):
        make_cell(row, make_contender(table, technology=technology))
    role = Role.objects.create(stack=make_stack(slug="api", roles=0), slug="framework", name="F")
    Choice.objects.create(role=role, technology=flask, with_technology=redis)
    versions = make_version_set(slug="november", pins=0)
    Pin.objects.create(
        version_set=versions, package=Package.objects.get(name="flask"), specifier="^3.0"
    )
