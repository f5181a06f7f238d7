"""Followers of the primary and secondary accounts added up: University Twitter Engagement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scipy.stats import kendalltau

from vigie.index.checking import SAME, check_ranks, select, verdict, written
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import totals
from vigie.words import _

NAME = "followers_total"
TOTAL = "followers_primary_and_secondary"
ONE_BY_ONE = "followers_sum_of_accounts"
REPUTATION = "aggregate_reputation_rank"
PUBLISHED_TAU = "0.6018"


class FollowersTotal(Method):
    """The followers of every account of the institution, primary and secondary, added up.

    Published for Twitter: the official primary account and every account whose address is in
    the institution's domain. In the Index all networks are added; where only principal
    accounts are known, only they are. People who follow two accounts count twice.
    """

    label = _("Followers, all accounts")
    author = "McCoy, Nelson, Weigle (Old Dominion University)"
    since = "2017-08"
    source_url = "http://arxiv.org/abs/1708.05790"
    needs = frozenset({"followers"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """Add the followers of all accounts up."""
        return [
            Listing(
                name="overall",
                label=_("Followers of all accounts"),
                scores=totals(entries, "followers_all", "followers"),
                unit=_("people"),
            )
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Re-rank the 264 universities; compare with their reputation as the paper does."""
        table = select(facts, metric=TOTAL)
        entries = [
            Entry(institution=f.institution, network="x", metrics={"followers": f.value})
            for f in table
        ]
        (listing,) = self.listings(entries)
        yield from check_ranks(NAME, table, listing.scores)
        sums = {f.institution: f.value for f in select(facts, metric=ONE_BY_ONE)}
        yield from judge_totals({one: v for one, v in sums.items() if v is not None}, facts)
        if table:
            yield _correlation(table, select(facts, metric=REPUTATION))


def sum_accounts(universities: Iterable[Mapping[str, object]]) -> dict[str, float]:
    """Add the followers of every account up, as the publisher's file of accounts lists them.

    ``universities`` is the list the file holds: for each its name, one primary account (or a
    list of them) and its secondary ones (an empty text where there are none).
    """
    return {str(one["UNIVERSITY"]): float(sum(_counts(list(one.values())))) for one in universities}


def _counts(held: object) -> Iterator[int]:
    if isinstance(held, list):
        for one in held:
            yield from _counts(one)
    elif isinstance(held, dict):
        if "FOLLOWER_COUNT" in held:
            yield int(held["FOLLOWER_COUNT"])
        else:
            yield from _counts(list(held.values()))


def judge_totals(sums: Mapping[str, float], facts: Sequence[Fact]) -> Iterator[Verdict]:
    """Judge each published total by the sum of its accounts one by one."""
    for fact in select(facts, metric=TOTAL):
        if fact.institution in sums:
            found = sums[fact.institution]
            yield verdict(
                NAME,
                fact,
                computed=written(found),
                words=SAME
                if found == fact.value
                else _(
                    "{institution} is published with {printed} followers; its accounts one by "
                    "one have {computed}.",
                    institution=fact.institution,
                    printed=fact.value,
                    computed=found,
                ),
            )


def _correlation(table: Sequence[Fact], reputation: Sequence[Fact]) -> Verdict:
    ranks = {fact.institution: fact.value for fact in reputation}
    pairs = [(f.rank, ranks[f.institution]) for f in table if f.institution in ranks]
    tau = float(kendalltau(*zip(*pairs, strict=True), variant="b").statistic)
    computed = f"{tau:.4f}"
    return Verdict(
        method=NAME,
        subject="Kendall τ-b with the aggregate reputation rank",
        printed=PUBLISHED_TAU,
        computed=computed,
        agrees=computed == PUBLISHED_TAU,
        words=_("Agreement of the two orders over {count} universities.", count=len(pairs)),
        source_url=FollowersTotal.source_url,
    )
