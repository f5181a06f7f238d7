"""Direct messages on Meta's networks: the same events, edges and windows for both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from vigie.collect.connector import Option
from vigie.collect.graph import after
from vigie.collect.nested import Item
from vigie.errors import BusyError, NoAnswerError, VigieError, WindowError
from vigie.http import Http
from vigie.inbox.channel import (
    Author,
    Brought,
    Incoming,
    Outgoing,
    Sent,
    Window,
    Withdrawn,
)
from vigie.inbox.meta_channel import (
    MARK,
    OPTIONS,
    MetaChannel,
    Place,
    Read,
    Said,
    confirmed,
    is_since,
    sent_words,
    short_enough,
    unsure,
)
from vigie.inbox.meta_graph import WINDOW_OVER
from vigie.inbox.meta_parts import MESSAGING, Part, moment, written
from vigie.words import _

HUMAN_AGENT = Option(
    name="human_agent",
    label=_("Answer up to seven days: yes, once Meta has granted Human Agent, or no"),
    default="no",
)
USUAL, LONGER = timedelta(hours=24), timedelta(days=7)
"""Since their last message; the longer one for answers by a person, once Meta has granted it."""
BROUGHT = frozenset({"image", "video", "audio", "file"})
"""Files of their own, by Meta's names; stories and posts that are shown in a message are not."""
FILES = "files"
"""Fact of a message: where its files lie."""
MOST_THREADS, MOST_MESSAGES = 25, 25
MESSAGE = (
    "id,created_time,from,to,message,attachments{mime_type,name,image_data,video_data,file_url}"
)

BY_A_PERSON = _(
    "More than 24 hours after their last message, Meta takes only what a person wrote. Write to "
    "them yourself, or leave it."
)
_WITHIN = _("Meta takes answers within 24 hours of their last message.")
_WITHIN_LONGER = _(
    "Meta takes answers within 24 hours of their last message, and within seven days as an answer "
    "by a person (Human Agent)."
)


class Direct(MetaChannel):
    """Direct messages of one account: each person who writes is one matter."""

    options: ClassVar[tuple[Option, ...]] = (*OPTIONS, HUMAN_AGENT)
    fields: ClassVar[frozenset[str]] = frozenset({MESSAGING})
    platform: ClassVar[str]
    """What the list of conversations is asked for."""
    most_bytes: ClassVar[int]
    profile: ClassVar[str]
    """What is asked of a person."""
    leaves_mark: ClassVar[bool] = False
    """The network repeats our own mark with our own messages."""

    def read(self, part: Part) -> Read:
        """Read an event of a conversation."""
        event = part.value
        if part.kind == "message_edit":
            return self._edited(event)
        if part.kind != "message":
            return part.kind
        key = event.needed("message", "mid")
        if event.at("message", "is_deleted").value is True:
            return Withdrawn(key=key)
        return self._message(event, key)

    def _message(self, event: Item, key: str) -> Incoming:
        sender, recipient = event.needed("sender", "id"), event.needed("recipient", "id")
        is_ours = event.at("message", "is_echo").value is True or sender == self.address
        mark = event.name("message", "metadata") or ""
        return Incoming(
            key=key,
            thread=recipient if is_ours else sender,
            kind="direct",
            is_public=False,
            author=self._author(event.at("sender"), sender),
            words=_words(event.at("message")),
            said_at=moment(event, "timestamp"),
            answers_to=event.name("message", "reply_to", "mid") or "",
            is_ours=is_ours,
            echo_of=mark.removeprefix(MARK) if mark.startswith(MARK) else "",
            facts=_pointed(event.at("message")),
        )

    def _author(self, told: Item, identifier: str) -> Author:
        return Author(
            network=self.network,
            address=identifier,
            shown=told.name("username") or "",
            name=told.name("name") or "",
        )

    def _edited(self, event: Item) -> Incoming:
        edit = event.at("message_edit")
        changed = Item({**event.value, "message": edit.value} if isinstance(event.value, dict)
                       else {})  # fmt: skip
        said = self._message(changed, edit.needed("mid"))
        return replace(said, edited_at=said.said_at)

    def files(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Return where the files of a message lie, for a while."""
        return tuple(json.loads(facts.get(FILES, "[]")))

    def window(self, *, last_incoming: datetime, now: datetime) -> Window:
        """Return the day, or the week, that Meta leaves for an answer."""
        is_longer = self.chosen.get("human_agent", "no") == "yes"
        until = last_incoming + (LONGER if is_longer else USUAL)
        is_open = now < until
        return Window(
            until=until,
            words=_WITHIN_LONGER if is_longer else _WITHIN,
            is_open=is_open,
            instead=None if is_open else WINDOW_OVER,
        )

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Send an answer; after a day, as one by a person."""
        fields = self.message(outgoing, now=http.clock())
        answer = self.graph.post("me/messages", fields, http)
        return confirmed(answer, "message_id", at=http.clock())

    def message(self, outgoing: Outgoing, *, now: datetime) -> Mapping[str, object]:
        """Return an answer in Meta's words."""
        text = short_enough(outgoing.words, most=self.most_bytes, network=self.label)
        is_late = outgoing.incoming_at is not None and now - outgoing.incoming_at >= USUAL
        if is_late and outgoing.is_automatic:
            raise WindowError(BY_A_PERSON)
        kind = (
            {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
            if is_late
            else {"messaging_type": "RESPONSE"}
        )
        mark = {"metadata": f"{MARK}{outgoing.key}"} if self.leaves_mark else {}
        return {
            "recipient": {"id": outgoing.to.address}, "message": {"text": text, **mark}, **kind
        }  # fmt: skip

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look for our words in the conversation with this person."""
        params = {
            "platform": self.platform,
            "user_id": outgoing.to.address,
            "fields": f"id,messages.limit({MOST_MESSAGES}){{{MESSAGE}}}",
        }
        try:
            answer = self.graph.get("me/conversations", params, http)
            thread = [_said(one) for row in answer.at("data") for one in row.at("messages", "data")]
        except (BusyError, NoAnswerError):
            raise
        except VigieError as error:
            raise unsure(outgoing) from error
        found = sent_words(outgoing, thread, ours=self.address)
        if found is not None:
            return Sent(external=found.key, sent_at=found.said_at)
        reaches_back = len(thread) < MOST_MESSAGES or any(
            one.said_at < outgoing.handed_in_at for one in thread
        )
        if not thread or not reaches_back:
            raise unsure(outgoing)
        return None

    def introduce(self, author: Author, http: Http) -> Author:
        """Ask for the name of a person whom Meta only numbers."""
        told = self.graph.get(author.address, {"fields": self.profile}, http)
        return replace(
            author,
            name=told.name("name") or author.name,
            shown=told.name("username") or author.shown,
        )

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield what was said since the last look, as Meta would have told it."""
        place = Place.read(position, http.clock())
        while not place.is_done:
            answer = self.graph.get("me/conversations", self._conversations(place.cursor), http)
            rows = list(answer.at("data"))
            events = [event for row in rows for event in self._events(row, place.since, http)]
            is_read = not all(is_since(row, "updated_time", place.since) for row in rows)
            place = place.after(None if is_read or not rows else after(answer))
            entries = [{"id": self.address, "messaging": events}] if events else []
            yield Brought(body=written(self.about, entries), position=str(place))

    def _conversations(self, cursor: str) -> dict[str, str]:
        fields = f"id,updated_time,messages.limit({MOST_MESSAGES}){{{MESSAGE}}}"
        turn = {"after": cursor} if cursor else {}
        return {"platform": self.platform, "fields": fields, "limit": str(MOST_THREADS), **turn}

    def _events(self, row: Item, start: datetime, http: Http) -> Iterator[dict[str, object]]:
        """Yield the events of one conversation; a long one is read page by page."""
        messages = row.at("messages")
        while True:
            items = list(messages.at("data"))
            yield from (self._event(one) for one in items if is_since(one, "created_time", start))
            cursor = after(messages)
            if not cursor or not items or not is_since(items[-1], "created_time", start):
                return
            params = {"fields": MESSAGE, "limit": str(MOST_MESSAGES), "after": cursor}
            messages = self.graph.get(f"{row.needed('id')}/messages", params, http)

    def _event(self, one: Item) -> dict[str, object]:
        author = one.at("from")
        message: dict[str, object] = {"mid": one.name("id"), "text": one.name("message")}
        if author.name("id") == self.address:
            message["is_echo"] = True
        files = [{"type": _type_of(file), "payload": {"url": _url_of(file)}}
                 for file in one.at("attachments", "data")]  # fmt: skip
        if files:
            message["attachments"] = files
        return {
            "sender": author.value,
            "recipient": one.at("to", "data", 0).value,
            "timestamp": one.at("created_time").value,
            "message": message,
        }


def _said(one: Item) -> Said:
    return Said(
        key=one.needed("id"),
        author=one.name("from", "id") or "",
        words=one.name("message") or "",
        said_at=moment(one, "created_time"),
    )


def _words(message: Item) -> str:
    """Return what was written, and a line for each thing that came with it."""
    lines = [message.name("text") or ""]
    for file in message.at("attachments"):
        kind = file.name("type") or "file"
        place = "" if kind in BROUGHT else file.name("title") or file.name("payload", "url") or ""
        lines.append(f"[{kind}] {place}".strip())
    if message.at("is_unsupported").value is True:
        lines.append("[unsupported]")
    return "\n".join(line for line in lines if line)


def _pointed(message: Item) -> dict[str, str]:
    """Return where files lie that are to be brought here, as a fact."""
    files = [file for file in message.at("attachments") if file.name("type") in BROUGHT]
    places = [place for file in files if (place := file.name("payload", "url"))]
    return {FILES: json.dumps(places)} if places else {}


def _type_of(file: Item) -> str:
    """Return what Meta calls a file in its news."""
    kind = (file.name("mime_type") or "").partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "file"


def _url_of(file: Item) -> str | None:
    return (
        file.name("image_data", "url")
        or file.name("video_data", "url")
        or file.name("file_url")
    )  # fmt: skip
