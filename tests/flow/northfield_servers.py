"""Servers of two networks on loopback, one that speaks JSON and one XML, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from tests.cast import NORTHFIELD
from tests.http.faults import Caller, FaultServer, says, says_json
from vigie.columns import table_of
from vigie.model import Account, Institution
from vigie.settings import Settings
from vigie.store.store import Store

DID = "did:plc:northfield"
PAGE, PAGES = 3, 2


@dataclass(frozen=True, kw_only=True)
class Speaking:
    """A network: its connector, what its server answers, and what a whole look keeps."""

    connector: str
    answer: Callable[[Caller], None]
    account: Callable[[FaultServer], Account]
    connect: Callable[[FaultServer], dict[str, str]]
    posts: frozenset[str]
    before: int
    """Questions before those about posts."""


def published(number: int) -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=number + 1)


def says_posts(caller: Caller) -> None:
    """Answer as Bluesky's public server does."""
    asked = urlsplit(caller.asked.path)
    author = {"did": DID, "handle": "northfield.example"}
    if asked.path.endswith("getProfile"):
        says_json({**author, "followersCount": 12, "followsCount": 1, "postsCount": 6})(caller)
        return
    if asked.path.endswith("searchPosts"):
        says_json({"posts": []})(caller)
        return
    cursor = parse_qs(asked.query).get("cursor")
    start = PAGE if cursor else 0
    feed = [{"post": bluesky_post(number, author)} for number in range(start, start + PAGE)]
    following = {} if cursor else {"cursor": published(PAGE - 1).isoformat()}
    says_json({"feed": feed, **following})(caller)


def bluesky_post(number: int, author: dict[str, str]) -> dict[str, object]:
    at = published(number).isoformat()
    return {
        "uri": f"at://{DID}/app.bsky.feed.post/{number}", "cid": "c", "author": author,
        "record": {"$type": "app.bsky.feed.post", "text": "Welcome", "createdAt": at},
        "indexedAt": at, "replyCount": 0, "repostCount": 0, "likeCount": 1, "quoteCount": 0,
    }  # fmt: skip


def says_articles(caller: Caller) -> None:
    """Answer as the news feed of a web site does."""
    is_first = "older" not in caller.asked.path
    start = 0 if is_first else PAGE
    items = "".join(
        f"<item><title>News {number}</title><link>https://northfield.example/{number}</link>"
        f"<pubDate>{format_datetime(published(number))}</pubDate></item>"
        for number in range(start, start + PAGE)
    )
    following = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="/feed?older"/>'
    channel = f"<channel><title>News</title>{following if is_first else ''}{items}</channel>"
    body = f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()
    says(200, body, content_type="application/rss+xml")(caller)


JSON = Speaking(
    connector="bluesky",
    answer=says_posts,
    account=lambda server: Account(
        account="bluesky:northfield.example", institution="northfield", network="bluesky",
        handle="northfield.example", identifier=DID,
    ),
    connect=lambda server: {"bluesky_service": server.url("")},
    posts=frozenset(f"at://{DID}/app.bsky.feed.post/{number}" for number in range(PAGE * PAGES)),
    before=1,
)  # fmt: skip
XML = Speaking(
    connector="rss",
    answer=says_articles,
    account=lambda server: Account(
        account="rss:northfield.example/feed", institution="northfield", network="rss",
        url=server.url("/feed"),
    ),
    connect=lambda server: {},
    posts=frozenset(f"https://northfield.example/{number}" for number in range(PAGE * PAGES)),
    before=0,
)  # fmt: skip


def registered(store: Store, network: Speaking, server: FaultServer) -> Settings:
    """Enter Northfield's account on a network in the register; return settings that ask it."""
    store.replace("institutions", table_of(Institution, [NORTHFIELD]))
    store.replace("accounts", table_of(Account, [network.account(server)]))
    return Settings(
        pseudonym_key="key of the tests", private_addresses="127.0.0.1",
        connect=network.connect(server),
    )  # fmt: skip
