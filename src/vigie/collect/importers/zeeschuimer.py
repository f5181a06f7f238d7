"""Zeeschuimer, posts seen in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vigie.collect.captured_posts import SHAPES
from vigie.collect.headings import Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.nested import item_of
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _


class Zeeschuimer(RowImporter):
    """Posts from an export of Zeeschuimer (NDJSON): Instagram, TikTok, X and LinkedIn.

    Zeeschuimer notes what a browser showed, with the moment: each post was observed then. Posts
    of every account seen are kept; those in the register enter measures. Advertisements are
    passed over. Other platforms are refused by name. LinkedIn gives no time: it is read
    from the post's identifier. *Shares* are reposts and quotes on X; counts of a repost are those
    of the original and are left out.
    """

    label = _("Zeeschuimer, posts seen in a browser")
    headings = Headings(
        required={"platform": "source_platform", "looked": "timestamp_collected"},
        also={"place": "nav_index", "item": "item_id", "url": "source_platform_url"},
    )

    def recognises(self, sample: Sample) -> int:
        """Count the fields of this format."""
        return self.headings.found(sample)

    def records(self, row: Row, context: Context) -> Iterator[Post]:
        """Yield the post of a line; nothing for an advertisement."""
        line = item_of(row)
        platform = line.needed("source_platform")
        shape = SHAPES.get(platform.casefold())
        if shape is None:
            raise RowError(
                _(
                    "Posts of {platform} cannot be read from Zeeschuimer. These can: {platforms}.",
                    platform=platform,
                    platforms=", ".join(sorted(SHAPES)),
                ),
                column="source_platform",
            )
        seen = replace(context, observed_at=line.when("timestamp_collected"))
        post = shape(line.at("data"), self, seen)
        if post is not None:
            yield post
