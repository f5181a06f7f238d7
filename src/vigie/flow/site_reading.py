"""Reads the few pages of an institution's site that say where else it is, as it wishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from vigie.collect.discovery import Found, found_in
from vigie.collect.named_pages import moved_to, pages_named
from vigie.collect.web_site import Site, host_of
from vigie.collect.well_known import (
    ATPROTO,
    HOST_META,
    account_said,
    did_said,
    origin_of,
    resources,
    webfinger_url,
)
from vigie.errors import BusyError, GarbledError, NetworkError, RefusedError
from vigie.http import Answer, Http, Request
from vigie.words import Words, _

AGENT = "Vigie"
"""The name by which a site may tell us what not to read (robots.txt)."""
MOST_PAGES = 5
"""Read besides the home page."""
LONGEST_WAIT = 5.0
"""Seconds between two pages, where a site asks for more."""
HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(kw_only=True)
class SiteReading:
    """What was read of a site, and what could not be."""

    http: Http
    site: Site
    """As it turns out to be: where the address of the register leads."""
    pages: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    failures: list[Words] = field(default_factory=list)
    has_moved: bool = False
    """The site sends its readers to another domain."""
    rules: dict[str, RobotFileParser] = field(default_factory=dict)

    def read(self) -> None:
        """Read the home page, the pages it names, and what the domain says of itself."""
        home = self._home()
        if home is None:
            return
        for url in pages_named(home.body, home.url, most=MOST_PAGES):
            self._wait(url)
            self._page(url)
        if not self.site.path:
            self.found += self._of_the_domain()

    def _home(self) -> Answer | None:
        """Return the home page, where it really is; none where it cannot be read."""
        home = self._page(self.site.url)
        further = moved_to(home.body, home.url) if home is not None else None
        if further is not None:
            home = self._page(further) or home
        if home is not None and not self.site.covers(host_of(home.url)):
            self.has_moved = True
            self.failures.append(
                _(
                    "{site} sends its readers to {place}, which was read instead. If that is "
                    "right, correct the site in the register.",
                    site=host_of(self.site.url),
                    place=host_of(home.url),
                )
            )
            self.site = Site(url=home.url, names=self.site.names)
        return home

    def _page(self, url: str) -> Answer | None:
        """Read a page if the site lets us, and note the accounts it names."""
        try:
            if not self._may_read(url):
                self.failures.append(
                    _("{url} was not read: the site asks not to (robots.txt).", url=url)
                )
                return None
            answer = self.http.ask(Request(url=url, headers={"accept": "text/html"}))
        except NetworkError as error:
            self.failures.append(error.words)
            return None
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in HTML:
            self.failures.append(_("{url} is not a web page.", url=answer.url))
            return None
        self.pages.append(answer.url)
        self.found += found_in(answer.body, answer.url)
        return answer

    def _may_read(self, url: str) -> bool:
        return self._rules(origin_of(url)).can_fetch(AGENT, url)

    def _rules(self, origin: str) -> RobotFileParser:
        """Return what a host asks of those who read it; one that says nothing allows all.

        A host whose rules cannot be had because it is unwell is not read (RFC 9309).
        """
        if origin not in self.rules:
            parser = RobotFileParser()
            try:
                answer = self.http.ask(Request(url=f"{origin}/robots.txt"))
                parser.parse(answer.text.lstrip("\ufeff").splitlines())
            except RefusedError as error:
                if error.status >= 500 or isinstance(error, BusyError):
                    raise
                parser.parse([])
            except GarbledError:
                parser.parse([])
            self.rules[origin] = parser
        return self.rules[origin]

    def _wait(self, url: str) -> None:
        """Leave the time between two pages that the site asks for."""
        known = self.rules.get(origin_of(url))
        delay = known.crawl_delay(AGENT) if known is not None else None
        if delay:
            self.http.sleep(min(float(delay), LONGEST_WAIT))

    def _of_the_domain(self) -> Iterator[Found]:
        """Yield what the domain says of its own accounts, where it says something."""
        parts = urlsplit(self.site.url)
        bare = f"{parts.scheme}://{parts.netloc.lower().removeprefix('www.')}"
        for origin in dict.fromkeys((bare, origin_of(self.site.url))):
            url = f"{origin}{ATPROTO}"
            said = self._said(url)
            found = did_said(said, url) if said is not None else None
            if found is not None:
                yield found
                break
        yield from self._of_the_fediverse(bare)

    def _of_the_fediverse(self, origin: str) -> Iterator[Found]:
        meta = self._said(f"{origin}{HOST_META}")
        for resource in resources(self.site):
            url = webfinger_url(meta, origin, resource)
            said = self._said(url)
            found = account_said(said, url) if said is not None else None
            if found is not None:
                yield found
                return

    def _said(self, url: str) -> bytes | None:
        """Return an answer at a fixed address; most domains have none there."""
        try:
            return self.http.ask(Request(url=url)).body if self._may_read(url) else None
        except NetworkError:
            return None
