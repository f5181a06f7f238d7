"""Reads the words of a post written in HTML, as a person sees them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from vigie.collect.cells import clean_text

_BLOCKS = (
    "address, article, blockquote, dd, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4, "
    "h5, h6, header, hr, li, main, ol, p, pre, section, table, tr, ul"
)
_UNSEEN = ".quote-inline, script, style, template, noscript"
"""Servers that show quotes repeat their address in a paragraph for those that do not."""
_END = "\ue000"
"""Marks where a line ends: a letter for private use, which no text means."""
_ENDS = re.compile(rf"[{_END} ]*{_END}[{_END} ]*")
_SPACES = re.compile(r"\s+")


def words_of(html: str | None) -> str | None:
    """Return the words of HTML: a line for each paragraph, addresses of links in full.

    Servers of the fediverse hide the ends of long addresses; here they are whole again.
    """
    if not html:
        return None
    if "<" not in html and "&" not in html:
        return clean_text(html)
    tree = LexborHTMLParser(html.replace(_END, "").encode("utf-8", "replace"))
    for unseen in tree.css(_UNSEEN):
        unseen.decompose()
    for line in tree.css("br"):
        line.replace_with(_END)
    for block in tree.css(_BLOCKS):
        block.insert_before(_END)
        block.insert_after(_END)
    body = tree.body
    text = body.text() if body is not None else ""
    return clean_text(_ENDS.sub("\n", _SPACES.sub(" ", text)))


def first_link(html: str | None) -> str | None:
    """Return the address that the first link of HTML leads to; of plain text, the text."""
    if not html:
        return None
    link = LexborHTMLParser(html.encode("utf-8", "replace")).css_first("a[href]")
    found = link.attributes.get("href") if link is not None else html.strip()
    is_web = (found or "").startswith(("https://", "http://")) and " " not in (found or "")
    return found if is_web else None
