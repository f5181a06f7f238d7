"""Reactions to a post for each thousand fans: Varsity Outreach's engagement score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.index.checking import select, verdict, worked_example, written
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, figure, networks_known
from vigie.words import _

NAME = "per_thousand_fans"
SCORE = "engagement_score_per_1000_fans_mean"


class PerThousandFans(Method):
    """(Likes + 2 × comments) of the average post, divided by fans, times 1,000.

    From 2013 shares count as well, twice like comments. The more a page posts, the lower each
    post scores. One list per network; Facebook's leads where there is one.

    The Index uses the formula of 2010: not every network tells how often a post was shared.
    """

    label = _("Per thousand fans")
    author = "Varsity Outreach"
    since = "2010-09"
    source_url = "http://blog.varsityoutreach.com/2010/09/"
    needs = frozenset({"likes_per_post", "comments_per_post", "followers"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """List the score of the average post on each network."""
        networks = sorted(
            networks_known(entries, "likes_per_post"), key=lambda name: (name != "facebook", name)
        )
        return [
            Listing(
                name=network,
                label=_("Reactions per thousand fans on {network}", network=network),
                scores=_scores(entries, network),
                unit=_("per thousand fans"),
            )
            for network in networks
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Compute the printed mean of 2013 from the printed means of its three parts."""
        printed = {
            fact.metric: fact for fact in select(facts, publisher="Varsity Outreach", date="2013")
        }
        if SCORE in printed:
            likes, comments, shares = (
                printed[f"{part}_per_1000_fans_mean"].value or 0.0
                for part in ("likes", "comments", "shares")
            )
            computed = score(likes=likes, comments=comments, shares=shares, fans=1_000.0)
            yield verdict(
                NAME,
                printed[SCORE],
                computed=written(computed, 2),
                words=_(
                    "A difference in the last digit: the printed parts are rounded, and their "
                    "sum may be off by as much as 0.025."
                ),
            )
        yield worked_example(
            NAME,
            "12 likes, 4 comments, 5 000 fans",
            expected="4.00",
            computed=written(score(likes=12.0, comments=4.0, fans=5_000.0), 2),
            source_url=self.source_url,
        )


def score(*, likes: float, comments: float, fans: float, shares: float = 0.0) -> float:
    """Return the score of a post."""
    return 1_000.0 * (likes + 2.0 * comments + 2.0 * shares) / fans


def _scores(entries: Sequence[Entry], network: str) -> Scores:
    found: Scores = {}
    for entry in entries:
        if entry.network != network or not entry.is_present:
            continue
        likes, comments = figure(entry, "likes_per_post"), figure(entry, "comments_per_post")
        fans = figure(entry, "followers")
        known = likes is not None and comments is not None and fans
        found[entry.institution] = (
            score(likes=likes or 0.0, comments=comments or 0.0, fans=fans or 1.0) if known else None
        )
    return found
