"""Reads activities and objects of ActivityPub: who published what, and how it was received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vigie.collect.connector import Context, Payload
from vigie.collect.fediverse import NETWORK, appeared, kind_of_post, post_id, server_of
from vigie.collect.html_words import first_link, words_of
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.model import Post, Tombstone

PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
POSTS = frozenset(
    {"Note", "Article", "Page", "Video", "Audio", "Image", "Question", "Event", "Document"}
)
_TITLED = frozenset({"Article", "Page", "Video", "Audio", "Event"})
"""Objects whose name is a title and whose summary is no warning."""


@dataclass(frozen=True, kw_only=True)
class Activities:
    """Reads the activities of one answer."""

    payload: Payload
    context: Context
    actor: str
    """The address of the actor whose outbox it is."""

    def read(self, activity: Item) -> Post | Tombstone | Skipped:
        """Return the post of an activity."""
        kind = activity.name("type")
        if kind == "Announce":
            return self._boost(activity)
        if kind in POSTS or kind == "Tombstone":
            return self._object(activity, activity)
        if kind != "Create":
            return Skipped("not a post")
        if only_named(activity):
            return Skipped("asked for by itself")
        return self._object(activity.at("object"), activity)

    def _boost(self, activity: Item) -> Post | Skipped:
        if not is_public(activity):
            return Skipped("not public")
        original = activity.at("object")
        return Post(
            network=NETWORK,
            post=post_id(activity.needed("id")),
            account=self.payload.subject,
            **appeared(self.payload, self.context, activity.when("published")),
            text=_words(original),
            url=address_in(original) or identifier_in(original),
            is_repost=True,
            is_reply=False,
        )

    def _object(self, found: Item, activity: Item) -> Post | Tombstone | Skipped:
        post = found.needed("id")
        if server_of(post) != server_of(self.actor):
            # A server speaks for its own people only: nobody rewrites what others published.
            return Skipped("of another server")
        if found.name("type") == "Tombstone":
            return gone(post, self.payload, self.context, reason="deleted")
        if found.name("type") not in POSTS:
            return Skipped("not a post")
        if not (is_public(found) or is_public(activity)):
            return Skipped("not public")
        dated = found if found.name("published") else activity
        media = list(_media(found))
        answered = identifier_in(found.at("inReplyTo"))
        return Post(
            network=NETWORK,
            post=post,
            account=self.payload.subject,
            **appeared(self.payload, self.context, dated.when("published")),
            kind=_kind(found, media),
            text=_words(found),
            url=address_in(found) or found.name("id"),
            language=_language(found),
            is_repost=False,
            is_reply=answered is not None and not answered.startswith(f"{self.actor}/"),
            answers_to=answered,
            likes=found.count("likes", "totalItems"),
            comments=found.count("replies", "totalItems"),
            shares=found.count("shares", "totalItems"),
            views=found.count("views"),
            images=sum(_form(one) == "image" for one in media),
            images_described=sum(
                _form(one) == "image" and one.text("name") is not None for one in media
            ),
        )


def is_public(found: Item) -> bool:
    """Return whether everyone is among those something is addressed to."""
    addressed = (one for field in ("to", "cc") for one in each(found.at(field)))
    return any(one.name() in PUBLIC for one in addressed)


def only_named(activity: Item) -> str | None:
    """Return the address of what was created, where the activity holds nothing but that."""
    return activity.name("object") if activity.name("type") == "Create" else None


def each(found: Item) -> Iterator[Item]:
    """Yield the values of a property: JSON-LD writes one of them without a list."""
    if isinstance(found.value, list):
        yield from found
    elif found.value is not None:
        yield found


def identifier_in(found: Item) -> str | None:
    """Return the identifier of an object that is named or written out."""
    return found.name() or found.name("id")


def address_in(found: Item) -> str | None:
    """Return the address of an object's page, among those it gives."""
    links = list(each(found.at("url")))
    pages = [one for one in links if one.name() or one.name("mediaType") == "text/html"]
    return next((one.name() or one.name("href") for one in pages or links), None)


def website_in(actor: Item) -> str | None:
    """Return the first link among the fields of a profile."""
    fields = [one for one in each(actor.at("attachment")) if one.name("type") == "PropertyValue"]
    links = (first_link(one.name("value")) for one in fields)
    return next((link for link in links if link), None)


def gone(post: str, payload: Payload, context: Context, *, reason: str) -> Tombstone:
    """Return that a post is no longer there."""
    return Tombstone(
        network=NETWORK,
        post=post,
        observed_at=payload.received_at,
        reason=reason,
        source=payload.connector,
        run=context.run or None,
    )


def _words(found: Item) -> str | None:
    """Return title and words; a note's summary is a warning that stands before them."""
    languages = found.at("contentMap").value
    first = next(iter(languages.values()), None) if isinstance(languages, dict) else None
    content = found.name("content") or Item(first).name()
    is_titled = found.name("type") in _TITLED
    before = found.text("name") if is_titled else words_of(found.name("summary"))
    said = content or (found.name("summary") if is_titled else None)
    return "\n".join(part for part in (before, words_of(said)) if part) or None


def _language(found: Item) -> str | None:
    languages = found.at("contentMap").value
    named = next(iter(sorted(map(str, languages))), None) if isinstance(languages, dict) else None
    return named or found.name("language", "identifier") or found.name("inLanguage")


def _media(found: Item) -> Iterator[Item]:
    return each(found.at("attachment"))


def _form(one: Item) -> str:
    """Return image, video, audio or something else."""
    written = (one.name("mediaType") or "").partition("/")[0]
    return written or (one.name("type") or "").lower()


def _kind(found: Item, media: list[Item]) -> str:
    forms = [_form(one) for one in media]
    own = (found.name("type") or "").lower()
    if own in ("video", "audio"):
        forms = [own, *forms]
    is_link = any(one.name("type") == "Link" for one in media)
    return kind_of_post(forms, is_poll=own == "question", is_link=is_link)
