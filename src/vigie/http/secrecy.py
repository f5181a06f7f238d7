"""Strikes keys out of what is shown: servers repeat them in errors, links and pages."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

STRUCK = "•••"
SHORTEST = 6
"""Shorter values are words such as ``json`` or ``1``: striking them would spoil every text."""
LONG = 16
_TOKEN = re.compile(rb"[A-Za-z0-9._~+/=-]{16,}")
"""What looks like a password or a token in a body that we send."""
_NAMED = re.compile(
    r"""((?:token|secret|password|passwd|jwt|api_?key|appsecret_proof|signature)["']?\s*[=:]\s*["']?)"""
    r"""[^\s"'&<>,}]{4,}""",
    re.IGNORECASE,
)
"""Someone's key by its name, though it is not one of ours: a new token in a broken answer."""


def secrets_of(values: Iterable[str], body: bytes | None) -> tuple[str, ...]:
    """Return every form in which these values could come back, the longest first."""
    forms = {form for value in values for form in _forms(value)}
    sent = [found.decode("ascii") for found in _TOKEN.findall(body or b"")]
    # A form says ``token_auth=…``: the key may come back without its name.
    forms |= {*sent, *(word for one in sent if len(word := one.partition("=")[2]) >= LONG)}
    return tuple(sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True))


@lru_cache(maxsize=64)
def _forms(value: str) -> frozenset[str]:
    """Return a value, its parts (``Bearer x``, ``user:password``), each also as it is escaped."""
    plain = {value.strip(), *value.split()[1:]}
    plain |= {part for word in list(plain) for part in _unpacked(word)}
    written = set(plain)
    for word in plain:
        written |= {quote(word), quote(word, safe=""), quote_plus(word), html.escape(word)}
        written |= {json.dumps(word)[1:-1], json.dumps(word)[1:-1].replace("/", "\\/")}
    return frozenset(written)


def _unpacked(word: str) -> set[str]:
    """Return what ``Basic`` credentials hold: the password may come back without the rest."""
    try:
        name, colon, password = base64.b64decode(word, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return set()
    return {f"{name}:{password}", password} if colon else set()


def struck(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these values; nothing else is touched."""
    for secret in secrets:
        text = text.replace(secret, STRUCK)
    return text


def sayable(text: str, secrets: Iterable[str]) -> str:
    """Return a text that may be shown: without these values, nor any that is called a key."""
    return _NAMED.sub(rf"\g<1>{STRUCK}", struck(text, secrets))


def struck_bytes(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body without these values; nothing else is touched."""
    for secret in secrets:
        body = body.replace(secret.encode(), STRUCK.encode())
    return body


def without_user(url: str) -> str:
    """Return an address that can be shown: what stands before an @ may be a password."""
    begin, slashes, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    return f"{begin}{slashes}{host.rpartition('@')[2]}{slash}{path}"
