"""What a stack offers, what a reader has chosen of it, and what cannot go together."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog.history.rows import Fields, State
from catalog.models.specifiers import admits, lowest
from catalog.models.stack import RoleMode
from catalog.models.starter import Relation


class Offer(NamedTuple):
    """A technology that may fill a role, and the one it goes with (blank for none)."""

    technology: str
    beside: str
    version: str

    @property
    def technologies(self) -> tuple[str, ...]:
        return (self.technology, self.beside) if self.beside else (self.technology,)


class Place(NamedTuple):
    """A role of a stack with its offers; of a role to choose for, the first is the default."""

    slug: str
    name: str
    is_choice: bool
    offers: tuple[Offer, ...]


class Chosen(NamedTuple):
    """What fills each role, by the role's slug, and what was asked for that is not offered."""

    places: tuple[Place, ...]
    filled: dict[str, tuple[Offer, ...]]
    complaints: list[str]

    @property
    def technologies(self) -> list[str]:
        """The technologies in the order of the roles, each once."""
        offers = (offer for place in self.places for offer in self.filled[place.slug])
        return list(dict.fromkeys(slug for offer in offers for slug in offer.technologies))

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What was chosen where there is a choice, as parameters of an address."""
        return tuple(
            (place.slug, self.filled[place.slug][0].technology)
            for place in self.places
            if place.is_choice
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same without the defaults: the canonical form."""
        defaults = {(one.slug, one.offers[0].technology) for one in self.places if one.is_choice}
        return tuple(pair for pair in self.choices if pair not in defaults)

    def instead(self, place: Place, offer: Offer) -> "Chosen":
        """Return this with another offer in a place."""
        return self._replace(filled={**self.filled, place.slug: (offer,)})


def places_in(stack: State, readable: Container[str]) -> tuple[Place, ...]:
    """Return the roles in the document of a stack; only `readable` technologies are offered."""
    offers: dict[str, list[Offer]] = defaultdict(list)
    for row, fields in stack.items():
        if row.model == "choice" and row.key[2] in readable:
            beside = (fields["with_technology"] or [""])[0]
            offer = Offer(row.key[2], beside if beside in readable else "", fields["version"])
            offers[row.key[1]].append(offer)
    return tuple(
        Place(
            row.key[1],
            fields["name"],
            fields["mode"] == RoleMode.ONE_OF and len(offers[row.key[1]]) > 1,
            tuple(offers[row.key[1]]),
        )
        for row, fields in stack.items()
        if row.model == "role" and offers[row.key[1]]
    )


def choose(places: Sequence[Place], asked: Mapping[str, Sequence[str]]) -> Chosen:
    """Fill each role: by what is asked, else by its first offer, or by all it takes."""
    filled, complaints = {}, []
    for place in places:
        filled[place.slug] = place.offers[:1] if place.is_choice else place.offers
    by_slug = {place.slug: place for place in places if place.is_choice}
    for name, values in asked.items():
        if name not in by_slug:
            continue  # it is no role's, as what others add to addresses
        offers = {offer.technology: offer for offer in by_slug[name].offers}
        if (found := offers.get(values[-1])) is None:
            complaints.append(f"“{values[-1]}” is not offered for {by_slug[name].name}.")
        else:
            filled[name] = (found,)
    return Chosen(tuple(places), filled, complaints)


def at_odds(
    chosen: Sequence[str],
    documents: Mapping[str, State],
    names: Mapping[str, str],
    takes: Mapping[str, str],
) -> Iterator[str]:
    """Yield a sentence for each two of these technologies that cannot go together.

    Also for what one of them needs that is not among them. `documents` are theirs, `names` those of
    what readers may see, `takes` the specifiers by which versions are taken: an edge for some
    versions of the other counts where the lowest that is taken is one, or none is known.
    """
    for slug in chosen:
        for row, fields in documents[slug].items():
            if row.model != "compatibility" or (other := row.key[2]) not in names:
                continue
            relation, because = fields["relation"], fields["because"]
            is_meant = other in chosen and _admits_lowest(fields["versions"], takes.get(other, ""))
            what = f"{names[other]} {fields['versions']}".rstrip()
            what += f" ({because})." if because else "."
            if relation == Relation.CONFLICTS_WITH and is_meant:
                yield f"{own(documents[slug])['name']} cannot go with {what}"
            elif relation == Relation.NEEDS and not is_meant:
                yield f"{own(documents[slug])['name']} needs {what}"


def _admits_lowest(versions: str, takes: str) -> bool:
    try:
        return not (versions and takes) or admits(versions, lowest(takes))
    except ValueError:  # what a fixture brought
        return True


def own(document: State) -> Fields:
    """Return what the thing itself says in its document, in which it stands first."""
    return next(iter(document.values()))
