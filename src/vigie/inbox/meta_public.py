"""Comments and mentions on Meta's networks: what answering them has in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from vigie.collect.nested import Item
from vigie.errors import BusyError, InboxError, NoAnswerError, VigieError, WindowError
from vigie.http import Http
from vigie.inbox.channel import (
    Author,
    Brought,
    Known,
    Outgoing,
    PublicPost,
    Sent,
    Window,
)
from vigie.inbox.meta_channel import MetaChannel, Said, confirmed, is_since, sent_words, unsure
from vigie.inbox.meta_parts import written
from vigie.words import _

PRIVATE = timedelta(days=7)
"""Since a comment: once in that time it may be answered by a direct message."""
MOST_UNDER = 50
"""Answers under a comment that are looked through for ours, the newest first."""
UNDER, COMMENT, SAID_AT, PRIVATELY = "under", "comment", "said_at", "privately"
"""Facts of a message: what a public answer goes under, the comment a private one answers and
when it was written, and that this answer is to be private."""
MEDIA, ON_MEDIA = "media", "on_media"
"""Facts: the post of someone else that is answered; a mention in its words, not in a comment."""
LATEST_POSTS, MOST_PAGES = 100, 40
"""Posts that are looked under at every look; pages that a look may take after an outage."""
NOT_ASKED = "not_asked"
"""Field of a part that says that older posts were not looked under: the journal counts it."""
PRIVATE_OVER = _(
    "A comment is answered by a direct message within seven days only. Answer it in public and ask "
    "them to write to you."
)


class PublicChannel(MetaChannel):
    """What people say in public about an account."""

    every: ClassVar[timedelta] = timedelta(minutes=15)

    @abstractmethod
    def said_under(self, outgoing: Outgoing, http: Http) -> Sequence[Said] | None:
        """Return what was answered there, the newest first; none: the network does not tell."""

    @abstractmethod
    def publish(self, outgoing: Outgoing, http: Http) -> Item:
        """Answer in public."""

    looks_again: ClassVar[timedelta | None] = timedelta(hours=6)
    most_looked_at: ClassVar[int] = 50
    saying: ClassVar[str]
    """What Meta calls the words of a comment."""

    @abstractmethod
    def told_again(self, known: Known, words: str | None) -> dict[str, object]:
        """Return the news that a comment says something else; without words: that it is gone."""

    def look_again(self, known: Sequence[Known], position: str, http: Http) -> Brought:
        """Return what its authors changed since, and what they took down.

        Meta says the same of what is gone and of what a token may not see: where it shows none,
        nothing is believed to be gone.
        """
        asked = [one for one in known if MEDIA not in one.facts]
        seen = {one.key: self.graph.seen(one.key, {"fields": f"id,{self.saying}"}, http)
                for one in asked}  # fmt: skip
        can_see = any(item is not None for item in seen.values())
        changes = []
        for one in asked:
            item = seen[one.key]
            if item is None and can_see:
                changes.append(self.told_again(one, None))
            elif (
                item is not None
                and (words := item.name(self.saying))
                and (words.split() != one.words.split())
            ):
                changes.append(self.told_again(one, words))
        at = int(http.clock().timestamp())
        entries = [{"id": self.address, "time": at, "changes": changes}] if changes else []
        return Brought(body=written(self.about, entries), position=position)

    def window(self, *, last_incoming: datetime, now: datetime) -> Window:
        """Return that comments are answered in public at any time."""
        return Window(
            words=_("In public at any time; by a direct message once, within seven days of a "
                    "comment.")
        )  # fmt: skip

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Answer in public, or once by a direct message."""
        if outgoing.facts.get(PRIVATELY):
            return self._send_privately(outgoing, http)
        return confirmed(self.publish(outgoing, http), "id", at=http.clock())

    def _send_privately(self, outgoing: Outgoing, http: Http) -> Sent:
        comment, said_at = outgoing.facts.get(COMMENT, ""), outgoing.facts.get(SAID_AT, "")
        if not comment or not said_at:
            raise InboxError(_("Only a comment can be answered by a direct message."))
        if http.clock() >= datetime.fromisoformat(said_at) + PRIVATE:
            raise WindowError(PRIVATE_OVER)
        fields = {"recipient": {"comment_id": comment}, "message": {"text": outgoing.words}}
        answer = self.graph.post("me/messages", fields, http)
        return confirmed(answer, "message_id", at=http.clock())

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look for our words under what was answered.

        A private answer needs no looking: Meta takes one to each comment, and refuses a second.
        """
        if outgoing.facts.get(PRIVATELY):
            return None
        try:
            thread = self.said_under(outgoing, http)
        except (BusyError, NoAnswerError):
            raise
        except VigieError as error:
            raise unsure(outgoing) from error
        if thread is None:
            raise unsure(outgoing)
        found = sent_words(outgoing, thread, ours=self.address)
        if found is not None:
            return Sent(external=found.key, sent_at=found.said_at)
        if len(thread) >= MOST_UNDER and thread[-1].said_at >= outgoing.handed_in_at:
            raise unsure(outgoing)
        return None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How far a look through the posts of an account has come, the newest first."""

    posts: int = 0
    pages: int = 0
    is_before: bool = False
    """What was published before the last good look was reached."""

    def after(self, posts: Sequence[Item], published: str, since: datetime) -> Walk:
        """Return the walk after a page."""
        is_before = any(not is_since(one, published, since) for one in posts)
        return Walk(
            posts=self.posts + len(posts),
            pages=self.pages + 1,
            is_before=self.is_before or is_before,
        )

    @property
    def is_far_enough(self) -> bool:
        """Whether it reached the last good look, and the latest posts in any case."""
        return self.is_before and self.posts >= LATEST_POSTS

    @property
    def is_cut(self) -> bool:
        """Whether it must end, however far it came."""
        return not self.is_far_enough and self.pages >= MOST_PAGES


def asked_post(
    post: PublicPost, told: Item, *, words: str, address: str, when: datetime | None
) -> PublicPost:
    """Return a public post with what was told of it."""
    return replace(
        post,
        words=told.name(words) or post.words,
        url=told.name(address) or post.url,
        said_at=when or post.said_at,
    )


def nobody(network: str, key: str) -> Author:
    """Return the author of something of which the network does not say who wrote it."""
    return Author(network=network, address=f"of {key}")
