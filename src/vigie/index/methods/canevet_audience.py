"""Audience and its change over the month, as Canévet and comcampus listed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.index.checking import check_ranks, select, verdict, worked_example
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import networks_known, on_network
from vigie.words import _

NAME = "canevet_audience"


class CanevetAudience(Method):
    """Fans of the official page, and how they changed over the month.

    Two lists for each network, universities and schools apart (that is the peer group): fans,
    and growth in per cent since the month before. The first list is Facebook's where the
    entries have it, otherwise that of the network with the largest audience. An institution
    without a page is not in the list. Published monthly from 2009 (*Campus Communication*)
    and 2015 (*Canévet et associés*).
    """

    label = _("Canévet, audience")
    author = "Manuel Canévet"
    since = "2009-04"
    source_url = (
        "https://canevetetassocies.fr/2015/04/02/avril-2015-top-10-des-universites-sur-facebook/amp"
    )
    needs = frozenset({"followers"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """List fans, then growth, network by network."""
        found = []
        for network in _by_audience(entries):
            found.append(
                Listing(
                    name=f"fans.{network}",
                    label=_("Fans on {network}", network=network),
                    scores=on_network(entries, network, "followers"),
                    unit=_("people"),
                )
            )
            growth = on_network(entries, network, "audience_growth")
            if any(value is not None for value in growth.values()):
                found.append(
                    Listing(
                        name=f"growth.{network}",
                        label=_("Growth on {network} over the month", network=network),
                        scores=growth,
                        unit=_("%"),
                    )
                )
        return found

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Re-rank the lists of 2009, 2010 and 2012; compute growth where both months are known."""
        for publisher, date, metric in (
            ("Campus Communication", "2009-04", "members"),
            ("Campus Communication", "2010-11", "fans"),
            ("Jade Le Maître", "2012-09", "fans"),
        ):
            table = select(facts, publisher=publisher, date=date, metric=metric)
            listed = _listed(table)
            yield from check_ranks(NAME, table, listed.scores)
        yield from _check_growth(facts)


def growth(now: float, change: float) -> float:
    """Return the change in per cent of what there was before it."""
    return 100.0 * change / (now - change)


def _by_audience(entries: Sequence[Entry]) -> list[str]:
    sums = {
        network: sum(v for v in on_network(entries, network, "followers").values() if v)
        for network in networks_known(entries, "followers")
    }
    return sorted(sums, key=lambda network: (network != "facebook", -sums[network], network))


def _listed(table: Sequence[Fact]) -> Listing:
    entries = [
        Entry(institution=f.institution, network="facebook", metrics={"followers": f.value})
        for f in table
    ]
    listings = CanevetAudience().listings(entries)
    empty: Mapping[str, float | None] = {}
    return listings[0] if listings else Listing(name="", label=_("Nothing"), scores=empty)


def _check_growth(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """No page prints both a change and its percentage: the sums of 2009 are shown, not judged."""
    members = {
        f.institution: f.value
        for f in select(facts, publisher="Campus Communication", date="2009-04", metric="members")
    }
    for change in select(
        facts, publisher="Campus Communication", date="2009-04", metric="members_change_1_month"
    ):
        now = members.get(change.institution)
        if now is not None and change.value is not None:
            percent = growth(now, change.value)
            yield verdict(
                NAME,
                change,
                computed=f"{change.value:.0f}",
                printed=f"{change.value:.0f}",
                words=_(
                    "Printed as a number only; it is {percent} % over the month.",
                    percent=round(percent, 2),
                ),
            )
    yield worked_example(
        NAME,
        "1 100 fans, 100 more than a month ago",
        expected="10.0",
        computed=f"{growth(1_100, 100):.1f}",
        source_url=CanevetAudience.source_url,
    )
