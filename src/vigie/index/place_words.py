"""What is said of a place: never a rank without how sure we are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from vigie.index.place import Place
from vigie.model import Standing
from vigie.present import naming
from vigie.present.document import Note
from vigie.present.timeline import Series
from vigie.present.writing import Chance, Month, Percent, Rank, together
from vigie.words import Words, _, plural


def headline(place: Place) -> Words:
    """Return the answer to *where does it stand?*: 7th of 71, between 4th and 12th."""
    name, standing = place.institution.name, place.standing
    if standing is None or standing.rank is None:
        return _("{name}: not ranked", name=name)
    facts: dict[str, Any] = {
        "name": name,
        "rank": Rank(standing.rank),
        "count": standing.group_size,
        "institutions": naming.institutions(standing.group.split(".")[0]),
    }
    if standing.rank_low is None or standing.rank_high is None:
        return _("{name}: {rank} of {count} {institutions}", **facts)
    return _(
        "{name}: {rank} of {count} {institutions}, between {best} and {worst}",
        best=Rank(standing.rank_low),
        worst=Rank(standing.rank_high),
        **facts,
    )


def lead(place: Place) -> Words:
    """Return the sentences under the headline."""
    standing, edition = place.standing, place.edition
    if edition is None:
        return _("There is no edition of the Index yet: this page shows what was observed.")
    month = Month(edition.month_on)
    if standing is None:
        return _("Not part of the edition of {month}.", month=month)
    group = naming.group(standing.group)
    if standing.rank is None:
        return _(
            "{month}, {group}: too little is known, or the group is too small, for a rank.",
            month=month,
            group=group,
        )
    return together(_("{month}, {group}.", month=month, group=group), *_confidence(place, standing))


def _confidence(place: Place, standing: Standing) -> list[Words]:
    said = []
    if standing.first_ten is not None:
        chance = Chance(standing.first_ten)
        said.append(_("Its chance of being among the first ten is {chance}.", chance=chance))
    if place.alike:
        said.append(
            plural(
                "It cannot be told apart from {count} other institution.",
                "It cannot be told apart from {count} other institutions.",
                count=place.alike,
            )
        )
    ranks = [other.rank for other in place.others if other.rank is not None]
    if ranks:
        said.append(
            _(
                "Other published methods place it between {best} and {worst}.",
                best=Rank(min(ranks)),
                worst=Rank(max(ranks)),
            )
        )
    if standing.previous_rank is not None:
        before = Rank(standing.previous_rank)
        said.append(_("In the edition before it was {rank}.", rank=before))
    return said


def warnings(place: Place) -> list[Note]:
    """Return what must be known before the rank is used."""
    notes = []
    if place.edition is not None and place.edition.published_at is None:
        notes.append(Note(text=_("Draft: these ranks may still change."), kind="partial"))
    if place.institution.merged_into:
        words = _("It has merged into {other}.", other=place.institution.merged_into)
        notes.append(Note(text=words))
    coverage = place.standing.coverage if place.standing else None
    if coverage is not None and coverage < 1:
        words = _(
            "{known} of the scores this rank needs are known; the others widen its interval.",
            known=Percent(coverage),
        )
        notes.append(Note(text=words, kind="partial"))
    return notes


def growth(network: str, line: Series) -> Words:
    """Say how a series moved; across a break only where it stands now."""
    known: list[tuple[date, float]] = [(m, v) for m, v in line.points if v is not None]
    if not known:
        return _("{network}: unknown.", network=naming.network(network))
    (first_month, first), (last_month, last) = known[0], known[-1]
    facts: Mapping[str, Any] = {"network": naming.network(network), "last": round(last)}
    if not first or line.is_broken(after=first_month, until=last_month):
        return _("{network}: {last} followers in {month}.", month=Month(last_month), **facts)
    return _(
        "{network}: from {first} to {last} followers ({growth}).",
        first=round(first),
        growth=Percent(last / first - 1, decimals=1, sign=True),
        **facts,
    )
