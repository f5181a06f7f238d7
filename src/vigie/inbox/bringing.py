"""Files that a network only points to: brought once, checked like those that come by themselves."""

from __future__ import annotations

import logging
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from vigie.errors import VigieError
from vigie.http import Request
from vigie.inbox.admission import Admitted
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import member_of
from vigie.inbox.channel import Channel, Enclosed
from vigie.inbox.enclosures import keep
from vigie.inbox.intake import OWN
from vigie.inbox.models import Attachment, Box, Message
from vigie.inbox.sending import words_of
from vigie.words import LANGUAGES, Words, say

_log = logging.getLogger("vigie.inbox")


def bring_files(box: Box, admitted: Admitted, bench: Bench) -> None:
    """Bring the files of messages that were just admitted; what does not come says why."""
    member = member_of(box)
    if member.files is Channel.files:
        return
    channel = member(box.options, address=box.address)
    rows = Message.objects.filter(arrival__in=set(admitted.kept), direction="in", attachments=None)
    for message in rows.exclude(arrival__file__endswith=OWN):
        for address in channel.files(message.facts):
            _bring(message, address, bench)


def _bring(message: Message, address: str, bench: Bench) -> None:
    name = unquote(PurePosixPath(urlsplit(address).path).name) or "file"
    try:
        answer = bench.http.ask(Request(url=address))
        called = answer.headers.get("content-type", "").partition(";")[0]
        kept = keep(
            Enclosed(name=name, content=answer.body, media_type=called), home=bench.settings.home
        )
    except (VigieError, OSError) as error:
        _log.info("A file did not come: %s", error)
        _note(message, name, refused=words_of(error))
        return
    Attachment.objects.create(
        message=message,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        digest=kept.digest,
        file=kept.file,
        refused=_said(kept.refused),
    )


def _note(message: Message, name: str, *, refused: Words) -> None:
    Attachment.objects.create(
        message=message, name=name[:200], media_type="", size=0, digest="", refused=_said(refused)
    )


def _said(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {language: say(words, language) for language in LANGUAGES}
