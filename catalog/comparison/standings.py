"""How technologies stand in the published comparisons, by the guide's own weights."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.safestring import SafeString

from catalog.comparison import engine
from catalog.comparison.engine import words
from catalog.comparison.engine.fit import ratings_of
from catalog.comparison.engine.question import FIT
from catalog.comparison.pictures import Step, score_strip
from catalog.comparison.tables import kept, tables_of
from catalog.models import Comparison, Edition


class Place(NamedTuple):
    """A contender in a comparison. Level ones share a `place`; without enough known it is None.

    `best` are the weighed rows in which it is best or joint best, `least` those in which none is
    below it and one above, both from the heaviest down; `steps` are all, in the table's order.
    """

    slug: str
    name: str
    versions: str
    score: Fraction | None
    place: int | None
    is_joint: bool
    leads: bool
    best: tuple[engine.Criterion, ...]
    least: tuple[engine.Criterion, ...]
    steps: tuple[Step, ...]

    @property
    def fit(self) -> str:
        """Return the score in figures; blank where nothing weighed is known."""
        return words.points(self.score)

    @property
    def picture(self) -> SafeString:
        return score_strip(self.steps)

    @property
    def ordinal(self) -> str:
        """Return “3rd” or “joint 3rd”; blank without a place."""
        joint = "joint " if self.is_joint else ""
        return f"{joint}{ordinal(self.place)}" if self.place else ""


class Ranking(NamedTuple):
    """A published comparison in short: its contenders from the best fit down.

    `weighed` are the rows that count, `checked` the last day on which a cell was verified.
    """

    slug: str
    title: str
    address: str
    category_id: int
    places: tuple[Place, ...]
    safety: engine.Safety
    weighed: tuple[engine.Criterion, ...]
    rows: int
    evidence: engine.Evidence
    checked: date | None

    @property
    def sentences(self) -> list[str]:
        """Say who leads; and where that is so, that no single weight changes it."""
        return [*words.winner(self.safety), *words.nothing_flips(self.safety)]

    @property
    def headline(self) -> str:
        """Return who leads, or where nothing is weighed the title."""
        return next(iter(words.winner(self.safety)), self.title)


class Standings(NamedTuple):
    """Every published comparison by its slug, in their order."""

    by_comparison: dict[str, Ranking]
    by_technology: dict[str, list[tuple[Ranking, Place]]]

    def of(self, technology: str) -> list[tuple[Ranking, Place]]:
        """Return where the technology with this slug stands, comparison by comparison."""
        return self.by_technology.get(technology, [])

    def in_category(self, category_id: int) -> list[Ranking]:
        return [one for one in self.by_comparison.values() if one.category_id == category_id]


def standings(latest: Edition | None, today: date) -> Standings:
    """Return the standings as of an edition read before. Six queries; none where they are kept."""
    return kept(_standings, latest, today)


def _standings(today: date) -> Standings:
    tables = tables_of(Comparison.objects.published(), today)
    rankings = {one.slug: _ranking(one, table) for one, table in tables.items()}
    by_technology = defaultdict(list)
    for ranking in rankings.values():
        for place in ranking.places:
            by_technology[place.slug].append((ranking, place))
    return Standings(rankings, dict(by_technology))


def _ranking(comparison: Comparison, table: engine.Table) -> Ranking:
    """Judge every contender, as the page of the comparison does before anything is asked of it."""
    slugs = tuple(table.contender_by_slug)
    rectangle = engine.arrange(table, engine.Question(slugs, table.curated_weights, sort=FIT))
    safety = engine.judge(rectangle)
    days = [cell.verified_on for cell in table.cells.values() if cell.verified_on]
    return Ranking(
        slug=comparison.slug,
        title=comparison.title,
        address=comparison.get_absolute_url(),
        category_id=comparison.category_id,
        places=tuple(
            _place(rectangle, at, column in safety.leaders)
            for at, column in enumerate(rectangle.columns)
        ),
        safety=safety,
        weighed=tuple(row for row in table.weighed if row.weight),
        rows=len(table.criteria),
        evidence=engine.evidence(table),
        checked=max(days, default=None),
    )


def _place(rectangle: engine.Rectangle, at: int, leads: bool) -> Place:
    column = rectangle.columns[at]
    score = column.fit.score
    ranked = [one.fit.score for one in rectangle.columns if one.fit.can_lead]
    heaviest = sorted((row for row in rectangle.rows if row.weight), key=lambda row: -row.weight)
    ratings = ratings_of(rectangle.table, column.contender)
    weighed = zip(rectangle.table.weighed, ratings, strict=True)
    return Place(
        slug=column.contender.slug,
        name=column.contender.name,
        versions=column.contender.versions,
        score=score,
        place=1 + sum(one > score for one in ranked) if column.fit.can_lead else None,
        is_joint=column.fit.can_lead and ranked.count(score) > 1,
        leads=leads,
        best=tuple(row.criterion for row in heaviest if row.best[at]),
        least=tuple(row.criterion for row in heaviest if _is_least(row, at)),
        steps=tuple(Step(row.weight, rating) for row, rating in weighed if row.weight),
    )


def _is_least(row: engine.Row, at: int) -> bool:
    """Return whether the cell of a column is known and lowest, and another is known to be more."""
    known = [cell.rating for cell in row.cells if cell.rating is not None]
    return len(set(known)) > 1 and row.cells[at].rating == min(known)
