"""A small invented network, its connector, and what can go wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from vigie.collect.budget import Budget
from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Page,
    Payload,
    Stream,
    Subject,
)
from vigie.collect.items import page_of
from vigie.collect.nested import Item
from vigie.collect.pseudonyms import pseudonyms
from vigie.collect.rights import Rights
from vigie.collect.walking import Reach
from vigie.flow.journal import Collected, Journal
from vigie.flow.keeping import Keeping
from vigie.flow.known import Known
from vigie.flow.round import Round
from vigie.http import Http
from vigie.model import Mention, Post, Record, Snapshot, Tombstone
from vigie.store.store import Store
from vigie.words import _

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
NORTHFIELD = Subject(subject="pond:northfield", network="pond", handle="northfield")
ASHBY = Subject(subject="pond:ashby", network="pond", handle="ashby")


@dataclass
class Pond:
    """What is on the network now: account → posts by identifier, newest last."""

    posts: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    page: int = 3
    before: Callable[[Ask], None] = lambda ask: None
    """Called before every answer: raise here what is to go wrong."""
    asked: list[Ask] = field(default_factory=list)
    clock: Callable[[], datetime] | None = None
    """Whose moments the answers bear; none: they come a second after each other."""

    def publish(self, handle: str, identifier: str, *, days_ago: float = 1, **more: object) -> None:
        at = (NOW - timedelta(days=days_ago)).isoformat()
        self.posts.setdefault(handle, {})[identifier] = {
            "id": identifier, "at": at, "likes": 1, **more,
        }  # fmt: skip

    def now(self) -> datetime:
        return self.clock() if self.clock else NOW + timedelta(seconds=len(self.asked))

    def answer(self, ask: Ask) -> object:
        self.asked.append(ask)
        self.before(ask)
        own = self.posts.get(ask.subject.handle or "", {})
        if ask.stream == "profile":
            return {"followers": 10 * len(own)}
        if ask.stream == "check":
            return [{"gone": post} for post in ask.posts if post not in own]
        if ask.stream == "replies":
            place = ask.posts.index(ask.page) if ask.page else 0
            below = own[ask.posts[place]].get("replies", [])
            following = [*ask.posts[place + 1 : place + 2], None][0]
            return {"below": below, "about": ask.posts[place], "next": following}
        newest = sorted(own.values(), key=lambda post: str(post["at"]), reverse=True)
        start = int(ask.page or 0)
        after = start + self.page
        following = str(after) if after < len(newest) else None
        return {"posts": newest[start:after], "next": following}


class PondConnector(Connector):
    """Asks the pond."""

    label = _("The pond")
    network = "pond"
    streams: ClassVar[tuple[Stream, ...]] = (
        Stream(name="profile", label=_("Profile"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
    )
    rights = Rights(terms="https://pond.example/terms", read_on="2026-11")
    posts_per_page = 3

    def __init__(self, pond: Pond) -> None:
        super().__init__({})
        self.pond = pond

    def fetch(self, ask: Ask, http: Http) -> Payload:
        return Payload(
            connector="pond",
            network="pond",
            stream=ask.stream,
            subject=ask.subject.subject,
            url=f"https://pond.example/{ask.stream}?page={ask.page}",
            status=200,
            body=json.dumps(self.pond.answer(ask)).encode(),
            received_at=self.pond.now(),
            page=ask.page,
            posts=ask.posts,
        )

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        return Ask(stream="check", subject=subject, posts=tuple(posts))

    def parse(self, payload: Payload, context: Context) -> Page:
        said = Item(json.loads(payload.body))

        def read(item: Item) -> Record:
            if payload.stream == "check":
                return Tombstone(
                    network="pond", post=item.needed("gone"), observed_at=payload.received_at,
                    reason="absent",
                )  # fmt: skip
            if payload.stream == "replies":
                at = item.when("at")
                return Mention(
                    network="pond", post=item.needed("id"), subject=payload.subject, kind="reply",
                    author="p", published_at=at, published_on=at.date(),
                    observed_at=payload.received_at, answers_to=said.name("about"),
                )  # fmt: skip
            if payload.stream == "profile":
                return Snapshot(
                    network="pond", account=payload.subject, observed_at=payload.received_at,
                    observed_on=payload.received_at.date(), followers=item.count("followers"),
                )  # fmt: skip
            at = item.when("at")
            return Post(
                network="pond", post=item.needed("id"), account=payload.subject, published_at=at,
                published_on=at.date(), observed_at=payload.received_at, text=item.text("text"),
                likes=item.count("likes"), comments=item.count("comments"), source="pond",
                run=context.run,
            )  # fmt: skip

        lists = {"check": said, "replies": said.at("below"), "posts": said.at("posts"),
                 "follow": said.at("posts")}  # fmt: skip
        items = [said.value] if payload.stream == "profile" else [
            one.value for one in lists[payload.stream]
        ]  # fmt: skip
        return page_of(items, read, next_page=said.name("next"))


class AnsweringPond(PondConnector):
    """Asks the pond for replies too."""

    streams: ClassVar[tuple[Stream, ...]] = (
        Stream(name="posts", label=_("Posts")),
        Stream(name="replies", label=_("Replies"), is_dated=False, grows=("comments",)),
    )


class AtEveryPage(Keeping):
    """Keeps what came at every page, so that there is much to interrupt."""

    def commit_if_due(self, *, seconds: float | None = None, records: int = 0) -> None:
        self.commit()


def run(
    store: Store,
    pond: Pond,
    *,
    subjects: Sequence[Subject] = (NORTHFIELD,),
    since: datetime | None = None,
    now: datetime = NOW,
    budget: Budget | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    is_due_only: bool = False,
    keeping: type[Keeping] = Keeping,
    connector: type[PondConnector] = PondConnector,
) -> Collected:
    """Make one run over the pond."""
    clock = pond.clock or (lambda: now)
    journal = Journal(store=store, connector="pond", clock=clock)
    context = Context(zone=ZoneInfo("Europe/Paris"), run=journal.run, pseudonym=pseudonyms("k"))
    relook = timedelta(days=7)
    return Round(
        store=store,
        name="pond",
        connector=connector(pond),
        subjects=subjects,
        http=Http(agent="test"),
        context=context,
        reach=Reach(since=since, backfill=timedelta(days=30), relook=relook),
        budget=budget or Budget(allowance=Allowance()),
        known=Known.read(store, "pond", "pond", since=clock() - relook),
        keeping=keeping(store=store, context=context, journal=journal),
        is_due_only=is_due_only,
        clock=clock,
        progress=lambda progress: None,
        should_stop=should_stop,
    ).make()
