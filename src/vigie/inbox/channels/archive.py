"""Conversations of the past, from the downloads of Messenger and Instagram."""

from __future__ import annotations

from typing import ClassVar

from vigie.collect.connector import Option
from vigie.errors import InboxError
from vigie.http import Http
from vigie.inbox import own_reading
from vigie.inbox.archive_reading import Line, Thread, letters, read_thread
from vigie.inbox.channel import Author, Channel, Incoming, Outgoing, Received, Sent, Unread
from vigie.words import Words, _


class Archive(Channel):
    """Downloads of messages, as JSON: ``vigie inbox import FILE --box BOX``.

    Messenger's and Instagram's *Download your information* hold every conversation with its
    history. Each becomes a closed conversation that nobody owes an answer. The letters of these
    files are garbled (``Ã©`` for ``é``) and are repaired. The same download, or a later one that
    holds more, may be imported again: what is known counts as duplicate, and who was erased stays
    out. Files that came with messages are named, not taken in; calls, and messages that their
    author took back, are left aside. The files number nobody, so that people of a download are
    joined to those who write today by hand.

    A file that Vigie wrote of its own conversations (``vigie inbox archive FILE``) comes back as it
    was, each conversation into the box of the name and channel it was in, if that is connected
    here: with everybody under their own address, topics, notes, passages, links, opinions, what was
    known of contacts, and the files of a ZIP. What was open goes on, with whoever had it, if
    someone of the same sign-in name is here, and nobody is written to because of it. What is there
    already is not doubled.
    """

    label: ClassVar[Words] = _("Downloads of messages (Messenger, Instagram)")
    network: ClassVar[str] = "other"
    is_fetched: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="own_name",
            label=_("Name under which the institution writes, as the download has it"),
            is_needed=True,
        ),
        Option(name="network", label=_("Network: facebook or instagram"), default="facebook"),
    )
    has_address: ClassVar[bool] = False
    guide: ClassVar[Words] = _(
        "1. On Facebook or Instagram, open Accounts Center, Your information and permissions, "
        "Export your information. 2. Choose the page or account, messages only, all time, and "
        "the format JSON. 3. Connect this box with the name under which the institution writes. "
        "4. Give the file, packed as it came, on the page of the box. A file of conversations "
        "that Vigie wrote is given in the same way."
    )

    @property
    def _own(self) -> str:
        return letters(self.chosen.get("own_name", "")).casefold()

    def receive(self, body: bytes) -> Received:
        """Read a conversation, or a part of one."""
        own = own_reading.read(body)
        if own is not None:
            return own
        thread = read_thread(body)
        return Received(
            messages=tuple(self._message(line, thread) for line in thread.lines),
            unread=tuple(
                Unread(reason=error.words, position=position) for position, error in thread.unread
            ),
            ignored=thread.aside,
        )

    def _message(self, line: Line, thread: Thread) -> Incoming:
        is_ours = line.writer.casefold() == self._own
        others = [one for one in thread.people if one.casefold() != self._own]
        writer = line.writer if not is_ours else next(iter(others), thread.title or thread.name)
        return Incoming(
            key=line.key,
            thread=thread.name[:512],
            kind="direct",
            is_public=False,
            author=self._author(writer, thread, is_group=len(others) > 1),
            words=line.words,
            said_at=line.said_at,
            subject=thread.title if len(others) > 1 else "",
            is_ours=is_ours,
            is_past=True,
        )

    def _author(self, name: str, thread: Thread, *, is_group: bool) -> Author:
        place = f"archive:{thread.name}"
        return Author(
            network=self.chosen.get("network") or "facebook",
            address=(f"{place}/{name}" if is_group else place)[:320],
            shown=name,
            name=name,
        )

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Say that the past takes no answer."""
        raise InboxError(
            _(
                "This conversation comes from a download, which takes no answer. Join {name} to "
                "the person who writes today, or write by mail.",
                name=outgoing.to.name or outgoing.to.address,
            )
        )
