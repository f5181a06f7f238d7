"""Names and posts of which a network told only numbers: asked for once, when someone first writes.

Not to be told them stands in nobody's way: the conversation is there, with a number.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from vigie.errors import InboxError, MissingError, VigieError
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import member_of, opened
from vigie.inbox.channel import Author, Channel, PublicPost
from vigie.inbox.models import Box, Conversation, Handle
from vigie.inbox.searching import note_words_of

_log = logging.getLogger("vigie.inbox")


def introduce(box: Box, conversations: Sequence[Conversation], bench: Bench) -> None:
    """Ask for the names and posts of conversations that were just opened."""
    member = member_of(box)
    is_named = member.introduce is Channel.introduce
    is_shown = member.shown is Channel.shown
    if not conversations or (is_named and is_shown):
        return
    try:
        channel = opened(box, bench.settings)
        for one in conversations:
            for ask in (_name, _show):
                # Of one person or post nothing may be told, and of the next one all.
                with suppress(InboxError, MissingError):
                    ask(one, channel, bench)
    except (VigieError, OSError) as error:
        _log.info("%s does not say more: %s", box.name, error)


def _name(conversation: Conversation, channel: Channel, bench: Bench) -> None:
    contact = conversation.contact
    handle = Handle.objects.filter(contact=contact, network=channel.network).first()
    if contact.name or contact.forgotten_at or handle is None or handle.address.startswith("of "):
        return
    author = Author(network=handle.network, address=handle.address, shown=handle.shown)
    told = channel.introduce(author, bench.http)
    if told == author:
        return
    handle.shown = told.shown or told.name or handle.shown
    contact.name = told.name or told.shown
    handle.save(update_fields=("shown",))
    contact.save(update_fields=("name",))
    note_words_of([contact.pk])


def _show(conversation: Conversation, channel: Channel, bench: Bench) -> None:
    kept = conversation.post
    if not kept or kept.get("words"):
        return
    post = PublicPost(network=kept["network"], post=kept["post"], url=kept.get("url", ""))
    told = channel.shown(post, bench.http)
    if told == post:
        return
    said_at = {"said_at": told.said_at.isoformat()} if told.said_at else {}
    conversation.post = {**kept, "url": told.url, "words": told.words, **said_at}
    conversation.save(update_fields=("post",))
