"""Mastodon: mentions, replies and direct messages in, answers before the same eyes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote, urlencode, urlsplit

from vigie.collect.connector import Option
from vigie.collect.fediverse import NETWORK
from vigie.collect.html_words import words_of
from vigie.collect.nested import Item
from vigie.errors import InboxError, MissingError, RefusedError
from vigie.http import Http, Request
from vigie.inbox.channel import Brought, Channel, Known, Outgoing, Pictures, Received, Sent
from vigie.inbox.mastodon_reading import PUBLIC, Us, edited_at, key_of, payload, received
from vigie.inbox.mastodon_server import Server
from vigie.words import Words, _

FIRST_LOOK = timedelta(days=7)
"""How far back is read when an account is first connected."""
LIMIT = 500
"""Signs a status may have where its server says nothing else."""
LINK = re.compile(r"https?://\S+")
LINK_SIGNS = 23
"""Every link counts as so many signs."""
TOLD = [("types[]", "mention"), ("types[]", "quote"), ("include_filtered", "true")]
"""Notifications that are asked for, those too that a server holds back: by its usual rules that is
every private question of a stranger."""
ANSWERED = [("exclude_reblogs", "true")]
NAMED = re.compile(r"(?<![\w/])@(\w+)(?:@[\w.-]+\w)?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to go on reading."""

    us: str = ""
    """The account that was read: another one is read from the beginning."""
    told: str = ""
    """The last notification that was kept."""
    own: str = ""
    """The last status of our own."""

    @classmethod
    def of(cls, position: str, us: str = "") -> Place:
        """Read a position of an account."""
        kept = json.loads(position) if position else {}
        if kept.get("us", us) != us:
            return cls(us=us)
        return cls(us=us, told=kept.get("told", ""), own=kept.get("own", ""))

    def __str__(self) -> str:
        return json.dumps(vars(self))


class Mastodon(Channel):
    """The account of an institution on Mastodon, or on a server that answers like it.

    Mentions, replies, quotes and direct messages come in, those too that the server holds back
    from strangers. An answer goes out before the same eyes as the question: in public to who asked
    in public, unlisted to who asked unlisted, and for that one person alone to everybody else.
    Up to four pictures go with it, each with the words that say what it shows.
    What one of us answers on the network's own page is recorded. What its author changes or
    takes down is changed or emptied here within the hour.
    """

    label: ClassVar[Words] = _("Mastodon")
    network: ClassVar[str] = NETWORK
    options: ClassVar[tuple[Option, ...]] = (
        Option(name="server", label=_("Server of the account: social.example"), is_needed=True),
        Option(name="token", label=_("Access token"), is_secret=True, is_needed=True),
    )
    guide: ClassVar[Words] = _(
        "1. Sign in on the institution’s server and open Preferences, Development, New "
        "application. 2. Call it Vigie and allow “read”, “write:statuses” and “write:media” (for "
        "pictures), nothing else. "
        "3. Save, open it again, and copy the access token. 4. Enter the server and the token "
        "here. What came in the last seven days is read first."
    )
    looks_again: ClassVar[timedelta | None] = timedelta(hours=1)
    most_looked_at: ClassVar[int] = 40
    longest: ClassVar[int | None] = LIMIT
    may_enclose: ClassVar[bool] = True
    pictures: ClassVar[Pictures | None] = Pictures(largest=8_000_000, longest_alt=1_500)
    finds: ClassVar[bool] = True

    def _server(self, http: Http) -> Server:
        named = self.chosen["server"].strip().rstrip("/")
        return Server(
            address=named if "://" in named else f"https://{named}",
            token=self.chosen["token"],
            network=self.label,
            http=http,
        )

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said to us, then what we said on the network's own page."""
        server, now = self._server(http), http.clock()
        us, since = server.us(), now - FIRST_LOOK
        place = Place.of(position, f"{us.account}@{us.host}")
        for page in server.pages("/api/v1/notifications", TOLD, place.told, since=since):
            statuses = [one.at("status") for one in page if one.at("status")]
            place = replace(place, told=page[-1].needed("id"))
            yield Brought(body=_payload(us, statuses, server), position=str(place))
        for page in server.pages(_own(us), ANSWERED, place.own, since=since):
            place = replace(place, own=page[-1].needed("id"))
            answers = [one for one in page if _answers_others(one, us)]
            yield Brought(body=_payload(us, answers, server), position=str(place))

    def look_again(self, known: Sequence[Known], position: str, http: Http) -> Brought:
        """Return what its authors changed since, and what they took down."""
        server = self._server(http)
        found = {one.key: server.status(one.facts["id"]) for one in known if "id" in one.facts}
        gone = [key for key, status in found.items() if not status]
        changed = [
            {"status": found[one.key].value, "above": []}
            for one in known
            if one.key in found and _is_changed(found[one.key], one)
        ]
        body = payload(server.us(), changed, gone=gone) if changed or gone else b""
        return Brought(body=body, position=position)

    def fetch_post(self, post: str, http: Http) -> bytes:
        """Return a public post that listening found, as a payload for ``receive``."""
        server = self._server(http)
        found = server.post(post)
        if found.name("visibility") not in PUBLIC:
            raise InboxError(
                _("{server} does not find this post: it is gone, or no longer public.",
                  server=urlsplit(server.address).netloc)
            )  # fmt: skip
        return _payload(server.us(), [found], server, is_found=True)

    def receive(self, body: bytes) -> Received:
        """Read a page of statuses."""
        return received(body)

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Answer a status; under one key a server takes an answer once."""
        text = self.written(outgoing)
        server = self._server(http)
        if (length := weight(text)) > LIMIT:
            _require_short(length, server)
        media = [("media_ids[]", server.keep(one)) for one in outgoing.enclosed]
        form = {
            "status": text,
            "in_reply_to_id": outgoing.facts.get("id", ""),
            "visibility": visibility(outgoing),
            "language": outgoing.facts.get("language", ""),
        }
        request = Request(
            url=f"{server.address}/api/v1/statuses",
            method="POST",
            headers={
                "Idempotency-Key": outgoing.key,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=urlencode([*((name, one) for name, one in form.items() if one), *media]).encode(),
            repeatable=True,
        )
        try:
            answer = server.put(request)
        except RefusedError as error:
            raise _refused(error) from error
        return _sent(Item(answer.json()), http.clock())

    def written(self, outgoing: Outgoing) -> str:
        """Return an answer with the name of who is answered: without it nobody is told."""
        name = f"@{outgoing.facts.get('acct') or outgoing.to.address}"
        return outgoing.words if name in outgoing.words.split() else f"{name} {outgoing.words}"

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look among our own statuses for an answer to the same status in the same words."""
        server = self._server(http)
        since = outgoing.handed_in_at - timedelta(minutes=5)
        wanted = squeezed(self.written(outgoing))
        for one in server.back_to(_own(server.us()), ANSWERED, since=since):
            is_same = one.name("in_reply_to_id") == outgoing.facts.get("id")
            if is_same and squeezed(words_of(one.name("content")) or "") == wanted:
                return _sent(one, one.when("created_at"))
        return None


def _payload(us: Us, statuses: Sequence[Item], server: Server, *, is_found: bool = False) -> bytes:
    """Return a payload of statuses, each with what it answers; nothing where there is none."""
    parts = [{"status": one.value, "above": server.above(one)} for one in statuses]
    return payload(us, parts, is_found=is_found) if parts else b""


def _is_changed(status: Item, known: Known) -> bool:
    at = edited_at(status) if status else None
    return at is not None and (known.edited_at is None or at > known.edited_at)


def _own(us: Us) -> str:
    return f"/api/v1/accounts/{quote(us.account, safe='')}/statuses"


def _require_short(length: int, server: Server) -> None:
    """Refuse what is too long for a server, with how much is too much."""
    told = server.asked("/api/v1/instance")
    limit = (
        told.count("configuration", "statuses", "max_characters")
        or told.count("max_toot_chars")
        or LIMIT
    )
    if length > limit:
        raise InboxError(
            _(
                "The answer is {excess} characters too long: with the name of the person it may "
                "have {limit}. Shorten it, or give the address of a page.",
                excess=length - limit,
                limit=limit,
            )
        )


def visibility(outgoing: Outgoing) -> str:
    """Return before whose eyes an answer goes: those of the question, and never before more."""
    asked_in = outgoing.facts.get("visibility", "public")
    return asked_in if outgoing.is_public and asked_in in PUBLIC else "direct"


def weight(text: str) -> int:
    """Return the signs of a text as Mastodon counts them: links the same, names without server."""
    return len(NAMED.sub(r"@\1", LINK.sub("x" * LINK_SIGNS, text)))


def squeezed(text: str) -> str:
    """Return the letters of a text, without the servers of the people it names."""
    return "".join(letter for letter in NAMED.sub(r"@\1", text).casefold() if letter.isalnum())


def _answers_others(status: Item, us: Us) -> bool:
    answered = status.name("in_reply_to_account_id")
    return status.name("in_reply_to_id") is not None and answered != us.account


def _sent(status: Item, at: datetime) -> Sent:
    return Sent(external=key_of(status), sent_at=at, url=status.name("url") or "")


def _refused(error: RefusedError) -> Exception:
    """Return what a refusal of an answer means: some are final, others pass."""
    if isinstance(error, MissingError):
        return InboxError(
            _(
                "The message that is answered is no longer there: its author took it down, or "
                "blocks this account. If another way to reach this person is known, use that one."
            )
        )
    if error.status == 422:
        return InboxError(
            _(
                "Mastodon did not take the answer ({said}). Change it and send it again, or "
                "answer this person another way.",
                said=error.said,
            )
        )
    return error
