"""Instagram, download of one's own posts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from vigie.collect.headings import Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.nested import Item, item_of
from vigie.collect.observed import given_account, published
from vigie.collect.post_kinds import kind_of_images
from vigie.collect.sample import Sample
from vigie.model import Post
from vigie.words import _

VIDEOS = frozenset({".mp4", ".mov", ".webm"})


class InstagramDownload(RowImporter):
    """Posts from *Download your information* of Instagram, as JSON: ``posts_1.json``.

    Found in ``your_instagram_activity/content/`` or ``…/media/``. The letters of texts are
    garbled (``Ã©`` for ``é``) and are repaired. The file has no counts, no addresses and no
    identifiers: a post's is the name of its first file, which ends with Instagram's own
    number. A carousel is one post. The file does not say whose it is.
    """

    label = _("Instagram, download of one's own posts")
    needs_account = True

    def recognises(self, sample: Sample) -> int:
        """Count the fields of this format: objects that hold a list of media."""
        if sample.kind != "json" or "media" not in {name.split(".")[0] for name in sample.columns}:
            return 0
        media = [item_of(row).at("media", 0) for row in sample.rows]
        known = [one for one in media if one.name("uri") and one.name("creation_timestamp")]
        return 3 if len(known) * 2 > len(media) else 0

    def records(self, row: Row, context: Context) -> Iterator[Post]:
        """Yield the post of an object."""
        post = item_of(row)
        media = list(post.at("media"))
        first = media[0] if media else Item(None)
        name = PurePosixPath(first.needed("uri"))
        videos = [one for one in media if _suffix(one) in VIDEOS]
        dated = post if post.name("creation_timestamp") else first
        is_video = len(media) == 1 and bool(videos)
        yield Post(
            network="instagram",
            post=name.stem,
            account=given_account(context, "instagram"),
            **published(self, context, dated.when("creation_timestamp")),
            kind="video" if is_video else kind_of_images(len(media)),
            text=post.text("title") or first.text("title"),
            is_repost=False,
            is_reply=False,
            images=len(media) - len(videos),
        )


def _suffix(media: Item) -> str:
    return PurePosixPath(media.name("uri") or "").suffix.casefold()
