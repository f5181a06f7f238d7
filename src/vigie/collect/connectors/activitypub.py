"""Any actor of ActivityPub, read from its outbox."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from vigie.collect.connector import (
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Stream,
    Subject,
)
from vigie.collect.fediverse import NETWORK, handle_of
from vigie.collect.outbox_pages import GONE, OutboxPages, Step
from vigie.collect.received import Meaning, Refusal, asked, received
from vigie.collect.rights import Rights
from vigie.collect.webfinger import ACTIVITY, webfinger_request
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.http import Answer, Http, Request
from vigie.model import Account, Institution
from vigie.words import Words, _

ACCEPT = {"Accept": ", ".join(reversed(ACTIVITY))}


class ActivityPub(Connector):
    """Accounts of the fediverse whose server has no interface like Mastodon's: WordPress, PeerTube,
    WriteFreely, Misskey, Lemmy, Friendica and others, without a key.

    WebFinger says where the account lives, its actor names an outbox, and the outbox is read page
    by page. Notes, articles, pages, videos, audio, images, events and questions are posts; an
    *Announce* is a repost. Only what is addressed to everyone is kept. The title of an article or a
    video stands before its words. Likes, shares and replies are counted where the server tells; it
    often does not, and they stay unknown. Followers come from the collection of followers.

    These are the same accounts as those of Mastodon, and their posts have the same identifiers:
    what both connectors read is kept once. So this one is asked only about the servers that its
    option *servers* names, or about all when it is itself named: `vigie collect activitypub`.
    Servers that answer signed questions only, as GoToSocial does, cannot be read in this way.
    """

    label = _("ActivityPub (any server of the fediverse)")
    network = NETWORK
    is_one_server = False
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
    )
    rights = Rights(
        terms="https://docs.joinmastodon.org/spec/activitypub/",
        read_on="2026-11",
        remarks=(
            _(
                "Every server has its own rules, on a page of its site. Only the accounts of the "
                "register are read, never those of people who follow or answer them."
            ),
        ),
    )
    options = (
        Option(
            name="servers",
            label=_("Servers whose accounts are read in this way, several by commas"),
        ),
        Option(
            name="service",
            label=_("Address of one server that says where every account lives (for tests)"),
        ),
    )
    posts_per_page = 20

    @property
    def is_on_demand(self) -> bool:
        """Whether it is asked only when it is named: it is, unless servers are chosen."""
        return not self.chosen["servers"].strip()

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the open accounts on the servers of the option; without it, all."""
        found = super().subjects(accounts, institutions)
        servers = {server.strip() for server in self.chosen["servers"].split(",")} - {""}
        return [
            one for one in found
            if not servers or (one.handle or "").partition("@")[2] in servers
        ]  # fmt: skip

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question to the account's server."""
        request = self.request(ask)
        server = urlsplit(request.url).netloc
        try:
            answer = asked(
                request, http, network=self.label, meaning=_meaning(server, _handle(ask))
            )
        except RefusedError as refused:
            if not _is_answer(refused, ask):
                raise
            answer = Answer(
                url=request.shown,
                status=refused.status,
                headers={},
                body=refused.said.encode(),
                at=http.clock(),
            )
        return received(ask, request, answer, connector="activitypub")

    def request(self, ask: Ask) -> Request:
        """Return the question: for an account's place, its actor, or something of it."""
        step = Step.of(ask.page)
        if ask.stream == "check":
            post = step.post if step.post in ask.posts else ask.posts[0]
            return Request(url=post or "", headers=ACCEPT)
        if step.asked is not None:
            return Request(url=step.asked, headers=ACCEPT)
        server = self.chosen["service"].rstrip("/") or None
        return webfinger_request(ask, handle=_handle(ask), server=server)

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer."""
        return OutboxPages(payload=payload, context=context).page()

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Return the question whether these posts still exist, one after the other."""
        return Ask(stream="check", subject=subject, posts=tuple(posts)) if posts else None


def _handle(ask: Ask) -> str:
    return ask.subject.handle or handle_of(ask.subject.subject)


def _is_answer(refused: RefusedError, ask: Ask) -> bool:
    """Return whether a refusal is itself an answer: a post is gone, or a count is hidden."""
    step = Step.of(ask.page)
    if isinstance(refused, BusyError) or refused.status >= 500:
        return False
    if step.collections:
        return True
    return refused.status in GONE and (ask.stream == "check" or bool(step.named))


def _meaning(server: str, handle: str) -> Meaning:
    """Say what to do about a server that refuses, or that knows nobody of that name."""

    def meaning(refusal: Refusal) -> RefusedError | None:
        facts: dict[str, Words | str | int] = {"server": server, "said": refusal.said}
        if refusal.status in (401, 403):
            words = _(
                "{server} answers only questions that another server signed ({said}). Ask for a "
                "token there and read the account with the connector mastodon.",
                **facts,
            )
            return DeniedError(words, status=refusal.status, said=refusal.said)
        if refusal.status in GONE:
            words = _(
                "{server} does not know {handle}. Correct it in the register.",
                server=server,
                handle=handle,
            )
            return MissingError(words, status=refusal.status, said=refusal.said)
        return None

    return meaning
