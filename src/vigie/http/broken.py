"""Why there is no answer, told without raising: a traceback would hold keys in its frames."""

from __future__ import annotations

import http.client
import ssl
import zlib
from dataclasses import dataclass
from typing import TypeVar

from vigie.errors import AddressError, DeniedError, GarbledError, NetworkError, NoAnswerError
from vigie.http.proxies import Proxy
from vigie.http.targets import Target
from vigie.words import Words, _

Found = TypeVar("Found")

CUT = (EOFError, http.client.IncompleteRead)
NOT_HTTP = (zlib.error, http.client.HTTPException)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A question without an answer, and whether it may be put again."""

    error: NetworkError
    is_sent: bool = True
    """The server may have it, and may have acted on it."""
    is_passing: bool = True
    """It may go well the next time."""


def raised(outcome: Found | NetworkError) -> Found:
    """Raise what went wrong, here, where no variable holds a key; else pass on what was found."""
    if isinstance(outcome, NetworkError):
        raise outcome
    return outcome


def broken_by(
    target: Target, error: Exception, *, is_sent: bool = True, late: float | None = None
) -> Broken:
    """Return why there is no answer, from what the machine said: it may name keys, we do not.

    ``late`` is how many seconds were waited, where the whole answer took too long.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        words = _(
            "{host} shows a certificate that does not prove it is {host}: {reason}. Nothing was "
            "sent to it.",
            host=target.host,
            reason=error.verify_message,
        )
        return Broken(error=NoAnswerError(words), is_sent=False, is_passing=False)
    if isinstance(error, NOT_HTTP) and not isinstance(error, CUT):
        words = _("{host} answered something that cannot be read.", host=target.host)
        return Broken(error=GarbledError(words), is_sent=is_sent)
    return Broken(error=NoAnswerError(_no_answer(target.host, error, late)), is_sent=is_sent)


def _no_answer(host: str, error: Exception, late: float | None) -> Words:
    if late is not None:
        return _(
            "{host} had not answered whole after {seconds} seconds. It is asked again at the next "
            "run.",
            host=host,
            seconds=late,
        )
    if isinstance(error, TimeoutError):
        return _("{host} did not answer in time. It is asked again at the next run.", host=host)
    if isinstance(error, CUT):
        return _(
            "The answer of {host} was cut short. It is asked again at the next run.", host=host
        )
    if isinstance(error, ConnectionRefusedError):
        return _(
            "{host} takes no connection: nothing listens there. It is asked again at the next run.",
            host=host,
        )
    return _(
        "The connection to {host} broke before the answer came. It is asked again at the next run.",
        host=host,
    )


def not_sendable(name: str, target: Target) -> Broken:
    """A server would call such a key wrong; it is not asked, for the value must not be split."""
    words = _(
        "What is sent to {host} as {name} holds a line break or a letter that no key has. Enter "
        "the key again.",
        host=target.host,
        name=name,
    )
    return Broken(error=DeniedError(words, status=401), is_sent=False, is_passing=False)


def too_large(url: str, most: int) -> Broken:
    words = _(
        "{url} answered more than {most} megabytes, which is not read.", url=url, most=most >> 20
    )
    return Broken(error=GarbledError(words), is_passing=False)


def unencrypted(target: Target) -> Broken:
    """Refuse to send a key where everybody on the way reads it."""
    words = _(
        "A key is not sent to {host} without encryption. Write its address with https, or name "
        "{host} in the setting private_addresses.",
        host=target.host,
    )
    return Broken(error=AddressError(words), is_sent=False, is_passing=False)


def not_let_out(target: Target, proxy: Proxy) -> Broken:
    """Say that the institution's own proxy is in the way."""
    words = _(
        "The proxy {proxy} opened no connection to {host}. Check the setting proxy, or ask those "
        "who look after it to allow {host}.",
        proxy=proxy.host,
        host=target.host,
    )
    return Broken(error=NoAnswerError(words), is_sent=False)
