"""Feeds of news pages and of the press: RSS, Atom, JSON Feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from vigie.collect.articles import last_in_order
from vigie.collect.connector import Ask, Connector, Context, Page, Payload, Stream
from vigie.collect.fediverse import appeared
from vigie.collect.feeds import feeds_of_page, is_page, read_feed
from vigie.collect.items import Skipped, page_of
from vigie.collect.moments import moment
from vigie.collect.nested import Item
from vigie.collect.received import received
from vigie.collect.rights import Rights
from vigie.errors import GarbledError, MissingError, RowError, SearchError
from vigie.http import Http, Request
from vigie.model import Post
from vigie.words import _

ACCEPTED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
MOST_PAGES = 200
"""Pages of older articles that are followed: a feed that goes in circles ends."""
LONGEST = 5000
"""Letters of a summary that are kept: some feeds put the whole article there."""


class Rss(Connector):
    """Feeds of news pages, blogs, podcasts and the press: RSS 0.9 to 2.0, Atom, JSON Feed.

    No key is needed. A feed shows its latest articles only, as many as its site chooses: what came
    and went between two looks is not seen. Older pages are followed where the feed names them. A
    feed that did not change is not sent again. Where the address of the register is a page
    instead of a feed, the first feed that the page names is read.

    An article is kept with its title and its summary, without markup, and with the number of
    comments where the feed gives it. Nothing else is counted: no readers, no followers. An article
    without a date is refused, for it belongs to no month; one that only says when it changed is
    dated by that. An article that stands twice in a feed counts once. A feed that is not
    well-formed is mended as far as it can be; what it defines or points to outside of itself is
    never opened.
    """

    label = _("Feeds (RSS, Atom)")
    network = "rss"
    is_one_server = False
    streams = (
        Stream(name="posts", label=_("Articles"), every=timedelta(hours=6), keeps_all=False),
    )
    rights = Rights(
        terms="https://www.rssboard.org/rss-specification",
        read_on="2025-01",
        remarks=(
            _(
                "A feed is offered to be read by programs; the words remain those of its author. "
                "Title and summary may be quoted with a link. The press may have terms of its "
                "own: read those of each site before you publish its words."
            ),
        ),
    )

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Ask for the feed, or for the page of it that was named; only if it changed."""
        asked = ask.validators if ask.page is None else {}
        conditions = {CONDITIONS[name]: asked[name] for name in CONDITIONS if asked.get(name)}
        request = Request(url=_address(ask), headers={"Accept": ACCEPTED, **conditions})
        try:
            answer = http.ask(request)
        except MissingError as error:
            raise _gone(error, ask) from error
        payload = received(ask, request, answer, connector="rss")
        return replace(payload, url=answer.url)

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read the articles of a feed; of a page, which feed it names."""
        if payload.status == 304:
            return Page()
        kind = payload.headers.get("content-type", "")
        feed = read_feed(payload.body, url=payload.url, content_type=kind)
        if feed is None:
            return _page_instead(payload)
        page = page_of(feed.articles, _reader(payload, context))
        dates = [post.published_at for post in page.records if isinstance(post, Post)]
        return replace(
            page,
            oldest=last_in_order(dates),
            next_page=_following(payload, feed.older),
            validators=_validators(payload),
        )

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: a feed is read, not searched."""
        raise SearchError(
            _(
                "Feeds cannot be searched: each shows its latest articles. Search other networks, "
                "or enter the feed of the page you want to follow in the register."
            )
        )


def _address(ask: Ask) -> str:
    """Return what to open: the page that was named, else the address of the register."""
    if ask.page is not None:
        return ask.page.split(" ", 2)[2]
    return ask.subject.url or f"https://{ask.subject.identifier or ask.subject.handle}"


def _gone(error: MissingError, ask: Ask) -> MissingError:
    return MissingError(
        _(
            "There is no feed at {url} ({status}). Look for its new address on the site and "
            "correct it in the register.",
            url=_address(ask),
            status=error.status,
        ),
        status=error.status,
        said=error.said,
    )


def _page_instead(payload: Payload) -> Page:
    """Go on to the feed that a page names; refuse what is neither, or names none."""
    found = feeds_of_page(payload.body, url=payload.url) if is_page(payload.body) else []
    if payload.page is not None or not found or found[0] == payload.url:
        raise GarbledError(
            _(
                "{url} is not a feed, and names none that could be read. Enter the address of "
                "the feed in the register.",
                url=payload.url,
            )
        )
    # Without validators: the page would be asked about, and the feed be forgotten.
    return Page(skipped={"page that names a feed": 1}, next_page=f"feed 1 {found[0]}")


def _following(payload: Payload, older: str | None) -> str | None:
    """Return the next page, numbered."""
    _kind, number, _url = payload.page.split(" ", 2) if payload.page else ("feed", "0", "")
    if older is None or older == payload.url or int(number) >= MOST_PAGES:
        return None
    return f"older {int(number) + 1} {older}"


def _validators(payload: Payload) -> Mapping[str, str]:
    if payload.page is not None:
        return {}
    return {name: payload.headers[name] for name in CONDITIONS if payload.headers.get(name)}


def _reader(payload: Payload, context: Context) -> Callable[[Item], Post | Skipped]:
    """Return what reads one article, and knows those before it."""
    seen: set[str] = set()

    def read(item: Item) -> Post | Skipped:
        name = _name(item, payload)
        if name in seen:
            return Skipped("twice in the feed")
        post = _post(item, name, payload, context)
        seen.add(name)
        return post

    return read


def _post(item: Item, name: str, payload: Payload, context: Context) -> Post:
    title, summary = item.text("title"), item.text("summary")
    if summary and len(summary) > LONGEST:
        summary = summary[: LONGEST - 1].rstrip() + "…"
    words = [title, None if summary == title else summary]
    link = item.name("link")
    return Post(
        network="rss",
        post=name,
        account=payload.subject,
        **appeared(payload, context, _when(item, payload, context)),
        kind=item.name("kind") or ("link" if link else "text"),
        text="\n\n".join(part for part in words if part) or None,
        url=link,
        language=_language(item),
        is_repost=False,
        is_reply=False,
        comments=item.count("comments"),
    )


def _name(item: Item, payload: Payload) -> str:
    """Return the identifier of an article: its own, made unique where it is only a number."""
    own = item.name("id")
    if own is not None and ":" in own:
        return own
    if own is not None:
        return f"{payload.subject.partition(':')[2]}#{own}"
    if (link := item.name("link")) is not None:
        return link
    raise RowError(_("This article has neither an identifier nor an address."), column="id")


def _when(item: Item, payload: Payload, context: Context) -> datetime:
    written = item.name("dated")
    if written is None:
        raise RowError(
            _("This article has no date: it cannot be counted in any month."), column="dated"
        )
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
            return (found if found.tzinfo else found.replace(tzinfo=context.zone)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return moment(written, zone=context.zone, observed_at=payload.received_at, column="dated")


def _language(item: Item) -> str | None:
    """Return the language without its country: ``fr`` of ``fr-FR``."""
    code = (item.name("language") or "").replace("_", "-").partition("-")[0].lower()
    return code if code.isalpha() and 2 <= len(code) <= 3 else None
