"""The two namings of X's interface: what is asked is here, what is answered is read either way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.collect.nested import Item


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The names with which posts are asked for."""

    parameter: str
    fields: tuple[str, ...]
    author: tuple[str, ...]
    """Fields that say who wrote a post."""
    links: tuple[str, ...]
    """Expansions that say whom and what a post answers, where no field does."""
    author_expansion: tuple[str, ...]


_FIELDS = ("attachments", "conversation_id", "created_at", "entities", "lang", "public_metrics")

NAMINGS: Mapping[str, Naming] = {
    "post": Naming(
        parameter="post.fields",
        fields=(*_FIELDS, "note_post", "text"),
        author=(),
        links=("in_reply_to_user_id", "referenced_posts"),
        author_expansion=("author_id",),
    ),
    "tweet": Naming(
        parameter="tweet.fields",
        fields=(*_FIELDS, "in_reply_to_user_id", "note_tweet", "referenced_tweets", "text"),
        author=("author_id",),
        links=(),
        author_expansion=(),
    ),
}
"""By what the option says. In the newer one a reference is asked for as an expansion."""


def asking_posts(naming: Naming, *, with_author: bool) -> dict[str, str]:
    """Return the parameters that ask for whole posts, and no more about people than numbers."""
    fields = (*naming.fields, *(naming.author if with_author else ()))
    expansions = (
        "attachments.media_keys",
        *naming.links,
        *(naming.author_expansion if with_author else ()),
    )
    return {
        naming.parameter: ",".join(sorted(fields)),
        "expansions": ",".join(sorted(expansions)),
        "media.fields": "alt_text,media_key,public_metrics,type",
        "user.fields": "id",
    }


def either(item: Item, *names: str) -> Item:
    """Return what an answer holds under the first of these names that it has."""
    return next((found for name in names if (found := item.at(name)).value is not None), Item(None))


def references(post: Item) -> dict[str, str]:
    """Return how a post refers to others: ``retweeted``, ``quoted``, ``replied_to`` → its id."""
    found: dict[str, str] = {}
    for one in either(post, "referenced_posts", "referenced_tweets"):
        kind, identifier = one.name("type"), one.name("id")
        if kind and identifier:
            found["retweeted" if kind == "reposted" else kind] = identifier
    return found
