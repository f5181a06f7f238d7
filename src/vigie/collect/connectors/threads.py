"""Threads, through Meta's Threads API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from vigie.collect import graph_refusals
from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Context,
    Option,
    Page,
    Payload,
    Permission,
    Stream,
    Subject,
    Syntax,
)
from vigie.collect.graph import OWN, TOKEN, Graph, after, meta_rights, oldest
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.meta_news import MetaNews
from vigie.collect.nested import Item
from vigie.collect.news import STREAM
from vigie.collect.pacific import day_of, day_page, moments_of
from vigie.collect.received import asked
from vigie.collect.renewal import Renewal, end_of
from vigie.collect.threads_items import ThreadsReading
from vigie.collect.trail import Below, Trail, on_trail
from vigie.errors import GarbledError
from vigie.http import Http, Request
from vigie.words import _

MOST = 50
ABOUT = "id,username,name,threads_biography,is_verified"
POST = (
    "id,media_type,text,permalink,timestamp,username,is_reply,is_quote_post,reposted_post,"
    "alt_text,children{media_type,alt_text}"
)
ANSWER = (
    "id,text,permalink,timestamp,username,replied_to,root_post,hide_status,is_reply_owned_by_me"
)
NAMED = "id,text,permalink,timestamp,username,replied_to,root_post"


class Threads(Graph):
    """One's own account on Threads: followers, posts, replies to them, and its days.

    *Impressions* are what Threads calls views of a post, *shares* are reposts without quotes.
    Counts of a repost are those of someone else's post and are left unknown. Accounts of others
    are shown by Meta to a few reviewed apps only, and are not asked for. Posts by anyone are
    found by words where Meta has granted the search; otherwise it finds one's own only.

    Meta publishes no list of this interface's fields that a machine can read: these questions
    and answers are made from its documentation and were not seen against the real service.
    """

    label = _("Threads")
    network = "threads"
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="answers", label=_("Own replies")),
        Stream(name="comments", label=_("Replies by others")),
        Stream(name="mentions", label=_("Mentions by others"), keeps_all=False),
        Stream(name="insights", label=_("Figures of the account by day")),
        Stream(name="search", label=_("Searches"), keeps_all=False),
    )
    hears: ClassVar[bool] = True
    posts_per_page: ClassVar[int] = MOST
    key_lasts: ClassVar[Mapping[str, timedelta]] = {"token": timedelta(days=60)}
    syntax = Syntax(joins_words=False, has_phrases=False)
    rights = meta_rights(
        _("A token lasts 60 days; Vigie renews it every month while it works."),
    )
    permissions = (
        Permission(
            name="threads_basic",
            reason=_("to read the account and its posts"),
            streams=("profile", "posts", "answers"),
        ),
        Permission(
            name="threads_manage_insights",
            reason=_("to read followers, and how often posts were seen and liked"),
            streams=("profile", "posts", "answers", "insights"),
        ),
        Permission(
            name="threads_read_replies",
            reason=_("to read what others reply to the account's posts"),
            streams=("comments",),
        ),
        Permission(
            name="threads_manage_mentions",
            reason=_("to read posts that name the account"),
            streams=("mentions",),
        ),
        Permission(
            name="threads_keyword_search",
            reason=_("to find public posts by their words"),
            streams=("search",),
        ),
    )
    options = (
        TOKEN,
        replace(OWN, label=_("Your own account: its handle")),
        Option(
            name="post_metrics",
            label=_("Figures asked for of your own posts; empty: none"),
            default="views,likes,replies,reposts",
        ),
        Option(
            name="account_metrics",
            label=_("Figures asked for of your own account by day"),
            default="views,likes,replies,reposts",
        ),
        Option(name="version", label=_("Version of the interface"), default="v1.0"),
        Option(
            name="service", label=_("Address of the service"), default="https://graph.threads.net"
        ),
    )
    allowance = Allowance(per=timedelta(hours=1), calls=200)
    guide = _(
        "1. Sign in at https://developers.facebook.com and create an app for the use case “Access "
        "the Threads API”, with the permissions listed here. "
        "2. Add the institution's Threads account as a tester of the app, and accept in Threads "
        "under Settings, Account, Website permissions. "
        "3. Make a token for it on the app's page, and have it changed into one that lasts 60 "
        "days. "
        "4. Enter the token and the account's handle. Vigie renews the token every month, and the "
        "page Sources says when that could not be done."
    )

    def question(self, ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
        """Return what is asked of the account that the token belongs to."""
        since = {"since": str(int(ask.since.timestamp()))} if ask.since else {}
        turn = {"after": ask.page} if ask.page else {}
        paged = {"limit": str(MOST), **turn}
        match ask.stream:
            case "profile":
                return _profile(ask.page)
            case "posts":
                return "me/threads", {"fields": POST + self._of_posts(), **paged, **since}
            case "answers":
                fields = f"{POST},replied_to,root_post{self._of_posts()}"
                return "me/replies", {"fields": fields, **paged, **since}
            case "comments":
                return _conversations(Trail.read(ask.page), since)
            case "mentions":
                return "me/mentions", {"fields": NAMED, **paged}
            case "insights":
                metric = {"metric": ",".join(self.metrics("account_metrics"))}
                return "me/threads_insights", {**metric, **moments_of(day_of(ask.page, now))}
            case "search":
                words = {"q": ask.subject.words or "", "search_type": "RECENT"}
                return "keyword_search", {**words, "fields": NAMED, **paged, **since}
        return "".join(part_of(ask.posts, ask.page, most=1)), {"fields": "id"}

    def renew(self, http: Http) -> Renewal:
        """Ask for a token that lasts 60 days from now on; the one before may not have ended."""
        request = Request(
            url=f"{self.chosen['service'].rstrip('/')}/refresh_access_token",
            params={"grant_type": "th_refresh_token"},
            secret_params={"access_token": self.chosen["token"]},
        )
        meaning = partial(graph_refusals.meaning, handle=self.chosen["own"], permissions=())
        answer = asked(request, http, network=self.label, meaning=meaning)
        body = Item(answer.json())
        token = body.name("access_token")
        if token is None:
            raise GarbledError(_("{network} lent no token: try again later.", network=self.label))
        ends_at = end_of(body, "expires_in", now=http.clock())
        return Renewal(options={"token": token}, ends_at=ends_at)

    def _of_posts(self) -> str:
        names = ",".join(self.metrics("post_metrics"))
        return f",insights.metric({names})" if names else ""

    def read(self, payload: Payload, body: Item, context: Context) -> Page:
        """Read an answer about the account, its posts or what was said under them."""
        reading = ThreadsReading(payload=payload, context=context)
        if payload.stream == STREAM:
            return MetaNews(reading=reading, entry=body).threads()
        match payload.stream:
            case "profile":
                return _profile_page(payload, body, reading)
            case "comments":
                return _conversation_page(payload, body, reading)
            case "check":
                is_there = payload.status < 400 and body.name("id") is not None
                there = part_of(payload.posts, payload.page, most=1) if is_there else ()
                return checked(payload, context, there=there, most=1)
        items = listed(body.at("data"), where="data")
        if payload.stream == "insights":
            day = day_of(payload.page, payload.received_at)
            found = [body.value] if items else []
            page = page_of(found, lambda item: reading.account_day(item, day=day))
            return day_page(page, day, now=payload.received_at)
        readers = {"mentions": reading.named, "search": reading.found}
        read = readers.get(payload.stream, reading.published)
        return page_of(items, read, next_page=after(body))

    def search(self, words: str, *, name: str) -> Ask:
        """Ask for public posts with these words, the newest first."""
        subject = Subject(subject=name, network=self.network, words=words)
        return Ask(stream="search", subject=subject)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts one by one."""
        if not posts or not self.is_own(subject):
            return None
        return Ask(stream="check", subject=subject, posts=tuple(posts))


def _profile(page: str | None) -> tuple[str, dict[str, str]]:
    """Ask who the account is, then how many follow it."""
    if page is None:
        return "me", {"fields": ABOUT}
    return "me/threads_insights", {"metric": "followers_count"}


def _profile_page(payload: Payload, body: Item, reading: ThreadsReading) -> Page:
    """Carry what the account says of itself to the page that holds its followers."""
    if payload.page is None:
        about = {name: body.at(name).value for name in ("name", "threads_biography", "is_verified")}
        return replace(page_of([body.value], _carried), next_page=json.dumps(about))
    listed(body.at("data"), where="data")
    try:
        known = json.loads(payload.page)
    except ValueError:
        known = None
    return page_of([{"about": known, "data": body.at("data").value}], reading.profile)


def _carried(item: Item) -> Skipped:
    item.needed("id")
    return Skipped("read with the followers")


def _conversations(trail: Trail, since: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Ask for the account's posts, then for the conversation under each that has replies."""
    if below := trail.first:
        turn = {"after": below.token} if below.token else {}
        return f"{below.root}/conversation", {"fields": ANSWER, "limit": str(MOST), **turn}
    turn = {"after": trail.onward} if trail.onward else {}
    fields = {"fields": "id,timestamp,has_replies", "limit": str(MOST)}
    return "me/threads", {**fields, **turn, **since}


def _conversation_page(payload: Payload, body: Item, reading: ThreadsReading) -> Page:
    trail = Trail.read(payload.page)
    if payload.status >= 400:
        return on_trail(Page(), trail.after(None))
    items = listed(body.at("data"), where="data")
    if trail.first:
        return on_trail(page_of(items, reading.said), trail.after(after(body)))
    posts = [Item(one) for one in items]
    below = tuple(
        Below(root=root)
        for post in posts
        if post.at("has_replies").value is True and (root := post.name("id"))
    )
    begun = oldest(posts, when="timestamp")
    page = page_of(items, lambda item: Skipped("read with its replies"))
    return on_trail(page, Trail(below=below, onward=after(body), oldest=begun))
