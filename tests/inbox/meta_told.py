"""What Meta tells by webhook, in the words of its documentation, and the boxes it is told to."""

from __future__ import annotations

import json
from typing import Any

from tests.cast import NOON
from vigie.inbox.channel import Channel, Incoming
from vigie.inbox.channels.facebook import Facebook
from vigie.inbox.channels.instagram import Instagram
from vigie.inbox.channels.instagram_direct import InstagramDirect
from vigie.inbox.channels.messenger import Messenger

PAGE, ACCOUNT = "4242", "17841400000000001"
STUDENT, OTHER = "6789", "9876"
"""Two students, by the numbers they have for this page."""
SECONDS = int(NOON.timestamp())
OPTIONS = {"token": "a token of a page", "app_secret": "an app's secret"}

MESSENGER = Messenger(OPTIONS, address=PAGE)
FACEBOOK = Facebook(OPTIONS, address=PAGE)
DIRECT = InstagramDirect(OPTIONS, address=ACCOUNT)
INSTAGRAM = Instagram(OPTIONS, address=ACCOUNT)


def page(*events: object, **entry: object) -> bytes:
    """Return what is told of the page: events of conversations."""
    return _told("page", PAGE, messaging=list(events), **entry)


def page_changes(*changes: object, identifier: str = PAGE) -> bytes:
    """Return what is told of the page: changes."""
    return _told("page", identifier, changes=list(changes))


def instagram(*events: object) -> bytes:
    """Return what is told of the Instagram account: events of conversations."""
    return _told("instagram", ACCOUNT, messaging=list(events))


def instagram_changes(*changes: object) -> bytes:
    """Return what is told of the Instagram account: changes."""
    return _told("instagram", ACCOUNT, changes=list(changes))


def _told(about: str, identifier: str, **entry: object) -> bytes:
    whole = {"id": identifier, "time": SECONDS, **entry}
    return json.dumps({"object": about, "entry": [whole]}).encode()


def event(
    mid: str = "m_1", text: str | None = "When do you open?", *, sender: str = STUDENT,
    recipient: str = PAGE, minutes: int = 0, **message: object,
) -> dict[str, Any]:  # fmt: skip
    """Return a message in a conversation."""
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": (SECONDS + minutes * 60) * 1000,
        "message": {"mid": mid, **({} if text is None else {"text": text}), **message},
    }


def echo(mid: str = "m_2", text: str = "At eight.", **message: object) -> dict[str, Any]:
    """Return a message of the page's own, as it is repeated to us."""
    return event(mid, text, sender=PAGE, recipient=STUDENT, minutes=5, is_echo=True,
                 app_id=1517776481860111, **message)  # fmt: skip


def comment(key: str = "4242_1_10", *, verb: str = "add", **value: object) -> dict[str, Any]:
    """Return a comment under a post of the page."""
    told = {
        "from": {"id": STUDENT, "name": "Marie Durand"},
        "post": {
            "status_type": "mobile_status_update", "is_published": True,
            "updated_time": "2026-10-01T12:00:00+0000",
            "permalink_url": "https://www.facebook.com/northfield/posts/1", "id": "4242_1",
        },
        "message": "Is the library open on Sunday?",
        "post_id": "4242_1",
        "comment_id": key,
        "created_time": SECONDS,
        "item": "comment",
        "parent_id": "4242_1",
        "verb": verb,
    }  # fmt: skip
    return {"field": "feed", "value": {**told, **value}}


def remark(key: str = "17900000000000010", **value: object) -> dict[str, Any]:
    """Return a comment under a post of the Instagram account."""
    told = {
        "from": {"id": STUDENT, "username": "marie.durand"},
        "media": {"id": "17800000000000001", "media_product_type": "FEED"},
        "id": key,
        "text": "Are dogs allowed?",
    }
    return {"field": "comments", "value": {**told, **value}}


def only(channel: Channel, body: bytes) -> Incoming:
    """Return the one message of a payload."""
    received = channel.receive(body)
    assert not received.unread, received.unread
    (message,) = received.messages
    return message
