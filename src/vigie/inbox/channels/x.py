"""X: mentions, replies and private messages in and out, paid for by the post."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from vigie.collect.budget import Budget
from vigie.collect.connector import Allowance, Option
from vigie.collect.nested import Item
from vigie.collect.x_naming import references
from vigie.collect.x_posts import identity
from vigie.errors import BusyError, InboxError, RefusedError
from vigie.http import Http
from vigie.inbox.channel import Brought, Channel, Known, Outgoing, Received, Sent
from vigie.inbox.x_account import EVENTS, Account, from_moment, order
from vigie.inbox.x_reading import DIRECT, NETWORK, edition, gone, payload, received
from vigie.inbox.x_signature import Keys
from vigie.inbox.x_text import LIMIT, squeezed, weight, words_of
from vigie.words import Words, _

FIRST_LOOK = timedelta(days=7)
"""How far back is read when an account is first connected."""
SKEW = timedelta(minutes=5)
"""By so much clocks may differ when a reply is looked for that may have gone out."""
LONGEST_DIRECT = 10_000
KEYS = ("api_key", "api_secret", "access_token", "access_secret")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to go on reading, and what was paid for this month."""

    us: str = ""
    """The account that was read: another one is read from the beginning."""
    mentions: str = ""
    direct: str = ""
    own: str = ""
    month: str = ""
    posts: int = 0
    """Posts that were read in that month."""

    @classmethod
    def of(cls, position: str, now: datetime, us: str = "") -> Place:
        """Read a position of an account; a new month begins with nothing spent."""
        kept = cls(**json.loads(position)) if position else cls(us=us)
        if kept.us != us:
            kept = cls(us=us, month=kept.month, posts=kept.posts)
        month = f"{now:%Y-%m}"
        return kept if kept.month == month else replace(kept, month=month, posts=0)

    def __str__(self) -> str:
        return json.dumps(vars(self))

    def after(self, name: str, items: list[Item]) -> Place:
        """Return the place after what was read of one kind, each of which was paid for."""
        newest = max((one.needed("id") for one in items), key=order)
        spent = replace(self, posts=self.posts + len(items))
        match name:
            case "mentions":
                return replace(spent, mentions=newest)
            case "direct":
                return replace(spent, direct=newest)
        return replace(spent, own=newest)


class X(Channel):
    """The account of an institution on X.

    Mentions, replies and private messages come in; answers go out as a reply, or as a private
    message to who wrote in private. X asks for money for every post that it answers: what was
    read in a month is counted, and nothing more is asked for when it is as much as the box
    allows. What one of us answers on the network's own page is recorded. X keeps no mark of an
    answer that we could choose: one that may have gone out is looked for by its words. Once a
    day it is looked whether the last fifty posts were changed or taken down; of private messages
    X tells nothing.
    """

    label: ClassVar[Words] = _("X")
    network: ClassVar[str] = NETWORK
    options: ClassVar[tuple[Option, ...]] = (
        Option(name="api_key", label=_("API key of the app"), is_secret=True, is_needed=True),
        Option(name="api_secret", label=_("API key secret"), is_secret=True, is_needed=True),
        Option(name="access_token", label=_("Access token of the account"), is_secret=True,
               is_needed=True),
        Option(name="access_secret", label=_("Access token secret"), is_secret=True,
               is_needed=True),
        Option(name="most_posts", label=_("Posts that may be read in a month"), default="10000"),
        Option(
            name="naming",
            label=_("How X calls its fields: post, or tweet as it did until 2026"),
            default="post",
        ),
        Option(name="service", label=_("Address of the service"), default="https://api.x.com"),
    )  # fmt: skip
    guide: ClassVar[Words] = _(
        "1. Sign in at https://console.x.com with the account of the institution. 2. Create an app "
        "and set its permissions to read, write and direct messages. 3. Buy credits and set a "
        "spending limit. 4. Under “Keys and tokens”, copy the API key and its secret, then the "
        "access token and its secret: each is shown once. 5. Enter all four here, and how many "
        "posts may be read in a month. What came in the last seven days is read first."
    )
    every: ClassVar[timedelta] = timedelta(minutes=5)
    looks_again: ClassVar[timedelta | None] = timedelta(days=1)
    most_looked_at: ClassVar[int] = 50
    longest: ClassVar[int | None] = LIMIT
    finds: ClassVar[bool] = True

    def _option(self, name: str) -> str:
        known = {option.name: option.default for option in self.options}
        return self.chosen.get(name) or known[name]

    def account(self, http: Http) -> Account:
        """Return who asks."""
        return Account(
            network=self.label,
            service=self._option("service").rstrip("/"),
            keys=Keys(**{name: self.chosen[name].strip() for name in KEYS}),
            naming=self._option("naming"),
            http=http,
        )

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said to us in public and in private, then what we said ourselves."""
        account, since = self.account(http), http.clock() - FIRST_LOOK
        me = f"/2/users/{account.number}"
        place = Place.of(position, http.clock(), account.number)
        begin = {"start_time": from_moment(since)}
        asked: tuple[tuple[str, str, Mapping[str, str]], ...] = (
            ("mentions", f"{me}/mentions", {**account.posts(), **begin}),
            ("direct", "/2/dm_events", EVENTS),
            ("own", f"{me}/tweets", {**account.posts(), **begin, "exclude": "retweets"}),
        )
        for name, path, params in asked:
            last = getattr(place, name)
            pages = account.newer(
                path, _after(params, last), last=last, since=since, before=self._allow(place)
            )
            # They come newest first, and are kept oldest first: a stop loses none.
            for answer, items in reversed(list(pages)):
                place = place.after(name, items)
                kind = "direct" if name == "direct" else "posts"
                yield Brought(body=payload(account.number, kind, answer), position=str(place))

    def look_again(self, known: Sequence[Known], position: str, http: Http) -> Brought:
        """Return what its authors changed since, and what they took down; it is paid for too."""
        account = self.account(http)
        place = Place.of(position, http.clock(), account.number)
        numbers = [one.facts["id"] for one in known if one.facts.get("kind") == "post"]
        if not numbers:
            return Brought(body=b"", position=position)
        self._require_left(place)
        answer = account.get("/2/tweets", {**account.posts(), "ids": ",".join(numbers)})
        items = list(Item(answer).at("data"))
        spent = len(items)
        newer = [latest for one in items if (latest := edition(one)) != one.name("id")]
        changed: Mapping[str, Any] = {}
        if newer:
            changed = account.get("/2/tweets", {**account.posts(), "ids": ",".join(newer)})
            spent += len(list(Item(changed).at("data")))
        missing = gone(answer)
        keys = [one.key for one in known if one.facts.get("id") in missing]
        body = payload(account.number, "posts", changed, gone=keys) if newer or keys else b""
        return Brought(body=body, position=str(replace(place, posts=place.posts + spent)))

    def _allow(self, place: Place) -> Callable[[int], None]:
        return lambda read: self._require_left(replace(place, posts=place.posts + read))

    def _require_left(self, place: Place) -> None:
        """Refuse to read more than the box allows in a month: it is read when the next begins."""
        most = self._option("most_posts")
        allowed = Allowance(per=timedelta(days=31), posts=int(most) if most.isdecimal() else 0)
        if not Budget(allowance=allowed, posts=place.posts).is_enough(calls=1, posts=1):
            raise InboxError(
                _(
                    "The {count} posts that this box may read on X in a month are used up. Allow "
                    "more in the box, or wait: what is missing is read when the month is over.",
                    count=place.posts,
                )
            )

    def fetch_post(self, post: str, http: Http) -> bytes:
        """Return a public post that listening found, as a payload for ``receive``."""
        account = self.account(http)
        answer = account.get("/2/tweets", {**account.posts(), "ids": post})
        if not any(identity(one) == post for one in Item(answer).at("data")):
            raise InboxError(_("X does not show this post: it is gone, or its author protects it."))
        return payload(account.number, "found", answer)

    def receive(self, body: bytes) -> Received:
        """Read a page of posts or of private messages."""
        return received(body)

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Reply to a post, or write back in private."""
        _require_short(outgoing)
        account, path, said = self.account(http), *question(outgoing)
        try:
            answer = account.put(path, said)
        except BusyError:
            raise
        except RefusedError as error:
            if error.status == 401 or error.status >= 500:
                raise
            raise _failed(error) from error
        number = answer.needed("data", "dm_event_id" if is_direct(outgoing) else "id")
        return _sent(outgoing, number, http.clock())

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look among what we said since for an answer in the same words."""
        account, since = self.account(http), outgoing.handed_in_at - SKEW
        wanted = squeezed(outgoing.words)
        if is_direct(outgoing):
            path = f"/2/dm_conversations/with/{outgoing.facts['with']}/dm_events"
            pages = account.newer(path, EVENTS, last="", since=since)
        else:
            path = f"/2/users/{account.number}/tweets"
            asking = {**account.posts(), "start_time": from_moment(since)}
            pages = account.newer(path, asking, last="", since=since)
        for _answer, items in pages:
            for one in items:
                if _answers(one, outgoing, account) and squeezed(words_of(one)) == wanted:
                    return _sent(outgoing, one.needed("id"), one.when("created_at"))
        return None


def _after(params: Mapping[str, str], last: str) -> Mapping[str, str]:
    """Return a question for what came after a number, where X can be asked so."""
    if not last or "start_time" not in params:
        return params
    kept = {name: value for name, value in params.items() if name != "start_time"}
    return {**kept, "since_id": last}


def is_direct(outgoing: Outgoing) -> bool:
    """Whether an answer goes out in private: to all that is not public."""
    return not outgoing.is_public or outgoing.facts.get("kind") == "direct"


def question(outgoing: Outgoing) -> tuple[str, Mapping[str, Any]]:
    """Return where an answer is put, and what."""
    if not is_direct(outgoing):
        reply = {"in_reply_to_tweet_id": outgoing.facts["id"]}
        return "/2/tweets", {"text": outgoing.words, "reply": reply}
    group = outgoing.facts.get("conversation", "")
    if group and "-" not in group and group != outgoing.facts.get("with"):
        return f"/2/dm_conversations/{group}/messages", {"text": outgoing.words}
    other = outgoing.facts.get("with") or outgoing.to.address
    return f"/2/dm_conversations/with/{other}/messages", {"text": outgoing.words}


def _require_short(outgoing: Outgoing) -> None:
    length = len(outgoing.words) if is_direct(outgoing) else weight(outgoing.words)
    limit = LONGEST_DIRECT if is_direct(outgoing) else LIMIT
    if length > limit:
        raise InboxError(
            _(
                "The answer is {excess} characters too long: X takes {limit}. Shorten it, or give "
                "the address of a page.",
                excess=length - limit,
                limit=limit,
            )
        )


def _answers(one: Item, outgoing: Outgoing, account: Account) -> bool:
    if is_direct(outgoing):
        return one.name("sender_id") == account.number
    return references(one).get("replied_to") == outgoing.facts["id"]


def _sent(outgoing: Outgoing, number: str, at: datetime) -> Sent:
    if is_direct(outgoing):
        return Sent(external=f"{DIRECT}{number}", sent_at=at)
    return Sent(external=number, sent_at=at, url=f"https://x.com/i/status/{number}")


def _failed(error: RefusedError) -> InboxError:
    """Return what a refusal of an answer means to who wrote it."""
    return InboxError(
        _(
            "X did not take the answer ({said}). It may be that this person takes no private "
            "messages, limits who may reply, or took the message down. Answer another way: by "
            "mail, by telephone, or on the network’s page.",
            said=error.said,
        )
    )
