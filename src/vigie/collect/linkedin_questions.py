"""Puts the questions of a reading of LinkedIn: paths and parameters, one step after the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from vigie.collect.checking import part_of
from vigie.collect.connector import Ask
from vigie.collect.linkedin_walk import Place, days
from vigie.collect.restli import Value, encoded

MOST = 50
"""Posts of one page, and posts whose figures one question asks for."""
MOST_COMMENTS = 100
KINDS = {"share": "shares", "ugcPost": "ugcPosts"}
"""What LinkedIn calls posts, and the list in which their figures are asked for."""
Question = tuple[str, Mapping[str, Value]]


def question(ask: Ask, now: datetime) -> Question:
    """Return the path of a question, and its parameters."""
    if ask.stream == "check":
        return "posts", {"ids": list(part_of(ask.posts, ask.page, most=MOST))}
    place = Place.of(ask)
    if place is None:
        vanity = (ask.subject.handle or "").rpartition("/")[2]
        return "organizations", {"q": "vanityName", "vanityName": vanity}
    match ask.stream:
        case "posts":
            return _posts(place)
        case "comments":
            return _comments(place)
        case "insights":
            return _insights(place, ask, now)
    if ask.page is None:
        return f"organizations/{place.org}", {}
    followed: dict[str, Value] = {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}
    return f"networkSizes/{encoded(place.urn)}", followed


def _posts(place: Place) -> Question:
    """Ask which posts there are, then for their figures, then for the posts themselves."""
    if place.waiting:
        kind = place.waiting[0]
        named = [urn for urn in place.posts if urn.startswith(f"urn:li:{kind}:")]
        return "organizationalEntityShareStatistics", {**_of(place), KINDS.get(kind, kind): named}
    if place.posts:
        return "posts", {"ids": place.posts}
    return _listing(place, start=place.start)


def _listing(place: Place, *, start: int) -> Question:
    """Ask for the posts of a page, the newest first."""
    paged: dict[str, Value] = {"start": start, "count": MOST, "sortBy": "CREATED"}
    return "posts", {"q": "author", "author": place.urn, **paged}


def _comments(place: Place) -> Question:
    """Ask which posts there are, then for what is said under each."""
    trail = place.trail
    if below := trail.first:
        paged: dict[str, Value] = {"start": below.token or "0", "count": MOST_COMMENTS}
        return f"socialActions/{encoded(below.root)}/comments", paged
    return _listing(place, start=int(trail.onward or 0))


def _insights(place: Place, ask: Ask, now: datetime) -> Question:
    """Ask for the followers gained by day, then for the figures of the same days."""
    kind = "Share" if place.told.at("gains").value is not None else "Follower"
    intervals: Value = {**days(ask, now), "timeGranularityType": "DAY"}
    return f"organizationalEntity{kind}Statistics", {**_of(place), "timeIntervals": intervals}


def _of(place: Place) -> dict[str, Value]:
    return {"q": "organizationalEntity", "organizationalEntity": place.urn}
