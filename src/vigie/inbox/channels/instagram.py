"""Instagram: comments on the posts of a professional account, and mentions of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from vigie.collect.connector import Permission
from vigie.collect.graph import after
from vigie.collect.nested import Item
from vigie.errors import InboxError
from vigie.http import Http
from vigie.inbox.channel import (
    Author,
    Brought,
    Incoming,
    Known,
    Outgoing,
    PublicPost,
    Withdrawn,
)
from vigie.inbox.meta_channel import Place, Read, Said, dated, is_since
from vigie.inbox.meta_parts import Part, moment, parts_of, written
from vigie.inbox.meta_public import (
    COMMENT,
    MEDIA,
    MOST_UNDER,
    NOT_ASKED,
    ON_MEDIA,
    SAID_AT,
    UNDER,
    PublicChannel,
    Walk,
    asked_post,
    nobody,
)
from vigie.words import Words, _

MENTIONED_MEDIA, MENTIONED_COMMENT = "mentioned_media", "mentioned_comment"
MOST_POSTS, MOST_COMMENTS, MOST_INSIDE = 25, 50, 50
SAYING = "id,text,timestamp,username,from,parent_id"
TAGGED = "id,caption,timestamp,username,permalink"


class Instagram(PublicChannel):
    """Comments under one's own posts on Instagram, and mentions by others.

    The box's address is the account's number. Each person under a comment is one matter. A
    comment is answered in public at any time, and once by a direct message within seven days.
    Of a mention Meta tells a number only: its words are asked for before it is read, and an
    answer goes under that post. After an outage, comments under all posts since the last good
    look, and the last hundred in any case, are asked for, and posts on which the account is
    marked; mentions in words cannot be asked for. Meta does not tell of comments that are
    removed: every six hours it is looked whether the last fifty still stand.
    """

    label: ClassVar[Words] = _("Instagram, comments and mentions")
    network: ClassVar[str] = "instagram"
    about: ClassVar[str] = "instagram"
    fields: ClassVar[frozenset[str]] = frozenset(
        {"comments", "live_comments", "mentions", MENTIONED_MEDIA, MENTIONED_COMMENT}
    )
    saying: ClassVar[str] = "text"
    longest: ClassVar[int | None] = 2200
    permissions: ClassVar[tuple[Permission, ...]] = (
        Permission(name="instagram_manage_comments", reason=_("to read and answer comments")),
        Permission(name="instagram_manage_messages", reason=_("to answer one by a direct message")),
        Permission(name="pages_manage_metadata", reason=_("to be told of them at once")),
    )
    guide: ClassVar[Words] = _(
        "1. Connect Meta as a network that calls us, under Sources: that gives the address for "
        "the webhook. 2. In Meta’s dashboard for developers, subscribe Instagram to comments, "
        "live_comments and mentions. 3. Make the token of the page that the account is joined to, "
        "with instagram_manage_comments, and instagram_manage_messages for private answers, and "
        "enter it here. 4. The address of the box is the account’s number, as "
        "me?fields=instagram_business_account shows it."
        " Until Meta has reviewed the app, only people with a "
        "role in it are heard: docs/how-to/meta-app-review.md has what it asks for."
    )

    def read(self, part: Part) -> Read:
        """Read a comment or a mention."""
        if part.field == "mentions":
            # Its words are asked for, and come as news of their own.
            return "mention without words"
        if part.field in (MENTIONED_MEDIA, MENTIONED_COMMENT):
            return self._mention(part)
        return self._comment(part)

    def _comment(self, part: Part) -> Read:
        value = part.value
        key, media = value.needed("id"), value.at("media")
        if value.name("verb") == "remove":
            return Withdrawn(key=key)
        top, author = value.name("parent_id") or key, value.name("from", "id")
        is_ours = author == self.address or bool(value.name("from", "self_ig_scoped_id"))
        said_at = dated(value, "timestamp", part)
        return Incoming(
            key=key,
            thread=top if is_ours else f"{top}/{author or key}",
            kind="comment",
            is_public=True,
            author=self._author(value, author, key),
            words=value.name("text") or "",
            said_at=said_at,
            answers_to=top if top != key else "",
            url=media.name("permalink") or "",
            post=PublicPost(
                network=self.network,
                post=media.needed("id"),
                url=media.name("permalink") or "",
                words=media.name("caption") or "",
            ),
            is_ours=is_ours,
            edited_at=moment(part.told_at, "time") if value.name("verb") == "edited" else None,
            facts={UNDER: top, COMMENT: key, SAID_AT: said_at.isoformat()},
        )

    def _author(self, value: Item, author: str | None, key: str) -> Author:
        handle = value.name("from", "username") or value.name("username") or ""
        if author is None and not handle:
            return nobody(self.network, key)
        return Author(network=self.network, address=author or f"@{handle}", shown=handle)

    def _mention(self, part: Part) -> Incoming:
        """Read a mention whose words were asked for."""
        value, is_media = part.value, part.field == MENTIONED_MEDIA
        media = value.at("media") if not is_media else value
        key, post = value.needed("id"), media.needed("id")
        said_at = dated(value, "timestamp", part)
        url = media.name("permalink") or ""
        where = {MEDIA: post} | ({ON_MEDIA: "yes"} if is_media else {COMMENT: key})
        return Incoming(
            key=key,
            thread=f"{key}/mention",
            kind="mention",
            is_public=True,
            author=self._author(value, value.name("from", "id"), key),
            words=value.name("caption" if is_media else "text") or "",
            said_at=said_at,
            url=url,
            post=PublicPost(
                network=self.network, post=post, url=url, words=media.name("caption") or ""
            ),
            facts={**where, SAID_AT: said_at.isoformat()},
        )

    def complete(self, body: bytes, http: Http) -> bytes | None:
        """Ask for the words of mentions, of which Meta tells only a number."""
        told = [
            self._asked_mention(part, http)
            for part in parts_of(body, about=self.about)
            if part.field == "mentions" and part.account == self.address
        ]
        return written(self.about, told) or None

    def _asked_mention(self, part: Part, http: Http) -> dict[str, object]:
        comment = part.value.name("comment_id")
        if comment:
            name, asked = MENTIONED_COMMENT, f"{MENTIONED_COMMENT}.comment_id({comment})"
            inner = "id,text,timestamp,username,media{id,permalink,caption}"
        else:
            name, asked = MENTIONED_MEDIA, f"{MENTIONED_MEDIA}.media_id({_media_of(part)})"
            inner = TAGGED
        answer = self.graph.get(self.address, {"fields": f"{asked}{{{inner}}}"}, http)
        value = answer.at(name).value
        return {
            "id": self.address,
            "time": part.told_at.at("time").value,
            "changes": [{"field": name, "value": value}],
        }

    def told_again(self, known: Known, words: str | None) -> dict[str, object]:
        """Return a comment that changed in the form in which Meta tells of comments."""
        under = known.facts.get(UNDER, known.key)
        value = {
            "id": known.key,
            "verb": "remove" if words is None else "edited",
            "text": words,
            "timestamp": known.facts.get(SAID_AT),
            "parent_id": None if under == known.key else under,
            "media": {"id": known.key},
        }
        return {"field": "comments", "value": value}

    def publish(self, outgoing: Outgoing, http: Http) -> Item:
        """Put an answer under the comment, or under the post of someone else."""
        facts = outgoing.facts
        if MEDIA not in facts:
            path = f"{facts[UNDER]}/replies"
            return self.graph.post(path, {"message": outgoing.words}, http)
        fields: dict[str, object] = {"media_id": facts[MEDIA], "message": outgoing.words}
        if ON_MEDIA not in facts:
            fields["comment_id"] = facts[COMMENT]
        return self.graph.post(f"{self.address}/mentions", fields, http)

    def said_under(self, outgoing: Outgoing, http: Http) -> Sequence[Said] | None:
        """Return the answers to a comment; of those under posts of others Meta tells nothing."""
        if MEDIA in outgoing.facts:
            return None
        params = {"fields": "id,text,timestamp,from", "limit": str(MOST_UNDER)}
        answer = self.graph.get(f"{outgoing.facts[UNDER]}/replies", params, http)
        said = [
            Said(
                key=one.needed("id"),
                author=one.name("from", "id") or "",
                words=one.name("text") or "",
                said_at=moment(one, "timestamp"),
            )
            for one in answer.at("data")
        ]
        return sorted(said, key=lambda one: one.said_at, reverse=True)

    def shown(self, post: PublicPost, http: Http) -> PublicPost:
        """Ask for the words of the post."""
        told = self.graph.get(post.post, {"fields": "id,caption,permalink,timestamp"}, http)
        when = moment(told, "timestamp") if told.name("timestamp") else None
        return asked_post(post, told, words="caption", address="permalink", when=when)

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said since the last look, as Meta would have told it."""
        place = Place.read(position, http.clock())
        walk = Walk()
        while not place.is_done:
            answer = self.graph.get(*self._posts(place), http)
            walk = walk.after(list(answer.at("data")), "timestamp", place.since)
            changes = [
                change
                for post in answer.at("data")
                for one in self._under(post, http)
                if is_since(one, "timestamp", place.since)
                for change in [_told(one, post)]
            ]
            is_cut = bool(after(answer)) and walk.is_cut
            is_last = not after(answer) or walk.is_far_enough or is_cut
            if is_cut:
                changes.append({"field": NOT_ASKED, "value": {}})
            if is_last:
                changes += self._marked(http, place)
            place = place.after(None if is_last else after(answer))
            entries = [{"id": self.address, "changes": changes}] if changes else []
            yield Brought(body=written(self.about, entries), position=str(place))

    def _posts(self, place: Place) -> tuple[str, dict[str, str]]:
        inner = f"replies.limit({MOST_INSIDE}){{{SAYING}}}"
        comments = f"comments.limit({MOST_COMMENTS}){{{SAYING},{inner}}}"
        turn = {"after": place.cursor} if place.cursor else {}
        fields = f"id,caption,permalink,timestamp,{comments}"
        return f"{self.address}/media", {"fields": fields, "limit": str(MOST_POSTS), **turn}

    def _under(self, post: Item, http: Http) -> Iterator[Item]:
        """Yield the comments of a post and the answers to them; long discussions are read on."""
        comments = post.at("comments")
        while True:
            for one in comments.at("data"):
                yield one
                yield from self._answers(one, http)
            cursor = after(comments)
            if not cursor:
                return
            inner = f"replies.limit({MOST_INSIDE}){{{SAYING}}}"
            params = {"fields": f"{SAYING},{inner}", "limit": str(MOST_COMMENTS), "after": cursor}
            comments = self.graph.get(f"{post.needed('id')}/comments", params, http)

    def _answers(self, comment: Item, http: Http) -> Iterator[Item]:
        answers = comment.at("replies")
        while True:
            yield from answers.at("data")
            cursor = after(answers)
            if not cursor:
                return
            params = {"fields": SAYING, "limit": str(MOST_INSIDE), "after": cursor}
            answers = self.graph.get(f"{comment.needed('id')}/replies", params, http)

    def _marked(self, http: Http, place: Place) -> list[dict[str, object]]:
        """Return the latest posts of others on which the account is marked."""
        params = {"fields": TAGGED, "limit": str(MOST_POSTS)}
        answer = self.graph.get(f"{self.address}/tags", params, http)
        return [
            {"field": MENTIONED_MEDIA, "value": one.value}
            for one in answer.at("data")
            if is_since(one, "timestamp", place.since)
        ]


def _media_of(part: Part) -> str:
    media = part.value.name("media_id")
    if media is None:
        raise InboxError(_("Meta told of a mention without saying where. Nothing can be asked."))
    return media


def _told(one: Item, post: Item) -> dict[str, object]:
    """Return a comment that was asked for as Meta tells it."""
    media = {name: post.name(name) for name in ("id", "caption", "permalink")}
    value = {name: one.at(name).value for name in SAYING.split(",")}
    return {"field": "comments", "value": {**value, "media": media}}
