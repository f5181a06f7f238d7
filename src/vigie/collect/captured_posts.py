"""Reads posts in the shapes in which web sites of networks hand them to a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from vigie.collect.address import parse_addresses
from vigie.collect.importer import Context, Importer
from vigie.collect.nested import Item
from vigie.collect.observed import account_key, published
from vigie.collect.post_kinds import kind_of_images
from vigie.collect.snowflakes import linkedin_moment
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _

Shape = Callable[[Item, Importer, Context], Post | None]
"""Returns the post of an object, or nothing for an advertisement."""

_FILM = "2"
"""What Instagram calls the form of a video."""


def instagram_post(item: Item, importer: Importer, context: Context) -> Post | None:
    """Read a post of Instagram: an item of a list, or a node of a graph."""
    if item.name("product_type") == "ad" or item.at("ad_id"):
        return None
    node = "shortcode" if item.name("shortcode") else "code"
    code = item.needed(node)
    parts = [*item.at("carousel_media"), *item.at("edge_sidecar_to_children", "edges")]
    images = [part for part in parts or [item] if not _is_film(part)]
    is_video = not parts and not images
    when = "taken_at" if item.name("taken_at") else "taken_at_timestamp"
    author = item.name("user", "username") or item.needed("owner", "username")
    caption = item.text("caption", "text") or item.text(
        "edge_media_to_caption", "edges", 0, "node", "text"
    )
    return Post(
        network="instagram",
        post=code,
        account=account_key("instagram", author),
        **published(importer, context, item.when(when)),
        kind="video" if is_video else kind_of_images(len(parts) or 1),
        text=caption,
        url=f"https://www.instagram.com/p/{code}/",
        is_repost=False,
        is_reply=False,
        likes=_first(item.count("like_count"), item.count("edge_media_preview_like", "count")),
        comments=_first(
            item.count("comment_count"), item.count("edge_media_preview_comment", "count")
        ),
        views=_first(item.count("play_count"), item.count("video_view_count")),
        images=len(images),
    )


def tiktok_post(item: Item, importer: Importer, context: Context) -> Post | None:
    """Read a video or a set of photos of TikTok."""
    if item.at("isAd").value is True:
        return None
    post = item.needed("id")
    author = item.name("author", "uniqueId") or item.needed("author")
    photos = len(item.at("imagePost", "images"))
    return Post(
        network="tiktok",
        post=post,
        account=account_key("tiktok", author),
        **published(importer, context, item.when("createTime")),
        kind=kind_of_images(photos) if photos else "video",
        text=item.text("desc"),
        url=f"https://www.tiktok.com/@{author}/video/{post}",
        language=item.name("textLanguage"),
        is_repost=False,
        is_reply=False,
        likes=item.count("stats", "diggCount"),
        comments=item.count("stats", "commentCount"),
        shares=item.count("stats", "shareCount"),
        saves=item.count("stats", "collectCount"),
        views=item.count("stats", "playCount"),
        images=photos,
    )


def x_post(item: Item, importer: Importer, context: Context) -> Post | None:
    """Read a post of X."""
    if item.at("promotedMetadata"):
        return None
    legacy = item.at("legacy")
    post = item.name("rest_id") or legacy.needed("id_str")
    user = item.at("core", "user_results", "result")
    author = (
        user.name("core", "screen_name")
        or user.name("legacy", "screen_name")
        or item.needed("user", "screen_name")
    )
    is_repost = bool(legacy.at("retweeted_status_result"))
    media = list(legacy.at("extended_entities", "media")) or list(legacy.at("entities", "media"))
    images = [one for one in media if one.name("type") == "photo"]
    answered = legacy.name("in_reply_to_screen_name")
    shares = [legacy.count("retweet_count"), legacy.count("quote_count")]
    counts = Item(None) if is_repost else legacy
    return Post(
        network="x",
        post=post,
        account=account_key("x", author),
        **published(importer, context, _x_moment(legacy.needed("created_at"))),
        kind="video" if len(media) > len(images) else kind_of_images(len(images)),
        text=item.text("note_tweet", "note_tweet_results", "result", "text")
        or legacy.text("full_text"),
        url=f"https://x.com/{author}/status/{post}",
        language=legacy.name("lang"),
        is_repost=is_repost,
        is_reply=answered is not None and answered.casefold() != author.casefold(),
        likes=counts.count("favorite_count"),
        comments=counts.count("reply_count"),
        shares=None if is_repost else _sum(shares),
        saves=counts.count("bookmark_count"),
        impressions=None if is_repost else item.count("views", "count"),
        images=len(images),
        images_described=sum(one.text("ext_alt_text") is not None for one in images),
    )


def linkedin_post(item: Item, importer: Importer, context: Context) -> Post | None:
    """Read a post of LinkedIn; its moment stands in its identifier."""
    urn = item.name("updateMetadata", "urn") or item.needed("preDashEntityUrn")
    post = urn.partition("urn:li:activity:")[2].split(",")[0].split(")")[0]
    when = linkedin_moment(post)
    page = item.needed("actor", "navigationContext", "actionTarget")
    author = parse_addresses(page, "linkedin").found
    if when is None or not author:
        raise RowError(_("This object of LinkedIn holds no post of an account."), column="actor")
    social = item.at("*socialDetail") or item.at("socialDetail")
    counts = social.at("*totalSocialActivityCounts") or social.at("totalSocialActivityCounts")
    words = item.text("commentary", "text", "text")
    images = len(item.at("content", "images")) or len(
        item.at("content", "imageComponent", "images")
    )
    is_video = any(
        item.at("content", name) for name in ("*videoPlayMetadata", "linkedInVideoComponent")
    )
    return Post(
        network="linkedin",
        post=post,
        account=author[0].account,
        **published(importer, context, when),
        kind="video" if is_video else kind_of_images(images),
        text=words,
        url=f"https://www.linkedin.com/feed/update/urn:li:activity:{post}",
        is_repost=words is None and bool(item.at("*resharedUpdate") or item.at("resharedUpdate")),
        likes=counts.count("numLikes"),
        comments=counts.count("numComments"),
        shares=counts.count("numShares"),
        images=images,
    )


def _is_film(item: Item) -> bool:
    node = item.at("node") or item
    return node.name("media_type") == _FILM or (node.name("__typename") or "").endswith("Video")


def _x_moment(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except ValueError as error:
        raise RowError(
            _("{cell} is not a date that can be read.", cell=written), column="created_at"
        ) from error


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


SHAPES: Mapping[str, Shape] = {
    "instagram.com": instagram_post,
    "tiktok.com": tiktok_post,
    "twitter.com": x_post,
    "x.com": x_post,
    "linkedin.com": linkedin_post,
}
"""What Zeeschuimer calls a platform → how its posts are read."""
