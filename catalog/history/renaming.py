"""A thing gets another slug, and whatever names it goes along."""

from django.apps import apps

from catalog.history import documents
from catalog.models import Base, Conflict, Moved, Pending, Thing, ThingKey


def rename(thing: Thing, slug: str) -> None:
    """Give a thing another slug; its old addresses lead to the new one.

    Call it inside of record(). Raises ValidationError for a slug that is not one, or taken.
    """
    old = thing.slug
    thing.slug = slug
    thing.full_clean()
    thing.save()
    moved = Moved.objects.filter(kind=thing.KIND)
    # What has the name now is not what had it once; and no address takes two steps.
    moved.filter(old=slug).delete()
    moved.filter(new=old).update(new=slug)
    Moved.objects.update_or_create(kind=thing.KIND, old=old, defaults={"new": slug})
    for model in (Base, Conflict):
        _name_anew(model, ThingKey(thing.KIND, old), slug)
    Pending.objects.filter(kind=thing.KIND, slug=slug).delete()  # of somebody who had it once
    Pending.objects.filter(kind=thing.KIND, slug=old).update(slug=slug)


def _name_anew(model: type[Base | Conflict], thing: ThingKey, slug: str) -> None:
    """Let what packs said of a thing's rows, and what waits there, go with it to its new slug.

    Whoever gets the old slug later is somebody else, of whom no pack has said anything.
    """
    rows = []
    for row in model.objects.filter(key__contains=thing.slug):
        kinds = documents.kinds_in_key(apps.get_model("catalog", row.model))
        pairs = zip(row.key.split("/"), kinds, strict=True)
        key = "/".join(slug if (kind, part) == thing else part for part, kind in pairs)
        if key != row.key:
            row.key = key
            rows.append(row)
    model.objects.bulk_update(rows, ["key"], batch_size=documents.BATCH)
