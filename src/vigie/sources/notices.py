"""Tells the people in charge, once, that a source stopped answering, and once that it came back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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


def consider(work: Work, *, settings: Settings, sends: Sequence[Send], now: datetime) -> None:
    """Decide after a piece of work whether something must be told, and tell it."""
    if work.kind != COLLECT or work.subject or not sends:
        return
    if work.misses >= MISSES and work.failing_since is not None:
        _once(work, "missed", work.failing_since, settings=settings, sends=sends, now=now)
    elif work.misses == 0:
        told = Notice.objects.filter(connector=work.connector, kind="missed", sent_at__isnull=False)
        last = told.order_by("-since").first()
        if last is not None:
            _once(work, "mended", last.since, settings=settings, sends=sends, now=now)


def _once(
    work: Work,
    kind: str,
    since: datetime,
    *,
    settings: Settings,
    sends: Sequence[Send],
    now: datetime,
) -> None:
    notice, _is_new = Notice.objects.get_or_create(
        connector=work.connector, kind=kind, since=since, defaults={"decided_at": now}
    )
    if notice.sent_at is not None:
        return
    message = message_of(work, kind, since, settings=settings)
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


def by_mail(settings: Settings) -> Send | None:
    """Return what sends by mail; none when nobody is to be written to."""
    people = [one.strip() for one in settings.notify_mail.split(",") if one.strip()]
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


def ways(settings: Settings, http: Http) -> list[Send]:
    """Return every way in which people are told."""
    return [send for send in (by_mail(settings), by_webhook(settings, http)) if send is not None]
