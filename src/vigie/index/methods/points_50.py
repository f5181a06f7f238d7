"""Fifty points for the most active account of each network, as charly.education gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.index.checking import SAME, select, verdict
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, networks_known, on_network, places
from vigie.words import _

NAME = "points_50"
MOST = 50
PUBLISHER = "charly.education"
NETWORKS = ("facebook", "instagram", "twitter")


class Points50(Method):
    """On each network 50 points for the account that posts most, one less per rank.

    Accounts that post as often share the better rank and its points (1, 2, 2, 4); an
    institution that is absent gets none; below the fiftieth there are none to get. The points
    of all networks are added up. It measures activity, not effect.
    """

    label = _("Fifty points")
    author = "charly.education"
    since = "2019"
    source_url = "https://www.charly.education/presse/influenceruni"
    needs = frozenset({"posting_frequency"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """Add up the points for posting frequency on every network."""
        institutions = sorted({entry.institution for entry in entries})
        sums: Scores = dict.fromkeys(institutions, 0.0)
        for network in networks_known(entries, "posting_frequency"):
            here = on_network(entries, network, "posting_frequency")
            given = points(here)
            for one in here:
                so_far = sums[one]
                sums[one] = None if so_far is None or one not in given else so_far + given[one]
        return [
            Listing(
                name="overall",
                label=_("Points for posting, all networks"),
                scores=sums,
                unit=_("points"),
            )
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Add the printed points up, and see that they fall with the printed activity."""
        for fact in select(facts, publisher=PUBLISHER, metric="points_total"):
            given = [
                one.value
                for one in select(facts, metric="points", institution=fact.institution)
                if one.publisher == fact.publisher
            ]
            if given:
                yield verdict(NAME, fact, computed=f"{sum(v for v in given if v is not None):.0f}")
        for network in NETWORKS:
            yield from _check_network(facts, network)
        yield from _check_reprint(facts)


def points(activity: Mapping[str, float | None]) -> dict[str, float]:
    """Return the points of one network."""
    return {one: float(max(0, MOST + 1 - rank)) for one, rank in places(activity).items()}


def _check_network(facts: Sequence[Fact], network: str) -> Iterator[Verdict]:
    """The page kept 30 rows of 50: points may fall faster than the rows seen, never slower."""
    table = select(facts, publisher=PUBLISHER, network=network, metric="points")
    activity = {
        f.institution: f.value
        for f in select(facts, publisher=PUBLISHER, network=network, metric="posts_per_day")
    }
    most = points(activity)
    for fact in table:
        given, own = fact.value or 0.0, activity.get(fact.institution)
        equal = {f.value for f in table if activity.get(f.institution) == own}
        fits = given <= most.get(fact.institution, 0.0) and equal == {fact.value}
        yield verdict(
            NAME,
            fact,
            computed=f"{given:.0f}" if fits else f"≤ {most.get(fact.institution, 0.0):.0f}",
            agrees=fits,
            words=SAME if fits else None,
        )


def _check_reprint(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """Ranks given by a reprint are judged against the list of totals."""
    totals = {
        f.institution: f.value
        for f in select(facts, metric="points_total")
        if f.publisher == PUBLISHER
    }
    ranks = places(totals)
    for fact in select(facts, publisher=PUBLISHER, metric="points_rank"):
        if fact.institution in ranks:
            yield verdict(NAME, fact, computed=str(ranks[fact.institution]))
