"""Brandwatch, mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context, Parsed
from vigie.collect.observed import account_key, published, times_remark
from vigie.collect.post_addresses import read_post_address
from vigie.model import Post
from vigie.words import _


class Brandwatch(HeadedImporter):
    """Public posts from an export of mentions of Brandwatch (Consumer Research).

    A mention on a network is a post of its author, ``network:author``. It enters measures only
    if that account is in the register: what strangers wrote is kept aside. Mentions on pages
    that are no network (news, blogs, forums, reviews) are passed over. The lines before the
    header (*Report*, *Brand*, *From*, *To* …) are left out. *Full Text* is taken before
    *Snippet*; a *Thread Entry Type* of ``reply`` or ``comment`` is a reply, of ``share`` or
    ``retweet`` a repost. Times have no zone.
    """

    label = _("Brandwatch, mentions")
    headings = Headings(
        required={
            "query": "Query Id",
            "published": "Date",
            "url": "Url",
            "page": "Page Type",
            "author": "Author",
            "snippet": "Snippet",
        },
        also={
            "query_name": "Query Name",
            "title": "Title",
            "domain": "Domain",
            "sentiment": "Sentiment",
            "language": "Language",
            "country": "Country Code",
            "text": "Full Text",
            "form": "Thread Entry Type",
            "likes": "Likes|X Likes|Twitter Likes|Facebook Likes|Instagram Likes",
            "comments": "Comments|X Replies|Twitter Reply Count|Facebook Comments",
            "shares": "Shares|X Reposts|X Retweets|Twitter Retweets|Facebook Shares",
            "impressions": "Impressions",
        },
    )

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Read the mentions and say in which zone their times were."""
        parsed = super().parse(batch, context)
        return replace(parsed, remarks=(*parsed.remarks, times_remark(context)))

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row; nothing for a page that is no network."""
        url = cells.name("url")
        address = read_post_address(url)
        author = cells.name("author")
        if address is None or author is None:
            return
        form = (cells.name("form") or "").casefold()
        yield Post(
            network=address.network,
            post=address.post,
            account=account_key(address.network, address.handle or author),
            **published(self, context, cells.moment("published", context)),
            text=cells.text("text") or cells.text("snippet"),
            url=url,
            language=cells.name("language"),
            is_repost=form in {"share", "retweet", "repost"},
            is_reply=form in {"reply", "comment"},
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            impressions=cells.count("impressions"),
        )
