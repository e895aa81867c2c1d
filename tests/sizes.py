"""Comparisons as large as they come, filled like real ones."""

from datetime import date

from catalog.models import Cell, Comparison, Contender, Criterion, CriterionGroup
from tests.factories import make_category, make_technology

# Contenders and criteria.
SIZES = ((4, 5), (10, 40), (20, 40))


def make_tables() -> None:
    """Comparisons of SIZES with every cell judged, most with a note, all with their evidence."""
    words = ("None", "Small", "Moderate", "Good", "Excellent")
    category = make_category()
    technologies = [make_technology(slug=f"tool-{n}", name=f"Tool {n}") for n in range(20)]
    for columns, rows in SIZES:
        comparison = Comparison.objects.create(
            slug=f"size-{columns}-{rows}",
            title=f"{columns} x {rows}",
            category=category,
            status="published",
        )
        contenders = [
            Contender.objects.create(
                comparison=comparison, technology=technology, position=n, versions="2.1 to 2.4"
            )
            for n, technology in enumerate(technologies[:columns])
        ]
        groups = [
            CriterionGroup.objects.create(
                comparison=comparison, slug=f"group-{n}", name=f"Group {n}", position=n
            )
            for n in range(4)
        ]
        cells = []
        for n in range(rows):
            criterion = Criterion.objects.create(
                comparison=comparison,
                group=groups[n * 4 // rows],
                slug=f"criterion-{n}",
                name=f"A criterion in words {n}",
                question=f"What is asked of every contender in row {n}?",
                kind="yes-no" if n % 4 == 3 else "rating",
                weight=1 + n % 3,
                position=n,
            )
            for m, contender in enumerate(contenders):
                rating = (4 * ((n + m) % 2)) if n % 4 == 3 else (n * 7 + m * 3) % 5
                if (n * 20 + m) % 13 == 0:
                    cells.append(Cell(criterion=criterion, contender=contender, state="unknown"))
                    continue
                cells.append(
                    Cell(
                        criterion=criterion,
                        contender=contender,
                        rating=rating,
                        word=("No", "", "", "", "Yes")[rating] if n % 4 == 3 else words[rating],
                        note=f"Since {1 + m}.{n}, by default" if (n + m) % 2 else "",
                        source=f"https://docs.example.org/tool-{m}/chapter-{n // 2}.html",
                        verified_on=date(2026, 11, 1 + m),
                        verified_by="The editors",
                    )
                )
        Cell.objects.bulk_create(cells)
