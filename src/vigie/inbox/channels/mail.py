"""Mail: IMAP in, SMTP out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as WRITTEN
from email.utils import format_datetime
from typing import ClassVar

from imapclient import IMAPClient

from vigie.collect.connector import Option
from vigie.errors import InboxError, UnsureError
from vigie.http import Http
from vigie.http.mail import IMAPS, SMTPS, MailPlace, open_imap, open_smtp, read_ahead
from vigie.inbox.channel import Brought, Channel, Outgoing, Received, Sent
from vigie.inbox.mail_reading import AUTOMATIC, CUT, LOOP, as_address, incoming, left_aside, opened
from vigie.inbox.returned_mail import is_report, returned
from vigie.words import Words, _

FIRST_LOOK = timedelta(days=7)
"""How far back a mailbox is read when it is first connected."""
DAY = timedelta(days=1)
"""Servers search by days, in a time zone of their own."""
MOST_BYTES = 40 << 20
"""Of one mail; of a larger one only the beginning is fetched, and it says so."""
BEGINNING = 256 << 10
AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to go on reading."""

    validity: int = 0
    """For how long the server's numbers hold: where it changed, all are other ones."""
    uid: int = 0
    at: str = ""
    """When the mail of this number was fetched."""

    @classmethod
    def of(cls, position: str) -> Place:
        """Read a position."""
        return cls(**json.loads(position)) if position else cls()

    def __str__(self) -> str:
        return json.dumps(vars(self))

    def since(self, now: datetime) -> datetime:
        """Return how far back is read where the numbers say nothing: as far as nothing is lost."""
        if not self.at:
            return now - FIRST_LOOK
        return min(now - FIRST_LOOK, datetime.fromisoformat(self.at) - DAY)


class Mail(Channel):
    """A mailbox. It is read by IMAP, and told of new mail at once where the server can (IDLE).

    Mails join a conversation by their references. Out-of-office answers, lists and our own mails
    that come back are never answered automatically (RFC 3834). Replies go out by SMTP under an
    identifier of ours, and a copy is put with the sent mails. One that comes back (RFC 3464) is
    shown as refused, with the reason, and its question waits again.
    """

    label: ClassVar[Words] = _("Mail")
    network: ClassVar[str] = "mail"
    options: ClassVar[tuple[Option, ...]] = (
        Option(name="imap", label=_("IMAP server"), is_needed=True),
        Option(name="imap_port", label=_("IMAP port"), default=str(IMAPS)),
        Option(name="smtp", label=_("SMTP server"), is_needed=True),
        Option(name="smtp_port", label=_("SMTP port"), default=str(SMTPS)),
        Option(name="name", label=_("Name to sign in with"), is_needed=True),
        Option(name="password", label=_("Password"), is_secret=True, is_needed=True),
        Option(name="folder", label=_("Folder to read"), default="INBOX"),
        Option(name="sent", label=_("Folder of sent mails"), default="Sent"),
        Option(name="authorities", label=_("File of trusted certificates; empty: the machine’s")),
        Option(name="shown_as", label=_("Name that replies come from")),
    )
    guide: ClassVar[Words] = _(
        "1. Ask whoever runs your mail for the IMAP and SMTP servers of the mailbox. 2. If signing "
        "in takes a second factor, make a password for applications. 3. Enter both here. Mails of "
        "the last seven days are read first; nothing is deleted, moved or marked as read."
    )
    may_enclose: ClassVar[bool] = True
    begins: ClassVar[bool] = True
    tells: ClassVar[bool] = True

    def _option(self, name: str) -> str:
        known = {option.name: option.default for option in self.options}
        return self.chosen.get(name) or known[name]

    def _place(self, kind: str) -> MailPlace:
        port = self._option(f"{kind}_port")
        if not port.isdecimal():
            raise InboxError(_("{port} is not a port. Correct the mailbox.", port=port))
        return MailPlace(
            host=self._option(kind),
            port=int(port),
            name=self._option("name"),
            password=self._option("password"),
            is_tls=int(port) in (IMAPS, SMTPS),
            authorities=self._option("authorities") or None,
        )

    def fetch(self, position: str, http: Http) -> Iterator[Brought]:
        """Yield the mails that came since, oldest first; marks nothing as read."""
        with self._reading(http) as client:
            place = Place.of(position)
            validity, uids = self._new(client, place, now=http.clock())
            at = http.clock().isoformat()
            for part in _in_parts(uids):
                for uid, body in self._bodies(client, part):
                    yield Brought(body=body, position=str(Place(validity=validity, uid=uid, at=at)))

    def _reading(self, http: Http) -> AbstractContextManager[IMAPClient]:
        return open_imap(self._place("imap"), http.allowed, seconds=http.seconds.read)

    def _new(self, client: IMAPClient, place: Place, *, now: datetime) -> tuple[int, list[int]]:
        """Return the numbers of the mails that came since a place, and how long these hold."""
        status = client.select_folder(self._option("folder"), readonly=True)
        validity = int(status[b"UIDVALIDITY"])
        if place.validity == validity:
            last = place.uid
            # A server answers ``n:*`` with the last mail even when its number is lower.
            found = client.search(["UID", f"{last + 1}:*"])
            return validity, sorted(uid for uid in found if uid > last)
        return validity, sorted(client.search(["SINCE", place.since(now).date()]))

    def _bodies(self, client: IMAPClient, uids: list[int]) -> Iterator[tuple[int, bytes]]:
        sizes = client.fetch(uids, ["RFC822.SIZE"])
        for uid in uids:
            if uid not in sizes:
                continue
            size = sizes[uid][b"RFC822.SIZE"]
            asked = "BODY.PEEK[]" if size <= MOST_BYTES else f"BODY.PEEK[]<0.{BEGINNING}>"
            answer = client.fetch([uid], [asked]).get(uid)
            if answer is None:
                # Somebody deleted it in this moment.
                continue
            cut = b"%s: %d\r\n" % (CUT.encode(), size) if size > MOST_BYTES else b""
            yield uid, cut + _body(answer)

    def wait(self, position: str, http: Http, *, seconds: float) -> bool:
        """Wait until the server tells of new mail, or the time is over."""
        with self._reading(http) as client:
            if self._new(client, Place.of(position), now=http.clock())[1]:
                return True
            if client.has_capability("IDLE"):
                return _is_told(client, seconds)
        http.sleep(seconds)
        return False

    def receive(self, body: bytes) -> Received:
        """Read one mail."""
        mail = opened(body)
        if is_report(mail):
            back = returned(mail)
            if back is not None:
                return Received(returned=(back,))
        aside = left_aside(mail)
        if aside:
            return Received(ignored={aside: 1})
        return Received(messages=(incoming(body, mail, ours=self.address),))

    def send(self, outgoing: Outgoing, http: Http) -> Sent:
        """Hand a reply to the server, and put a copy with the sent mails."""
        mail = self.written(outgoing)
        with open_smtp(self._place("smtp"), http.allowed) as server:
            refused = server.send_message(
                mail, from_addr=self.address, to_addrs=[outgoing.to.address]
            )
            if refused:
                raise InboxError(
                    _("{address} was refused by the mail server. Check the address.",
                      address=outgoing.to.address)
                )  # fmt: skip
        moment = http.clock()
        self._keep_copy(mail, http, moment)
        return Sent(external=str(mail["Message-ID"]), sent_at=moment)

    def _keep_copy(self, mail: EmailMessage, http: Http, moment: datetime) -> None:
        """Put a copy with the sent mails, where there is such a folder."""
        with self._reading(http) as client:
            if client.folder_exists(self._option("sent")):
                client.append(
                    self._option("sent"), mail.as_bytes(policy=WRITTEN), (b"\\Seen",), moment
                )

    def find(self, outgoing: Outgoing, http: Http) -> Sent | None:
        """Look for a reply among the sent mails."""
        with self._reading(http) as client:
            if client.folder_exists(self._option("sent")):
                client.select_folder(self._option("sent"), readonly=True)
                named = self.identifier(outgoing)
                found = client.search(["HEADER", "Message-ID", named])
                if found:
                    return Sent(external=named, sent_at=_kept_at(client, found[0]))
        if outgoing.was_abandoned:
            raise UnsureError(
                _(
                    "The machine stopped while this mail was handed over: nobody can tell whether "
                    "it went out. Look at what {address} received, then send it again or close.",
                    address=outgoing.to.address,
                )
            )
        return None

    def written(self, outgoing: Outgoing) -> EmailMessage:
        """Return a reply as the mail that is sent."""
        mail = EmailMessage(policy=WRITTEN)
        mail["From"] = as_address(self._option("shown_as") or outgoing.signature, self.address)
        mail["To"] = as_address(outgoing.to.name, outgoing.to.address)
        subject = outgoing.subject or outgoing.signature
        mail["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        mail["Date"] = format_datetime(outgoing.handed_in_at)
        mail["Message-ID"] = self.identifier(outgoing)
        asked = outgoing.facts.get("message_id", "")
        if asked:
            mail["In-Reply-To"] = asked
            mail["References"] = f"{outgoing.facts.get('references', '')} {asked}".strip()
        mail[LOOP] = outgoing.key
        if outgoing.is_automatic:
            for name, value in AUTOMATIC.items():
                mail[name] = value
        mail.set_content(outgoing.words + "\n")
        for one in outgoing.enclosed:
            kind, _slash, subtype = one.media_type.partition("/")
            mail.add_attachment(one.content, maintype=kind or "application",
                                subtype=subtype or "octet-stream", filename=one.name)  # fmt: skip
        return mail

    def identifier(self, outgoing: Outgoing) -> str:
        """Return the identifier of a reply: the same at every try."""
        domain = self.address.rpartition("@")[2] or "localhost"
        return f"<vigie.{outgoing.key}@{domain}>"


def _is_told(client: IMAPClient, seconds: float) -> bool:
    """Wait until a mail came; what else a server says to keep the line open is no news."""
    end = time.monotonic() + seconds
    client.idle()
    # A mail that came since the last look is often told in one breath with that one may wait.
    is_told = b"EXISTS" in read_ahead(client)
    while not is_told and (left := end - time.monotonic()) > 0:
        said = client.idle_check(timeout=left)
        if not said:
            # The time is over, or the server hung up: it does not answer to the end either.
            break
        is_told = any(b"EXISTS" in one for one in said)
    client.idle_done()
    return is_told


def _in_parts(uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), AT_ONCE):
        yield uids[start : start + AT_ONCE]


def _body(answer: dict[bytes, bytes]) -> bytes:
    return next((value for name, value in answer.items() if name.startswith(b"BODY[")), b"")


def _kept_at(client: IMAPClient, uid: int) -> datetime:
    moment: datetime = client.fetch([uid], ["INTERNALDATE"])[uid][b"INTERNALDATE"]
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
