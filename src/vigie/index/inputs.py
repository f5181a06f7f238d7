"""What a comparison is made from, gathered in open tables that anyone can read again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from vigie.index.groups import Group, peer_groups, students_in
from vigie.index.ranking import DRAWS
from vigie.model import Account, Enrolment, Institution

INSTITUTIONS = pa.schema(
    [
        pa.field("institution", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("kind", pa.string()),
        pa.field("country", pa.string()),
        pa.field("students", pa.int64()),
        pa.field("group", pa.string(), nullable=False),
        pa.field("previous_rank", pa.int64()),
        pa.field("is_invented", pa.bool_(), nullable=False),
    ]
)
"""Who is compared, in which group."""
ENTRIES = pa.schema(
    [
        pa.field("institution", pa.string(), nullable=False),
        pa.field("network", pa.string(), nullable=False),
        pa.field("is_present", pa.bool_(), nullable=False),
        pa.field("metric", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("seen_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""One row per figure; a row without a metric says only that the institution is there, or absent."""
SAMPLES = pa.schema(
    [
        pa.field("institution", pa.string(), nullable=False),
        pa.field("network", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("is_answered", pa.bool_()),
    ]
)
"""One row per post behind a median: the post's own figure for that indicator; and one per question
behind a share answered: for how many hours it was followed, and whether that ended in an answer."""
ALL_ACCOUNTS = "_all"
"""``followers_all`` counts secondary accounts too."""

Place = tuple[str, str]
"""An institution on a network."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a comparison depends on; the same inputs give the same digits."""

    edition: str
    month_on: date
    method: str
    """``vigie 2026.1``."""
    groups: tuple[Group, ...]
    institutions: pa.Table
    entries: pa.Table
    samples: pa.Table
    draws: int = DRAWS


def gather(
    *,
    values: pa.Table,
    samples: pa.Table,
    institutions: Sequence[Institution],
    accounts: Iterable[Account],
    enrolments: Iterable[Enrolment],
    previous: pa.Table | None,
    month_on: date,
    edition: str,
    method: str,
    kinds: Collection[str] | None = None,
    countries: Collection[str] | None = None,
    draws: int = DRAWS,
) -> Inputs:
    """Choose what a month's comparison reads, sorted so that order never matters."""
    students = students_in(enrolments, month_on)
    groups = tuple(
        peer_groups(institutions, students, month_on=month_on, kinds=kinds, countries=countries)
    )
    known = _known(values, month_on)
    present = _present(accounts, month_on) | {place for place, rows in known.items() if rows}
    return Inputs(
        edition=edition,
        month_on=month_on,
        method=method,
        groups=groups,
        institutions=_institutions(groups, institutions, students, previous, method, month_on),
        entries=_entries(groups, present, known),
        samples=_samples(groups, samples),
        draws=draws,
    )


def _known(values: pa.Table, month_on: date) -> dict[Place, list[dict[str, object]]]:
    """Return the month's figures by institution and network; ``all`` is not a network."""
    wanted = values.filter(
        (pc.field("month_on") == pa.scalar(month_on, pa.date32()))
        & pc.field("level").isin(["institution", "institution_all"])
        & (pc.field("network") != "all")
        & pc.field("value").is_valid()
    )
    found: dict[Place, list[dict[str, object]]] = {}
    columns = ("subject", "network", "level", "indicator", "value", "low", "high", "seen_at")
    for row in (
        wanted.select(columns)
        .sort_by([("subject", "ascending"), ("network", "ascending"), ("indicator", "ascending")])
        .to_pylist()
    ):
        rows = found.setdefault((row["subject"], row["network"]), [])
        is_all = row["level"] == "institution_all"
        if is_all and row["indicator"] != "followers":
            continue
        rows.append({**row, "metric": row["indicator"] + (ALL_ACCOUNTS if is_all else "")})
    return found


def _present(accounts: Iterable[Account], month_on: date) -> set[Place]:
    return {
        (account.institution, account.network)
        for account in accounts
        if account.is_principal
        and (account.closed_on is None or account.closed_on > month_on)
        and (
            account.opened_on is None
            or (account.opened_on.year, account.opened_on.month) <= (month_on.year, month_on.month)
        )
    }


def _entries(
    groups: Sequence[Group],
    present: Collection[Place],
    known: Mapping[Place, Sequence[Mapping[str, object]]],
) -> pa.Table:
    rows: list[dict[str, object]] = []
    for group in groups:
        members = set(group.institutions)
        networks = sorted({network for one, network in present if one in members})
        for institution in group.institutions:
            for network in networks:
                place = (institution, network)
                here = {
                    "institution": institution,
                    "network": network,
                    "is_present": place in present,
                }
                figures = known.get(place, ())
                rows.extend({**here, **_figure(row)} for row in figures)
                if not figures:
                    rows.append(here)
    ordered = sorted(rows, key=lambda r: (r["institution"], r["network"], r.get("metric") or ""))
    return pa.Table.from_pylist(ordered, schema=ENTRIES)


def _figure(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in ("metric", "value", "low", "high", "seen_at")}


def _samples(groups: Sequence[Group], samples: pa.Table) -> pa.Table:
    members = pa.array(sorted(one for group in groups for one in group.institutions), pa.string())
    wanted = samples.select(SAMPLES.names).filter(
        pc.field("institution").isin(members) & pc.field("value").is_valid()
    )
    order = [(name, "ascending") for name in ("indicator", "institution", "network", "value")]
    return wanted.sort_by(order).cast(SAMPLES)


def _institutions(
    groups: Sequence[Group],
    institutions: Sequence[Institution],
    students: Mapping[str, int],
    previous: pa.Table | None,
    method: str,
    month_on: date,
) -> pa.Table:
    by_name = {one.institution: one for one in institutions}
    before = _previous_ranks(previous, method, month_on)
    rows = [
        {
            "institution": name,
            "name": by_name[name].name,
            "kind": by_name[name].kind,
            "country": by_name[name].country,
            "students": students.get(name),
            "group": group.key,
            "previous_rank": before.get((group.key, name)),
            "is_invented": by_name[name].is_invented,
        }
        for group in groups
        for name in group.institutions
    ]
    return pa.Table.from_pylist(
        sorted(rows, key=lambda row: str(row["institution"])), schema=INSTITUTIONS
    )


def _previous_ranks(
    previous: pa.Table | None, method: str, month_on: date
) -> dict[tuple[str, str], int]:
    """Return last month's rank in the same group by the same method, of the newest revision."""
    if previous is None or not previous.num_rows:
        return {}
    year, month = divmod(month_on.year * 12 + month_on.month - 2, 12)
    before = date(year, month + 1, 1)
    rows = previous.select(
        ["edition", "revision", "month_on", "method", "group", "institution", "rank"]
    ).to_pylist()
    kept = [row for row in rows if row["month_on"] == before and row["method"] == method]
    kept.sort(key=lambda row: (row["edition"], row["revision"]))
    return {(row["group"], row["institution"]): row["rank"] for row in kept if row["rank"]}


def newest_look(entries: pa.Table) -> dict[str, datetime]:
    """Return when each institution was last looked at."""
    found: dict[str, datetime] = {}
    for row in entries.select(["institution", "seen_at"]).to_pylist():
        institution, moment = row["institution"], row["seen_at"]
        if moment is not None and (institution not in found or moment > found[institution]):
            found[institution] = moment
    return found
