"""Opens connections to mail servers: the same addresses are closed as for the web."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from vigie.errors import AddressError, DeniedError, NetworkError, NoAnswerError, RefusedError
from vigie.http.addresses import Allowed, offline_words, private_words
from vigie.words import _

PATIENCE = 30.0
"""Seconds a mail server may take for one answer."""
IMAPS, SMTPS, SUBMISSION = 993, 465, 587


@dataclass(frozen=True, kw_only=True)
class MailPlace:
    """A mail server, and who we are there."""

    host: str
    port: int
    name: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = True
    """From the first byte on; otherwise TLS begins where the server offers it."""
    authorities: str | None = None
    """File of the certificate authorities that are trusted; none: those of the machine."""


def _socket(place: MailPlace, allowed: Allowed, timeout: float) -> socket.socket:
    """Connect to an address that was looked up once and may be opened; encrypt if asked to."""
    if allowed.is_closed:
        raise AddressError(offline_words(place.host))
    try:
        found = allowed.resolve(place.host, place.port)
    except OSError as error:
        raise NoAnswerError(
            _("No name server knows {host}. Correct the address, or check the network.",
              host=place.host)
        ) from error  # fmt: skip
    is_open = [text for text in found if allowed.is_open(place.host, text)]
    if not is_open:
        raise AddressError(private_words(place.host))
    opened = socket.create_connection((is_open[0], place.port), timeout)
    if not place.is_tls:
        return opened
    return _context(place).wrap_socket(opened, server_hostname=place.host)


def _context(place: MailPlace) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=place.authorities)


@contextmanager
def open_imap(
    place: MailPlace, allowed: Allowed, *, seconds: float = PATIENCE
) -> Iterator[IMAPClient]:
    """Sign in to a mailbox; left again however it ends. Raises a ``NetworkError`` in words.

    ``seconds`` is how long one answer may take: a line that is half dead is given up then.
    """
    with _told(place):
        client = _Imap(place, allowed, seconds)
        try:
            if not place.is_tls and client.has_capability("STARTTLS"):
                client.starttls(_context(place))
            client.login(place.name, place.password)
            yield client
        finally:
            _leave(client)


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except (IMAPClientError, OSError, ssl.SSLError):
        # Where encrypting failed, nothing is left to close: that error is the one to tell.
        with suppress(OSError):
            client.shutdown()


def read_ahead(client: IMAPClient) -> bytes:
    """Return what a server said that was read with its last answer: who waits does not see it."""
    line = client.socket()
    before = line.gettimeout()
    line.setblocking(False)
    try:
        return bytes(client._imap.file.peek(1))
    except OSError:
        return b""
    finally:
        line.settimeout(before)


class _Imap(IMAPClient):  # type: ignore[misc]  # the library has no types
    def __init__(self, place: MailPlace, allowed: Allowed, seconds: float) -> None:
        self._place, self._allowed, self._seconds = place, allowed, seconds
        super().__init__(place.host, port=place.port, ssl=place.is_tls, timeout=seconds)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # the library's name
        return _Opened(self._place, self._allowed, self._seconds)


class _Opened(imaplib.IMAP4):
    def __init__(self, place: MailPlace, allowed: Allowed, seconds: float) -> None:
        self._place, self._allowed = place, allowed
        super().__init__(place.host, place.port, timeout=seconds)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return _socket(self._place, self._allowed, timeout or PATIENCE)


@contextmanager
def open_smtp(place: MailPlace, allowed: Allowed) -> Iterator[smtplib.SMTP]:
    """Sign in where mail is handed over. Raises a ``NetworkError`` in words."""
    with _told(place):
        server = _Smtp(place, allowed)
        try:
            if not place.is_tls and server.has_extn("starttls"):
                server.starttls(context=_context(place))
                server.ehlo()
            if place.name and server.has_extn("auth"):
                server.login(place.name, place.password)
            yield server
        finally:
            server.close()


class _Smtp(smtplib.SMTP):
    def __init__(self, place: MailPlace, allowed: Allowed) -> None:
        self._place, self._allowed = place, allowed
        super().__init__(place.host, place.port, timeout=PATIENCE)
        self.ehlo()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _socket(self._place, self._allowed, timeout)


@contextmanager
def _told(place: MailPlace) -> Iterator[None]:
    """Say in words what a mail server did not do."""
    try:
        yield
    except NetworkError:
        raise
    except (LoginError, smtplib.SMTPAuthenticationError) as error:
        raise DeniedError(
            _("{host} refused the name or the password of the mailbox. Enter them again.",
              host=place.host), status=535
        ) from error  # fmt: skip
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error if isinstance(error.smtp_error, str) else error.smtp_error.decode(
            "utf-8", "replace")  # fmt: skip
        raise RefusedError(
            _("{host} refused the mail: {said}", host=place.host, said=said[:200]),
            status=error.smtp_code,
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(
            _("{host} shows a certificate that does not prove it is {host}: {reason}. Nothing was "
              "sent to it. Write the name of the server as its certificate has it, or give the "
              "file of the certificates that are to be trusted.",
              host=place.host, reason=error.verify_message)
        ) from error  # fmt: skip
    except (smtplib.SMTPException, IMAPClientError, OSError) as error:
        raise NoAnswerError(
            _("{host} did not answer as a mail server should ({kind}). It is tried again.",
              host=place.host, kind=type(error).__name__)
        ) from error  # fmt: skip
