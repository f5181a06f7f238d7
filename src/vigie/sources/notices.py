"""Tells the people in charge, once, that something stopped answering, and once that it came back.

Of sources this decides by itself; what else may stop, a box of the inbox, is told in the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from vigie.http import Http
from vigie.register import telling
from vigie.settings import Settings
from vigie.sources.models import Notice, Work
from vigie.sources.source import all_sources
from vigie.sources.turns import COLLECT
from vigie.words import Words, _, plural, say

MISSES = 2
"""Failures in a row after which people are told: one may be chance."""

_log = logging.getLogger("vigie.notices")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is told, in the language of the installation."""

    subject: str
    text: str
    connector: str
    kind: str


Send = Callable[[Message], None]


Write = Callable[[str, datetime], Message]
"""Writes what is told, of a kind, since a moment."""


def consider(work: Work, *, settings: Settings, sends: Sequence[Send], now: datetime) -> None:
    """Decide after a piece of work whether something must be told, and tell it."""
    if work.kind != COLLECT or work.subject or not sends:
        return
    write = partial(message_of, work, settings=settings)
    if work.misses >= MISSES and work.failing_since is not None:
        missed(work.connector, work.failing_since, write, sends=sends, now=now)
    elif work.misses == 0:
        mended(work.connector, write, sends=sends, now=now)


def missed(
    name: str, since: datetime, write: Write, *, sends: Sequence[Send], now: datetime
) -> None:
    """Tell, unless it was told, that something does not answer since a moment."""
    _once(name, "missed", since, write, sends=sends, now=now)


def mended(name: str, write: Write, *, sends: Sequence[Send], now: datetime) -> None:
    """Tell, unless it was told, that something answers again of which people were told."""
    last = told(name).order_by("-since").first()
    if last is not None:
        _once(name, "mended", last.since, write, sends=sends, now=now)


def about_box(name: str) -> str:
    """Return the name under which notices speak of a box of the inbox."""
    return f"inbox.{name}"


def told(name: str) -> QuerySet[Notice]:
    """Return when people were told that something does not answer."""
    return Notice.objects.filter(connector=name, kind="missed", sent_at__isnull=False)


def _once(
    name: str, kind: str, since: datetime, write: Write, *, sends: Sequence[Send], now: datetime
) -> None:
    notice, _is_new = Notice.objects.get_or_create(
        connector=name, kind=kind, since=since, defaults={"decided_at": now}
    )
    if notice.sent_at is not None:
        return
    message = write(kind, since)
    sent = [_sent(send, message) for send in sends]
    if any(sent):
        Notice.objects.filter(pk=notice.pk).update(sent_at=now)


def _sent(send: Send, message: Message) -> bool:
    try:
        send(message)
    except telling.FAILURES as error:
        # The address may itself be a secret: only the kind of error is written down. The health
        # page says the same, and it is tried again next time.
        kind = type(error).__name__
        _log.warning("A notice about %s could not be sent: %s", message.connector, kind)
        return False
    return True


def message_of(work: Work, kind: str, since: datetime, *, settings: Settings) -> Message:
    """Write the message."""
    language = settings.language
    label = all_sources()[work.connector].label
    local = since.astimezone(settings.zone)
    reason = (work.failure or {}).get(language, "")
    subject, lines = _words(kind, label, local, work.misses, reason)
    return Message(
        subject=say(subject, language),
        text="\n\n".join(say(line, language) for line in lines),
        connector=work.connector,
        kind=kind,
    )


def _words(
    kind: str, label: Words, since: datetime, misses: int, reason: str
) -> tuple[Words, list[Words | str]]:
    if kind == "mended":
        return _("{network} is read again", network=label), [
            _(
                "{network} is read again. It had not been since {moment}. What was published "
                "meanwhile is being read.",
                network=label,
                moment=since,
            )
        ]
    failed = plural(
        "{network} could not be read, {count} time in a row, since {moment}.",
        "{network} could not be read, {count} times in a row, since {moment}.",
        count=misses,
        network=label,
        moment=since,
    )
    return _("{network} could not be read", network=label), [
        failed,
        reason,
        _("It is tried again by itself. The page Sources says how it stands."),
    ]


def by_mail(settings: Settings, *, also: Iterable[str] = ()) -> Send | None:
    """Return what sends by mail; none when nobody is to be written to."""
    named = (one.strip() for one in settings.notify_mail.split(","))
    people = list({one.casefold(): one for one in (*also, *named) if one}.values())
    if not people or not settings.mail_url:
        return None

    def send(message: Message) -> None:
        telling.write(telling.Letter(subject=message.subject, text=message.text), to=people)

    return send


def by_webhook(settings: Settings, http: Http) -> Send | None:
    """Return what posts to an address as JSON; ``text`` is what chat rooms show."""
    if not settings.notify_webhook:
        return None

    def send(message: Message) -> None:
        facts = {"connector": message.connector, "kind": message.kind}
        letter = telling.Letter(subject=message.subject, text=message.text, facts=facts)
        telling.call(letter, address=settings.notify_webhook, http=http)

    return send


def ways(settings: Settings, http: Http, *, also: Iterable[str] = ()) -> list[Send]:
    """Return every way in which people are told, those with these addresses by mail."""
    sends = by_mail(settings, also=also), by_webhook(settings, http)
    return [send for send in sends if send is not None]
