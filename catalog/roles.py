"""The roles of an editorial team as groups, with the permissions of each."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from catalog.models import (
    CONTENT,
    Category,
    ContentModel,
    Edition,
    Guide,
    Link,
    Miss,
    PackLoad,
    Pending,
    Revision,
    Thing,
    VersionSet,
)

# The frame of the guide: contributors leave it to editors.
FRAME = {Guide.KIND, Category.KIND, VersionSet.KIND}

# What the desk shows beside content.
RECORDS = (Edition, Revision, PackLoad, Pending, Link, Miss)

PARTS = [model for model in CONTENT if not issubclass(model, Thing)]


def _codes(models: Iterable[type], *verbs: str) -> set[str]:
    return {f"{verb}_{model._meta.model_name}" for model in models for verb in verbs}


def _is_in_frame(model: type[ContentModel]) -> bool:
    return all(kind in FRAME for kind, _slug in model.owner_slugs())


SEEN = _codes([*CONTENT, *RECORDS], "view")

# A part is deleted within a change of its thing, which waits for a publisher if that is live; only
# a publisher deletes a whole thing.
ROLES: dict[str, set[str]] = {
    "Contributor": SEEN
    | _codes([model for model in CONTENT if not _is_in_frame(model)], "add", "change")
    | _codes([model for model in PARTS if not _is_in_frame(model)], "delete"),
    "Editor": SEEN
    | _codes(CONTENT, "add", "change")
    | _codes(PARTS, "delete")
    | {"change_pending"},
    "Publisher": SEEN
    | _codes(CONTENT, "add", "change", "delete")
    | {"change_pending", "publish_content", "load_pack"},
    "Auditor": SEEN,
}


def make() -> list[tuple[Group, int, int]]:
    """Make each role's group, or give it what it should have of the catalogue's permissions.

    Permissions of other apps are left as they are, and so are members. Returns each group with
    the number of permissions it has gained and lost.
    """
    of_catalogue = Permission.objects.filter(content_type__app_label="catalog")
    made = []
    with transaction.atomic():
        for name, codes in ROLES.items():
            group, _is_new = Group.objects.get_or_create(name=name)
            wanted = set(of_catalogue.filter(codename__in=codes))
            had = set(group.permissions.filter(content_type__app_label="catalog"))
            group.permissions.add(*(wanted - had))
            group.permissions.remove(*(had - wanted))
            made.append((group, len(wanted - had), len(had - wanted)))
    return made
