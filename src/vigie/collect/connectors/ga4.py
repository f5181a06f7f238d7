"""Visits of campaigns on a web site, as Google Analytics 4 counts them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from vigie.collect import ga4_refusals
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
from vigie.collect.day_windows import Window, windowed
from vigie.collect.ga4_rows import DIMENSIONS, METRICS, Reading, rows_of
from vigie.collect.google_token import ServiceAccount
from vigie.collect.items import page_of
from vigie.collect.lent_tokens import Lent
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.rights import Rights
from vigie.errors import RefusedError, SearchError
from vigie.http import Http, Request
from vigie.model import Account, Institution
from vigie.words import _

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
MOST = 10_000
"""Rows of one page."""
KEPT = timedelta(days=425)
"""How far back is read at most: Google keeps what reports need for 14 months."""


class Ga4(Connector):
    """Visits, visitors, conversions and revenue by campaign and day, from Google Analytics 4.

    Visits are *sessions*, conversions *key events*, revenue that of purchases. Source, medium
    and campaign are those of the session; visits that nobody gave a campaign (direct, organic,
    referral) are left aside. Days are those of the property's own time zone; the day that is
    not over is not asked for. Visitors cannot be added up from day to day. When Google estimates
    from a sample, withholds rows about few people, or adds small campaigns up under *(other)*,
    the journal says so among what was left aside.

    A token lasts an hour and is kept in memory: without one, a question takes a second question
    to Google before it. Requests are checked against Google's own description.
    """

    label = _("Google Analytics 4")
    network = "ga4"
    streams = (Stream(name="visits", label=_("Visits by campaign and day")),)
    rights = Rights(
        may_export_others=True,
        terms="https://marketingplatform.google.com/about/analytics/terms/us/",
        read_on="2025-06",
        remarks=(
            _("The figures are your own; they are sums, and name nobody."),
            _(
                "Nothing that names a person may be put into the addresses of a campaign: Google "
                "forbids it."
            ),
            _("The rules are told from what was known in June 2025: read them again."),
        ),
    )
    permissions = (
        Permission(
            name="analytics.readonly",
            reason=_("to read reports of the property, as a viewer of it"),
            streams=("visits",),
        ),
    )
    options = (
        Option(name="properties", label=_("Numbers of the properties, by commas"), is_needed=True),
        Option(
            name="key",
            label=_("Key of the service account: the whole text of its JSON file"),
            is_secret=True,
            is_needed=True,
        ),
        Option(
            name="service",
            label=_("Address of the service"),
            default="https://analyticsdata.googleapis.com",
        ),
        Option(
            name="token_service",
            label=_("Address that lends tokens"),
            default="https://oauth2.googleapis.com",
        ),
    )
    allowance = Allowance(per=timedelta(days=1), calls=5_000)
    guide = _(
        "1. Sign in at https://console.cloud.google.com, create a project, and switch on “Google "
        "Analytics Data API” under “APIs and services”. "
        "2. Under “IAM and admin”, “Service accounts”, create one; it needs no role. "
        "3. Under its “Keys”, add a key of the kind JSON; a file is downloaded. "
        "4. In Analytics, under Admin, “Property access management”, add the service account's "
        "address as a viewer. "
        "5. Enter the text of the file as key, and the property's number, which stands under "
        "“Property details”."
    )
    posts_per_page = MOST

    def __init__(self, options: Mapping[str, str]) -> None:
        """Take the options; the key is read, and a token asked for, with the first question."""
        super().__init__(options)
        self.lent = Lent(network=self.label, meaning=ga4_refusals.no_token)

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the properties that the options name: they are no accounts of the register."""
        written = (one.strip().removeprefix("properties/") for one in self._properties)
        return [
            Subject(subject=f"ga4:{number}", network=self.network, identifier=number)
            for number in dict.fromkeys(written)
            if number
        ]

    def cost(self, ask: Ask) -> int:
        """Return the questions it takes: one more while there is no token."""
        return 1 if self.lent.is_held else 2

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question, after one for a token where there is none that holds."""
        account = ServiceAccount.read(self.chosen["key"])

        def for_token(now: datetime) -> Request:
            return account.request(scope=SCOPE, service=self.chosen["token_service"], now=now)

        def meaning(refusal: Refusal) -> RefusedError | None:
            if refusal.status == 401:
                self.lent.end()
            return ga4_refusals.meaning(refusal, email=account.email, site=ask.subject.identifier)

        token = self.lent.given(http, for_token)
        place = Place.of(ask.page) or Place(window=Window.latest(http.clock(), ask.since))
        request = replace(
            self.request(ask.subject, place),
            secret_headers={"authorization": f"Bearer {token}"},
        )
        answer = asked(request, http, network=self.label, meaning=meaning)
        # What we sent names figures, not keys: it must stay legible in the answer.
        kept = received(ask, replace(request, body=None), answer, connector="ga4")
        return replace(kept, page=place.text)

    def request(self, subject: Subject, place: Place) -> Request:
        """Return the question in Google's words, without the token."""
        said = {
            "dateRanges": [
                {"startDate": f"{place.window.first}", "endDate": f"{place.window.last}"}
            ],
            "dimensions": [{"name": name} for name in DIMENSIONS],
            "metrics": [{"name": name} for name in METRICS],
            "orderBys": [{"dimension": {"dimensionName": name}} for name in DIMENSIONS],
            "limit": str(MOST),
            "offset": str(place.offset),
        }
        service = self.chosen["service"].rstrip("/")
        return Request(
            url=f"{service}/v1beta/properties/{quote(subject.identifier or '')}:runReport",
            method="POST",
            headers={"content-type": "application/json"},
            body=json.dumps(said).encode(),
            repeatable=True,
            counts_against=subject.subject,
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read a report; it goes on with more rows of these days, or with the days before."""
        body, place = body_of(payload), Place.of(payload.page)
        reading = Reading(payload=payload, context=context)
        page = page_of(rows_of(body), reading.row)
        if place is None:
            return page
        read, total = place.offset + len(body.at("rows")), body.at("rowCount").value
        if len(body.at("rows")) and isinstance(total, int) and read < total:
            return replace(page, next_page=Place(window=place.window, offset=read).text)
        return windowed(page, place.window, now=payload.received_at, kept=KEPT)

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: there are no posts in Google Analytics."""
        raise SearchError(
            _("Google Analytics counts visits of a web site; it holds no posts to search.")
        )

    @property
    def _properties(self) -> Sequence[str]:
        return self.chosen["properties"].split(",")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the reading of a report is: which days, and from which row on."""

    window: Window
    offset: int = 0

    @property
    def text(self) -> str:
        """The name of the page."""
        return f"{self.window.text} {self.offset}" if self.offset else self.window.text

    @classmethod
    def of(cls, page: str | None) -> Place | None:
        """Read the name of a page; the first has none."""
        days, _space, offset = (page or "").partition(" ")
        window = Window.read(days)
        begin = int(offset) if offset.isascii() and offset.isdigit() else 0
        return None if window is None else cls(window=window, offset=begin)
