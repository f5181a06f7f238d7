"""X, through its interface for developers (API v2), paid for by the post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Stream,
    Subject,
    Syntax,
)
from vigie.collect.items import Reader, listed, page_of
from vigie.collect.nested import Item
from vigie.collect.one_by_one import narrowed, next_turn, turn_of
from vigie.collect.received import asked, body_of, received
from vigie.collect.rights import Rights
from vigie.collect.x_naming import NAMINGS, asking_posts
from vigie.collect.x_posts import Reading, reading_of
from vigie.collect.x_refusals import HIDDEN, meaning, refuse_unknown
from vigie.errors import SettingError
from vigie.http import Http, Request
from vigie.words import _

MOST = 100
"""Posts of one page, and posts that are checked with one question."""
TOGETHER = 10
"""Conversations that one search covers: X refuses longer ones."""
SEARCH = "/2/tweets/search/recent"
SEARCHED = timedelta(days=7) - timedelta(minutes=5)
"""How far back the recent search goes; a moment less, so that the question arrives in time."""
OWNER = re.compile(r"/2/users/(\d+)/")
LIMITS = re.compile(r"\d{2,}|(?<=username/).+")
"""What is taken out of a path to say which of X's limits it counts against."""
USER = "user:"
"""Begins a page which says only that the account's number is now known."""
PROFILE = "description,entities,id,name,public_metrics,url,username,verified"


class X(Connector):
    """Profiles, posts, replies and mentions of X, and its search of the last seven days.

    X asks for money for every post and every account it answers; one that is read twice on one
    day (UTC) is paid once. *Shares* are reposts, without quotes. *Impressions* are what X calls
    views of the post, *views* the plays of its videos. A post that was edited stays one post,
    known by the number of its first edition. Counts of a repost are those of someone else's
    post and are left unknown. X shows the latest 3,200 posts of an account, the latest 800
    mentions, and the last seven days of its search and of replies.

    When the register holds no number of an account, the first question looks it up, and gives
    its profile on the way.
    """

    label = _("X")
    network = "x"
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="mentions", label=_("Mentions by others"), keeps_all=False),
        Stream(name="replies", label=_("Replies by others"), is_dated=False, grows=("comments",)),
        Stream(name="search", label=_("Searches"), keeps_all=False),
    )
    syntax = Syntax(either=" OR ", most_letters=480)
    rights = Rights(
        keep_others_days=365,
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=24,
        terms="https://docs.x.com/developer-terms/policy",
        read_on="2025-06",
        remarks=(
            _("What leaves in a file are the numbers of posts, not their words."),
            _(
                "A post that is deleted, protected or edited on X must be deleted or edited here "
                "within 24 hours of X or its author asking."
            ),
            _("X must not be used to watch or profile people, nor to train language models."),
            _(
                "Reading costs credits bought beforehand: 0.005 dollars a post and 0.010 dollars "
                "an account in 2026, and no more than two million posts a month. X may also "
                "charge the accounts and posts that it adds to an answer."
            ),
            _("The rules are told from what was known in June 2025: read them again."),
        ),
    )
    options = (
        Option(
            name="bearer_token",
            label=_("Bearer token of the app"),
            is_secret=True,
            is_needed=True,
        ),
        Option(
            name="price_per_post",
            label=_("What one post costs, in euros"),
            default="0.005",
        ),
        Option(
            name="naming",
            label=_("How X calls its fields: post, or tweet as it did until 2026"),
            default="post",
        ),
        Option(name="service", label=_("Address of the service"), default="https://api.x.com"),
    )
    allowance = Allowance(per=timedelta(days=30), posts=2_000_000)
    guide = _(
        "1. Sign in at https://console.x.com with the account of the institution. "
        "2. Accept the agreement and describe the use: statistics on the institution's own "
        "presence and on public posts about it. "
        "3. Buy credits and set a spending limit. "
        "4. Create an app and copy its Bearer token: it is shown once. "
        "5. Enter the token here, and the price of one post in euros from the console."
    )
    posts_per_page = MOST

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question; an account without a number is looked up first."""
        request = self.request(ask, now=http.clock())
        answer = asked(request, http, network=self.label, meaning=meaning)
        refuse_unknown(ask, Item(answer.json()), answer.status)
        return received(narrowed(ask, most=TOGETHER), request, answer, connector="x")

    def request(self, ask: Ask, *, now: datetime) -> Request:
        """Return the question in X's words."""
        path, params = self._question(ask, now)
        return Request(
            url=self.chosen["service"].rstrip("/") + path,
            params=params,
            counts_against=LIMITS.sub("", path),
            secret_headers={"Authorization": f"Bearer {self.chosen['bearer_token']}"},
        )

    def _question(self, ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
        match ask.stream:
            case "check":
                return "/2/tweets", {"ids": ",".join(part_of(ask.posts, ask.page, most=MOST))}
            case "replies":
                turn = turn_of(ask, most=TOGETHER)
                return SEARCH, self._search(_conversations(ask, turn.posts), turn.token, None)
            case "search":
                earliest = now - SEARCHED
                since = ask.since if ask.since and ask.since > earliest else None
                return SEARCH, self._search(f"({ask.subject.words}) -is:retweet", ask.page, since)
            case "posts" | "mentions":
                owner, token = _place(ask)
                if owner is None:
                    return _lookup(ask.subject)
                edge = "tweets" if ask.stream == "posts" else "mentions"
                return f"/2/users/{owner}/{edge}", self._timeline(ask, token)
        return _lookup(ask.subject)

    def _timeline(self, ask: Ask, token: str | None) -> dict[str, str]:
        since = {"start_time": _moment(ask.since)} if ask.since else {}
        page = {"pagination_token": token} if token else {}
        return {**self._posts(with_author=ask.stream != "posts"), **since, **page}

    def _search(self, query: str, token: str | None, since: datetime | None) -> dict[str, str]:
        begin = {"start_time": _moment(since)} if since else {}
        page = {"next_token": token} if token else {}
        return {"query": query, **self._posts(with_author=True), **begin, **page}

    def _posts(self, *, with_author: bool) -> dict[str, str]:
        naming = NAMINGS.get(self.chosen["naming"])
        if naming is None:
            raise SettingError(
                _(
                    "naming is {naming}: write {known}.",
                    naming=self.chosen["naming"],
                    known=" | ".join(NAMINGS),
                )
            )
        return {"max_results": str(MOST), **asking_posts(naming, with_author=with_author)}

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer, whichever names X gave its fields."""
        body = body_of(payload)
        if payload.stream == "check":
            return _check_page(payload, context, body)
        owner = found[1] if (found := OWNER.search(payload.url)) else None
        reading = reading_of(payload, context, body, owner=owner)
        if isinstance(body.at("data").value, dict):
            return _profile_page(payload, reading, body)
        is_empty = body.at("data").value is None and body.at("meta").value is not None
        items = [] if is_empty else listed(body.at("data"), where="data")
        return page_of(
            items,
            _reader(payload.stream, reading),
            next_page=_next_page(payload, owner, body.name("meta", "next_token")),
        )

    def search(self, words: str, *, name: str) -> Ask:
        """Ask for public posts of the last seven days with these words, without reposts."""
        subject = Subject(subject=name, network=self.network, words=words)
        return Ask(stream="search", subject=subject)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts by their numbers, a hundred at a time."""
        return Ask(stream="check", subject=subject, posts=tuple(posts)) if posts else None


def _place(ask: Ask) -> tuple[str | None, str | None]:
    """Return the account's number and the page, as far as they are known."""
    if ask.page and ask.page.startswith(USER):
        owner, _colon, token = ask.page.removeprefix(USER).partition(":")
        return owner, token or None
    return _number(ask.subject), None


def _number(subject: Subject) -> str | None:
    known = subject.identifier or ""
    return known if known.isascii() and known.isdigit() else None


def _lookup(subject: Subject) -> tuple[str, dict[str, str]]:
    """Ask for the account itself, by its number where it is known: handles change."""
    number = _number(subject)
    path = f"/2/users/{number}" if number else f"/2/users/by/username/{subject.handle}"
    return path, {"user.fields": PROFILE}


def _conversations(ask: Ask, posts: Sequence[str]) -> str:
    """Ask for what others said in the conversations that these posts began."""
    account = ask.subject.handle or ask.subject.identifier
    within = " OR ".join(f"conversation_id:{post}" for post in posts)
    return f"({within}) -from:{account} -is:retweet"


def _moment(since: datetime) -> str:
    return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next_page(payload: Payload, owner: str | None, token: str | None) -> str | None:
    if payload.stream == "replies":
        return next_turn(payload, token, most=TOGETHER)
    if payload.stream == "search" or token is None:
        return token
    return f"{USER}{owner}:{token}"


def _reader(stream: str, reading: Reading) -> Reader:
    if stream == "posts":
        return reading.post
    if stream == "mentions":
        return lambda item: reading.mention(item, kind=reading.kind_of_mention(item))
    return lambda item: reading.mention(item, kind="reply" if stream == "replies" else "found")


def _profile_page(payload: Payload, reading: Reading, body: Item) -> Page:
    """Read the account; another stream goes on with the number that is now known."""
    page = page_of([body.at("data").value], reading.profile)
    number = body.name("data", "id")
    goes_on = payload.stream != "profile" and number is not None
    handle = body.name("data", "username")
    return replace(
        page,
        next_page=f"{USER}{number}:" if goes_on else None,
        handles={number: handle} if number and handle else {},
    )


def _check_page(payload: Payload, context: Context, body: Item) -> Page:
    """Give a tombstone for each post that is neither answered nor hidden."""
    there = {one.name("id") for one in body.at("data")}
    hidden = {
        one.name("resource_id") or one.name("value")
        for one in body.at("errors")
        if (one.name("type") or "").endswith(HIDDEN)
    }

    if not any(body.at(name).value is not None for name in ("data", "errors")):
        listed(body.at("data"), where="data")
    return checked(payload, context, there=there, hidden=hidden, most=MOST)
