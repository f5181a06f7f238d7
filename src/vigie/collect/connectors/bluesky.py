"""Bluesky, through the public server that its own application reads from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from vigie.collect import bluesky_pages as pages
from vigie.collect.bluesky_events import events_page
from vigie.collect.bluesky_following import STREAM as FOLLOW
from vigie.collect.bluesky_following import follow
from vigie.collect.bluesky_posts import did_of
from vigie.collect.bluesky_refusals import meaning_for
from vigie.collect.bluesky_session import Session
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
from vigie.collect.received import asked, received
from vigie.collect.rights import Rights
from vigie.errors import DeniedError, MissingError, SearchError
from vigie.http import Answer, Http, Request
from vigie.words import Words, _

SERVICE = "https://public.api.bsky.app"
MOST = "100"
"""Posts that one question may bring."""
DEEPEST = "1000"
SEARCHED = frozenset({"mentions", "search"})
READERS = {
    "profile": pages.profile_page,
    "posts": pages.posts_page,
    "replies": pages.replies_page,
    "mentions": pages.found_page,
    "search": pages.found_page,
    "check": pages.check_page,
    FOLLOW: events_page,
}


class Bluesky(Connector):
    """Profiles, posts, replies, quotes and mentions on Bluesky; no key is needed.

    Accounts are asked for by their identifier (``did:…``) where the register has it, so that a
    change of handle loses nothing; the handle of the moment is noticed with the profile. A
    repost is kept under the identifier of the repost itself. *Shares* are reposts and quotes
    together. Replies and quotes are asked for post by post, those of the last days.

    Who asks to be shown to signed-in readers only (``!no-unauthenticated``) is left aside, with
    that reason. Of other people only a pseudonym is kept, and the address of what they wrote.

    The public server answers searches to those who sign in and nobody else: mentions and finds
    need the options ``identifier`` and ``app_password``. Mentions, replies, edits and deletions
    also come, within seconds and without any key, from the live stream.
    """

    label = _("Bluesky")
    network = "bluesky"
    streams: ClassVar[tuple[Stream, ...]] = (
        Stream(name="profile", label=_("Profile"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(
            name="replies",
            label=_("Replies and quotes"),
            is_dated=False,
            grows=("comments", "shares"),
        ),
        Stream(name="mentions", label=_("Mentions")),
        Stream(name="check", label=_("Whether posts still exist"), is_dated=False),
        Stream(name="search", label=_("Search")),
    )
    syntax = Syntax(folds_accents=True)
    rights = Rights(
        keep_others_days=365,
        delete_within_hours=24,
        terms="https://docs.bsky.app/docs/support/developer-guidelines",
        read_on="2026-11",
        remarks=(
            _(
                "Read in a stored copy of the guidelines: who offers a service must be able to "
                "delete what a person asks to have deleted, and must give an address where it "
                "can be reached (setting contact)."
            ),
            _(
                "Who asks to be shown to signed-in readers only is not collected: this is what "
                "Bluesky asks of applications, not something its servers enforce."
            ),
            _(
                "The live stream does not say who asks to be shown to signed-in readers only: what "
                "such a person answers to an institution is kept from it like that of anybody else."
            ),
            _(
                "Bluesky asks not to use its search to collect everything: follow the stream, or "
                "keep searches few."
            ),
        ),
    )
    options = (
        Option(
            name="service",
            label=_("Address of the server that is read (an AppView)."),
            default=SERVICE,
        ),
        Option(
            name="stream",
            label=_(
                "Address of the live stream: of a Jetstream (it ends in /subscribe), or of the "
                "firehose of a relay or server."
            ),
            default="wss://jetstream2.us-east.bsky.network/subscribe",
        ),
        Option(name="identifier", label=_("Handle of an account of your own, for searches.")),
        Option(
            name="app_password",
            label=_("App password of that account, never its own password."),
            is_secret=True,
        ),
        Option(
            name="pds",
            label=_("Address of the server where that account is."),
            default="https://bsky.social",
        ),
    )
    allowance = Allowance(per=timedelta(minutes=5), calls=3000)
    guide = _(
        "Nothing is needed for profiles, posts, replies and quotes. For searches: 1. Sign in to "
        "Bluesky with an account of the institution. 2. Open Settings, Privacy and security, App "
        "passwords, and add one named vigie, without access to direct messages. 3. Enter the "
        "account's handle as identifier and the password as app_password."
    )

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.session = Session(
            network=self.label,
            pds=options["pds"].rstrip("/"),
            identifier=options["identifier"],
            app_password=options["app_password"],
        )
        if not self._can_search():
            # Every account would be refused, every day: that is no failure to report.
            self.streams = tuple(s for s in self.streams if s.name not in SEARCHED)  # type: ignore[misc]  # what this one can be asked for

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question: a page of a feed, one thread, up to 25 posts to check."""
        if ask.stream == "replies":
            ask = _from_its_post(ask)
        if ask.stream in SEARCHED and self.session:
            return self._signed_in(ask, http)
        request = Request(url=self._url(ask))
        try:
            answer = asked(request, http, network=self.label, meaning=meaning_for(ask))
        except MissingError as error:
            if ask.stream not in ("replies", "check"):
                raise
            # That it is not there is the answer.
            answer = Answer(
                url=request.shown,
                status=error.status,
                headers={},
                body=error.said.encode(),
                at=http.clock(),
            )
        except DeniedError as error:
            if ask.stream in SEARCHED:
                raise SearchError(_needs_session(self.label)) from error
            raise
        return received(ask, request, answer, connector=self.network)

    def _signed_in(self, ask: Ask, http: Http) -> Payload:
        """Ask as somebody; a token holds for some hours, and a new one is got once."""
        for is_last in (False, True):
            request = Request(url=self._url(ask), secret_headers=self.session.headers(ask, http))
            try:
                answer = asked(request, http, network=self.label, meaning=meaning_for(ask))
            except DeniedError:
                if is_last:
                    raise
                self.session.end()
            else:
                break
        return received(ask, request, answer, connector=self.network)

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer, or a batch of the stream."""
        return READERS[payload.stream](payload, context)

    def search(self, words: str, *, name: str) -> Ask:
        """Return the question that finds public posts with these words."""
        if not self._can_search():
            raise SearchError(_needs_session(self.label))
        subject = Subject(subject=name, network=self.network, words=words)
        return Ask(stream="search", subject=subject)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Return the question whether these posts still exist, and first their account."""
        return Ask(stream="check", subject=subject, posts=tuple(posts)) if posts else None

    def follow(
        self, http: Http, *, cursor: str | None, accounts: Collection[str] = ()
    ) -> Iterator[Payload]:
        """Yield what happens, in batches, as it happens."""
        return follow(http, self.chosen["stream"], cursor=cursor, accounts=accounts)

    def _can_search(self) -> bool:
        """Return whether a search will be answered: other servers than Bluesky's may be open."""
        return bool(self.session) or self.chosen["service"].rstrip("/") != SERVICE

    def _url(self, ask: Ask) -> str:
        method, params = _question(ask)
        given = [(name, value) for name, value in params if value]
        base = self.session.pds if ask.stream in SEARCHED and self.session else None
        service = base or self.chosen["service"].rstrip("/")
        return f"{service}/xrpc/{method}?{urlencode(given)}"


Params = Sequence[tuple[str, str | None]]


def _question(ask: Ask) -> tuple[str, Params]:
    """Return the method and what it is told."""
    who = ask.subject.identifier or ask.subject.handle or ask.subject.subject.partition(":")[2]
    if ask.stream == "profile":
        return "app.bsky.actor.getProfile", [("actor", who)]
    if ask.stream == "posts":
        params = [("actor", who), ("limit", MOST), ("filter", "posts_with_replies")]
        return "app.bsky.feed.getAuthorFeed", [*params, ("cursor", ask.page)]
    if ask.stream == "replies":
        return _replies(ask)
    if ask.stream == "check":
        return _check(ask)
    return "app.bsky.feed.searchPosts", _searched(ask, who)


def _searched(ask: Ask, who: str) -> Params:
    """Return what a search is told: the words, or a name with which mentions are found."""
    handle = ask.subject.handle
    words = ask.subject.words or (f"@{handle}" if handle else "*")
    since = ask.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if ask.since else None
    return [
        ("q", words),
        ("mentions", who if ask.stream == "mentions" else None),
        ("sort", "latest"),
        ("since", since),
        ("limit", MOST),
        ("cursor", ask.page),
    ]


def _from_its_post(ask: Ask) -> Ask:
    """Return the question with the post it is about and the one after: more is not needed.

    The page names the post, not its place, for there may be others when a walk goes on.
    """
    uri, _is_quotes = pages.asked_post(ask.page, ask.posts)
    if uri not in ask.posts:
        return replace(ask, page=None, posts=ask.posts[:2])
    place = ask.posts.index(uri)
    return replace(ask, posts=ask.posts[place : place + 2])


def _replies(ask: Ask) -> tuple[str, Params]:
    uri, is_quotes = pages.asked_post(ask.page, ask.posts)
    if is_quotes:
        cursor = (ask.page or "").partition(pages.QUOTES)[2].strip()
        return "app.bsky.feed.getQuotes", [("uri", uri), ("limit", MOST), ("cursor", cursor)]
    return "app.bsky.feed.getPostThread", [("uri", uri), ("depth", DEEPEST), ("parentHeight", "0")]


def _check(ask: Ask) -> tuple[str, Params]:
    """Return whether the account is there, then whether its posts are."""
    if ask.page is None:
        return "app.bsky.actor.getProfile", [("actor", did_of(ask.posts[0]))]
    start = int(ask.page)
    chosen = ask.posts[start : start + pages.CHECKED]
    return "app.bsky.feed.getPosts", [("uris", uri) for uri in chosen]


def _needs_session(network: Words) -> Words:
    return _(
        "{network} answers searches only to those who sign in. Give the options identifier and "
        "app_password; profiles, posts and replies need neither.",
        network=network,
    )
