"""Mastodon, and servers of the fediverse with the same interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, urlsplit

from vigie.collect.connector import (
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
from vigie.collect.fediverse import (
    NETWORK,
    address_of,
    handle_of,
    is_json_object,
    local_id,
    name_and_server,
    server_of,
)
from vigie.collect.nested import Item
from vigie.collect.received import Meaning, Refusal, asked, received
from vigie.collect.rights import Rights
from vigie.collect.status_pages import GONE, Place, StatusPages
from vigie.collect.webfinger import webfinger_request
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError, SearchError
from vigie.http import Answer, Http, Request
from vigie.model import Account, Institution
from vigie.words import _

MOST = 40
"""Statuses on a page."""
CHECKED = 20
"""Statuses that are shown at once by their identifiers (from Mastodon 4.3 on)."""
NOT_KNOWN = frozenset({400, 404, 405, 422})
"""What servers answer to a question that their version does not know."""


class Mastodon(Connector):
    """Accounts of Mastodon and of servers that answer like it: Pleroma, Akkoma, and with a token
    GoToSocial and Pixelfed.

    Every account is asked for at its own server, where its counts are whole. When the server
    named in a handle has no such interface, WebFinger says which one has. A boost is a repost: its
    counts are not its own. A reply to oneself goes on a thread and is not a reply to someone else.
    *Shares* are boosts and quotes. Only what is public or unlisted is kept. A content warning
    stands before the words it warns of. Images count as described when their description is not
    blank. A profile is verified when one of its links leads to a page that links back.

    Replies are read below each post: without a token Mastodon shows the first 60 of a
    conversation, 20 answers deep. A hashtag can be searched without a token, as far as the server
    that is asked has seen it; words need a token of that server.

    What others write is kept under a pseudonym. Where they let no search engine keep their posts,
    the words and the address are left out and the post only counts; so are the words of finds
    whose authors do not offer them to searches.
    """

    label = _("Mastodon and the fediverse")
    network = NETWORK
    is_one_server = False
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="replies", label=_("Replies to posts"), is_dated=False, grows=("comments",)),
        Stream(name="search", label=_("Searches"), every=timedelta(hours=6), keeps_all=False),
    )
    syntax = Syntax(folds_accents=True)
    rights = Rights(
        terms="https://docs.joinmastodon.org/client/public/",
        read_on="2026-11",
        remarks=(
            _(
                "Every server has its own rules, on its page “About”. Some forbid collecting in "
                "bulk or training on posts: read those of the servers that hold many accounts."
            ),
            _("A server answers 300 questions in five minutes; more is asked for later."),
            _(
                "Posts of people who let no search engine keep them are counted, without their "
                "words and address. Finds of a search by words also need their author's consent "
                "to searches and to discovery."
            ),
        ),
    )
    options = (
        Option(
            name="service",
            label=_("Address of one server that is asked about every account (for tests)"),
        ),
        Option(
            name="search_server",
            label=_("Server that is asked for hashtags and words"),
            default="mastodon.social",
        ),
        Option(
            name="token",
            label=_("Tokens for servers that ask for one: server=token, several by commas"),
            is_secret=True,
        ),
        Option(
            name="left_out",
            label=_("Servers whose accounts another connector reads, several by commas"),
        ),
    )
    posts_per_page = MOST
    guide = _(
        "No key is needed for most servers. For one that asks for a token: sign in there, open "
        "Preferences, Development, New application, allow only “read”, save, and copy the access "
        "token. Enter it as server=token, for example social.example=AbC123."
    )

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the open accounts of the register, but for those on servers left out."""
        found = super().subjects(accounts, institutions)
        left_out = {server.strip() for server in self.chosen["left_out"].split(",")}
        return [one for one in found if (one.handle or "").partition("@")[2] not in left_out]

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question to the account's server."""
        if ask.stream in ("profile", "posts") and Place.of(ask.page).account is None:
            return self._account(ask, http)
        request = self.request(ask)
        try:
            answer = self._asked(request, http)
        except RefusedError as refused:
            if refused.status not in _meant(ask, request):
                raise
            # A refusal that is itself an answer.
            answer = Answer(
                url=request.shown,
                status=refused.status,
                headers={},
                body=refused.said.encode(),
                at=http.clock(),
            )
        return received(ask, self._with_token(request), answer, connector=NETWORK)

    def request(self, ask: Ask) -> Request:
        """Return the question in Mastodon's words."""
        place = Place.of(ask.page)
        match ask.stream:
            case "replies":
                return self._context(ask, place)
            case "check":
                return self._existence(ask, place)
            case "search":
                return self._search(ask, place)
        if place.account is not None:
            before = {"max_id": place.before} if place.before else {}
            url = f"{place.server}/api/v1/accounts/{quote(place.account, safe='')}/statuses"
            return Request(url=url, params={"limit": str(MOST), **before})
        name, host = name_and_server(_handle(ask))
        server = place.server or self._server(address_of(host))
        return Request(url=f"{server}/api/v1/accounts/lookup", params={"acct": name})

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer."""
        return StatusPages(payload=payload, context=context).page()

    def search(self, words: str, *, name: str) -> Ask:
        """Return the question for a hashtag, or for words where a token allows it."""
        server = urlsplit(self._search_server()).netloc
        if not words.startswith("#") and not self._token(server):
            raise SearchError(
                _(
                    "{server} searches words only for those with a token. Enter one as the "
                    "option token, or search for a hashtag.",
                    server=server,
                )
            )
        return Ask(stream="search", subject=Subject(subject=name, network=NETWORK, words=words))

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Return the question whether these posts still exist."""
        return Ask(stream="check", subject=subject, posts=tuple(posts)) if posts else None

    def _account(self, ask: Ask, http: Http) -> Payload:
        """Look an account up; where there is no such interface, ask which server has it."""
        request, handle = self.request(ask), _handle(ask)
        is_known = bool(Place.of(ask.page).server or self.chosen["service"])
        answer = self._looked_up(request, http, is_known=is_known)
        if answer is not None and is_json_object(answer.body):
            if ask.stream == "profile":
                _refuse_gone(Item(answer.json()), answer, handle)
            return received(ask, self._with_token(request), answer, connector=NETWORK)
        if is_known:
            raise _unknown_account(handle, urlsplit(request.url).netloc)
        request = webfinger_request(ask, handle=handle)
        answer = asked(request, http, network=self.label, meaning=_unknown(handle))
        return received(ask, request, answer, connector=NETWORK)

    def _looked_up(self, request: Request, http: Http, *, is_known: bool) -> Answer | None:
        """Return the answer of a server about an account; none where it may live elsewhere."""
        try:
            return self._asked(request, http)
        except MissingError:
            return None
        except RefusedError as refused:
            if is_known or isinstance(refused, BusyError):
                raise
            return None

    def _context(self, ask: Ask, place: Place) -> Request:
        """Return the question for what is below a post, or first for the post's identifier."""
        post = place.left(ask.posts)[0]
        status = place.status or local_id(post)
        if status is None:
            return Request(url=post, headers={"Accept": "text/html"})
        server = self._server(server_of(post))
        return Request(url=f"{server}/api/v1/statuses/{quote(status, safe='')}/context")

    def _existence(self, ask: Ask, place: Place) -> Request:
        """Return the question whether posts exist: to the interface, or for a post's own page."""
        post, *_others = left = place.left(ask.posts)
        server = self._server(server_of(post))
        together = [] if place.one_by_one else self._together(left)
        if len(together) > 1:
            named = "&".join(f"id[]={status}" for status in together)
            return Request(url=f"{server}/api/v1/statuses?{named}")
        status = self._open_id(post)
        if status is None:
            return Request(url=post, headers={"Accept": "text/html"})
        return Request(url=f"{server}/api/v1/statuses/{status}")

    def _together(self, posts: Sequence[str]) -> Sequence[str]:
        """Return the identifiers of the next posts that one question to one server covers."""
        found = []
        for post in posts[:CHECKED]:
            status = self._open_id(post)
            if status is None or server_of(post) != server_of(posts[0]):
                break
            found.append(status)
        return found

    def _open_id(self, post: str) -> str | None:
        """Return a post's identifier where its server answers about it: Mastodon's are numbers."""
        status = local_id(post)
        if status is None or status.isdigit():
            return status
        return status if self._token(urlsplit(post).netloc) else None

    def _search(self, ask: Ask, place: Place) -> Request:
        words, server = ask.subject.words or "", self._search_server()
        if words.startswith("#"):
            before = {"max_id": place.before} if place.before else {}
            url = f"{server}/api/v1/timelines/tag/{quote(words.lstrip('#'), safe='')}"
            return Request(url=url, params={"limit": str(MOST), **before})
        offset = {"offset": str(place.offset)} if place.offset else {}
        params = {"q": words, "type": "statuses", "limit": str(MOST), **offset}
        return Request(url=f"{server}/api/v2/search", params=params)

    def _asked(self, request: Request, http: Http) -> Answer:
        server = urlsplit(request.url).netloc
        meaning = _denied(server, has_token=bool(self._token(server)))
        return asked(self._with_token(request), http, network=self.label, meaning=meaning)

    def _with_token(self, request: Request) -> Request:
        token = self._token(urlsplit(request.url).netloc)
        if not token:
            return request
        return replace(request, secret_headers={"Authorization": f"Bearer {token}"})

    def _server(self, own: str) -> str:
        return self.chosen["service"].rstrip("/") or own

    def _search_server(self) -> str:
        return self._server(f"https://{self.chosen['search_server']}")

    def _token(self, server: str) -> str | None:
        """Return the token for a server: none is ever shown to another."""
        pairs = (pair.partition("=") for pair in self.chosen["token"].split(","))
        tokens = {name.strip(): token.strip() for name, _equals, token in pairs}
        return tokens.get(server) or None


def _handle(ask: Ask) -> str:
    return ask.subject.handle or handle_of(ask.subject.subject)


def _meant(ask: Ask, request: Request) -> frozenset[int]:
    """Return the refusals that answer a question: a post is gone, or several cannot be asked."""
    if ask.stream == "check" and "id[]=" in request.url:
        return NOT_KNOWN
    return GONE if ask.stream in ("check", "replies") else frozenset()


def _denied(server: str, *, has_token: bool) -> Meaning:
    """Say what to do about a server that answers only some."""

    def meaning(refusal: Refusal) -> RefusedError | None:
        is_closed = refusal.status in (401, 403) or "authenticated" in refusal.said
        if not is_closed:
            return None
        words = (
            _(
                "{server} refused the token ({said}). Make a new one there, with the permission "
                "“read”, and enter it as the option token.",
                server=server,
                said=refusal.said,
            )
            if has_token
            else _(
                "{server} answers only those with a token ({said}). Make one there and enter it "
                "as the option token; or try the connector activitypub, which needs none: name "
                "the server in its option servers and in the option left_out here.",
                server=server,
                said=refusal.said,
            )
        )
        return DeniedError(words, status=refusal.status, said=refusal.said)

    return meaning


def _unknown(handle: str) -> Meaning:
    def meaning(refusal: Refusal) -> RefusedError | None:
        is_answer = refusal.status < 500 and refusal.status != 429
        return _unknown_account(handle, handle.partition("@")[2]) if is_answer else None

    return meaning


def _unknown_account(handle: str, server: str) -> MissingError:
    words = _(
        "{server} does not know {handle}. Correct it in the register.",
        server=server,
        handle=handle,
    )
    return MissingError(words, status=404)


def _refuse_gone(account: Item, answer: Answer, handle: str) -> None:
    """Raise what a person must know of an account that no longer speaks."""
    moved = account.at("moved")
    if moved:
        words = _(
            "{handle} has moved to {new}. Correct it in the register.",
            handle=handle,
            new=moved.name("url") or moved.name("acct"),
        )
        raise MissingError(words, status=answer.status)
    if account.at("suspended").value is True:
        words = _(
            "{handle} was suspended by its server. Close the account in the register if it does "
            "not come back.",
            handle=handle,
        )
        raise MissingError(words, status=answer.status)
