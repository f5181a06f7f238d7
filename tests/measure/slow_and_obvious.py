"""The same figures as the indicators, computed post by post in plain Python."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p, sqrt
from statistics import fmean, median, stdev

from scipy.stats import binom
from scipy.stats import t as student

from vigie.model import Post, Snapshot

OLDEST = 45


@dataclass(frozen=True, kw_only=True)
class Seen:
    posts: Sequence[Post]
    snapshots: Sequence[Snapshot]

    def of(self, account: str) -> Seen:
        return Seen(
            posts=[one for one in self.posts if one.account == account],
            snapshots=[one for one in self.snapshots if one.account == account],
        )

    def own(self, account: str, month: date) -> list[Post]:
        return [
            post
            for post in self.posts
            if post.account == account
            and post.published_on.replace(day=1) == month
            and not post.is_repost
        ]

    def followers_on(self, account: str, day: date) -> int | None:
        looks = [
            look
            for look in self.snapshots
            if look.account == account and look.observed_on <= day and look.followers is not None
        ]
        last = max(looks, key=lambda look: look.observed_at, default=None)
        if last is None or (day - last.observed_on).days > OLDEST:
            return None
        return last.followers

    def interactions(self, post: Post) -> int | None:
        siblings = self.own(post.account, post.published_on.replace(day=1))
        names = [
            name
            for name in ("likes", "comments", "shares")
            if any(getattr(one, name) is not None for one in siblings)
        ]
        counts = [getattr(post, name) for name in names]
        return None if not counts or None in counts else sum(counts)


Answer = tuple[float | None, float | None, float | None, int]
"""Value, low, high, n."""
Indicated = Callable[[Seen, str, date], Answer | None]


def end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def followers(seen: Seen, account: str, month: date) -> Answer | None:
    found = seen.followers_on(account, end_of(month))
    return None if found is None else (found, None, None, 1)


def posts(seen: Seen, account: str, month: date) -> Answer | None:
    count = len(seen.own(account, month))
    return (count, None, None, count) if count else None


def active_days(seen: Seen, account: str, month: date) -> Answer | None:
    own = seen.own(account, month)
    return (len({post.published_on for post in own}), None, None, len(own)) if own else None


def interactions(seen: Seen, account: str, month: date) -> Answer | None:
    own = seen.own(account, month)
    known = [found for post in own if (found := seen.interactions(post)) is not None]
    return (sum(known) if len(known) >= 5 else None, None, None, len(known)) if own else None


def _median(own: Sequence[Post], of: Callable[[Post], float | None], least: int) -> Answer | None:
    if not own:
        return None
    known = sorted(found for post in own if (found := of(post)) is not None)
    n = len(known)
    if n < least:
        return None, None, None, n
    middle = (n + 1) // 2
    rank = next(k for k in range(1, n + 1) if binom.sf(middle - 1, n, k / n) >= 0.05 - 1e-12)
    return median(known), known[rank - 1], known[n - rank], n


def _count(seen: Seen, account: str, month: date, name: str) -> tuple[bool, list[int]]:
    own = seen.own(account, month)
    return bool(own), [found for post in own if (found := getattr(post, name)) is not None]


def _total(name: str) -> Indicated:
    def total(seen: Seen, account: str, month: date) -> Answer | None:
        is_there, known = _count(seen, account, month, name)
        return (sum(known) if known else None, None, None, len(known)) if is_there else None

    return total


def _mean(name: str) -> Indicated:
    def mean(seen: Seen, account: str, month: date) -> Answer | None:
        is_there, known = _count(seen, account, month, name)
        if not is_there:
            return None
        n = len(known)
        if n < 5:
            return None, None, None, n
        half = float(student.ppf(0.95, n - 1)) * stdev(known) / sqrt(n)
        return fmean(known), max(0.0, fmean(known) - half), fmean(known) + half, n

    return mean


def interactions_per_post(seen: Seen, account: str, month: date) -> Answer | None:
    return _median(seen.own(account, month), seen.interactions, 5)


def engagement_rate(seen: Seen, account: str, month: date) -> Answer | None:
    def rate(post: Post) -> float | None:
        audience = seen.followers_on(account, post.published_on)
        found = seen.interactions(post)
        return None if found is None or not audience else found / audience

    return _median(seen.own(account, month), rate, 5)


def overperformance_without_audience(seen: Seen, account: str, month: date) -> Answer | None:
    """Only for a network whose accounts are fewer than a line needs, one kind of post."""
    accounts = sorted({post.account for post in seen.posts})
    usual = []
    for one in accounts:
        known = [seen.interactions(post) for post in seen.own(one, month)]
        logs = [log1p(found) for found in known if found is not None]
        if logs:
            usual.append(median(logs))
    if len(usual) < 5:
        return None
    level = median(usual)

    def above(post: Post) -> float | None:
        found = seen.interactions(post)
        return None if found is None else log1p(found) - level

    return _median(seen.own(account, month), above, 8)


INDICATORS = {
    "followers": followers,
    "posts": posts,
    "active_days": active_days,
    "interactions": interactions,
    "interactions_per_post": interactions_per_post,
    "likes": _total("likes"),
    "comments": _total("comments"),
    "likes_per_post": _mean("likes"),
    "comments_per_post": _mean("comments"),
    "engagement_rate": engagement_rate,
}
