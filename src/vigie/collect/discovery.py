"""Finds the accounts that a page of an institution's site names, and where it names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vigie.collect.address import Address, parse_addresses
from vigie.collect.articles import web_address
from vigie.collect.feeds import feeds_of_page
from vigie.collect.post_addresses import read_post_address
from vigie.collect.same_as import same_as
from vigie.words import Words, _

MOST_BYTES = 4 << 20
"""Of a page that are read: no home page is longer."""
MOST_LINKS = 20_000
MOST_WORDS = 80
"""Letters of a link's words that are kept."""
MOST_STEPS = 40
"""Elements climbed to find where on the page a link stands."""

POST, GUESS = "post", "guess"
KINDS = {
    "link": _("a link"),
    "rel_me": _("a link marked as its own (rel=me)"),
    "json_ld": _("its structured description (sameAs)"),
    "meta": _("its description for networks"),
    "feed": _("a feed that the page names"),
    "domain": _("an answer at a fixed address of its domain (.well-known)"),
    POST: _("a link to one of its posts"),
    GUESS: _("the same name, tried"),
}
"""What a site may name an account by."""
PLACES = {
    "head": _("in the head of the page"),
    "header": _("at the top of the page"),
    "footer": _("at the foot of the page"),
    "content": _("in the text of the page"),
}

_METAS = {
    "twitter:site": "x",
    "twitter:creator": "x",
    "fediverse:creator": "mastodon",
    "article:publisher": "facebook",
    "fb:page_id": "facebook",
    "og:see_also": None,
}
"""What a page says of itself to networks, and on which network that is."""
_SHARES = re.compile(
    r"/(?:shar(?:e|er|ing|eArticle)(?:\.php)?|intent/(?!follow|user)[a-z]+|dialog|plugins|widgets?|"
    r"cws|pin/create|login|signup|oauth|compose|privacy|polic(?:y|ies)|terms|cookies|legal|help|"
    r"settings|policy\.php|full_data_use_policy)(?=[/?#]|$)",
    re.IGNORECASE,
)
"""Parts of addresses of networks that share, sign in or explain, and name no account."""
_NETWORKS_OWN = re.compile(
    r"(?:developers?|business|about|help|support|blog|api|graph|platform|policies|ads?|creators|"
    r"academy|careers|status|l|lm)\.",
    re.IGNORECASE,
)
"""Hosts on which networks speak for themselves."""
_ADD_USER = re.compile(r"(.*\byoutube\.com)/subscription_center\?(?:.*&)?add_user=([\w.-]+)")
_FOOT = re.compile(r"foot|pied|colophon|bottom", re.IGNORECASE)
_TOP = re.compile(r"\bhead(?:er)?\b|masthead|topbar|\bnav", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Found:
    """An account that a page names."""

    address: Address
    kind: str
    """A name of ``KINDS``."""
    page: str
    """Where it was found."""
    place: str | None = None
    """A name of ``PLACES``; none: not on a page."""
    words: str = ""
    """What the link says; empty where it is only an icon."""

    @property
    def account(self) -> str:
        """The account's key."""
        return self.address.account

    @property
    def said(self) -> Words:
        """What names the account, and where."""
        if self.place is None:
            return KINDS[self.kind]
        return _("{what}, {where}", what=KINDS[self.kind], where=PLACES[self.place])


def found_in(html: bytes, url: str) -> list[Found]:
    """Return the accounts a page names, once for each kind of evidence, in the page's order.

    Links that share, sign in or explain are left out; a link to a post gives its account, as
    weak evidence. Reading never fails: of a broken page, what can be read is read.
    """
    body = html[:MOST_BYTES]
    tree = LexborHTMLParser(body)
    base = base_of(tree, url)
    named = [
        *_links(tree, base, url),
        *_metas(tree, base, url),
        *_described(tree, url),
        *_feeds(body, url),
    ]
    unique = {(one.account, one.kind): one for one in reversed(named)}
    return list(reversed(unique.values()))


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Return what the links of a page start from."""
    base = tree.css_first("base[href]")
    return web_address(url, base.attributes.get("href") if base is not None else None) or url


def words_of_link(link: LexborNode) -> str:
    """Return what a link says: its text, or what it tells those who do not see its icon."""
    image = link.css_first("img[alt]")
    said = (
        link.text(),
        link.attributes.get("aria-label"),
        link.attributes.get("title"),
        image.attributes.get("alt") if image is not None else None,
    )
    plain = (" ".join((text or "").split()) for text in said)
    return next((text for text in plain if text), "")[:MOST_WORDS]


def _links(tree: LexborHTMLParser, base: str, page: str) -> Iterator[Found]:
    for link in islice(tree.css("a[href], area[href], link[rel~=me][href]"), MOST_LINKS):
        whole = web_address(base, link.attributes.get("href"))
        if whole is None or _is_same_host(whole, page):
            continue
        is_me = "me" in (link.attributes.get("rel") or "").lower().split()
        for address, is_post in _accounts(whole):
            kind = POST if is_post else "rel_me" if is_me else "link"
            yield Found(
                address=address,
                kind=kind,
                page=page,
                place="head" if link.tag == "link" else _place(link),
                words=words_of_link(link),
            )


def _is_same_host(url: str, page: str) -> bool:
    """Say whether a link stays on the page's server: its /@name is a page, not an account."""
    return urlsplit(url).netloc.lower() == urlsplit(page).netloc.lower()


def _accounts(url: str) -> Iterator[tuple[Address, bool]]:
    """Yield the account of an address, and whether it is only that of a post."""
    if _is_no_account(url):
        return
    added = _ADD_USER.match(url)
    read = parse_addresses(f"{added[1]}/user/{added[2]}" if added else url)
    for address in read.found[:1]:
        yield address, False
    post = None if read.found else read_post_address(url)
    if post is not None and post.handle:
        for address in parse_addresses(unquote(post.handle), post.network).found[:1]:
            yield address, True


def _is_no_account(url: str) -> bool:
    parts = urlsplit(url)
    # A name as the fediverse writes it is never one of these words.
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_SHARES.search(path) or _NETWORKS_OWN.match(parts.netloc))


def _place(link: LexborNode) -> str:
    """Return where on the page a link stands, by the elements around it."""
    around: LexborNode | None = link
    for _step in range(MOST_STEPS):
        around = around.parent if around is not None else None
        if around is None or around.tag in ("body", "main"):
            break
        names = f"{around.attributes.get('id') or ''} {around.attributes.get('class') or ''}"
        if around.tag == "footer" or _FOOT.search(names):
            return "footer"
        if around.tag in ("header", "nav") or _TOP.search(names):
            return "header"
    return "content"


def _metas(tree: LexborHTMLParser, base: str, page: str) -> Iterator[Found]:
    for meta in islice(tree.css("meta[content]"), MOST_LINKS):
        attributes = meta.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        if name not in _METAS:
            continue
        content = attributes.get("content") or ""
        whole = content if "://" not in content else web_address(base, content) or ""
        if "://" in whole and _is_no_account(whole):
            continue
        for address in parse_addresses(whole, _METAS[name]).found[:1]:
            yield Found(address=address, kind="meta", page=page, place="head", words=name)


def _described(tree: LexborHTMLParser, page: str) -> Iterator[Found]:
    """Yield the accounts of structured descriptions (JSON-LD)."""
    for script in islice(tree.css("script[type]"), MOST_LINKS):
        kind = (script.attributes.get("type") or "").partition(";")[0].strip().lower()
        if kind != "application/ld+json":
            continue
        for url in _webs(same_as(script.text())):
            for address, is_post in _accounts(url):
                if not is_post:
                    yield Found(address=address, kind="json_ld", page=page, place="head")


def _webs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        whole = web_address("https://", text if "://" in text else f"https://{text.lstrip('/')}")
        if whole is not None:
            yield whole


def _feeds(body: bytes, page: str) -> Iterator[Found]:
    for url in feeds_of_page(body, url=page)[:MOST_LINKS]:
        # What is said below articles is not what the institution says.
        if "comment" in url.lower():
            continue
        for address in parse_addresses(url, "rss").found[:1]:
            yield Found(address=address, kind="feed", page=page, place="head")
