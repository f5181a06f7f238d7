"""What people change about being warned: alerts by right, in the log; their own ways freely."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from vigie.errors import AddressError, ListeningError
from vigie.http import Request
from vigie.http.targets import target_of
from vigie.listening.changes import query_named
from vigie.listening.models import Alert, AlertSent, Listener
from vigie.register import log
from vigie.register.models import Person
from vigie.register.rights import COMMAND_LINE, WRITE_LISTENING, Author, require
from vigie.words import LANGUAGES, _

SECRET_BYTES = 24


@dataclass(frozen=True, kw_only=True)
class KeptAlert:
    """When a query warns whom, and how, as a person says it."""

    query: str
    kind: str
    person: Person
    deputy: Person | None = None
    least: int | None = None
    within: timedelta | None = None
    by_mail: bool = True
    by_feed: bool = False
    webhook: str | None = None
    """None: as it was; empty: no call."""
    cool_down: timedelta = timedelta(hours=6)
    quiet_from: time | None = None
    quiet_until: time | None = None
    is_urgent_heard: bool = True
    is_on: bool = True


def keep_alert(
    alert: KeptAlert,
    *,
    number: int | None = None,
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> Alert:
    """Keep an alert, in the place of another when its number is given."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    before = _alert(number) if number is not None else None
    webhook = _webhook(alert, before)
    _require_whole(alert, webhook)
    fields = {
        "query": query_named(alert.query),
        "kind": alert.kind,
        "person": alert.person,
        "deputy": alert.deputy,
        "least": alert.least if alert.kind == "count" else None,
        "within": alert.within if alert.kind == "count" else None,
        "by_mail": alert.by_mail,
        "by_feed": alert.by_feed,
        "webhook": webhook,
        "cool_down": alert.cool_down,
        "quiet_from": alert.quiet_from,
        "quiet_until": alert.quiet_until,
        "is_urgent_heard": alert.is_urgent_heard,
        "is_on": alert.is_on,
    }
    try:
        with transaction.atomic():
            row = before or Alert(since=moment)
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
            _write("alert.put", row, by=by, at=moment)
    except IntegrityError as error:
        raise ListeningError(
            _("This person is warned of the same by another alert. Change that one.")
        ) from error
    return row


def erase_alert(number: int, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Erase an alert with what it said."""
    require(by, WRITE_LISTENING)
    with transaction.atomic():
        row = _alert(number)
        _write("alert.erase", row, by=by, at=at)
        row.delete()


def mark_read(sent: AlertSent, person: Person, *, at: datetime | None = None) -> None:
    """Note that somebody read a warning: nobody else need be told."""
    unread = AlertSent.objects.filter(pk=sent.pk, read_at__isnull=True)
    unread.update(read_at=at or timezone.now(), read_by=str(person))


def told_to(person: Person) -> Q:
    """Return which warnings a person was told: their own, and as deputy those passed on."""
    return Q(alert__person=person) | Q(alert__deputy=person, escalated_at__isnull=False)


def see(person: Person, *, at: datetime) -> None:
    """Note that a person has seen what is new."""
    Listener.objects.update_or_create(person=person, defaults={"seen_at": at})


def set_ways(person: Person, *, language: str, digest_at: time | None, mail: str) -> Listener:
    """Keep how a person wants to be told: in which language, when in the morning, to where."""
    if language not in LANGUAGES:
        raise ListeningError(
            _("{chosen} is not known. Choose one of: {known}.", chosen=language,
              known=", ".join(LANGUAGES))
        )  # fmt: skip
    address = mail.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise ListeningError(_("{address} is not a mail address.", address=address)) from error
    with transaction.atomic():
        if person.user:
            person.user.email = address
            person.user.save(update_fields=("email",))
        row, _is_new = Listener.objects.update_or_create(
            person=person, defaults={"language": language, "digest_at": digest_at}
        )
    return row


def new_feed(person: Person) -> str:
    """Make the secret of a person's feed anew and return it; the one before is worth nothing."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Listener.objects.update_or_create(person=person, defaults={"feed_digest": digest_of(secret)})
    return secret


def reader_of(secret: str) -> Person | None:
    """Return whose feed a secret opens."""
    row = Listener.objects.filter(feed_digest=digest_of(secret)).select_related("person").first()
    return row.person if row else None


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _alert(number: int) -> Alert:
    row = Alert.objects.select_related("query", "person").filter(pk=number).first()
    if row is None:
        raise ListeningError(_("This alert is gone. Reload the page."))
    return row


def _webhook(alert: KeptAlert, before: Alert | None) -> str:
    if alert.webhook is None:
        return before.webhook if before else ""
    address = alert.webhook.strip()
    if address:
        target = target_of(Request(url=address))
        if isinstance(target, AddressError):
            raise ListeningError(target.words)
    return address


def _require_whole(alert: KeptAlert, webhook: str) -> None:
    if alert.kind == "count" and not (alert.least and alert.within):
        raise ListeningError(_("Say how many posts warn, and within which time they are counted."))
    if not (alert.by_mail or alert.by_feed or webhook):
        raise ListeningError(_("Choose at least one way: mail, feed, or an address to call."))
    if alert.deputy is not None and alert.deputy == alert.person:
        raise ListeningError(_("The deputy is someone else than the person who is warned."))
    if (alert.quiet_from is None) != (alert.quiet_until is None):
        raise ListeningError(_("A silence has a beginning and an end; leave both empty for none."))


def _write(action: str, row: Alert, *, by: Author, at: datetime | None) -> None:
    # The address itself may be a secret: the log holds only whose it is.
    facts = {
        "alert": row.pk,
        "kind": row.kind,
        "person": str(row.person),
        "deputy": str(row.deputy) if row.deputy else None,
        "calls": urlsplit(row.webhook).hostname if row.webhook else None,
    }
    log.write([log.Change(action=action, subject=row.query.name, facts=facts)], by=by, at=at)
