"""TikTok, one's own account, through the Display API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Permission,
    Stream,
    Subject,
)
from vigie.collect.graph import Reading
from vigie.collect.items import listed, page_of
from vigie.collect.lent_tokens import Lent
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.renewal import Renewal, end_of
from vigie.collect.rights import Rights
from vigie.errors import BusyError, DeniedError, NetworkError, RefusedError
from vigie.http import Http, Request
from vigie.model import Account, Institution, Post, Snapshot
from vigie.words import _

MOST = 20
ABOUT = (
    "open_id,display_name,username,bio_description,is_verified,"
    "follower_count,following_count,video_count"
)
VIDEO = (
    "id,create_time,share_url,title,video_description,like_count,comment_count,share_count,"
    "view_count"
)
WRONG_TOKEN = frozenset({"access_token_invalid", "access_token_has_expired"})
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json; charset=UTF-8"}


class Tiktok(Connector):
    """One's own account on TikTok: followers, and videos with their counts.

    *Views* are plays. TikTok gives the public videos, the newest first, twenty at a time; it
    gives no comments and nothing about accounts of others. Its Research API, which does, is
    for researchers of non-profit institutions whom TikTok has approved, and is not asked here.
    A token lasts a day: before the first question of a run a new one is asked for with the
    refresh token, which lasts a year, so that run takes one question more. TikTok may answer
    with another refresh token: it is kept, sealed, in the place of the one entered.

    TikTok publishes no description of this interface that a machine can read: these questions
    and answers are made from its documentation and were not seen against the real service.
    """

    label = _("TikTok")
    network = "tiktok"
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Videos")),
    )
    posts_per_page: ClassVar[int] = MOST
    key_lasts: ClassVar[Mapping[str, timedelta]] = {"refresh_token": timedelta(days=365)}
    rights = Rights(
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=24,
        terms="https://www.tiktok.com/legal/page/global/tik-tok-developer-terms-of-service/en",
        read_on="2025-06",
        remarks=(
            _("What is deleted on TikTok, or no longer allowed by the account, must be deleted."),
            _("TikTok reviews the app before it may be used with the institution's account."),
            _(
                "The Research API, with comments and accounts of others, is for approved "
                "researchers only; what it gives may not serve the institution's communication."
            ),
            _("The rules are told from what was known in June 2025: read them again."),
        ),
    )
    permissions = (
        Permission(name="user.info.basic", reason=_("to find the account"), streams=("profile",)),
        Permission(
            name="user.info.profile",
            reason=_("to read what the account says of itself"),
            streams=("profile",),
        ),
        Permission(name="user.info.stats", reason=_("to read its followers"), streams=("profile",)),
        Permission(
            name="video.list",
            reason=_("to read its videos and their counts"),
            streams=("posts", "check"),
        ),
    )
    options = (
        Option(name="client_key", label=_("Client key of the app"), is_needed=True),
        Option(
            name="client_secret",
            label=_("Client secret of the app"),
            is_secret=True,
            is_needed=True,
        ),
        Option(
            name="refresh_token",
            label=_("Refresh token of your own account"),
            is_secret=True,
            is_needed=True,
        ),
        Option(name="own", label=_("Your own account: its handle"), is_needed=True),
        Option(
            name="service",
            label=_("Address of the service"),
            default="https://open.tiktokapis.com",
        ),
    )
    allowance = Allowance(per=timedelta(minutes=1), calls=600)
    guide = _(
        "1. Sign in at https://developers.tiktok.com and create an app for the institution. "
        "2. Add the products Login Kit and Display API, with the permissions listed here, and "
        "have TikTok review the app; until then its sandbox works for accounts you name there. "
        "3. Sign the institution's account in to the app once, with its Login Kit; the answer to "
        "that holds a refresh token, which lasts a year. "
        "4. Enter the client key, the client secret, the refresh token and the account's handle. "
        "5. Vigie keeps the refresh tokens that TikTok gives in its place; sign in again when the "
        "page Sources says that the last one ends."
    )

    def __init__(self, options: Mapping[str, str]) -> None:
        """Take the options; a token is asked for when the first question is put."""
        super().__init__(options)
        self.lent = Lent(
            network=self.label,
            meaning=_no_token,
            refused=_refused_token,
            renewed=self._keep_new,
        )

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the account that the token is of: TikTok answers about no other."""
        own = self.chosen["own"].strip().removeprefix("@").casefold()
        found = super().subjects(accounts, institutions)
        return [one for one in found if own and (one.handle or "").casefold() == own]

    def cost(self, ask: Ask) -> int:
        """Return the questions it takes: one more while there is no token."""
        return 1 if self.lent.is_held else 2

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question, after one for a token where there is none."""
        token = self.lent.given(http, self._for_token)
        request = replace(self.request(ask), secret_headers={"authorization": f"Bearer {token}"})

        def meaning(refusal: Refusal) -> RefusedError | None:
            return self._meaning(refusal, ask)

        answer = asked(request, http, network=self.label, meaning=meaning)
        if ask.stream == "profile":
            _check_owner(ask, Item(answer.json()))
        # What we sent are identifiers, not keys: they must stay legible in the answer.
        return received(ask, replace(request, body=None), answer, connector="tiktok")

    def request(self, ask: Ask) -> Request:
        """Return the question in TikTok's words, without the token."""
        base = f"{self.chosen['service'].rstrip('/')}/v2"
        if ask.stream == "profile":
            return Request(url=f"{base}/user/info/", params={"fields": ABOUT})
        said: dict[str, object] = {"max_count": MOST}
        path, fields = "list", VIDEO
        if ask.stream == "check":
            path, fields = "query", "id"
            said = {"filters": {"video_ids": list(part_of(ask.posts, ask.page, most=MOST))}}
        elif ask.page and ask.page.isascii() and ask.page.isdigit():
            said["cursor"] = int(ask.page)
        return Request(
            url=f"{base}/video/{path}/",
            method="POST",
            params={"fields": fields},
            headers=JSON,
            body=json.dumps(said).encode(),
            repeatable=True,
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer about the account or its videos."""
        body = body_of(payload)
        reading = TiktokReading(payload=payload, context=context)
        if payload.stream == "profile":
            return page_of([body.at("data", "user").value], reading.profile)
        items = listed(body.at("data", "videos"), where="videos")
        if payload.stream == "check":
            there = {Item(one).name("id") for one in items}
            return checked(payload, context, there=there, most=MOST)
        has_more = body.at("data", "has_more").value is True
        cursor = body.name("data", "cursor") if has_more else None
        return page_of(items, reading.video, next_page=cursor)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for videos by their identifiers, twenty at a time."""
        return Ask(stream="check", subject=subject, posts=tuple(posts)) if posts else None

    def _for_token(self, now: datetime) -> Request:
        said = {name: self.chosen[name] for name in ("client_key", "client_secret")}
        said |= {"grant_type": "refresh_token", "refresh_token": self.chosen["refresh_token"]}
        return Request(
            url=f"{self.chosen['service'].rstrip('/')}/v2/oauth/token/",
            method="POST",
            headers=FORM,
            body=urlencode(said).encode(),
            is_secret_body=True,
            repeatable=True,
        )

    def _keep_new(self, body: Item, now: datetime) -> None:
        """Keep the refresh token that came with a token: the one before may be used up."""
        new = body.name("refresh_token") or self.chosen["refresh_token"]
        options = {"refresh_token": new} if new != self.chosen["refresh_token"] else {}
        ends_at = end_of(body, "refresh_expires_in", now=now)
        if options or ends_at is not None:
            self.keep(Renewal(options=options, ends_at=ends_at))
        self.chosen = {**self.chosen, **options}

    def _meaning(self, refusal: Refusal, ask: Ask) -> RefusedError | None:
        """Return what a refusal means; none where its status says enough."""
        code = refusal.body.name("error", "code") or ""
        said = refusal.body.text("error", "message") or refusal.said
        if code in WRONG_TOKEN:
            self.lent.end()
            return _denied(said, status=refusal.status)
        if code == "rate_limit_exceeded" or refusal.status == 429:
            words = _("TikTok asks to wait: it allows 600 questions a minute.")
            until = refusal.until or refusal.now + timedelta(minutes=1)
            return BusyError(words, status=refusal.status, said=said, until=until)
        if code in ("scope_not_authorized", "scope_permission_missed"):
            needed = [one.name for one in self.permissions if ask.stream in one.streams]
            words = _(
                "The account has not granted {permission} to the app: {said} Sign it in to the app "
                "again with this permission, and enter the new refresh token.",
                permission=", ".join(needed),
                said=said,
            )
            return DeniedError(words, status=refusal.status, said=said)
        return None


class TiktokReading(Reading):
    """Reads one item of an answer about a TikTok account."""

    def profile(self, item: Item) -> Snapshot:
        """Read the account itself."""
        item.needed("open_id")
        verified = item.at("is_verified").value
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.day(self.payload.received_at),
            followers=item.count("follower_count"),
            following=item.count("following_count"),
            posts=item.count("video_count"),
            name=item.text("display_name"),
            description=item.text("bio_description"),
            is_verified=verified if isinstance(verified, bool) else None,
            source=self.payload.connector,
            run=self.context.run,
        )

    def video(self, item: Item) -> Post:
        """Read a video with its counts."""
        return replace(
            self.post(item, when="create_time"),
            kind="video",
            text=item.text("video_description") or item.text("title"),
            url=(item.name("share_url") or "").partition("?")[0] or None,
            likes=item.count("like_count"),
            comments=item.count("comment_count"),
            shares=item.count("share_count"),
            views=item.count("view_count"),
        )


def _denied(said: str, *, status: int) -> DeniedError:
    words = _(
        "TikTok refused the key: {said} Sign the account in to the app again, as the guide says, "
        "and enter the new refresh token.",
        said=said,
    )
    return DeniedError(words, status=status, said=said)


def _no_token(refusal: Refusal) -> RefusedError | None:
    if refusal.status in (400, 401, 403):
        said = refusal.body.text("error_description") or refusal.said
        return _denied(said, status=refusal.status)
    return None


def _refused_token(body: Item) -> NetworkError | None:
    """Return what TikTok says instead of a token, with a status of success."""
    said = body.text("error_description") or body.text("error")
    return _denied(said, status=200) if said else None


def _check_owner(ask: Ask, body: Item) -> None:
    """Refuse figures of another account than the one they would be filed under."""
    named = body.name("data", "user", "username")
    if named and ask.subject.handle and named.casefold() != ask.subject.handle.casefold():
        words = _(
            "The refresh token is of the TikTok account {named}, not of {handle}. Enter the one of "
            "{handle}, or correct the register.",
            named=named,
            handle=ask.subject.handle,
        )
        raise DeniedError(words, status=200)
