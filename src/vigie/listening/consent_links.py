"""The secret links that authors answer: signed, with an end, and kept as digests only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core import signing

SALT = "vigie.consent"
SECRET_BYTES = 12
LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
CODE = 5
"""Signs of the code an author writes in public."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A new link: its token is told once and not kept."""

    token: str
    digest: str


def new_link(*, until: date) -> Link:
    """Make a link that works until the end of a day."""
    end = datetime.combine(until, time(), UTC) + timedelta(days=2)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    token = _signer().sign(f"{secret}.{int(end.timestamp()):x}")
    return Link(token=token, digest=digest_of(token))


def new_code() -> str:
    """Make a code that is easy to copy."""
    return "".join(secrets.choice(LETTERS) for _place in range(CODE))


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_ours(token: str, *, now: datetime) -> bool:
    """Whether we made a token, and its end has not come."""
    try:
        _secret, _dot, end = _signer().unsign(token).rpartition(".")
        return now.timestamp() < int(end, 16)
    except (signing.BadSignature, ValueError):
        return False


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep="~")
