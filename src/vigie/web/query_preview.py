"""What a query catches, seen before it is kept: how many, where, when, and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings

from vigie import flow
from vigie.collect.connecting import connectors, may_show_words
from vigie.errors import ListeningError, QueryError, VigieError
from vigie.listening.cells import Counted, without_small
from vigie.listening.concordance import Found
from vigie.listening.narrowing import within
from vigie.listening.preview import examples, limits
from vigie.listening.query import Query
from vigie.listening.query_nodes import Field, Not, all_of
from vigie.listening.sampled import sampled_said
from vigie.listening.searching import Costing
from vigie.sources.connections import entered
from vigie.web.mention_filters import read_words
from vigie.web.site import site_store
from vigie.words import Words

WEEKS = 13
EXAMPLES = 10
MOST_READ = 50_000
"""Posts whose words are read while somebody waits; more are read beforehand, by a worker."""
MOST_TOLD_APART = 50_000
"""Posts whose authors are told apart; of more, a week of few posts is hidden instead."""
SAFE = 50
"""Posts of a week on a network behind which five people stand as good as surely."""


@dataclass(frozen=True, kw_only=True)
class Week:
    """What a week brought."""

    monday: date
    posts: int | None
    """None: hidden, too few people wrote."""
    height: int
    """Of its bar, of 100."""
    place: int
    """Of its bar, from the left."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a query catches, or why it cannot be read."""

    total: int | None = None
    sampled: Words | None = None
    """How the total was estimated; none: everything was kept."""
    weeks: Sequence[Week] = ()
    networks: Sequence[Counted] = ()
    examples: Sequence[Mapping[str, Any]] = ()
    limits: Sequence[Words] = ()
    costs: Sequence[Costing] = ()
    unread: int = 0
    """Months that are not counted yet."""
    mistake: Words | None = None
    pointed: str = ""

    @property
    def since(self) -> date | None:
        """The Monday from which posts are counted."""
        return self.weeks[0].monday if self.weeks else None


def seen(
    words: str,
    *,
    languages: Sequence[str] = (),
    networks: Sequence[str] = (),
    now: datetime | None = None,
) -> Seen:
    """Return what words catch among the posts by others of the last weeks, where they count."""
    configured = settings.CONFIGURED
    today = (now or datetime.now(UTC)).astimezone(configured.zone).date()
    try:
        query = read_words(words, today)
    except (QueryError, ListeningError) as error:
        pointed = error.pointed if isinstance(error, QueryError) else ""
        return Seen(mistake=error.words, pointed=pointed)
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    kept = within(query, languages=languages, networks=networks)
    others = Query(all_of(kept.node, Not(Field("is", ("own",)))))
    store = site_store()
    found = flow.find(store, others, settings=configured, since=first, most=MOST_READ)
    counted = found.estimate
    return Seen(
        total=counted.posts,
        sampled=sampled_said(counted),
        **_groups(found, first),
        examples=[_example(one) for one in examples(store, found.newest(EXAMPLES))],
        limits=limits(query, words),
        costs=flow.costings(kept, found, settings=configured, secrets=_secrets()),
        unread=len(found.missing),
    )


def _example(one: Any) -> Mapping[str, Any]:
    return {
        "network": one.network,
        "post": one.post,
        "url": one.url,
        "published_at": one.published_at,
        "text": one.text,
        "may_show": may_show_words(one.network),
    }


def _groups(found: Found, first: date) -> dict[str, Any]:
    """Count by week and by network, each with its people where they can be told apart."""
    is_told = found.count <= MOST_TOLD_APART
    columns = ("published_on", "network", *(("author",) if is_told else ()))
    weeks: Counter[int] = Counter()
    networks: Counter[str] = Counter()
    of_week: dict[int, set[object]] = {}
    of_network: dict[str, set[object]] = {}
    for (day, network, *author), posts in found.counts(*columns).items():
        week = (day - first).days // 7
        weeks[week] += posts
        networks[network] += posts
        of_week.setdefault(week, set()).update(author)
        of_network.setdefault(network, set()).update(author)
    ordered = sorted(networks, key=lambda name: (-networks[name], name))
    return {
        "weeks": _weeks([_counted(number, weeks, of_week) for number in range(WEEKS)], first),
        "networks": without_small(_counted(name, networks, of_network) for name in ordered),
    }


def _counted(name: Any, posts: Counter[Any], people: Mapping[Any, set[object]]) -> Counted:
    known = len(people.get(name, ()))
    return Counted(name=str(name), posts=posts[name], authors=known or _presumed(posts[name]))


def _weeks(found: Sequence[Counted], first: date) -> list[Week]:
    counted = without_small(found)
    highest = max((one.posts or 0 for one in counted), default=0) or 1
    return [
        Week(
            monday=first + timedelta(days=7 * number),
            posts=one.posts,
            height=round(100 * (one.posts or 0) / highest),
            place=number * 24,
        )
        for number, one in enumerate(counted)
    ]


def _presumed(posts: int) -> int:
    """Return how many people to presume where nobody told them apart: few where posts are."""
    return posts if posts >= SAFE else min(posts, 1)


def _secrets() -> dict[str, Mapping[str, str]]:
    """Return what was entered for each network, to know which can be searched."""
    found = {}
    for name in connectors():
        try:
            found[name] = entered(name, settings=settings.CONFIGURED)
        except VigieError:
            continue
    return found
