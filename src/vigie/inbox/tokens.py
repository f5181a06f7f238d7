"""Signed tokens of links in mails: only their digest is kept, and only the site can make them anew.

A token is a random name, an end, and a signature over both with the site's secret key. Whoever
reads the database learns no token from it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core import signing

NONCE_BYTES = 12
ANSWER, SATISFACTION = "vigie.inbox.answer", "vigie.inbox.satisfaction"
"""What a token is for: one for the one is none for the other."""


def new_nonce() -> str:
    """Return a random name."""
    return secrets.token_hex(NONCE_BYTES)


def token_of(nonce: str, *, ends: datetime, purpose: str) -> str:
    """Return the token of a name and an end: the same at every try."""
    return _signer(purpose).sign(f"{nonce}.{int(ends.timestamp()):x}")


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_ours(token: str, *, purpose: str) -> bool:
    """Whether the site made a token, compared in constant time; its end may have come."""
    try:
        _signer(purpose).unsign(token)
    except (signing.BadSignature, UnicodeError):
        return False
    return True


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=purpose, sep="~")
