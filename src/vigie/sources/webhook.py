"""The contract of a webhook: how a network that calls us proves itself, and what it says."""

from __future__ import annotations

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from vigie.collect.connector import Option
from vigie.plugins import members
from vigie.sources import webhooks as folder
from vigie.words import Words, _

SIGNATURE = "x-hub-signature-256"
SECRET = "secret"


@dataclass(frozen=True, kw_only=True)
class Touched:
    """An account of which a network says that something happened there."""

    network: str
    identifier: str | None = None
    """The network's own identifier."""
    account: str | None = None
    """The register's key, where the sender knows it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a network says of one account, to be read like an answer of it."""

    about: Touched
    said: Mapping[str, object]
    """As the network wrote it."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a delivery says, as far as it is known."""

    touched: frozenset[Touched] = frozenset()
    """Accounts to be read at once."""
    entries: tuple[Entry, ...] = ()
    """What can be read as it is; an account of which that is not enough is read at once too."""
    unknown: tuple[str, ...] = ()
    """Kinds of news nothing is known to be done with: the delivery is kept all the same."""


class Webhook(ABC):
    """A way in for networks that call us. The docstring of a member says who calls and why.

    Whoever calls proves it by a signature over the very bytes it sent. ``read`` is pure, and
    is never called while the network waits for its answer.
    """

    label: ClassVar[Words]
    guide: ClassVar[Words]
    """How a person tells the network to call us, step by step."""
    options: ClassVar[tuple[Option, ...]] = (
        Option(name=SECRET, label=_("Secret that signs what is sent"), is_secret=True,
               is_needed=True),
    )  # fmt: skip

    def is_signed(
        self, body: bytes, headers: Mapping[str, str], secrets: Mapping[str, str]
    ) -> bool:
        """Whether the signature fits these bytes; ``headers`` have lower-case names."""
        given, secret = headers.get(SIGNATURE, ""), secrets.get(SECRET, "")
        return bool(secret) and hmac.compare_digest(
            signature(body, secret).encode(), given.encode("utf-8", "replace")
        )

    def challenge(self, asked: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """Return what proves to the network that this address is ours; none: refused."""
        return None

    @abstractmethod
    def read(self, body: bytes) -> Told:
        """Return what a delivery says; raise ``GarbledError`` when it cannot be read."""


def signature(body: bytes, secret: str) -> str:
    """Return the header that signs these bytes: HMAC-SHA256 (RFC 2104), in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@cache
def webhooks() -> Mapping[str, type[Webhook]]:
    """Return every webhook by name."""
    return members(folder, Webhook)
