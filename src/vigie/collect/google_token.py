"""Asks Google for an access token with the key of a service account."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vigie.collect.nested import Item
from vigie.errors import DeniedError
from vigie.http import Request
from vigie.words import _

AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LASTS = timedelta(hours=1)
"""The longest that Google grants."""


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """What the file of a key says: who asks, and with which key."""

    email: str
    key: RSAPrivateKey = field(repr=False)
    key_id: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, text: str) -> ServiceAccount:
        """Read the JSON file that Google gives; nothing of it is repeated when it is wrong."""
        try:
            told = Item(json.loads(text))
            pem = told.at("private_key").value
            key = load_pem_private_key(pem.encode(), None) if isinstance(pem, str) else None
        except (ValueError, TypeError, RecursionError, UnsupportedAlgorithm):
            told, key = Item(None), None
        email = told.name("client_email")
        if email is None or not isinstance(key, RSAPrivateKey):
            # Outside of the handler, so that the error which may repeat the key is not kept.
            raise _unreadable()
        return cls(email=email, key=key, key_id=told.name("private_key_id"))

    def request(self, *, scope: str, service: str, now: datetime) -> Request:
        """Return the question for a token."""
        said = {"grant_type": GRANT, "assertion": self.assertion(scope=scope, now=now)}
        return Request(
            url=f"{service.rstrip('/')}/token",
            method="POST",
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(said).encode(),
            is_secret_body=True,
            repeatable=True,
        )

    def assertion(self, *, scope: str, now: datetime) -> str:
        """Return who asks for what and until when, signed (RFC 7523)."""
        head = {"alg": "RS256", "typ": "JWT"} | ({"kid": self.key_id} if self.key_id else {})
        begun = int(now.timestamp())
        claims = {
            "iss": self.email,
            "scope": scope,
            "aud": AUDIENCE,
            "iat": begun,
            "exp": begun + int(LASTS.total_seconds()),
        }
        signed = f"{_packed(head)}.{_packed(claims)}"
        signature = self.key.sign(signed.encode(), PKCS1v15(), SHA256())
        return f"{signed}.{_base64(signature)}"


def _packed(said: dict[str, object] | dict[str, str]) -> str:
    return _base64(json.dumps(said, separators=(",", ":")).encode())


def _base64(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def _unreadable() -> DeniedError:
    words = _(
        "The key is not the file of a service account. Download a new key of the kind JSON from "
        "the Google Cloud console, and enter the whole of its text as key."
    )
    return DeniedError(words, status=401)
