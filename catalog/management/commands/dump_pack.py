from argparse import ArgumentParser
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.history.renames import SlugRenames
from catalog.integrity import find_problems
from catalog.models import THINGS, ThingKey
from catalog.packs import dump
from catalog.packs.problems import RefusedError


class Command(BaseCommand):
    help = (
        "Write the guide as a pack, one file per thing: all of it, or a few things with what they "
        "need to be loaded into an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="A folder, made when missing, or a .zip.")
        several = {"nargs": "+", "action": "extend", "default": []}
        parser.add_argument(
            "--only", metavar="KIND/SLUG", help="These things, such as technology/flask.", **several
        )
        parser.add_argument("--name", default="", help="The pack's name; else the folder's.")
        parser.add_argument(
            "--pack-version", default="", help="The pack's version; else the guide's edition."
        )
        parser.add_argument(
            "--over", metavar="NAME", help="Packs whose fields this one may change.", **several
        )
        parser.add_argument(
            "--partial", action="store_true", help="What is not in the pack is not to go."
        )

    def handle(self, *, pack: Path, only: list[str], **options: Any) -> None:
        try:
            manifest, written, hidden = dump(
                pack,
                name=options["name"],
                version=options["pack_version"],
                over=options["over"],
                complete=not options["partial"],
                only=_things(only),
            )
        except RefusedError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            text = f"{pack} cannot be written ({reason}); choose another place."
            raise CommandError(text) from error
        if hidden:
            characters = "1 character" if hidden == 1 else f"{hidden} characters"
            text = f"{characters} that cannot be shown left out, since no pack may hold them."
            self.stderr.write(text, self.style.WARNING)
        for problem in () if only else find_problems():
            text = f"No empty guide will take this pack before this is mended: {problem}"
            self.stderr.write(text, self.style.WARNING)
        files = "1 file" if len(written) == 1 else f"{len(written)} files"
        text = f"Wrote {manifest.name} {manifest.version} into {pack}: {files}."
        self.stdout.write(self.style.SUCCESS(text))


def _things(names: list[str]) -> list[ThingKey]:
    """Return the things that are named; former slugs count. Raises CommandError."""
    today = SlugRenames.read() if names else None
    return [_thing(name, today) for name in names]


def _thing(name: str, today: SlugRenames) -> ThingKey:
    kind, _separator, slug = name.partition("/")
    if not slug:
        raise CommandError(f"“{name}” names no thing; write kind and slug: technology/flask.")
    if kind not in THINGS:
        raise CommandError(f"There is no kind “{kind}”; the kinds are {', '.join(THINGS)}.")
    thing = today.thing(ThingKey(kind, slug))
    slugs = THINGS[kind].objects.order_by("slug").values_list("slug", flat=True)
    if not slugs.filter(slug=thing.slug).exists():
        near = get_close_matches(thing.slug, slugs)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        raise CommandError(f"There is no {kind} “{thing.slug}”{hint}")
    return thing
