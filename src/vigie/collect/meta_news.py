"""Reads what Meta's networks tell by themselves: comments, mentions, and what was taken down.

Only what nobody knew before is kept from it: a figure it does not tell must not take the place of
one that is known. It counts as seen at the moment it was published, so that any look is newer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.collect.connector import Page
from vigie.collect.graph import Reading
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.nested import Item
from vigie.collect.news import CHANGED, COUNTED, OWN, TOO_LITTLE
from vigie.model import Mention, Record, Tombstone

REACTIONS = frozenset({"reaction", "like"})
UNKNOWN = Skipped("unknown news")
_Read = Callable[[str | None, Item], Record | Skipped]


@dataclass(frozen=True, kw_only=True)
class MetaNews:
    """Reads what was told of one account."""

    reading: Reading
    entry: Item
    """``id`` of the account, ``time``, and ``changes``."""

    @property
    def handle(self) -> str:
        """The account's handle in the register."""
        return self.reading.payload.subject.partition(":")[2]

    def facebook(self) -> Page:
        """Read what was told of a page."""
        return self._page(self._on_facebook)

    def instagram(self) -> Page:
        """Read what was told of an Instagram account."""
        return self._page(self._on_instagram)

    def threads(self) -> Page:
        """Read what was told of a Threads account."""
        return self._page(self._on_threads)

    def _page(self, read: _Read) -> Page:
        changes = listed(self.entry.at("changes"), where="changes")
        page = page_of(changes, lambda change: read(change.name("field"), change.at("value")))
        return replace(page, oldest=None)

    def _on_facebook(self, field: str | None, value: Item) -> Record | Skipped:
        verb, item = value.name("verb"), value.name("item")
        if field not in ("feed", "mention"):
            return UNKNOWN
        if item in REACTIONS:
            return COUNTED
        comment = value.name("comment_id")
        if verb == "remove":
            return self._gone(comment or value.needed("post_id"))
        if verb != "add":
            return CHANGED
        author = value.name("from", "id") or value.name("sender_id")
        if author == self.entry.name("id"):
            return OWN
        if field == "feed" and item != "comment":
            return TOO_LITTLE
        post = value.needed("post_id")
        said = self._said(
            comment or post,
            kind="reply" if field == "feed" else "mention",
            author=author,
            at=self._moment(value, "created_time"),
        )
        return replace(
            said,
            text=value.text("message"),
            answers_to=(value.name("parent_id") or post) if comment else None,
            thread=post if comment else None,
        )

    def _on_instagram(self, field: str | None, value: Item) -> Record | Skipped:
        if field == "mentions":
            return TOO_LITTLE
        if field not in ("comments", "live_comments"):
            return UNKNOWN
        author = value.needed("from", "username")
        if author.casefold() == self.handle.casefold():
            return OWN
        media = value.needed("media", "id")
        said = self._said(
            value.needed("id"), kind="reply", author=author, at=self.entry.when("time")
        )
        answers_to = value.name("parent_id") or media
        return replace(said, text=value.text("text"), answers_to=answers_to, thread=media)

    def _on_threads(self, field: str | None, value: Item) -> Record | Skipped:
        if field == "delete":
            return self._gone(value.needed("id"))
        if field == "publish":
            return OWN
        if field not in ("replies", "mentions"):
            return UNKNOWN
        author = value.needed("username")
        if author.casefold() == self.handle.casefold():
            return OWN
        said = self._said(
            value.needed("id"),
            kind="reply" if field == "replies" else "mention",
            author=author,
            at=self._moment(value, "timestamp"),
        )
        return replace(
            said,
            text=value.text("text"),
            url=value.name("permalink"),
            answers_to=value.name("replied_to", "id"),
            thread=value.name("root_post", "id"),
        )

    def _moment(self, value: Item, name: str) -> datetime:
        return value.when(name) if value.name(name) else self.entry.when("time")

    def _said(self, post: str, *, kind: str, author: str | None, at: datetime) -> Mention:
        item = Item({"id": post, "at": at.isoformat()})
        said = self.reading.mention(item, when="at", kind=kind, author=author)
        return replace(said, observed_at=at)

    def _gone(self, post: str) -> Tombstone:
        payload = self.reading.payload
        return Tombstone(
            network=payload.network,
            post=post,
            observed_at=payload.received_at,
            reason="deleted",
            source=payload.connector,
            run=self.reading.context.run,
        )
