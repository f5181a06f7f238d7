"""Keeps an access token that a network lends for a while: in memory, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vigie.collect.nested import Item
from vigie.collect.received import Meaning, asked
from vigie.errors import GarbledError, NetworkError
from vigie.http import Http, Request
from vigie.words import Words, _

EARLY = timedelta(minutes=5)
"""How long before its end a token is no longer used: clocks differ, answers take time."""


def _nothing(body: Item) -> NetworkError | None:
    return None


def _unchanged(body: Item, now: datetime) -> None:
    """Ask for the next with what the last was asked for."""


@dataclass(kw_only=True)
class Lent:
    """The token of one connector; a new one is asked for when the last is about to end."""

    network: Words
    meaning: Meaning
    """What it means when the network lends none."""
    refused: Callable[[Item], NetworkError | None] = _nothing
    """The same, where the network refuses with a status of success."""
    renewed: Callable[[Item, datetime], None] = _unchanged
    """Told of every answer that lends one: it may hold what the next is asked for with."""
    token: str | None = field(default=None, repr=False, init=False)
    until: datetime | None = field(default=None, init=False)

    @property
    def is_held(self) -> bool:
        """Whether there is a token: without one, a question takes another before it."""
        return self.token is not None

    def given(self, http: Http, request: Callable[[datetime], Request]) -> str:
        """Return a token that holds; ``request`` says how to ask for one at a moment."""
        now = http.clock()
        if self.token is not None and self.until is not None and now < self.until:
            return self.token
        body = Item(asked(request(now), http, network=self.network, meaning=self.meaning).json())
        token, seconds = body.name("access_token"), body.at("expires_in").value
        if token is None:
            raise self.refused(body) or GarbledError(
                _("{network} lent no token: try again later.", network=self.network)
            )
        self.renewed(body, now)
        lasts = timedelta(seconds=seconds) if isinstance(seconds, int) else EARLY
        self.token, self.until = token, now + lasts - EARLY
        return token

    def end(self) -> None:
        """Ask for a new token at the next question: this one was refused."""
        self.token = None
