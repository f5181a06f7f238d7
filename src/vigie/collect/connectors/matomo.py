"""Visits of campaigns on a web site, as Matomo counts them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

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
)
from vigie.collect.day_windows import Window, windowed
from vigie.collect.items import Skipped, page_of
from vigie.collect.matomo_rows import Reading, rows_of
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.rights import Rights
from vigie.errors import DeniedError, MissingError, RefusedError, SearchError
from vigie.http import Http, Request
from vigie.model import Account, Institution
from vigie.words import _

PLUGIN = "MarketingCampaignsReporting"
FULL, PLAIN = f"{PLUGIN}.getSourceMedium", "Referrers.getCampaigns"
LOOKUP = "SitesManager.getSitesIdFromSiteUrl"
KEPT = timedelta(days=1825)
"""How far back is read at most; Matomo itself keeps reports as long as its owner wishes."""
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Matomo(Connector):
    """Visits, visitors, conversions and revenue by campaign and day, from a Matomo of one's own.

    Campaigns are visits by an address with ``utm_campaign`` or ``mtm_campaign``. Source and
    medium are known where Matomo has the plugin *Marketing Campaigns Reporting* (free); without
    it campaigns are read by name alone, and source and medium stay empty. Which of the two it
    is shows in the first answer. Days are those of the site's own time zone; the day that is
    not over is not asked for. Matomo writes names of campaigns in lower case. Visitors cannot
    be added up from day to day. The sum of small campaigns, *Others*, is left aside.

    A site is named by its number in Matomo or by its address. The token goes in the body of the
    question and never in an address.
    """

    label = _("Matomo")
    network = "matomo"
    streams = (Stream(name="visits", label=_("Visits by campaign and day")),)
    rights = Rights(
        may_export_others=True,
        terms="https://matomo.org/gdpr-analytics/",
        read_on="2025-06",
        remarks=(
            _("The figures are your own; they are sums, and name nobody."),
            _("On matomo.cloud, its terms of service hold besides."),
        ),
    )
    options = (
        Option(name="service", label=_("Address of your Matomo"), is_needed=True),
        Option(
            name="sites",
            label=_("Sites: their numbers or addresses, by commas"),
            is_needed=True,
        ),
        Option(name="token", label=_("Token (token_auth)"), is_secret=True, is_needed=True),
    )
    allowance = Allowance(per=timedelta(minutes=1), calls=60)
    guide = _(
        "1. Sign in to Matomo as a person who may view the sites, best one made for this alone. "
        "2. Under Administration, Personal, Security, create a new token; “only allow secure "
        "requests” may be ticked. "
        "3. Enter Matomo's address, the token, and the numbers of the sites, as shown under "
        "Administration, Websites, Manage. "
        "4. For sources and mediums, have the plugin “Marketing Campaigns Reporting” installed "
        "from the marketplace."
    )
    posts_per_page = 1000

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the sites that the options name: they are no accounts of the register."""
        named = dict.fromkeys(one.strip() for one in self.chosen["sites"].split(","))
        return [
            Subject(subject=f"matomo:{_short(name)}", network=self.network, identifier=name)
            for name in named
            if name
        ]

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question; Matomo refuses with a status of success."""
        place = Place.of(ask)
        method, params = _question(ask, place, latest=Window.latest(http.clock(), ask.since))
        request = self.request(method, params)

        def lacks_plugin(refusal: Refusal) -> bool:
            return method == FULL and PLUGIN in (refusal.body.text("message") or "")

        answer = asked(request, http, network=self.label, meaning=_meaning, is_nothing=lacks_plugin)
        told = Item(answer.json())
        said = told.text("message") if told.name("result") == "error" else None
        if said is not None and not (method == FULL and PLUGIN in said):
            raise _refused(said, status=answer.status)
        if method == LOOKUP and not told:
            raise _unknown(ask)
        return received(ask, request, answer, connector="matomo")

    def request(self, method: str, params: Mapping[str, str]) -> Request:
        """Return the question in Matomo's words."""
        return Request(
            url=f"{self.chosen['service'].rstrip('/').removesuffix('/index.php')}/index.php",
            method="POST",
            params={
                "module": "API",
                "method": method,
                "format": "JSON",
                "language": "en",
                **params,
            },
            headers=FORM,
            body=urlencode({"token_auth": self.chosen["token"]}).encode(),
            is_secret_body=True,
            repeatable=True,
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer: of the method that its address names."""
        said = parse_qs(urlsplit(payload.url).query)
        method, site = (said.get(name, [""])[0] for name in ("method", "idSite"))
        if method == LOOKUP:
            return _lookup_page(payload)
        body = body_of(payload)
        window = Window.read(said.get("date", [""])[0].replace(",", ".."))
        if body.name("result") == "error" or payload.status >= 400:
            return Page(next_page=Place(site=site, is_plain=True, window=window).text)
        reading = Reading(payload=payload, context=context, has_sources=method == FULL)
        page = page_of(rows_of(body, has_sources=method == FULL), reading.visit)
        if window is None:
            return page
        found = windowed(page, window, now=payload.received_at, kept=KEPT)
        place = Place(site=site, is_plain=method == PLAIN, window=window.before)
        return replace(found, next_page=found.next_page and place.text)

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: there are no posts in Matomo."""
        raise SearchError(_("Matomo counts visits of a web site; it holds no posts to search."))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the reading of a site is: its number, which report, and which days."""

    site: str
    is_plain: bool
    window: Window | None

    @property
    def text(self) -> str:
        """The name of the page."""
        days = self.window.text if self.window else ""
        return f"{self.site} {PLAIN if self.is_plain else FULL} {days}"

    @classmethod
    def of(cls, ask: Ask) -> Place:
        """Return the place that a question is about; no number: it is not known yet."""
        site, _space, rest = (ask.page or ask.subject.identifier or "").partition(" ")
        method, _space, days = rest.partition(" ")
        is_number = site.isascii() and site.isdigit()
        return cls(
            site=site if is_number else "", is_plain=method == PLAIN, window=Window.read(days)
        )


def _question(ask: Ask, place: Place, *, latest: Window) -> tuple[str, dict[str, str]]:
    if not place.site:
        return LOOKUP, {"url": address_of(ask.subject.identifier or "")}
    window = place.window or latest
    params = {"idSite": place.site, "period": "day", "date": f"{window.first},{window.last}",
              "filter_limit": "-1"}  # fmt: skip
    return (PLAIN, params) if place.is_plain else (FULL, {**params, "expanded": "1"})


def address_of(site: str) -> str:
    """Return a site's address as Matomo wants it."""
    return site if "://" in site else f"https://{site}"


def _short(site: str) -> str:
    return site.rpartition("://")[2].rstrip("/")


def _lookup_page(payload: Payload) -> Page:
    """Go on with the number of the site that was found by its address."""
    try:
        found = json.loads(payload.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        body_of(payload)
        return Page()
    site = Item(found).name(0, "idsite")
    page = page_of(found, _found)
    return replace(page, next_page=site and Place(site=site, is_plain=False, window=None).text)


def _found(item: Item) -> Skipped:
    item.needed("idsite")
    return Skipped("number of the site")


def _unknown(ask: Ask) -> MissingError:
    words = _(
        "Matomo does not know the site {site}, or the token may not see it. Correct it in the "
        "settings; its number, under Administration, Websites, is surest.",
        site=ask.subject.identifier,
    )
    return MissingError(words, status=200)


def _meaning(refusal: Refusal) -> RefusedError | None:
    said = refusal.body.text("message")
    return None if said is None else _refused(said, status=refusal.status)


def _refused(said: str, *, status: int) -> RefusedError:
    """Return what a refusal of Matomo means; it says so in words alone."""
    told = said.casefold()
    if "access" in told or "token" in told or "authenticat" in told or status in (401, 403):
        words = _(
            "Matomo refused the token: {said} Make a new one as the guide says, as a person who "
            "may view the site, and enter it as token.",
            said=said,
        )
        return DeniedError(words, status=status, said=said)
    words = _("Matomo refused the question: {said}", said=said)
    return RefusedError(words, status=status, said=said)
