"""Mastodon, archive of one's own posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from vigie.collect.cells import clean_text
from vigie.collect.headings import Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.nested import Item, item_of
from vigie.collect.observed import account_key, published
from vigie.collect.post_kinds import kind_of_images
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _

_ACTOR = re.compile(r"https?://(?P<server>[^/]+)/(?:users/|@)(?P<name>[\w.-]+)")
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public")


class MastodonArchive(RowImporter):
    """Posts from ``outbox.json`` in the archive of an account of Mastodon.

    Only what was public or unlisted is kept: direct messages and posts for followers, which
    the archive holds too, are passed over. *Announce* is a repost. A reply to oneself goes on
    a thread and is not a reply to someone else. Images count as described when they have a
    name. Likes and shares are counted by newer servers only; elsewhere they stay unknown.
    The archive may be given as it is, when it is a ZIP.
    """

    label = _("Mastodon, archive (outbox.json)")

    def recognises(self, sample: Sample) -> int:
        """Count the fields of this format: activities of an actor."""
        if "json" not in sample.kind:
            return 0
        activities = [item_of(row) for row in sample.rows]
        named = [
            one
            for one in activities
            if one.name("type") in ("Create", "Announce") and one.name("actor") and one.at("object")
        ]
        return 5 if len(named) * 2 > len(activities) else 0

    def records(self, row: Row, context: Context) -> Iterator[Post]:
        """Yield the post of an activity; nothing for what was not public."""
        activity = item_of(row)
        if not _is_public(activity):
            return
        actor = _ACTOR.fullmatch(activity.needed("actor"))
        if actor is None:
            raise RowError(
                _("{actor} is not an account of Mastodon.", actor=activity.needed("actor")),
                column="actor",
            )
        account = account_key("mastodon", f"{actor['name']}@{actor['server']}")
        note = activity.at("object")
        if activity.name("type") == "Announce":
            yield Post(
                network="mastodon",
                post=activity.needed("id").removesuffix("/activity"),
                account=account,
                **published(self, context, activity.when("published")),
                url=note.name() or note.name("url"),
                is_repost=True,
                is_reply=False,
            )
        elif activity.name("type") == "Create":
            yield self._own(note, account, activity.needed("actor"), context)

    def _own(self, note: Item, account: str, actor: str, context: Context) -> Post:
        media = list(note.at("attachment"))
        images = [one for one in media if (one.name("mediaType") or "").startswith("image/")]
        answered = note.name("inReplyTo")
        return Post(
            network="mastodon",
            post=note.needed("id"),
            account=account,
            **published(self, context, note.when("published")),
            kind=_kind(note, media, images),
            text=_words(note.name("content")),
            url=note.name("url"),
            language=next(iter(sorted(_languages(note))), None),
            is_repost=False,
            is_reply=answered is not None and not answered.startswith(f"{actor}/"),
            likes=note.count("likes", "totalItems"),
            shares=note.count("shares", "totalItems"),
            images=len(images),
            images_described=sum(one.text("name") is not None for one in images),
        )


def _is_public(activity: Item) -> bool:
    addressed = [*activity.at("to"), *activity.at("cc"), activity.at("to"), activity.at("cc")]
    return any(one.name() in _PUBLIC for one in addressed)


def _kind(note: Item, media: list[Item], images: list[Item]) -> str:
    if note.name("type") == "Question":
        return "poll"
    forms = {(one.name("mediaType") or "").partition("/")[0] for one in media}
    return next((form for form in ("video", "audio") if form in forms), kind_of_images(len(images)))


def _words(content: str | None) -> str | None:
    """Return the words of a post without its HTML."""
    return clean_text(unescape(_TAG.sub("", _BREAK.sub("\n", content or ""))))


def _languages(note: Item) -> list[str]:
    languages = note.at("contentMap").value
    return list(languages) if isinstance(languages, dict) else []
