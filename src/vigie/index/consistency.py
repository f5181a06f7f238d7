"""Checks the published record against itself: ratios, rates, orders, and figures misread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from vigie.index.checking import (
    SAME,
    check_ranks,
    half_up,
    select,
    truncated,
    verdict,
    written,
)
from vigie.index.method import Fact, Verdict
from vigie.words import Words, _

NAME = "record"
TRUNCATED = _("The printed figure is cut off rather than rounded.")
SHORTENED = _("The printed figure has fewer digits than the others of its table.")
HELD_BY_METHODS = ("Campus Communication", "Jade Le Maître", "L'Étudiant – Groupe 361", "Old Dom")
"""Their orders are judged by the methods themselves."""
RANKED_OTHERWISE = ("HEADway", "Business Cool", "younipa", "Canévet")
"""Their ranks belong to another figure than the one printed beside them."""
ORDERED = (
    "followers",
    "fans",
    "likes_approx",
    "followers_approx",
    "tweets_60_days",
    "tweets_per_day",
    "posts_4_weeks",
    "posts_per_year",
    "social_visibility_score",
    "social_authority",
    "klout_score",
    "mentions_1_month",
    "mark_of_20",
    "fans_and_followers",
    "fans_per_student_pct",
)

Key = tuple[str, str, str, str]


def check_record(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """Judge every printed figure that other printed figures of the same page give."""
    for check in _CHECKS:
        yield from check(facts)


def _beside(facts: Sequence[Fact], metric: str) -> Mapping[Key, float]:
    """Return a metric's figures by page, date, network and institution."""
    return {
        (f.source_url, f.date, f.network, f.institution): f.value
        for f in select(facts, metric=metric)
        if f.value is not None
    }


def _ratio(
    facts: Sequence[Fact],
    metric: str,
    *,
    of: str,
    to: str,
    times: float = 1.0,
    digits: int = 0,
    to_network: str | None = None,
) -> Iterator[Verdict]:
    above, below = _beside(facts, of), _beside(facts, to)
    for fact in select(facts, metric=metric):
        key = (fact.source_url, fact.date, fact.network, fact.institution)
        other = key if to_network is None else (key[0], key[1], to_network, key[3])
        if key in above and other in below and fact.value is not None:
            yield _rounded(fact, times * above[key] / below[other], digits)


def _rounded(fact: Fact, exact: float, digits: int) -> Verdict:
    value = fact.value or 0.0
    right = half_up(exact, digits)
    words: Words | None = None
    if value == right:
        words = SAME
    elif value == truncated(exact, digits):
        words = TRUNCATED
    elif any(value in (half_up(exact, d), truncated(exact, d)) for d in range(digits)):
        words = SHORTENED
    return verdict(NAME, fact, computed=written(right), words=words)


def _check_growth(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """Growth in per cent from the likes of two dates of the same survey."""
    for metric, before in (("growth_pct_8_months", "2011-01"), ("growth_pct_2_years", "2012-07")):
        for fact in select(facts, metric=metric):
            likes = {
                f.date: f.value
                for f in select(facts, metric="likes", institution=fact.institution)
                if f.source_url == fact.source_url
            }
            old, new = likes.get(before), likes.get(fact.date)
            if old and new and fact.value is not None:
                yield _growth(fact, old, new)


def _growth(fact: Fact, old: float, new: float) -> Verdict:
    right = half_up(100.0 * (new - old) / old, 0)
    words = None
    if fact.value == half_up(100.0 * new / old, 0):
        words = _(
            "The printed figure is a slip: {printed} % is the new count over the old one; the "
            "growth is {computed} %.",
            printed=fact.value,
            computed=right,
        )
    return verdict(NAME, fact, computed=written(right), words=words)


def _check_ratios(facts: Sequence[Fact]) -> Iterator[Verdict]:
    yield from _ratio(facts, "follower_ratio", of="followers", to="following", digits=1)
    yield from _ratio(
        facts,
        "adoption_pct",
        of="institutions_on_network",
        to="institutions_in_database",
        times=100.0,
        digits=2,
    )
    yield from _ratio(
        facts, "fans_per_student_pct", of="fans", to="students", times=100.0, to_network=""
    )


def _check_tweets_per_day(facts: Sequence[Fact]) -> Iterator[Verdict]:
    tweets = _beside(facts, "tweets_60_days")
    for fact in select(facts, metric="tweets_per_day"):
        key = (fact.source_url, fact.date, fact.network, fact.institution)
        if key in tweets:
            yield _rounded(fact, tweets[key] / 60.0, 1)


def _check_posts_per_month(facts: Sequence[Fact]) -> Iterator[Verdict]:
    posts = _beside(facts, "posts_per_year")
    for fact in select(facts, metric="posts_per_month"):
        key = (fact.source_url, fact.date, fact.network, fact.institution)
        if key in posts:
            yield _rounded(fact, posts[key] / 12.0, 0)


def _check_engaged_people(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """A rate in per cent read as a share: a hundred times too many people."""
    for fact in select(facts, metric="people_engaged_as_printed_approx"):
        page = [f for f in facts if f.source_url == fact.source_url]
        (total,) = select(page, metric="followers_total_approx")
        (rate,) = select(page, metric="engagement_rate_pct_mean")
        people = (total.value or 0.0) * (rate.value or 0.0) / 100.0
        yield verdict(
            NAME,
            fact,
            computed=written(half_up(people, 0)),
            words=_(
                "The printed figure is a slip: {rate} % of {followers} followers is about "
                "{people} people, a hundred times fewer.",
                rate=rate.value,
                followers=total.value,
                people=half_up(people, 0),
            ),
        )


def _check_per_channel(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """A figure per channel printed in a column of figures per head."""
    totals = _beside(facts, "followers")
    for fact in select(facts, metric="followers_per_channel"):
        total = totals.get((fact.source_url, fact.date, fact.network, fact.institution))
        if not total or not fact.value:
            continue
        channels = round(total / fact.value)
        yield verdict(
            NAME,
            fact,
            computed=written(half_up(total / channels, 0)),
            agrees=False,
            words=_(
                "Printed in a column of followers per head: it is the total over {channels} "
                "channels.",
                channels=channels,
            ),
        )


def _check_lost_digits(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """A count that lost digits on the page, whole in a reprint of the same table."""
    for fact in select(facts, metric="followers_as_printed"):
        whole = [
            f.value
            for f in select(facts, metric="followers", date=fact.date, institution=fact.institution)
            if f.value is not None
        ]
        if whole:
            yield verdict(
                NAME,
                fact,
                computed=written(whole[0]),
                words=_("The printed figure lost its last digits; a reprint has them."),
            )


def _check_orders(facts: Sequence[Fact]) -> Iterator[Verdict]:
    """Re-rank every list that prints both a rank and the figure it comes from."""
    lists: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        skipped = fact.publisher.startswith((*HELD_BY_METHODS, *RANKED_OTHERWISE))
        if fact.rank is not None and fact.metric in ORDERED and not skipped:
            key = (fact.source_url, fact.date, fact.network, fact.category, fact.metric)
            lists.setdefault(key, []).append(fact)
    for table in lists.values():
        if len(table) > 1:
            yield from check_ranks(NAME, table)


_CHECKS: tuple[Callable[[Sequence[Fact]], Iterator[Verdict]], ...] = (
    _check_growth,
    _check_ratios,
    _check_tweets_per_day,
    _check_posts_per_month,
    _check_engaged_people,
    _check_per_channel,
    _check_lost_digits,
    _check_orders,
)
