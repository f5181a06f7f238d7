"""Writes each message in its reader's language and gives it to mail or to the address called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vigie.errors import SettingError
from vigie.http import Http
from vigie.listening.alert_models import AlertMessage
from vigie.listening.letters import ToTell, letter
from vigie.register import telling
from vigie.register.models import Person
from vigie.register.telling import Letter
from vigie.settings import Settings
from vigie.words import _


def sender(settings: Settings, http: Http) -> Callable[[AlertMessage], None]:
    """Return what sends a message."""

    def send(message: AlertMessage) -> None:
        written = letter_of(message, settings)
        if message.way == "webhook":
            telling.call(written, address=message.sent.alert.webhook, http=http)
        else:
            telling.write(written, to=[mail_of(message.to, settings)])

    return send


def letter_of(message: AlertMessage, settings: Settings) -> Letter:
    """Write a message of an alert."""
    sent, alert = message.sent, message.sent.alert
    written = letter(
        ToTell(
            number=sent.pk,
            kind=alert.kind,
            query=alert.query.title,
            round=message.round,
            person=str(alert.person),
            decided_at=sent.decided_at,
            facts=sent.facts,
        ),
        language=language_of(message.to, settings),
        zone=settings.zone,
        site=settings.site,
    )
    mark = f"alert-{sent.pk}-{message.way}-{message.round}-{message.to.pk}@{host_of(settings)}"
    return replace(written, mark=mark)


def language_of(person: Person, settings: Settings) -> str:
    """Return the language a person reads; without a word from them, that of the installation."""
    listener = getattr(person, "listener", None)
    return listener.language if listener else settings.language


def mail_of(person: Person, settings: Settings) -> str:
    """Return where a person is written to, or say what is missing."""
    if not settings.mail_url:
        raise SettingError(_("No mail can be sent: set mail_url to a server that sends mail."))
    address = person.user.email if person.user else ""
    if not address:
        raise SettingError(
            _("{name} has no mail address. Enter it under Listening, Alerts.", name=str(person))
        )
    return address


def host_of(settings: Settings) -> str:
    """Return the name of the site, as marks of mail carry it."""
    return settings.site.partition("://")[2].partition("/")[0].partition(":")[0] or "vigie"
