"""Signs questions to X in the name of one account (OAuth 1.0a, RFC 5849): its keys do not end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Of the app, and of the account that lets it speak for it."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_secret: str = field(repr=False)

    def header(self, method: str, url: str, params: Mapping[str, str], *, at: datetime) -> str:
        """Return the header that proves who asks, for one question at one moment."""
        own = {
            "oauth_consumer_key": self.api_key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(at.timestamp())),
            "oauth_token": self.access_token,
            "oauth_version": "1.0",
        }
        proved = {**own, "oauth_signature": self.signature(method, url, {**params, **own})}
        listed = ", ".join(f'{name}="{escaped(value)}"' for name, value in sorted(proved.items()))
        return f"OAuth {listed}"

    def signature(self, method: str, url: str, params: Mapping[str, str]) -> str:
        """Return the signature over a question and all that goes with it but a JSON body."""
        pairs = sorted((escaped(name), escaped(value)) for name, value in params.items())
        given = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join((method.upper(), escaped(url), escaped(given)))
        key = f"{escaped(self.api_secret)}&{escaped(self.access_secret)}"
        # SHA-1 is what the interface asks for; as a keyed code it still holds.
        made = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
        return base64.b64encode(made).decode()


def escaped(text: str) -> str:
    """Return a text as it is written in what is signed."""
    return quote(text, safe="-._~")
