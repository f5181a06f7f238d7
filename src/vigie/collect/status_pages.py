"""Reads the answers of Mastodon's interface: what is on a page, and which page is next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import parse_qs, urlsplit

from vigie.collect.connector import Context, Page, Payload
from vigie.collect.fediverse import handle_of, is_json_object, local_id, read_json, server_of
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.nested import Item
from vigie.collect.statuses import Statuses, addresses_of, read_profile
from vigie.collect.webfinger import actor_of, is_webfinger
from vigie.errors import GarbledError
from vigie.model import Record, Tombstone
from vigie.words import _

SEARCHED = ("indexable", "discoverable")
"""What the author of a find by words must not have denied, for its words to be kept."""
GONE = frozenset({404, 410})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a stream a page is: kept as JSON in ``Ask.page``."""

    server: str | None = None
    """The beginning of the server's address, once it is known."""
    account: str | None = None
    """The account's identifier on its server, once it is known."""
    before: str | None = None
    """Statuses older than this one."""
    offset: int = 0
    """How many finds are behind us."""
    post: str | None = None
    """Which of the posts asked for is next; posts come and go between two runs, so it is named."""
    status: str | None = None
    """The identifier of that post on its server, where its address did not say."""
    one_by_one: bool = False
    """The server does not show several posts at once."""

    def as_page(self) -> str:
        """Write what differs from the beginning."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of(cls, page: str | None) -> Place:
        """Read what was written."""
        return cls(**json.loads(page)) if page else cls()

    def left(self, posts: Sequence[str]) -> Sequence[str]:
        """Return the posts asked for that are not behind us."""
        return posts[posts.index(self.post) :] if self.post in posts else posts


@dataclass(frozen=True, kw_only=True)
class StatusPages:
    """Reads one answer."""

    payload: Payload
    context: Context

    @property
    def place(self) -> Place:
        """Where the answer is in its stream."""
        return Place.of(self.payload.page)

    def page(self) -> Page:
        """Return what the answer says."""
        if is_webfinger(self.payload):
            server = server_of(actor_of(self.payload))
            return Page(next_page=replace(self.place, server=server).as_page())
        match self.payload.stream:
            case "profile":
                return page_of([self._json()], self._profile)
            case "posts" if self.place.account is None:
                return self._opened()
            case "posts":
                return self._posts()
            case "replies":
                return self._replies()
            case "check":
                return self._checked()
        return self._finds()

    def _json(self) -> object:
        return read_json(self.payload.body, self.payload.url)

    def _statuses(self) -> Statuses:
        return Statuses(payload=self.payload, context=self.context)

    def _profile(self, account: Item) -> Record | Skipped:
        return read_profile(account, self.payload, self.context)

    def _opened(self) -> Page:
        """Take an account's identifier and its server from the look-up before its posts."""
        number = Item(self._json()).name("id")
        if number is None:
            raise GarbledError(
                _("{url} answered without an account's identifier.", url=self.payload.url)
            )
        place = Place(server=server_of(self.payload.url), account=number)
        return Page(next_page=place.as_page())

    def _posts(self) -> Page:
        items = listed(Item(self._json()), where="of statuses")
        return page_of(items, self._statuses().own, next_page=self._older(items))

    def _older(self, items: Sequence[object]) -> str | None:
        """Return the page after this one: everything older than its last status.

        Servers leave out ``Link`` when posts of a page were filtered away, so only an empty page
        is the last; one that repeats itself is of a server that knows no pages.
        """
        last = Item(items[-1]).name("id") if items else None
        if last is None or last == self.place.before:
            return None
        return replace(self.place, before=last).as_page()

    def _finds(self) -> Page:
        found = Item(self._json())
        if isinstance(found.value, list):
            return page_of(
                found.value,
                lambda item: self._statuses().others(item, kind="found"),
                next_page=self._older(found.value),
            )
        items = listed(found.at("statuses"), where="of statuses")
        after = replace(self.place, offset=self.place.offset + len(items)).as_page()
        return page_of(
            items,
            lambda item: self._statuses().others(item, kind="found", consents=SEARCHED),
            next_page=after if items else None,
        )

    def _replies(self) -> Page:
        """Read what is below a post: the account's own answers are posts, the others mentions."""
        post = self.place.left(self.payload.posts)[0]
        if self.payload.status in GONE:
            return self._onward(Page(skipped={"no longer there": 1}), 1)
        own = self.place.status or local_id(post)
        if own is None:
            return self._identified(post)
        answer = Item(self._json())
        above = [Item(one) for one in listed(answer.at("ancestors"), where="of ancestors")]
        below = listed(answer.at("descendants"), where="of descendants")
        statuses = replace(
            self._statuses(),
            addresses={own: post} | addresses_of([*above, *map(Item, below)]),
            thread=(above[0].name("uri") if above else None) or post,
        )
        page = page_of(below, lambda item: _below(item, statuses))
        skipped = {**page.skipped, **({"above the post": len(above)} if above else {})}
        # Posts are asked about one after the other: the dates of one say nothing of the next.
        return self._onward(replace(page, skipped=skipped, oldest=None), 1)

    def _identified(self, post: str) -> Page:
        """Take a post's identifier from where its address led: Pleroma shows it as a notice."""
        path = urlsplit(self.payload.url).path.strip("/").split("/")
        if len(path) == 2 and path[0] == "notice":
            return Page(next_page=Place(post=post, status=path[1]).as_page())
        return self._onward(Page(skipped={"replies not offered": 1}), 1)

    def _checked(self) -> Page:
        """Read which posts are still there: those of the account give a new look."""
        posts = self.place.left(self.payload.posts)
        asked = set(parse_qs(urlsplit(self.payload.url).query).get("id[]", []))
        if not asked:
            return self._onward(self._checked_one(posts[0]), 1)
        several = [post for post in posts if local_id(post) in asked]
        statuses: list[object] = []
        if self.payload.status == 200:
            statuses = listed(Item(self._json()), where="of statuses")
        present = addresses_of([Item(one) for one in statuses])
        if not present:
            # Nothing at all convinces nobody: the server may not know the question.
            return Page(next_page=replace(self.place, one_by_one=True).as_page())
        page = page_of(statuses, self._still_there)
        gone = [self._gone(post, "absent") for post in several if local_id(post) not in present]
        return self._onward(replace(page, records=[*page.records, *gone]), len(several))

    def _checked_one(self, post: str) -> Page:
        """Read whether one post is still there, from the interface or from its own page."""
        status = self.payload.status
        is_interface = "/api/v1/statuses/" in self.payload.url
        if status == 404 and is_interface and not is_json_object(self.payload.body):
            raise GarbledError(
                _(
                    "{url} is a missing page of a web site, and no answer about a post. "
                    "Is this a server of Mastodon?",
                    url=self.payload.url,
                )
            )
        if status in GONE:
            return Page(records=[self._gone(post, "deleted" if status == 410 else "absent")])
        if not is_interface:
            return Page(skipped={"still there": 1})
        return page_of([self._json()], self._still_there)

    def _still_there(self, item: Item) -> Record | Skipped:
        host = urlsplit(self.payload.url).hostname or ""
        server = handle_of(self.payload.subject).partition("@")[2]
        is_home = host == server or host.endswith(f".{server}")
        is_own = self._statuses().is_own(item, is_home=is_home)
        return self._statuses().own(item) if is_own else Skipped("still there")

    def _gone(self, post: str, reason: str) -> Tombstone:
        return Tombstone(
            network=self.payload.network,
            post=post,
            observed_at=self.payload.received_at,
            reason=reason,
            source=self.payload.connector,
            run=self.context.run or None,
        )

    def _onward(self, page: Page, done: int) -> Page:
        """Return a page with the place of the post after those that are done."""
        left = self.place.left(self.payload.posts)[done:]
        after = replace(self.place, post=left[0], status=None).as_page() if left else None
        return replace(page, next_page=after, oldest=None)


def _below(item: Item, statuses: Statuses) -> Record | Skipped:
    is_own = statuses.is_own(item, is_home=True)
    return statuses.own(item) if is_own else statuses.others(item, kind="reply")
