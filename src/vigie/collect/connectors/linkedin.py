"""LinkedIn pages of organisations, through the Community Management API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from vigie.collect import linkedin_refusals
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
from vigie.collect.graph import OWN, TOKEN
from vigie.collect.linkedin_items import POST, LinkedinReading
from vigie.collect.linkedin_pages import (
    check_page,
    comments_page,
    insights_page,
    lookup_page,
    posts_page,
    profile_page,
)
from vigie.collect.linkedin_questions import MOST, question
from vigie.collect.linkedin_walk import Place
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.restli import HEADER, VERSION, query
from vigie.collect.rights import Rights
from vigie.errors import RefusedError
from vigie.http import Http, Request
from vigie.model import Account, Institution
from vigie.words import _


class Linkedin(Connector):
    """Pages of one's own organisation on LinkedIn: followers, posts, comments, and its days.

    Posts take three questions each fifty: which there are, their figures, and their words.
    *Shares* are reposts, *reach* is LinkedIn's *unique impressions*. Figures are organic and
    cover the last twelve months; those of older posts are unknown. The followers gained in a
    day include those won by advertisements. Days are days in UTC, and the last two may be
    missing. What LinkedIn only shows as an advertisement is left aside. Pages of others are not
    asked about: LinkedIn tells their figures to nobody else. Whether a
    post still exists is asked by its own number; LinkedIn numbers one post in several ways, so
    one that an exported file names by its activity is not asked about.

    LinkedIn publishes no description of this interface that a machine can read. These
    questions and answers are made from its documentation and were not seen against the real
    service: of all connectors this is the least certain.
    """

    label = _("LinkedIn")
    network = "linkedin"
    streams = (
        Stream(name="profile", label=_("Page and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="comments", label=_("Comments by others")),
        Stream(name="insights", label=_("Figures of the page by day")),
        Stream(name="check", label=_("Whether posts still exist"), is_dated=False),
    )
    posts_per_page: ClassVar[int] = MOST
    key_lasts: ClassVar[Mapping[str, timedelta]] = {"token": timedelta(days=60)}
    rights = Rights(
        keep_others_days=2,
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=24,
        terms="https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements",
        read_on="2025-06",
        remarks=(
            _(
                "What members wrote (comments) may be kept for 48 hours only, and may neither be "
                "exported nor combined with other knowledge about them."
            ),
            _("Figures and posts of one's own page may be kept while the access lasts."),
            _("LinkedIn reviews the app and the institution before it grants this access."),
            _(
                "The rules are told from memory of June 2025 and not from the text itself: read "
                "them before you rely on them."
            ),
        ),
    )
    permissions = (
        Permission(
            name="r_organization_social",
            reason=_("to read the page's posts and the comments under them"),
            streams=("posts", "comments", "check"),
        ),
        Permission(
            name="rw_organization_admin",
            reason=_("to read the page, its followers, and the figures of its posts and days"),
            streams=("profile", "posts", "insights"),
        ),
    )
    options = (
        TOKEN,
        replace(OWN, label=_("Your own pages: their names or numbers, by commas")),
        Option(
            name="version",
            label=_("Version of the interface, as year and month"),
            default="202606",
        ),
        Option(
            name="service", label=_("Address of the service"), default="https://api.linkedin.com"
        ),
    )
    allowance = Allowance(per=timedelta(days=1), calls=500)
    guide = _(
        "1. Sign in at https://www.linkedin.com/developers as an administrator of the page, create "
        "an app for it, and have the page verify it. "
        "2. Under Products, ask for “Community Management API”; LinkedIn reviews the request, "
        "first for development, then for regular use. "
        "3. Under Auth, OAuth 2.0 tools, make a token with the permissions listed here. "
        "4. Enter the token and the page's name, as in linkedin.com/company/name. "
        "5. A token lasts 60 days: make a new one before they are over."
    )

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the pages that the person who made the token administers."""
        return [one for one in super().subjects(accounts, institutions) if self._is_own(one)]

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question; a post that is gone in the meantime has no comments."""
        request = self.request(ask, now=http.clock())

        def meaning(refusal: Refusal) -> RefusedError | None:
            needed = [one for one in self.permissions if ask.stream in one.streams]
            return linkedin_refusals.meaning(refusal, ask=ask, permissions=needed)

        def is_nothing(refusal: Refusal) -> bool:
            place = Place.of(ask)
            return refusal.status == 404 and place is not None and place.trail.first is not None

        answer = asked(request, http, network=self.label, meaning=meaning, is_nothing=is_nothing)
        if Place.of(ask) is None and ask.stream != "check":
            linkedin_refusals.unknown_page(ask, Item(answer.json()))
        return received(ask, request, answer, connector="linkedin")

    def request(self, ask: Ask, *, now: datetime) -> Request:
        """Return the question in LinkedIn's words."""
        path, params = question(ask, now)
        method = {"X-RestLi-Method": "BATCH_GET"} if "ids" in params else {}
        address = f"{self.chosen['service'].rstrip('/')}/rest/{path}"
        return Request(
            url=f"{address}?{query(params)}" if params else address,
            headers={"LinkedIn-Version": self.chosen["version"], HEADER: VERSION, **method},
            secret_headers={"authorization": f"Bearer {self.chosen['token']}"},
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer: of the stream, and of the step in it that its page names."""
        body, place = body_of(payload), Place.of(payload)
        reading = LinkedinReading(payload=payload, context=context)
        if payload.stream == "check":
            return check_page(body, payload, context)
        if payload.stream == "profile":
            return profile_page(body, place, reading)
        if place is None:
            return lookup_page(body)
        match payload.stream:
            case "posts":
                return posts_page(body, place, reading)
            case "comments":
                return comments_page(body, place, reading)
        return insights_page(body, place, reading)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts by their own numbers; one that is named by its activity is left aside."""
        named = tuple(post for post in posts if POST.fullmatch(post))
        return Ask(stream="check", subject=subject, posts=named) if named else None

    def _is_own(self, subject: Subject) -> bool:
        own = {name.strip().casefold() for name in self.chosen["own"].split(",")} - {""}
        handle = (subject.handle or "").casefold()
        return bool(own & {handle, handle.rpartition("/")[2], subject.identifier or ""})
