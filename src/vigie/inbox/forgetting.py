"""Who asked to be forgotten, known only by a keyed hash of each handle they had."""

from __future__ import annotations

import hmac
from collections.abc import Callable

Mark = Callable[[str, str], str]
"""(network, address) → what is kept of it once it is erased."""


def marks(key: str) -> Mark:
    """Return the function that marks handles: HMAC-SHA256 (RFC 2104) with the installation's key.

    Without the key a mark cannot be tried out against a list of addresses.
    """
    secret = key.encode()

    def mark(network: str, address: str) -> str:
        named = f"inbox\x1f{network}\x1f{address.strip().casefold()}".encode("utf-8", "replace")
        return hmac.new(secret, named, "sha256").hexdigest()

    return mark
