"""The order of the sum of the ranks on each network, as Rival IQ's overall ranking has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.index.checking import check_ranks, select
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, networks_known, on_network, places
from vigie.words import _

NAME = "rank_sum"


class RankSum(Method):
    """Each institution is ranked on each network by engagement; the ranks are added up.

    The smallest sum leads, and equal sums share a rank. Nothing of this is written on the
    publisher's pages, which speak of weights: the plain sum of the channel ranks gives the
    printed overall rank in every complete row (2019 and 2022). An institution that is absent
    from a network comes after the last one there; an unknown makes the sum unknown.
    """

    label = _("Sum of ranks")
    author = "Rival IQ"
    since = "2019"
    source_url = "https://www.rivaliq.com/blog/higher-ed-social-media-engagement-report-2022/"
    needs = frozenset({"engagement_rate"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """Add up the ranks by engagement rate on every network."""
        ranks = {
            network: _ranked(entries, network)
            for network in networks_known(entries, "engagement_rate")
        }
        institutions = sorted({entry.institution for entry in entries})
        sums: Scores = {one: summed([ranks[n][one] for n in ranks]) for one in institutions}
        return [
            Listing(
                name="overall",
                label=_("Sum of the ranks on each network"),
                scores=sums,
                unit=_("ranks"),
                higher_leads=False,
            )
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Add the printed channel ranks up and rank the sums, for 2019 and 2022."""
        for year in ("2019", "2022"):
            table = [
                fact
                for fact in select(facts, date=year, metric="engagement_rank")
                if fact.publisher == "Rival IQ"
            ]
            overall = [fact for fact in table if fact.network == "all networks"]
            channels: dict[str, list[float | None]] = {}
            for fact in table:
                if fact.network != "all networks":
                    channels.setdefault(fact.institution, []).append(fact.value)
            sums = {one: summed(found) for one, found in channels.items()}
            yield from check_ranks(NAME, overall, sums, higher_leads=False)


def summed(ranks: Sequence[float | None]) -> float | None:
    """Add ranks up; one unknown makes the sum unknown."""
    known = [rank for rank in ranks if rank is not None]
    return sum(known) if ranks and len(known) == len(ranks) else None


def _ranked(entries: Sequence[Entry], network: str) -> Mapping[str, float | None]:
    here = on_network(entries, network, "engagement_rate")
    ranks = places(here)
    return {
        one: (float(ranks[one]) if one in ranks else None) if one in here else len(here) + 1.0
        for one in sorted({entry.institution for entry in entries})
    }
