"""What the connectors of Meta have in common: tokens and their proof, paging, permissions."""

from __future__ import annotations

import hashlib
import hmac
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import ClassVar

from vigie.collect import graph_refusals
from vigie.collect.connector import (
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Subject,
)
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.rights import Rights
from vigie.collect.trail import Trail
from vigie.errors import DeniedError, NetworkError, RowError
from vigie.http import Http, Request
from vigie.model import Account, Institution, Mention, Post
from vigie.words import Words, _

TOKEN = Option(name="token", label=_("Access token"), is_secret=True, is_needed=True)
APP_SECRET = Option(
    name="app_secret", label=_("App secret, with which questions are signed"), is_secret=True
)
APP_ID = Option(name="app_id", label=_("App ID, with which permissions are read"))
SERVICE = Option(
    name="service", label=_("Address of the service"), default="https://graph.facebook.com"
)
VERSION = Option(name="version", label=_("Version of the interface"), default="v25.0")
OWN = Option(
    name="own",
    label=_("Your own accounts: their handles or identifiers, by commas"),
    is_needed=True,
)

_KEEP, _DELETE, _USE = (
    _("Meta's terms set no number of days: keep only what the stated purpose needs."),
    _("What someone asks to be deleted, or Meta does, must be deleted at once."),
    _("Data must not be sold, nor used to judge or to watch people."),
)
_READ = _("The rules are told from what was known in June 2025: read them again.")


def meta_rights(*remarks: Words) -> Rights:
    """Return what Meta's terms let us do, on all its networks; remarks are those of one."""
    return Rights(
        keep_others_days=365,
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=24,
        terms="https://developers.facebook.com/terms/",
        read_on="2025-06",
        remarks=(_KEEP, _DELETE, _USE, *remarks, _READ),
    )


class Graph(Connector):
    """A network that is asked through Meta's Graph API."""

    public_streams: ClassVar[frozenset[str]] = frozenset()
    """What may be asked about accounts that are not one's own."""

    @abstractmethod
    def question(self, ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
        """Return the node or edge, and its parameters."""

    @abstractmethod
    def read(self, payload: Payload, body: Item, context: Context) -> Page:
        """Read an answer that is not a refusal."""

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question, signed where the app secret is known."""
        if not self.is_asked(ask.stream, ask.subject):
            return nothing(ask, connector=self.network, at=http.clock())
        request = self.request(ask, now=http.clock())

        def meaning(refusal: Refusal) -> NetworkError | None:
            needed = [one for one in self.permissions if ask.stream in one.streams]
            handle = ask.subject.handle or ask.subject.identifier
            return graph_refusals.meaning(refusal, handle=handle, permissions=needed)

        def is_nothing(refusal: Refusal) -> bool:
            is_below = ask.stream == "check" or Trail.read(ask.page).first is not None
            return is_below and graph_refusals.is_gone(refusal)

        answer = asked(request, http, network=self.label, meaning=meaning, is_nothing=is_nothing)
        if ask.stream == "permissions":
            self._refuse_invalid(Item(answer.json()), answer.status)
        return received(ask, request, answer, connector=self.network)

    def request(self, ask: Ask, *, now: datetime) -> Request:
        """Return the question in Meta's words."""
        if ask.stream == "permissions":
            return self._about_token()
        path, params = self.question(ask, now)
        return Request(
            url=f"{self._base}/{path}",
            params=params,
            secret_params=signed(self.chosen["token"], self.chosen.get("app_secret", "")),
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer; one to a question that was not put holds nothing."""
        if payload.status == NOT_ASKED:
            return Page()
        body = body_of(payload)
        if payload.stream == "permissions":
            scopes = [one.name() for one in body.at("data", "scopes")]
            granted = frozenset(scope for scope in scopes if scope)
            return Page(granted=granted, ends_at=_end_of_token(body.at("data")))
        return self.read(payload, body, context)

    def cost(self, ask: Ask) -> int:
        """Return the units of a question: none for one that is not put."""
        return 1 if self.is_asked(ask.stream, ask.subject) else 0

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return one's own accounts, and those of others where Meta lets us see them."""
        found = super().subjects(accounts, institutions)
        return [one for one in found if self.is_own(one) or self.sees_others]

    @property
    def sees_others(self) -> bool:
        """Whether accounts of others are asked about at all."""
        return bool(self.public_streams) and self.chosen.get("others", "yes") == "yes"

    def is_own(self, subject: Subject) -> bool:
        """Whether an account is one of ours, of which Meta tells more."""
        own = {name.strip().removeprefix("@").casefold() for name in self.chosen["own"].split(",")}
        names = {(subject.handle or "").casefold(), subject.identifier or ""}
        return bool(own & (names - {""}))

    def is_asked(self, stream: str, subject: Subject) -> bool:
        """Whether a stream is asked about an account: what only its owner sees is not."""
        return stream in (*self.public_streams, "search") or self.is_own(subject)

    def metrics(self, option: str) -> Sequence[str]:
        """Return the figures that an option asks for."""
        return [name.strip() for name in self.chosen[option].split(",") if name.strip()]

    @property
    def _base(self) -> str:
        return f"{self.chosen['service'].rstrip('/')}/{self.chosen['version']}"

    def _about_token(self) -> Request:
        """Ask what the token may do, as the app where that is known, else as the token itself."""
        token, secret, app = (self.chosen[name] for name in ("token", "app_secret", "app_id"))
        asking = f"{app}|{secret}" if app and secret else token
        return Request(
            url=f"{self._base}/debug_token",
            secret_params={"input_token": token, "access_token": asking},
        )

    def _refuse_invalid(self, body: Item, status: int) -> None:
        if body.at("data", "is_valid").value is False:
            words = _(
                "The token of {network} is no longer valid. Make a new one as the guide says and "
                "enter it as token.",
                network=self.label,
            )
            raise DeniedError(
                words, status=status, said=body.text("data", "error", "message") or ""
            )


def _end_of_token(told: Item) -> datetime | None:
    """Return when a token ends, or what it may read does; a 0 says that it does not."""
    said = [told.at(name).value for name in ("expires_at", "data_access_expires_at")]
    ends = [one for one in said if isinstance(one, int) and not isinstance(one, bool)]
    return min((datetime.fromtimestamp(one, UTC) for one in ends if 0 < one < LATEST), default=None)


LATEST = 4_102_444_800
"""The year 2100: what ends later does not end."""
NOT_ASKED = 204


def nothing(ask: Ask, *, connector: str, at: datetime) -> Payload:
    """Return the answer to a question that is not put, since only the owner gets one."""
    return Payload(
        connector=connector,
        network=ask.subject.network,
        stream=ask.stream,
        subject=ask.subject.subject,
        url="",
        status=NOT_ASKED,
        received_at=at,
        body=b"",
        page=ask.page,
    )


def signed(token: str, app_secret: str) -> Mapping[str, str]:
    """Return the token, and the proof that it is asked with by its own app."""
    if not app_secret:
        return {"access_token": token}
    proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return {"access_token": token, "appsecret_proof": proof}


def after(body: Item) -> str | None:
    """Return the cursor of the next page; Meta gives one on the last page too, without ``next``."""
    return body.name("paging", "cursors", "after") if body.name("paging", "next") else None


def said_under(post: str, comment: object) -> dict[str, object]:
    """Return a comment with the post it stands under, which it does not name itself."""
    return {"post": post, "comment": comment}


def oldest(posts: Sequence[Item], *, when: str) -> datetime | None:
    """Return the earliest publication; posts that do not say theirs are left aside."""
    moments = []
    for post in posts:
        try:
            moments.append(post.when(when))
        except RowError:
            continue
    return min(moments, default=None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is needed to read one item of an answer."""

    payload: Payload
    context: Context

    def day(self, moment: datetime) -> date:
        """Return the day on which a moment counts."""
        return moment.astimezone(self.context.zone).date()

    def post(self, item: Item, *, when: str) -> Post:
        """Return an own post of which nothing but its place and time is known yet."""
        published = item.when(when)
        return Post(
            network=self.payload.network,
            post=item.needed("id"),
            account=self.payload.subject,
            published_at=published,
            published_on=self.day(published),
            observed_at=self.payload.received_at,
            is_repost=False,
            is_reply=False,
            source=self.payload.connector,
            run=self.context.run,
        )

    def answer(self, item: Item, *, when: str, answers_to: str | None, thread: str) -> Post:
        """Return what an account itself said in a discussion."""
        return replace(
            self.post(item, when=when),
            kind="text",
            is_reply=True,
            answers_to=answers_to or thread,
            thread=thread,
        )

    def mention(self, item: Item, *, when: str, kind: str, author: str | None) -> Mention:
        """Return a post of someone else of which nothing but its place and time is known yet.

        Where Meta does not say who wrote it, it counts as written by another person each time.
        """
        published = item.when(when)
        post = item.needed("id")
        return Mention(
            network=self.payload.network,
            post=post,
            subject=self.payload.subject,
            kind=kind,
            author=self.context.pseudonym(self.payload.network, author or f"of {post}"),
            published_at=published,
            published_on=self.day(published),
            observed_at=self.payload.received_at,
            source=self.payload.connector,
            run=self.context.run,
        )


def figures(item: Item) -> dict[str, int | None]:
    """Return the lifetime figures that stand beside a post: name → count."""
    found: dict[str, int | None] = {}
    for one in item.at("insights", "data"):
        name = one.name("name")
        if name:
            value = one.at("values", 0, "value")
            found[name] = Item({name: value.value}).count(name)
    return found


def first(found: Mapping[str, int | None], *names: str) -> int | None:
    """Return the first of these figures that is known."""
    return next((found[name] for name in names if found.get(name) is not None), None)
