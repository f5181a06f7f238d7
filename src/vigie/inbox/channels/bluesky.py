"""Bluesky: mentions, replies and quotes in, replies out under a name that we choose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from vigie.collect.bluesky_posts import NETWORK, address, moment
from vigie.collect.connector import Option
from vigie.collect.nested import Item
from vigie.errors import BusyError, DeniedError, InboxError, RefusedError
from vigie.http import Http
from vigie.inbox.bluesky_account import MOST, POSTS, Account
from vigie.inbox.bluesky_reading import hung_under, payload, received
from vigie.inbox.bluesky_text import marked
from vigie.inbox.bluesky_writing import name_of, record_of, rkey_of
from vigie.inbox.channel import Brought, Channel, Known, Outgoing, Pictures, Received, Sent
from vigie.inbox.characters import graphemes
from vigie.words import Words, _

FIRST_LOOK = timedelta(days=7)
"""How far back is read when an account is first connected."""
OVERLAP = timedelta(hours=1)
"""What is read once more: the network shows some posts later than others."""
MOST_SEEN = 500
LIMIT = 300
REASONS = ("mention", "reply", "quote")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to go on reading."""

    us: str = ""
    """The account that was read: another one is read from the beginning."""
    at: str = ""
    """When the newest notification that was kept came."""
    seen: tuple[str, ...] = ()
    """Posts of the last hour before that: they are known already."""
    own: str = ""
    """The name of our last post."""

    @classmethod
    def of(cls, position: str, us: str = "") -> Place:
        """Read a position of an account."""
        kept = json.loads(position) if position else {}
        if kept.get("us", us) != us:
            return cls(us=us)
        return cls(
            us=us,
            at=kept.get("at", ""),
            seen=tuple(kept.get("seen", ())),
            own=kept.get("own", ""),
        )

    def __str__(self) -> str:
        return json.dumps(vars(self))

    def since(self, now: datetime) -> datetime:
        """Return how far back notifications are read."""
        return datetime.fromisoformat(self.at) - OVERLAP if self.at else now - FIRST_LOOK

    def after(self, told: list[Item]) -> Place:
        """Return the place after some notifications, oldest first."""
        uris = [one.needed("uri") for one in told]
        newest = max([*([self.at] if self.at else []), *(_came(one).isoformat() for one in told)])
        return replace(
            self,
            at=newest,
            seen=(*self.seen, *uris)[-MOST_SEEN:],
        )


class Bluesky(Channel):
    """The account of an institution on Bluesky.

    Mentions, replies and quotes come in; everything there is public, and answered in public.
    Addresses in an answer are shown short and lead where they should; they count as they are
    shown. Up to four pictures go with an answer, each with the words that say what it shows. An
    answer has a name that is chosen before it is sent, so that it goes out once. What
    one of us answers on the network's own page is recorded. What its author takes down is emptied
    here within the hour; the network lets nobody change a post, but where one was written anew
    under the same name, its words are taken over.
    """

    label: ClassVar[Words] = _("Bluesky")
    network: ClassVar[str] = NETWORK
    options: ClassVar[tuple[Option, ...]] = (
        Option(name="identifier", label=_("Handle of the account"), is_needed=True),
        Option(name="app_password", label=_("App password"), is_secret=True, is_needed=True),
        Option(
            name="pds",
            label=_("Address of the server where the account is"),
            default="https://bsky.social",
        ),
    )
    guide: ClassVar[Words] = _(
        "1. Sign in to Bluesky with the account of the institution. 2. Open Settings, Privacy and "
        "security, App passwords, and add one named vigie, without access to direct messages. "
        "3. Enter the account’s handle and that password here, never the account’s own password. "
        "What came in the last seven days is read first."
    )
    looks_again: ClassVar[timedelta | None] = timedelta(hours=1)
    most_looked_at: ClassVar[int] = 50
    longest: ClassVar[int | None] = LIMIT
    may_enclose: ClassVar[bool] = True
    pictures: ClassVar[Pictures | None] = Pictures(largest=1_000_000, longest_alt=2_000)
    finds: ClassVar[bool] = True

    def _account(self, http: Http) -> Account:
        known = {option.name: option.default for option in self.options}
        return Account(
            network=self.label,
            pds=(self.chosen.get("pds") or known["pds"]).rstrip("/"),
            identifier=self.chosen["identifier"].strip().removeprefix("@"),
            password=self.chosen["app_password"],
            http=http,
        )

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said to us, then what we said on the network's own page."""
        account, now = self._account(http), http.clock()
        place = Place.of(position, account.did)
        told = _told(account, place, since=place.since(now))
        for start in range(0, len(told), MOST):
            part = told[start : start + MOST]
            place = place.after(part)
            yield Brought(body=_payload(account, part), position=str(place))
        after = place.own or name_of(now - FIRST_LOOK)
        for page in account.own(after):
            place = replace(place, own=page[-1].needed("uri").rpartition("/")[2])
            answers = [_object(one) for one in page if one.at("value", "reply")]
            body = payload(account.did, own=answers) if answers else b""
            yield Brought(body=body, position=str(place))

    def look_again(self, known: Sequence[Known], position: str, http: Http) -> Brought:
        """Return what its authors wrote anew under the same name, and what they took down."""
        account = self._account(http)
        by_uri = {one.facts["uri"]: one for one in known if "uri" in one.facts}
        shown = account.posts(list(by_uri))
        # Who only blocks us took nothing down.
        gone = [uri for uri in by_uri if uri not in shown and not account.record(uri)]
        at = http.clock().isoformat()
        changed = [
            {**_object(view), "edited_at": at}
            for uri, view in shown.items()
            if view.name("cid") != by_uri[uri].facts.get("cid")
        ]
        body = payload(account.did, changed, gone=gone) if changed or gone else b""
        return Brought(body=body, position=position)

    def fetch_post(self, post: str, http: Http) -> bytes:
        """Return a public post that listening found, as a payload for ``receive``."""
        account = self._account(http)
        found = account.posts([post]).get(post)
        if found is None:
            raise InboxError(
                _("Bluesky does not show this post: it is gone, or its author blocks this account.")
            )
        return _payload(account, [found], reason="found")

    def receive(self, body: bytes) -> Received:
        """Read a page of notifications."""
        return received(body)

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Reply under the name that was chosen; a second try finds the first."""
        account = self._account(http)
        _require_open(account, outgoing)
        text = marked(outgoing.words, account.known_as)
        if (length := graphemes(text.text)) > LIMIT:
            raise InboxError(
                _(
                    "The answer is {excess} characters too long: Bluesky takes {limit}. Shorten "
                    "it, or give the address of a page.",
                    excess=length - LIMIT,
                    limit=LIMIT,
                )
            )
        blobs = [account.keep(one.content, one.media_type) for one in outgoing.enclosed]
        now = http.clock()
        said = {
            "repo": account.did,
            "collection": POSTS,
            "rkey": rkey_of(outgoing),
            "record": record_of(outgoing, text, now, blobs),
            "swapRecord": None,
        }
        try:
            account.put("com.atproto.repo.putRecord", said)
        except (BusyError, DeniedError):
            raise
        except RefusedError as error:
            if error.status != 400:
                raise
            if (sent := self.find(outgoing, http)) is not None:
                return sent
            raise InboxError(
                _(
                    "Bluesky did not take the answer ({said}). Change it and send it again, or "
                    "answer this person another way.",
                    said=error.said,
                )
            ) from error
        return self._sent(account.did, outgoing, now)

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look whether there is a post under the name that was chosen."""
        account = self._account(http)
        found = account.record(f"at://{account.did}/{POSTS}/{rkey_of(outgoing)}")
        made = moment(found.at("value", "createdAt").value)
        return self._sent(account.did, outgoing, made or http.clock()) if found else None

    def _sent(self, did: str, outgoing: Outgoing, at: datetime) -> Sent:
        uri = f"at://{did}/{POSTS}/{rkey_of(outgoing)}"
        handle = self.chosen["identifier"].strip().removeprefix("@")
        return Sent(external=uri, sent_at=at, url=address(uri, handle))


def _told(account: Account, place: Place, *, since: datetime) -> list[Item]:
    """Return the notifications since a moment that are not known yet, oldest first."""
    found: list[Item] = []
    known, cursor = set(place.seen), ""
    while True:
        given = [("limit", "100"), ("priority", "false"), *(("reasons", one) for one in REASONS)]
        page = account.get(
            "app.bsky.notification.listNotifications",
            [*given, *([("cursor", cursor)] if cursor else [])],
        )
        told = list(page.at("notifications"))
        recent = [one for one in told if _came(one) >= since]
        for one in sorted(recent, key=lambda one: one.name("reason") != "reply"):
            # A reply that names us is told of twice.
            if one.name("reason") in REASONS and one.needed("uri") not in known:
                known.add(one.needed("uri"))
                found.append(one)
        cursor = page.name("cursor") or ""
        if not cursor or not recent:
            return sorted(found, key=_came)


def _object(one: Item) -> dict[str, Any]:
    return dict(one.value) if isinstance(one.value, Mapping) else {}


def _came(told: Item) -> datetime:
    return told.when("indexedAt")


def _payload(account: Account, views: list[Item], *, reason: str = "") -> bytes:
    """Return posts with those they hang under."""
    said = [{**_object(one), **({"reason": reason} if reason else {})} for one in views]
    above = account.posts([uri for one in said for uri in hung_under(one)])
    shown = {uri: one.value for uri, one in above.items()}
    return payload(account.did, said, above=shown)


def _require_open(account: Account, outgoing: Outgoing) -> None:
    """Refuse to answer what is gone, or what its author lets only some people answer."""
    shown = account.posts([outgoing.facts["uri"]]).get(outgoing.facts["uri"])
    if shown is None:
        raise InboxError(
            _(
                "The message that is answered is no longer there: its author took it down, or "
                "blocks this account. If another way to reach this person is known, use that one."
            )
        )
    if shown.at("viewer", "replyDisabled").value is True:
        raise InboxError(
            _(
                "The author of this thread lets only some people reply, and this account is not "
                "one of them. If another way to reach this person is known, use that one."
            )
        )
