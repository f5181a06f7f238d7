"""Gives people pseudonyms on arrival: stable, and nobody can undo them without the key."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

LETTERS = 20
BYTES = 15
"""Of the digest that are written: 24 letters, of which the first are kept."""


def pseudonyms(key: str) -> Callable[[str, str], str]:
    """Return the function *(network, identifier there) → pseudonym* of an installation.

    HMAC-SHA256 (RFC 2104) with the key of the installation; without it a pseudonym cannot be
    tried out against a list of people, and two installations give different ones.
    """
    secret = key.encode()

    def pseudonym(network: str, identifier: str) -> str:
        named = f"{network}\x1f{identifier}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(secret, named, "sha256")[:BYTES]
        return "p" + base64.b32encode(digest).decode().lower()[:LETTERS]

    return pseudonym
