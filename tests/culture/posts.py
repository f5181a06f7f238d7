"""Posts by others that the tests of the culture programme speak of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.cast import NOON, NORTHFIELD_BLUESKY
from vigie.model import Mention


def mention(name: str = "m1", **changes: Any) -> Mention:
    """Return a public post by someone else about Northfield."""
    given: dict[str, Any] = {
        "network": "bluesky",
        "post": name,
        "subject": NORTHFIELD_BLUESKY.account,
        "kind": "mention",
        "author": "someone",
        "published_at": NOON,
        "published_on": NOON.date(),
        "observed_at": NOON + timedelta(minutes=5),
        "text": "In #chem101 we film every experiment and post the failures.",
        "url": f"https://bsky.example/{name}",
    }
    return Mention(**{**given, **changes})
