"""What a network tells by itself: of one account, read like an answer, on stream ``webhook``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vigie.collect.connector import Page, Payload
from vigie.collect.items import Skipped

STREAM = "webhook"
TOO_LITTLE = Skipped("told without its words")
OWN = Skipped("of the account itself")
CHANGED = Skipped("changed: its words and figures are asked for")
COUNTED = Skipped("counted at the next turn")
"""A reaction, for example: what it adds to is asked for with everything else."""


@dataclass(frozen=True, kw_only=True)
class News:
    """What a network told of one account."""

    network: str
    account: str
    """Its key in the register."""
    entry: Mapping[str, object]
    """As the network wrote it."""
    received_at: datetime


def payload_of(news: News, *, connector: str) -> Payload:
    """Return news as an answer: what is kept of it can be read again by a better ``parse``."""
    return Payload(
        connector=connector,
        network=news.network,
        stream=STREAM,
        subject=news.account,
        url="",
        status=200,
        received_at=news.received_at,
        body=json.dumps(news.entry, ensure_ascii=False).encode("utf-8", "replace"),
    )


def is_enough(page: Page) -> bool:
    """Whether a page holds all that was told: nothing of it needs to be asked for now."""
    return not page.unread and page.skipped.keys() <= {COUNTED.why}
