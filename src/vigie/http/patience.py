"""How long to wait before asking again, as the server says or as is polite."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may be answered."""
NOT_DONE = frozenset({425, 429, 503})
"""Statuses that say the question was not acted on: any may be put again."""
RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after")
LEFT = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
USAGES = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
FULL = 100.0
"""Percent of an allowance of Meta's; from here on it refuses."""
USAGE_SECONDS = 3600.0
"""Meta counts over the hour that just passed: after one, everything counted has left it."""
MOST_ASKED = timedelta(days=31)
"""No allowance lasts longer than a month; a server that says more is mistaken."""
_PART = re.compile(r"\b(remaining|reset|r|t)\s*=\s*(\d+)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often a question is put again, and how long may be waited."""

    tries: int = 5
    first_seconds: float = 1.0
    most_seconds: float = 60.0
    """Of one wait. A server that asks for more is left alone until then."""
    all_seconds: float = 240.0
    """Of one question with all its tries: after that it is given up."""

    def wait(self, tried: int, *, chance: float) -> float:
        """Return the seconds to wait after this many tries where the server does not say.

        They double each time; ``chance``, from 0 to 1, spreads those who failed together.
        """
        longest = min(self.first_seconds * 2.0 ** (tried - 1), self.most_seconds)
        return longest * (0.5 + chance / 2)


def asked_wait(headers: Mapping[str, str], *, status: int, now: datetime) -> float | None:
    """Return the seconds a server asks to wait before the next question; none if it does not.

    ``Retry-After`` always counts. A moment at which an allowance is new counts where it is used
    up: after a 429, and where nothing remains. Meta gives percentages used, and sometimes the
    minutes until it answers again. The server's moments are read by its own clock (``Date``).
    """
    for written in filter(None, (headers.get("retry-after", ""), _reset(headers, status))):
        clock = _server_clock(headers, now)
        if (until := moment(written, now=clock)) is not None:
            return min(max(until - clock, timedelta(0)), MOST_ASKED).total_seconds()
    return _usage_wait(headers)


def _reset(headers: Mapping[str, str], status: int) -> str:
    """Return when an allowance that is used up is new, as it is written; empty where it is not."""
    remaining, reset = _combined(headers)
    lefts = [remaining, *(headers[name] for name in LEFT if name in headers)]
    if status != 429 and not any(_is_nothing(left) for left in lefts):
        return ""
    return reset or next((headers[name] for name in RESETS if name in headers), "")


def is_haste(headers: Mapping[str, str], *, status: int) -> bool:
    """Say whether a refusal means that too much was asked, whatever its status.

    Meta says so with 400 or 403 and its percentages, others with 403 and ``Retry-After``.
    """
    if status == 429:
        return True
    return status in (400, 403) and (
        moment(headers.get("retry-after", ""), now=datetime.now(UTC)) is not None
        or _usage_wait(headers) is not None
    )


def moment(written: str, *, now: datetime) -> datetime | None:
    """Return the moment that a header means; a small number is seconds from now.

    A larger one is seconds, a very large one milliseconds since 1970; else a date of HTTP or of
    ISO 8601 (Mastodon).
    """
    written = written.strip()
    try:
        number = float(written)
    except ValueError:
        return _date(written)
    if not 0 <= number < 1e14:
        return None
    if number < 1e8:
        return now + timedelta(seconds=number)
    return datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, UTC)


def _date(written: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _server_clock(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the server's time where it tells it: its clock and ours may differ by minutes."""
    return _date(headers.get("date", "")) or now


def _is_nothing(written: str) -> bool:
    try:
        return float(written) < 1
    except ValueError:
        return False


def _combined(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return what remains and the seconds to the reset of the drafts' one ``RateLimit`` header."""
    if "ratelimit" not in headers:
        return "", ""
    found: dict[str, str] = dict(_PART.findall(headers["ratelimit"]))
    return found.get("remaining", found.get("r", "")), found.get("reset", found.get("t", ""))


def _usage_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds after which Meta answers again; none where something is left."""
    found = [
        wait
        for name in USAGES
        if name in headers
        for usage in _usages(headers[name])
        if (wait := _regained(usage)) is not None
    ]
    return max(found, default=None)


def _usages(written: str) -> Iterator[Mapping[str, object]]:
    """Yield each usage: one by itself, or lists of them by the identifier of a business."""
    try:
        found: object = json.loads(written)
    except (ValueError, RecursionError):
        return
    groups = [found, *(found.values() if isinstance(found, dict) else ())]
    for group in groups:
        for usage in group if isinstance(group, list) else [group]:
            if isinstance(usage, dict):
                yield usage


def _regained(usage: Mapping[str, object]) -> float | None:
    minutes = _number(usage.get("estimated_time_to_regain_access"))
    if minutes > 0:
        return min(minutes * 60, MOST_ASKED.total_seconds())
    used = max(_number(usage.get(name)) for name in ("call_count", "total_cputime", "total_time"))
    return USAGE_SECONDS if used >= FULL else None


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if is_number else 0.0  # type: ignore[arg-type]  # checked above
