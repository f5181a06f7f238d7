"""Reads the answers of an actor of ActivityPub: profile, counts, and its outbox page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from vigie.collect.activities import (
    Activities,
    each,
    gone,
    identifier_in,
    only_named,
    website_in,
)
from vigie.collect.connector import Context, Page, Payload
from vigie.collect.fediverse import NETWORK, read_json
from vigie.collect.html_words import words_of
from vigie.collect.items import fields_of, page_of
from vigie.collect.moments import local_day
from vigie.collect.nested import Item
from vigie.collect.webfinger import actor_of, is_webfinger
from vigie.errors import GarbledError, RowError
from vigie.model import Snapshot
from vigie.words import _

COLLECTIONS = {"followers": "followers", "following": "following", "posts": "outbox"}
"""Count of a profile → collection of the actor that says it."""
GONE = frozenset({404, 410})


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where in a stream an answer is: kept as JSON in ``Ask.page``."""

    actor: str | None = None
    """The actor's address, once it is known."""
    at: str | None = None
    """What is asked for; none: the actor itself."""
    named: tuple[str, ...] = ()
    """Objects that a page only named: each is asked for before the page after it."""
    then: str | None = None
    """The page after those."""
    profile: Mapping[str, str | None] = field(default_factory=dict)
    """What the actor said of itself."""
    counts: Mapping[str, int | None] = field(default_factory=dict)
    """What its collections said."""
    collections: Mapping[str, str] = field(default_factory=dict)
    """Those that are still to be asked."""
    post: str | None = None
    """Which of the posts asked for is next."""

    def as_page(self) -> str:
        """Write what differs from the beginning."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of(cls, page: str | None) -> Step:
        """Read what was written."""
        said = json.loads(page) if page else {}
        return cls(**{**said, "named": tuple(said.get("named", ()))})

    @property
    def asked(self) -> str | None:
        """The address to ask for; none: where the account lives is not known yet."""
        if self.named:
            return self.named[0]
        return next(iter(self.collections.values()), None) or self.at or self.actor


@dataclass(frozen=True, kw_only=True)
class OutboxPages:
    """Reads one answer."""

    payload: Payload
    context: Context

    @property
    def step(self) -> Step:
        """Where the answer is in its stream."""
        return Step.of(self.payload.page)

    def page(self) -> Page:
        """Return what the answer says."""
        if self.payload.stream == "check":
            return self._checked()
        if is_webfinger(self.payload):
            return Page(next_page=Step(actor=actor_of(self.payload)).as_page())
        if self.payload.stream == "profile":
            return self._counted() if self.step.collections else self._actor()
        if self.step.named:
            return self._named()
        return self._outbox() if self.step.at else self._opened()

    def _object(self) -> Item:
        found = Item(read_json(self.payload.body, self.payload.url))
        if not isinstance(found.value, dict):
            raise GarbledError(
                _("{url} answered something else than ActivityPub.", url=self.payload.url)
            )
        return found

    def _opened(self) -> Page:
        """Take the address of the outbox from the actor."""
        outbox = self._object().name("outbox")
        if outbox is None:
            raise GarbledError(_("{url} names no outbox.", url=self.payload.url))
        return Page(next_page=replace(self.step, at=outbox).as_page())

    def _actor(self) -> Page:
        """Take the profile of an actor; its counts are asked for one by one."""
        actor = self._object()
        found = {count: actor.name(name) for count, name in COLLECTIONS.items()}
        profile = {
            "name": actor.text("name") or actor.name("preferredUsername"),
            "description": words_of(actor.name("summary")),
            "website": website_in(actor),
        }
        collections = {count: address for count, address in found.items() if address}
        step = replace(self.step, profile=profile, collections=collections)
        return Page(next_page=step.as_page()) if collections else self._snapshot(step)

    def _counted(self) -> Page:
        """Take one count; the last one completes the profile. A hidden one stays unknown."""
        name, *left = self.step.collections
        try:
            total = self._object().count("totalItems") if self.payload.status == 200 else None
        except RowError as error:
            raise GarbledError(error.words) from error
        step = replace(
            self.step,
            counts={**self.step.counts, name: total},
            collections={one: self.step.collections[one] for one in left},
        )
        return Page(next_page=step.as_page()) if left else self._snapshot(step)

    def _snapshot(self, step: Step) -> Page:
        snapshot = Snapshot(
            network=NETWORK,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=local_day(self.payload.received_at, self.context.zone),
            followers=step.counts.get("followers"),
            following=step.counts.get("following"),
            posts=step.counts.get("posts"),
            name=step.profile.get("name"),
            description=step.profile.get("description"),
            website=step.profile.get("website"),
            source=self.payload.connector,
            run=self.context.run or None,
        )
        return Page(records=[snapshot], fields=fields_of([snapshot]))

    def _activities(self) -> Activities:
        actor = self.step.actor or ""
        return Activities(payload=self.payload, context=self.context, actor=actor)

    def _outbox(self) -> Page:
        """Read the activities on a page; a collection may begin with its first page inside."""
        found = self._object()
        first = found.at("first")
        held = first if isinstance(first.value, dict) and items_in(first) else found
        items = items_in(held)
        following = identifier_in(held.at("next")) or (
            identifier_in(first) if held is found and not items else None
        )
        named = tuple(filter(None, (only_named(one) for one in items)))
        step = replace(self.step, at=following, named=named)
        if named:
            step = replace(step, at=self.step.at, then=following)
        goes_on = (named or following) and following != self.step.at
        page = page_of([one.value for one in items], self._activities().read)
        # What is asked for by itself belongs to this page: its end is not reached before.
        oldest = None if named else page.oldest
        return replace(page, next_page=step.as_page() if goes_on else None, oldest=oldest)

    def _named(self) -> Page:
        """Read an object that a page of the outbox only named."""
        left = self.step.named[1:]
        step = replace(self.step, named=left)
        if not left:
            step = replace(step, at=self.step.then, then=None)
        page = Page(skipped={"no longer there": 1})
        if self.payload.status not in GONE:
            page = page_of([self._object().value], self._activities().read)
        return replace(page, next_page=step.as_page() if left or self.step.then else None)

    def _checked(self) -> Page:
        """Read whether one post is still there."""
        posts = self.payload.posts
        begin = posts.index(self.step.post) if self.step.post in posts else 0
        reason = self._reason()
        tombstone = gone(posts[begin], self.payload, self.context, reason=reason or "")
        page = Page(records=[tombstone]) if reason else Page(skipped={"still there": 1})
        left = posts[begin + 1 :]
        return replace(page, next_page=Step(post=left[0]).as_page() if left else None)

    def _reason(self) -> str | None:
        """Return why a post is gone; none where it is still there."""
        if self.payload.status in GONE:
            return "deleted" if self.payload.status == 410 else "absent"
        return "deleted" if self._object().name("type") == "Tombstone" else None


def items_in(page: Item) -> list[Item]:
    """Return the activities that a collection or a page of it holds."""
    ordered = page.at("orderedItems")
    return list(each(ordered if ordered.value is not None else page.at("items")))
