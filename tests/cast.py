"""The invented universities and people all tests speak of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from vigie.model import Account, Enrolment, Institution, Post, Snapshot

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
TODAY = NOON.date()

NORTHFIELD = Institution(
    institution="northfield",
    name="Northfield University",
    kind="university",
    country="FR",
    city="Northfield",
    website="https://www.northfield.example/",
    uai="0990001A",
    ror="09north01",
    wikidata="Q990001",
    aliases=("Northfield", "UNF"),
)
SOUTHBRIDGE = Institution(
    institution="southbridge",
    name="Université de Southbridge",
    kind="university",
    country="FR",
    city="Southbridge",
    uai="0990002B",
)
EASTMERE = Institution(
    institution="eastmere",
    name="Eastmere Business School",
    kind="business_school",
    country="FR",
    city="Eastmere",
    uai="0990003C",
)
INSTITUTIONS = (NORTHFIELD, SOUTHBRIDGE, EASTMERE)

NORTHFIELD_BLUESKY = Account(
    account="bluesky:northfield.example",
    institution="northfield",
    network="bluesky",
    handle="northfield.example",
)
SOUTHBRIDGE_BLUESKY = Account(
    account="bluesky:southbridge.example",
    institution="southbridge",
    network="bluesky",
    handle="southbridge.example",
)
ACCOUNTS = (NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY)

NORTHFIELD_2025 = Enrolment(institution="northfield", year=2025, students=20_000)

ALICE = "alice"
"""Answers for Northfield's library."""
BOB = "bob"
"""Answers for Northfield's admissions."""
CHARLIE = "charlie"
"""A stranger."""


def post(name: str = "1", *, account: Account = NORTHFIELD_BLUESKY, **changes: Any) -> Post:
    """Return a post of the cast, with what a test wants to say of it."""
    moment = changes.pop("published_at", NOON)
    given: dict[str, Any] = {
        "network": account.network,
        "post": name,
        "account": account.account,
        "published_at": moment,
        "published_on": moment.date(),
        "observed_at": moment + timedelta(days=2),
        "text": "The library opens at eight.",
        "is_repost": False,
        "likes": 3,
        "comments": 1,
        "shares": 0,
    }
    return Post(**{**given, **changes})


def snapshot(
    day: date = TODAY, *, account: Account = NORTHFIELD_BLUESKY, **changes: Any
) -> Snapshot:
    """Return a look at an account's audience on a day."""
    given: dict[str, Any] = {
        "network": account.network,
        "account": account.account,
        "observed_at": datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
        "observed_on": day,
        "followers": 1_000,
    }
    return Snapshot(**{**given, **changes})
