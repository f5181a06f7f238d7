"""Tables of an edition made by hand: the cast, and as many invented peers as a test wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from tests.cast import (
    INSTITUTIONS,
    NORTHFIELD_2025,
    NORTHFIELD_BLUESKY,
    SOUTHBRIDGE_BLUESKY,
    post,
)
from vigie.columns import table_of
from vigie.index.reading import months_back
from vigie.model import (
    TABLES,
    Account,
    Conversation,
    Edition,
    Event,
    Institution,
    MessageDay,
    OtherRank,
    Record,
    Response,
    Standing,
    StandingPart,
    Statement,
    Value,
)

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MONTH = date(2026, 10, 1)
METHOD = "vigie 2026.1"
EDITION = Edition(
    edition="2026-10",
    revision=1,
    month_on=MONTH,
    method=METHOD,
    computed_at=NOW,
    published_at=NOW,
)
NETWORKS = ("bluesky", "instagram", "linkedin")
DIMENSIONS = ("audience", "activity", "engagement")
REPLY = Statement(
    statement="1",
    institution="southbridge",
    edition="2026-10",
    written_at=NOW,
    words="Our account was closed for a week.",
)
PURGE = Event(
    event="purge",
    day=date(2026, 4, 12),
    kind="purge",
    breaks_series=True,
    network="instagram",
    words="Inactive followers removed",
)


def peers(count: int, *, kind: str = "university") -> list[Institution]:
    """Return invented peers of the cast."""
    return [
        Institution(institution=f"peer-{i}", name=f"Université n° {i}", kind=kind, country="FR")
        for i in range(1, count + 1)
    ]


def standing(institution: str, rank: int | None, *, size: int, **changes: Any) -> Standing:
    """Return where an institution stands, with an interval of three places around."""
    given: dict[str, Any] = {
        "edition": "2026-10",
        "revision": 1,
        "month_on": MONTH,
        "method": METHOD,
        "group": "university.fr",
        "group_size": size,
        "institution": institution,
        "score": None if rank is None else 90.0 - 50 * rank / size,
        "rank": rank,
        "rank_low": None if rank is None else max(1, rank - 3),
        "rank_high": None if rank is None else min(size, rank + 3),
        "first_ten": None if rank is None else max(0.0, 1 - rank / 20),
        "band": None if rank is None else 1 + rank // 5,
        "previous_rank": None if rank is None else rank % size + 1,
        "coverage": 0.9,
        "seen_at": NOW,
    }
    return Standing(**{**given, **changes})


def parts(institution: str, place: int) -> list[StandingPart]:
    """Return the scores behind a standing: LinkedIn is unknown, a third has no Instagram."""
    return [
        StandingPart(
            edition="2026-10",
            revision=1,
            group="university.fr",
            institution=institution,
            network=network,
            dimension=dimension,
            indicator={"audience": "followers", "activity": "posting_frequency"}.get(
                dimension, "overperformance"
            ),
            is_present=not (network == "instagram" and place % 3 == 0),
            value=float(100 * place),
            score=None if network == "linkedin" else (7.0 * place + 13 * d) % 100,
            weight=1 / 9,
        )
        for network in NETWORKS
        for d, dimension in enumerate(DIMENSIONS)
    ]


def value(indicator: str, subject: str, **changes: Any) -> Value:
    """Return a value of the month, of an institution on Bluesky unless said."""
    given: dict[str, Any] = {
        "indicator": indicator,
        "level": "institution",
        "subject": subject,
        "network": "bluesky",
        "month_on": MONTH,
        "value": 1.0,
        "n": 1,
        "seen_at": NOW,
    }
    return Value(**{**given, **changes})


def history(institution: str, *, months: int = 24, more: float = 0) -> list[Value]:
    """Return followers month by month on each network, unknown in the fifth month."""
    return [
        value(
            "followers",
            institution,
            network=network,
            month_on=month,
            value=None
            if i == 4
            else 1_000.0 * (n + 1) + 40 * i - (900 * (n == 1) if i > 16 else 0),
        )
        for n, network in enumerate(NETWORKS)
        for i, month in enumerate(months_back(MONTH, months))
    ]


def accounts(institution: str) -> list[Account]:
    """Return an account per network."""
    return [
        Account(
            account=f"{network}:{institution}.example",
            institution=institution,
            network=network,
            handle=f"{institution}.example",
            url=f"https://{network}.example/{institution}",
        )
        for network in NETWORKS
    ]


def sector(value_of: float = 1_034_567, *, group: str = "all", month: date = MONTH) -> list[Value]:
    """Return a total of 218 institutions out of 250, and what the first ten hold of it."""
    shared: dict[str, Any] = {
        "level": "sector", "month_on": month, "n": 218, "coverage": 218 / 250,
    }  # fmt: skip
    return [
        value("sector_audience", group, network=network, value=value_of / part, **shared)
        for network, part in (("all", 1), ("bluesky", 4), ("instagram", 2))
    ] + [value("sector_top_ten", group, network="all", **{**shared, "value": 42.0})]


def conversations() -> Iterator[Conversation]:
    """Yield two quarters of Northfield's inbox: two services that answer, one that is confidential.

    In the third quarter the library answers eighteen of twenty within an hour and forgets two.
    """
    for number in range(60):
        opened = datetime(2026, 5 if number < 25 else 8, 1 + number % 25, 9, tzinfo=UTC)
        is_silent = number in (30, 40)
        service = "library" if number < 45 else ("health" if number < 48 else "admissions")
        yield Conversation(
            conversation=f"c{number}",
            institution="northfield",
            opened_at=opened,
            opened_on=opened.date(),
            observed_at=NOW,
            service=service,
            office=service.capitalize(),
            is_confidential=service == "health",
            channel="mail" if number % 3 else "form",
            kind="mail",
            topic="Opening hours" if number % 2 else None,
            state="open" if is_silent else "closed",
            incoming=1,
            outgoing=0 if is_silent else 1,
            answered_at=None if is_silent else opened + timedelta(hours=1),
            closed_at=None if is_silent else opened + timedelta(hours=2),
            waited_minutes=40_000 if is_silent else 60,
            target_minutes=480,
            lasted_minutes=40_000 if is_silent else 120,
            is_asked=not is_silent,
            score=None if is_silent or number % 2 else 5 - number % 4 // 2,
        )


def turns() -> Iterator[Response]:
    """Yield the first turn of each of these conversations."""
    for row in conversations():
        yield Response(
            conversation=row.conversation,
            place=0,
            institution=row.institution,
            service=row.service,
            channel=row.channel,
            kind=row.kind,
            asked_at=row.opened_at,
            asked_on=row.opened_on,
            answered_at=row.answered_at,
            observed_at=NOW,
            waited_minutes=row.waited_minutes,
        )


def message_days() -> Iterator[MessageDay]:
    """Yield a message in each of these conversations on its first day, one out on the next."""
    for row in conversations():
        about = {"institution": row.institution, "service": row.service, "channel": row.channel,
                 "topic": row.topic}  # fmt: skip
        yield MessageDay(day=row.opened_on, incoming=1, **about)  # type: ignore[arg-type]  # texts
        next_day = row.opened_on + timedelta(days=1)
        yield MessageDay(day=next_day, outgoing=row.outgoing, **about)  # type: ignore[arg-type]


def rows(size: int = 30) -> dict[str, list[Record]]:
    """Return an edition of ``size`` universities: Northfield is seventh, Southbridge eighth."""
    everyone = [*INSTITUTIONS, *peers(size - 2)]
    ranked = [one.institution for one in peers(size - 2)]
    ranked[6:6] = ["northfield", "southbridge"]
    alone = standing("eastmere", None, size=1, group="business_school.fr")
    published = datetime(2026, 10, 4, 9, tzinfo=UTC)
    return {
        "institutions": list(everyone),
        "editions": [EDITION],
        "standings": [
            *(standing(one, place, size=size) for place, one in enumerate(ranked, start=1)),
            alone,
        ],
        "standing_parts": [
            part for place, one in enumerate(ranked, start=1) for part in parts(one, place)
        ],
        "other_ranks": [
            OtherRank(
                edition="2026-10",
                revision=1,
                group="university.fr",
                institution=one,
                method=method,
                listing="total",
                score=1.0 * size - place,
                rank=(place + shift) % size + 1,
            )
            for method, shift in (("followers_total", 0), ("rank_sum", 4))
            for place, one in enumerate(ranked, start=1)
        ],
        "values": [
            *history("northfield"),
            *history("southbridge", more=350),
            *sector(),
            *sector(990_000, month=date(2026, 9, 1)),
            *sector(600_000, group="university"),
            value("posting_frequency", "northfield", value=4.25, n=19),
            value("engagement_rate", "northfield", value=0.0123, low=0.01, high=0.02, n=19),
        ],
        "conversations": list(conversations()),
        "responses": list(turns()),
        "message_days": list(message_days()),
        "accounts": [
            *accounts("northfield")[1:],
            NORTHFIELD_BLUESKY,
            SOUTHBRIDGE_BLUESKY,
        ],
        "enrolments": [NORTHFIELD_2025],
        "events": [PURGE],
        "statements": [REPLY],
        "posts": [
            post(
                str(i),
                published_at=published + timedelta(days=i),
                text=f"Open day number {i}: come & see <the> library",
                url=f"https://bluesky.example/{i}",
                kind="image",
                likes=10 * i,
            )
            for i in range(1, 9)
        ],
    }


def tables(given: dict[str, list[Record]] | None = None) -> dict[str, ir.Table]:
    """Return records as the tables a report is built from; the others are there and empty."""
    found: dict[str, Iterable[Record]] = {**rows(), **(given or {})}
    return {
        name: ibis.memtable(_arrow(record, found.get(name, ()))) for name, record in TABLES.items()
    }


def _arrow(record: type[Record], made: Iterable[Record]) -> pa.Table:
    return table_of(record, made)
