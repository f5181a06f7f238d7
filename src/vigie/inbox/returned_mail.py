"""A mail that came back (RFC 3464): which of ours it is, and why it was refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Literal

from vigie.http.mail_refusals import meaning
from vigie.inbox.channel import Returned
from vigie.inbox.mail_reading import IDENTIFIER, LOOP, OURS, header, text_of
from vigie.present.writing import Day
from vigie.words import Words, _

ASKED = re.compile(r"<(vigie-ask\.[0-9a-f]+)@")
"""A mail that asks one of us for an answer."""
ENVELOPES = ("message/delivery-status", "message/global-delivery-status")
MACHINES = re.compile(r"^\W*(?:mailer-daemon|postmaster)@", re.IGNORECASE)


def is_report(mail: EmailMessage) -> bool:
    """Whether a mail tells what became of another one."""
    if mail.get_content_type() == "multipart/report":
        return True
    return header(mail, "Return-Path") == "<>" and bool(_from_a_machine(mail))


def _from_a_machine(mail: EmailMessage) -> bool:
    return bool(MACHINES.search(header(mail, "From").rpartition("<")[2] or header(mail, "From")))


def returned(mail: EmailMessage) -> Returned | None:
    """Return which of our mails was given up, is late or arrived; none: it is not ours."""
    recipients = list(_recipients(mail))
    actions = {_action(one) for one in recipients}
    key = _key(mail)
    if not key or (recipients and not actions & {"failed", "delayed", "delivered"}):
        return None
    if recipients and "failed" not in actions:
        until = _until(recipients)
        fate: Literal["late", "arrived"] = "late" if "delayed" in actions else "arrived"
        return Returned(key=key, reason=_late(until), fate=fate, until=until)
    said = " ".join(
        f"{one.get('Status', '')} {one.get('Diagnostic-Code', '')}"
        for one in recipients
        if _action(one) == "failed"
    )
    return Returned(key=key, reason=meaning(said or text_of(mail)[:2_000]).words)


def _action(recipient: Message) -> str:
    return str(recipient.get("Action", "")).strip().lower()


def _until(recipients: Iterable[Message]) -> datetime | None:
    """Return until when a mail is tried, where its server says so."""
    for one in recipients:
        try:
            found = parsedate_to_datetime(str(one.get("Will-Retry-Until", "")))
        except ValueError:
            continue
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return None


def _late(until: datetime | None) -> Words:
    """Say that a mail is still being tried, and until when."""
    if until is None:
        return _("It has not arrived yet. It is still being tried.")
    return _("It has not arrived yet. It is still being tried, until {day} at the latest.",
             day=Day(until.date()))  # fmt: skip


def _recipients(mail: EmailMessage) -> Iterator[Message]:
    """Yield what is told of each recipient: the first block is about the whole mail."""
    for part in mail.walk():
        if part.get_content_type() in ENVELOPES:
            blocks = part.get_payload()
            yield from (
                (one for one in blocks[1:] if isinstance(one, Message))
                if isinstance(blocks, list)
                else ()
            )


def _key(mail: EmailMessage) -> str:
    """Return the key of our mail that is enclosed, or quoted; empty: it is none of ours."""
    for text in _enclosed(mail):
        for identifier in IDENTIFIER.findall(text):
            found = OURS.fullmatch(identifier) or ASKED.match(identifier)
            if found:
                return found.group(1)
    return ""


def _enclosed(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inner, Message):
                yield f"{inner.get('Message-ID', '')} {inner.get(LOOP, '')}"
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            raw = part.get_payload(decode=True)
            yield raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    yield header(mail, "References") + header(mail, "In-Reply-To")
    if not list(_recipients(mail)):
        yield text_of(mail)
