"""How the search takes more entries: `make bench-search`.

Fills a SQLite database of its own with 1,000 and with 100,000 invented entries, a name and a
sentence each, whose words are as common as words are (the second half as often as the first). Asks
both the same kinds of questions and prints the median and the 95th of a hundred, in milliseconds
of the engine alone, and how they compare. Asserts nothing.
"""

import os
import random
import secrets
import statistics
import string
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SIZES = (1_000, 100_000)
WORDS = 20_000
QUESTIONS = 600
TRIES = 3
BATCH = 2_000


def main() -> None:
    figures = [measure(size) for size in SIZES]
    print(f"{'entries':>9} {'median ms':>10} {'p95 ms':>8} {'worst':>8}")
    for size, (median, late, worst) in zip(SIZES, figures, strict=True):
        print(f"{size:9,} {median:10.2f} {late:8.2f} {worst:8.2f}")
    (few, many) = figures
    print(f"{'ratio':>9} {many[0] / few[0]:10.2f} {many[1] / few[1]:8.2f} {many[2] / few[2]:8.2f}")


def measure(size: int) -> tuple[float, float, float]:
    """Return median, 95th percentile and most of the milliseconds a question takes."""
    from django.db import connection

    from catalog.models import Entry, Posting
    from catalog.search.finding import find

    chance = random.Random(size)  # noqa: S311 - always the same
    for model in (Posting, Entry):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
    names = list(fill(size, chance))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    find("warm", size)
    find("qwertyuiop", size)  # reads the vocabulary
    times = []
    for text in questions(names, chance):
        tries = []
        for _ in range(TRIES):
            start = time.perf_counter()
            find(text, size)
            tries.append((time.perf_counter() - start) * 1000)
        times.append(min(tries))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times)


def word(number: int) -> str:
    """Return the word of a number: syllables, so that they share beginnings as words do."""
    syllables = [first + last for first in "bdfgklmnprstvz" for last in "aeiou"]
    found = ""
    number += len(syllables)
    while number:
        number, at = divmod(number, len(syllables))
        found += syllables[at]
    return found


def fill(size: int, chance: random.Random) -> Iterator[str]:
    """Make the entries and yield their names."""
    from django.db import connection, transaction

    from catalog.models import Entry
    from catalog.search import index, texts

    common = [word(number) for number in range(WORDS)]
    weights = [1 / (place + 1) for place in range(WORDS)]
    drawn = iter(chance.choices(common, weights, k=size * 13))
    for start in range(0, size, BATCH):
        entries, rows = [], []
        for number in range(start, min(start + BATCH, size)):
            name = f"{word(WORDS + number)} {next(drawn)}"
            said = [(0, name), (4, " ".join(next(drawn) for _ in range(12)))]
            key, priority = index.key_of("technology", f"t{number}"), number % 7 * 5
            entries.append(
                Entry(
                    id=key, thing=f"technology t{number}", kind="technology", slug=f"t{number}",
                    title=name, priority=priority, texts=said, version=texts.VERSION,
                )
            )  # fmt: skip
            rows += [
                (one.term.encode(), priority, key, one.field, one.position)
                for one in texts.postings_of(said)
            ]
            yield name
        with transaction.atomic(), connection.cursor() as cursor:
            Entry.objects.bulk_create(entries)
            cursor.executemany(index.INSERT, rows)


def questions(names: list[str], chance: random.Random) -> Iterator[str]:
    """Yield names, words of them, beginnings, common words together, and typing errors."""
    for number in range(QUESTIONS):
        name = chance.choice(names)
        first, common = name.split()
        at = chance.randrange(len(first))
        yield (
            name,
            first,
            first[:-2],
            f"{common} {chance.choice(names).split()[1]}",
            common[:3],
            first[:at] + chance.choice(string.ascii_lowercase) + first[at + 1 :],
        )[number % 6]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SECRET_KEY": secrets.token_hex(32),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "stackguide.settings",
        }
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        main()
