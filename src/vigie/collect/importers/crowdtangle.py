"""CrowdTangle, Facebook and Instagram posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import account_key, looked, published
from vigie.collect.post_addresses import read_post_address
from vigie.collect.post_kinds import kind_of
from vigie.errors import RowError
from vigie.model import Post, Record, Snapshot
from vigie.words import _

_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "PST": -8, "PDT": -7, "UTC": 0, "GMT": 0}
_CREATED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([A-Z]{3})")
_REACTIONS = ("Likes", "Love", "Wow", "Haha", "Sad", "Angry", "Care")


class Crowdtangle(HeadedImporter):
    """Posts from *Historical Data* of CrowdTangle (closed in August 2024), with a snapshot each.

    Times say their zone (``EST``, ``EDT``). *Likes* are reactions of every sort: CrowdTangle
    counts each apart. The audience on the day of the post (*Followers at Posting*, or *Likes
    at Posting* for older pages) becomes a snapshot of that moment; 0 means that it did not
    know. A video *shared* from another page is a repost. The account is *User Name*, or the
    page's identifier where there is none.
    """

    label = _("CrowdTangle, posts")
    headings = Headings(
        required={
            "published": "Post Created",
            "url": "URL",
            "interactions": "Total Interactions",
            "handle": "User Name",
        },
        also={
            "name": "Page Name|Account|Group Name",
            "page": "Facebook Id",
            "fans": "Likes at Posting|Page Likes at Posting",
            "followers": "Followers at Posting",
            "kind": "Type",
            "comments": "Comments",
            "shares": "Shares",
            "views": "Post Views|Views",
            "text": "Message|Description",
            "sharing": "Video Share Status",
            **{name: name for name in _REACTIONS},
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Record]:
        """Yield the post of a row and the audience it had."""
        url = cells.name("url")
        address = read_post_address(url)
        if address is None:
            raise RowError(
                _("The address {url} holds no identifier of a post.", url=url or "–"),
                column=cells.places["url"],
            )
        network = address.network
        account = account_key(network, cells.name("handle") or cells.identifier("page"))
        when = _created(cells, context)
        kind = kind_of(cells.name("kind"))
        reactions = [cells.count(name) for name in _REACTIONS if name in cells.places]
        known = [count for count in reactions if count is not None]
        yield Post(
            network=network,
            post=address.post,
            account=account,
            **published(self, context, when),
            kind=kind,
            text=cells.text("text"),
            url=url,
            is_repost=cells.name("sharing") == "share",
            is_reply=False,
            likes=sum(known) if known else None,
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            views=cells.count("views") if kind == "video" else None,
        )
        audience = cells.count("followers") or cells.count("fans")
        if audience:
            yield Snapshot(
                network=network,
                account=account,
                **looked(self, context, when),
                followers=audience,
                name=cells.name("name"),
            )


def _created(cells: Cells, context: Context) -> datetime:
    written = _CREATED.fullmatch((cells.raw("published") or "").strip())
    if written is None or written[2] not in _ZONES:
        return cells.moment("published", context)
    zone = timezone(timedelta(hours=_ZONES[written[2]]))
    return datetime.fromisoformat(written[1]).replace(tzinfo=zone).astimezone(UTC)
