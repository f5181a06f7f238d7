"""Facebook: comments on a page, posts that name it, and recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from vigie.collect.connector import Permission
from vigie.collect.graph import after
from vigie.collect.nested import Item
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
from vigie.inbox.meta_parts import Part, moment, written
from vigie.inbox.meta_public import (
    COMMENT,
    MOST_UNDER,
    NOT_ASKED,
    SAID_AT,
    UNDER,
    PublicChannel,
    Walk,
    asked_post,
    nobody,
)
from vigie.words import Words, _

POSTS = frozenset({"status", "post", "photo", "video"})
"""What someone else may put on the page, by Meta's names."""
MOST_POSTS, MOST_COMMENTS = 25, 100
SITE = "https://www.facebook.com"
SAYING = "id,created_time,message,from{id,name},permalink_url"


class Facebook(PublicChannel):
    """What is said on a Facebook page: comments, posts on the page or naming it, recommendations.

    The box's address is the page's number. Each person under a comment is one matter, so that an
    answer to one does not hide the question of another. Answers are public and may come at any
    time; a comment may be answered by a direct message once, within seven days. Meta often does
    not say who wrote: the answer then goes under the comment all the same. Likes are left aside.
    After an outage, comments under all posts since the last good look, and the last hundred in any
    case, are asked for, and posts that name the
    page; not recommendations. Meta tells of what is changed or removed; every six hours it is also
    looked whether the last fifty still stand as they were.
    """

    label: ClassVar[Words] = _("Facebook, comments and mentions")
    network: ClassVar[str] = "facebook"
    about: ClassVar[str] = "page"
    fields: ClassVar[frozenset[str]] = frozenset({"feed", "mention", "ratings"})
    saying: ClassVar[str] = "message"
    longest: ClassVar[int | None] = 8000
    permissions: ClassVar[tuple[Permission, ...]] = (
        Permission(name="pages_read_user_content", reason=_("to read comments and mentions")),
        Permission(name="pages_manage_engagement", reason=_("to answer comments")),
        Permission(name="pages_messaging", reason=_("to answer one by a direct message")),
        Permission(name="pages_manage_metadata", reason=_("to be told of them at once")),
    )
    guide: ClassVar[Words] = _(
        "1. Connect Meta as a network that calls us, under Sources: that gives the address for "
        "the webhook. 2. In Meta’s dashboard for developers, give your app that webhook and "
        "subscribe the page to feed, mention and ratings. 3. Make the page’s own token with "
        "pages_read_user_content, pages_manage_engagement and pages_manage_metadata, and "
        "pages_messaging for private answers, and enter it here. 4. The address of the box is the "
        "page’s number (Page transparency shows it)."
        " Until Meta has reviewed the app, only people with a "
        "role in it are heard: docs/how-to/meta-app-review.md has what it asks for."
    )

    def read(self, part: Part) -> Read:
        """Read a comment, a mention, a post on the page or a recommendation."""
        value = part.value
        item, verb = value.name("item"), value.name("verb") or "add"
        is_known = part.field == "mention" or item in {"comment", "rating"} | POSTS
        if not is_known or verb not in ("add", "edit", "edited", "remove"):
            return part.kind if not is_known else f"{part.kind}.{verb}"
        key = self._key(value)
        if verb == "remove":
            return Withdrawn(key=key)
        if item != "comment" and self._is_ours(value):
            return "our own post"
        if part.field != "mention" and item in POSTS and not value.name("message"):
            return f"{part.kind} without words"
        said = self._said(part, key)
        return said if verb == "add" else replace(said, edited_at=moment(part.told_at, "time"))

    def _key(self, value: Item) -> str:
        if value.name("item") == "rating":
            return value.needed("open_graph_story_id")
        return value.name("comment_id") or value.needed("post_id")

    def _is_ours(self, value: Item) -> bool:
        return _author_of(value) == self.address

    def _said(self, part: Part, key: str) -> Incoming:
        value, author = part.value, _author_of(part.value)
        comment, post = value.name("comment_id"), value.name("post_id") or key
        parent = value.name("parent_id")
        top = parent if comment and parent and parent != post else key
        is_ours, said_at = author == self.address, dated(value, "created_time", part)
        return Incoming(
            key=key,
            thread=top if is_ours else f"{top}/{author or key}",
            kind=_kind(part),
            is_public=True,
            author=self._author(value, author, key),
            words=value.name("message") or value.name("review_text") or "",
            said_at=said_at,
            answers_to=top if top != key else "",
            url=value.name("permalink_url") or f"{SITE}/{key}",
            post=self._post(value, post),
            is_ours=is_ours,
            facts={UNDER: top, SAID_AT: said_at.isoformat()} | ({COMMENT: key} if comment else {}),
        )

    def _author(self, value: Item, author: str | None, key: str) -> Author:
        if author is None:
            return nobody(self.network, key)
        named = value.name("from", "name") or value.name("sender_name")
        name = named or value.name("reviewer_name") or ""
        return Author(network=self.network, address=author, shown=name, name=name)

    def _post(self, value: Item, post: str) -> PublicPost:
        told = value.at("post")
        url = told.name("permalink_url") or f"{SITE}/{post}"
        words = told.name("message") or ""
        return PublicPost(network=self.network, post=post, url=url, words=words)

    def told_again(self, known: Known, words: str | None) -> dict[str, object]:
        """Return what Meta would have told of a comment or a post that changed."""
        value: dict[str, object] = {
            "post_id": known.key,
            "item": "post",
            "verb": "remove" if words is None else "edited",
            "message": words,
            "created_time": known.facts.get(SAID_AT),
        }
        if COMMENT in known.facts:
            value |= {"item": "comment", "comment_id": known.key, "parent_id": known.facts[UNDER]}
        return {"field": "feed", "value": value}

    def publish(self, outgoing: Outgoing, http: Http) -> Item:
        """Put an answer under the comment, or under the post."""
        path = f"{outgoing.facts[UNDER]}/comments"
        return self.graph.post(path, {"message": outgoing.words}, http)

    def said_under(self, outgoing: Outgoing, http: Http) -> Sequence[Said]:
        """Return the comments there, the newest first."""
        params = {
            "fields": "id,created_time,message,from{id}",
            "filter": "stream",
            "order": "reverse_chronological",
            "limit": str(MOST_UNDER),
        }
        answer = self.graph.get(f"{outgoing.facts[UNDER]}/comments", params, http)
        return [
            Said(
                key=one.needed("id"),
                author=one.name("from", "id") or "",
                words=one.name("message") or "",
                said_at=moment(one, "created_time"),
            )
            for one in answer.at("data")
        ]

    def shown(self, post: PublicPost, http: Http) -> PublicPost:
        """Ask for the words of the post."""
        told = self.graph.get(post.post, {"fields": "id,message,permalink_url,created_time"}, http)
        when = moment(told, "created_time") if told.name("created_time") else None
        return asked_post(post, told, words="message", address="permalink_url", when=when)

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said since the last look, as Meta would have told it."""
        place = Place.read(position, http.clock())
        walk = Walk()
        while not place.is_done:
            answer = self.graph.get(*self._posts(place), http)
            walk = walk.after(list(answer.at("data")), "created_time", place.since)
            changes = [one for post in answer.at("data") for one in self._under(post, place, http)]
            is_cut = bool(after(answer)) and walk.is_cut
            is_last = not after(answer) or walk.is_far_enough or is_cut
            if is_cut:
                changes.append({"field": NOT_ASKED, "value": {}})
            if is_last:
                changes += self._naming(http, place)
            place = place.after(None if is_last else after(answer))
            entries = [{"id": self.address, "changes": changes}] if changes else []
            yield Brought(body=written(self.about, entries), position=str(place))

    def _posts(self, place: Place) -> tuple[str, dict[str, str]]:
        since = int(place.since.timestamp())
        inner = f"comments.filter(stream).since({since}).limit({MOST_COMMENTS})"
        fields = f"{SAYING},{inner}{{{SAYING},parent{{id}}}}"
        turn = {"after": place.cursor} if place.cursor else {}
        return f"{self.address}/feed", {"fields": fields, "limit": str(MOST_POSTS), **turn}

    def _under(self, post: Item, place: Place, http: Http) -> Iterator[dict[str, object]]:
        """Yield what is new of a post on the page, and under it; a long discussion is read on."""
        identifier = post.needed("id")
        if is_since(post, "created_time", place.since) and post.name("message"):
            yield _told("feed", post, item="post", post_id=identifier)
        shown = {"id": identifier, "message": post.name("message"),
                 "permalink_url": post.name("permalink_url")}  # fmt: skip
        comments = post.at("comments")
        while True:
            for one in comments.at("data"):
                if is_since(one, "created_time", place.since):
                    parent = one.name("parent", "id") or identifier
                    yield _told("feed", one, item="comment", comment_id=one.name("id"),
                                post_id=identifier, parent_id=parent, post=shown)  # fmt: skip
            cursor = after(comments)
            if not cursor:
                return
            params = {"fields": f"{SAYING},parent{{id}}", "filter": "stream", "after": cursor,
                      "since": str(int(place.since.timestamp())),
                      "limit": str(MOST_COMMENTS)}  # fmt: skip
            comments = self.graph.get(f"{identifier}/comments", params, http)

    def _naming(self, http: Http, place: Place) -> list[dict[str, object]]:
        """Return the latest posts of others that name the page."""
        params = {"fields": SAYING, "limit": str(MOST_POSTS)}
        answer = self.graph.get(f"{self.address}/tagged", params, http)
        return [
            _told("mention", one, item="post", post_id=one.needed("id"))
            for one in answer.at("data")
            if is_since(one, "created_time", place.since) and one.name("message")
        ]


def _kind(part: Part) -> str:
    if part.field == "ratings":
        return "review"
    is_comment = part.field == "feed" and part.value.name("item") == "comment"
    return "comment" if is_comment else "mention"


def _author_of(value: Item) -> str | None:
    return value.name("from", "id") or value.name("sender_id") or value.name("reviewer_id")


def _told(field: str, one: Item, **more: object) -> dict[str, object]:
    """Return something that was asked for as Meta tells it."""
    value = {name: one.at(name).value for name in ("message", "created_time", "from")}
    return {
        "field": field,
        "value": {**value, "permalink_url": one.name("permalink_url"), "verb": "add", **more},
    }
