"""Tells those who can mend it that a box of the inbox is not read, and once more that it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from vigie.http import Http
from vigie.inbox.models import Box
from vigie.inbox.working import READ_BOX
from vigie.register.people import who_may
from vigie.register.rights import CONNECT_INBOX
from vigie.settings import Settings
from vigie.sources import notices
from vigie.sources.models import Work
from vigie.sources.notices import Message
from vigie.words import _, say

PATIENCE = timedelta(minutes=30)
"""A server that restarts, or a line that is down for a while, is nothing anybody must mend."""


def consider(work: Work, *, settings: Settings, http: Http, now: datetime) -> None:
    """Decide after a box was read, or was not, whether something must be told, and tell it."""
    if work.kind != READ_BOX:
        return
    box = Box.objects.filter(name=work.subject).exclude(state="paused").first()
    if box is None:
        return
    since, name = work.failing_since, notices.about_box(box.name)
    is_long = since is not None and now - since >= PATIENCE
    if not is_long and not (work.misses == 0 and notices.told(name).exists()):
        return
    sends = notices.ways(settings, http, also=[one.address for one in who_may(CONNECT_INBOX)])
    write = partial(message_of, box, work, settings=settings)
    if sends and is_long and since is not None:
        notices.missed(name, since, write, sends=sends, now=now)
    elif sends:
        notices.mended(name, write, sends=sends, now=now)


def message_of(box: Box, work: Work, kind: str, since: datetime, *, settings: Settings) -> Message:
    """Write what is told, in the language of the installation."""
    language, moment = settings.language, since.astimezone(settings.zone)
    if kind == "mended":
        subject = _("{box} is read again", box=box.label)
        lines = [
            _("{box} is read again. It had not been since {moment}; what came meanwhile was "
              "fetched.", box=box.label, moment=moment)
        ]  # fmt: skip
    else:
        subject = _("{box} could not be read", box=box.label)
        address = f"{settings.site}/inbox/boxes/{box.name}/?show=connection"
        lines = [
            _("{box} could not be read since {moment}: what was written to it since is not in the "
              "inbox yet.", box=box.label, moment=moment),
            _("What it said the last time: {reason}",
              reason=(work.failure or {}).get(language, "")),
            _("Here the connection is mended: {address}", address=address),
            _("It is tried again by itself, and then what came meanwhile is fetched. You are told "
              "once more when it is read again, and not before."),
        ]  # fmt: skip
    return Message(
        subject=say(subject, language),
        text="\n\n".join(say(line, language) for line in lines),
        connector=notices.about_box(box.name),
        kind=kind,
    )
