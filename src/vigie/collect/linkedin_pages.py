"""Reads the answers of LinkedIn step by step: what one tells is carried to the next question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from vigie.collect.checking import checked
from vigie.collect.connector import Context, Page, Payload
from vigie.collect.graph import oldest
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.linkedin_items import (
    COUNTS,
    POST,
    LinkedinReading,
    gained,
    has_answers,
    localized,
    published_when,
)
from vigie.collect.linkedin_questions import KINDS, MOST
from vigie.collect.linkedin_walk import Place, at, onward, whole
from vigie.collect.nested import Item
from vigie.collect.trail import Below, Trail


def lookup_page(body: Item) -> Page:
    """Go on with the number of the page that was found by its name."""
    org = body.name("elements", 0, "id")
    page = page_of(listed(body.at("elements"), where="elements"), _left("read with the profile"))
    return replace(page, next_page=None if org is None else at(org))


def _left(why: str) -> Callable[[Item], Skipped]:
    def read(item: Item) -> Skipped:
        item.needed("id")
        return Skipped(why)

    return read


def profile_page(body: Item, place: Place | None, reading: LinkedinReading) -> Page:
    """Carry what the page says of itself to the question that tells its followers."""
    if reading.payload.page is not None:
        told = place.told.at("about").value if place else None
        size = body.at("firstDegreeSize").value
        return page_of([{"about": told, "firstDegreeSize": size}], reading.profile)
    found = [body.value]
    if place is None and body.at("id").value is None:
        found = listed(body.at("elements"), where="elements")
    page = page_of(found, _left("read with the followers"))
    item = Item(found).at(0)
    org = item.name("id")
    about = {
        "name": item.text("localizedName"),
        "description": item.text("localizedDescription") or localized(item.at("description")),
        "website": item.name("localizedWebsite") or localized(item.at("website")),
    }
    handle = item.name("vanityName")
    return replace(
        page,
        next_page=None if org is None else at(org, about=about),
        handles={org: handle} if org and handle else {},
    )


def posts_page(body: Item, place: Place, reading: LinkedinReading) -> Page:
    """Read which posts there are, or their figures, or the posts themselves."""
    if place.waiting:
        return _figures_page(body, place)
    further = whole(place.told.at("onward"))
    following = None if further is None else at(place.org, start=further)
    if place.posts:
        results = body.at("results")
        counts = place.told.at("counts")
        found = [one.value for urn in place.posts if (one := results.at(urn)).value is not None]
        page = page_of(found, lambda item: reading.published(item, counts=counts))
        return replace(page, next_page=following)
    items = listed(body.at("elements"), where="elements")
    page = page_of(items, _left("read with its figures"))
    named = [urn for one in map(Item, items) if POST.fullmatch(urn := one.name("id") or "")]
    kinds = [kind for kind in KINDS if any(f":{kind}:" in urn for urn in named)]
    rest = onward(body)
    if not named:
        return replace(page, next_page=None if rest is None else at(place.org, start=rest))
    return replace(page, next_page=at(place.org, posts=named, waiting=kinds, onward=rest))


def _figures_page(body: Item, place: Place) -> Page:
    """Carry the figures of posts to the question that tells the posts themselves."""
    told = place.told.at("counts").value
    counts: dict[str, object] = dict(told) if isinstance(told, dict) else {}

    def read(item: Item) -> Skipped:
        urn = item.name("share") or item.needed("ugcPost")
        counted = item.at("totalShareStatistics")
        counts[urn] = [counted.count(name) for name in COUNTS]
        return Skipped("figures, read with the posts")

    page = page_of(listed(body.at("elements"), where="elements"), read)
    rest = {"posts": place.posts, "waiting": place.waiting[1:], "counts": counts}
    return replace(page, next_page=at(place.org, **rest, onward=whole(place.told.at("onward"))))


def check_page(body: Item, payload: Payload, context: Context) -> Page:
    """Read which posts are gone: only what LinkedIn says is not found, nothing it merely hides."""
    errors, statuses = body.at("errors"), body.at("statuses")

    def is_gone(post: str) -> bool:
        said = (errors.at(post, "status").value, statuses.at(post).value)
        return body.at("results", post).value is None and (404 in said or 410 in said)

    there = {post for post in payload.posts if body.at("results", post).value is not None}
    hidden = {post for post in payload.posts if not is_gone(post)}
    return checked(payload, context, there=there, hidden=hidden, most=MOST)


def comments_page(body: Item, place: Place, reading: LinkedinReading) -> Page:
    """Read which posts there are, or what is said under one of them or under a comment."""
    trail, below = place.trail, place.trail.first
    if reading.payload.status >= 400:
        return _on(place, Page(), trail.after(None))
    items = listed(body.at("elements"), where="elements")
    rest = onward(body)
    if below is None:
        posts = [Item(one) for one in items]
        deeper = tuple(Below(root=urn) for one in posts if (urn := one.name("id")))
        begun = oldest(
            [Item({"on": one.at(published_when(one)).value}) for one in posts], when="on"
        )
        further = None if rest is None else str(rest)
        page = page_of(items, _left("read with its comments"))
        return _on(place, page, Trail(below=deeper, onward=further, oldest=begun))
    under = below.thread or below.root
    page = page_of(items, lambda item: reading.comment(item, under=under, org=place.org))
    after = trail.after(None if rest is None else str(rest))
    answered = () if below.thread else tuple(_answered(items, under))
    return _on(place, page, replace(after, below=(*answered, *after.below)))


def _answered(items: Sequence[object], post: str) -> Iterator[Below]:
    """Yield the comments that have answers of their own."""
    for item in map(Item, items):
        urn = item.name("commentUrn")
        if urn and has_answers(item):
            yield Below(root=urn, thread=post)


def _on(place: Place, page: Page, trail: Trail) -> Page:
    """Say where a page leads, and how far back it goes once its discussions are read."""
    text = trail.text
    reached = None if trail.below else trail.oldest
    return replace(page, next_page=text and at(place.org, trail=text), oldest=reached)


def insights_page(body: Item, place: Place, reading: LinkedinReading) -> Page:
    """Carry the followers gained to the question that tells the other figures of these days."""
    items = listed(body.at("elements"), where="elements")
    known = place.told.at("gains")
    if known.value is None:
        page, gains = _gains(items)
        return replace(page, next_page=at(place.org, gains=gains))
    told = known.value if isinstance(known.value, dict) else {}
    gains = {name: known.count(name) for name in told}
    seen = {Item(one).name("timeRange", "start") for one in items}
    alone = [{"timeRange": {"start": start}} for start in gains if start not in seen]
    return page_of([*items, *alone], lambda item: reading.account_day(item, gains=gains))


def _gains(items: Sequence[object]) -> tuple[Page, dict[str, int | None]]:
    """Read the followers that each day brought: beginning of the day → how many."""
    gains: dict[str, int | None] = {}

    def read(item: Item) -> Skipped:
        item.when("timeRange", "start")
        gains[item.needed("timeRange", "start")] = gained(item)
        return Skipped("followers gained, read with the other figures")

    return page_of(items, read), gains
