"""Makes an invented sector of any size: posts, snapshots, accounts, institutions.

``python -m bench.generator --posts 10000000 --accounts 5000 --months 24 --folder DIR``

The rows are the same for the same arguments. The large tables are written by DuckDB straight
into the folders of a store, which is many times quicker than importing them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from vigie.columns import table_of
from vigie.model import Account, Enrolment, Institution
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store
from vigie.store.writing import Names

NETWORKS = ("instagram", "linkedin", "x", "facebook", "youtube")
KINDS = ("university", "university", "engineering_school", "business_school")
COUNTRIES = ("FR", "FR", "FR", "CH", "BE")
FIRST_MONTH = date(2024, 10, 1)
SENTENCES = (
    "The library opens at eight and closes at ten during the examinations.",
    "Enrolment for the autumn term is open until the end of the month, come and meet us.",
    "Our team won the national prize for its work on batteries; congratulations to all of them!",
    "Open day on Saturday: visit the campus, talk to students, see the laboratories at work.",
    "Call for applications: twelve doctoral positions in physics, law, history and medicine.",
    "The concert of the student orchestra is free for everyone, and seats are limited.",
    "Welcome to the new students who arrived this week from forty countries.",
    "A lecture on the history of the city, in French and English, followed by questions.",
)
# A number between 0 and 1 that depends only on the row, the use made of it and the seed.
UNIFORM = "CREATE MACRO uniform(i, use) AS hash(i, use, {seed}) % 1000003 / 1000003.0"


def generate(
    folder: str, *, posts: int, accounts: int, months: int, seed: int = 1
) -> dict[str, int]:
    """Fill an empty store; return the rows of each table."""
    store = Store(folder, engine=DuckdbEngine())
    generated = {
        **_register(store, accounts),
        **observe(folder, posts=posts, accounts=accounts, months=months, seed=seed),
    }
    return {name: generated[name] for name in sorted(generated)}


def month_after(first: date, count: int) -> date:
    """Return the first day of the month that many months later."""
    place = first.year * 12 + first.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def observe(
    folder: str, *, posts: int, accounts: int, months: int, seed: int = 1
) -> dict[str, int]:
    """Write posts and snapshots of so many months."""
    names = Names(lambda: datetime.now(UTC))
    generated = {"posts": 0, "snapshots": 0}
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(UNIFORM.format(seed=int(seed)))
        for place in range(months):
            month = month_after(FIRST_MONTH, place)
            start, end = posts * place // months, posts * (place + 1) // months
            for table, question in (
                ("posts", posts_sql(start, end, month, accounts=accounts)),
                ("snapshots", snapshots_sql(month, place, accounts=accounts)),
            ):
                path = Path(folder) / table / f"{month:%Y-%m}" / f"{names.next()}.parquet"
                generated[table] += _copy(connection, question, path)
    return generated


def posts_sql(start: int, end: int, month: date, *, accounts: int) -> str:
    """Return the question whose answer is the posts of a month, by account."""
    after = month_after(month, 1)
    listed = ", ".join(f"'{sentence}'" for sentence in SENTENCES)
    return f"""
        WITH drawn AS (
            SELECT i,
                floor({accounts} * pow(uniform(i, 1), 1.4))::BIGINT AS a,
                TIMESTAMPTZ '{month} 06:00:00+00'
                    + to_microseconds((uniform(i, 2)
                      * {((after - month).days - 1) * 86_400_000_000})::BIGINT) AS published_at,
                -ln(1 - uniform(i, 3) * 0.9999) * (5 + a % 60) AS liking
            FROM range({start}, {end}) AS rows(i)
        )
        SELECT
            {_network("a")} AS network,
            'p' || lpad(i::VARCHAR, 12, '0') AS post,
            {_account("a")} AS account,
            published_at,
            published_at::DATE AS published_on,
            published_at + INTERVAL 9 DAY AS observed_at,
            ['text', 'image', 'image', 'video', 'link'][1 + (uniform(i, 4) * 5)::INT % 5] AS kind,
            [{listed}][1 + (uniform(i, 5) * 8)::INT % 8] || ' ' || md5(i::VARCHAR) AS text,
            'https://example.org/' || {_network("a")} || '/' || i AS url,
            ['fr', 'fr', 'en'][1 + (uniform(i, 6) * 3)::INT % 3] AS language,
            uniform(i, 7) < 0.1 AS is_repost,
            uniform(i, 8) < 0.1 AS is_reply,
            liking::BIGINT AS likes,
            CASE WHEN uniform(i, 9) < 0.98 THEN (liking / 12)::BIGINT END AS comments,
            CASE WHEN {_network("a")} <> 'instagram' THEN (liking / 7)::BIGINT END AS shares,
            CASE WHEN uniform(i, 4) BETWEEN 0.6 AND 0.8 THEN (liking * 21)::BIGINT END AS views,
            CASE WHEN uniform(i, 4) BETWEEN 0.2 AND 0.6 THEN 1::BIGINT END AS images,
            CASE WHEN uniform(i, 4) BETWEEN 0.2 AND 0.6
                THEN (uniform(i, 10) < 0.3)::BIGINT END AS images_described,
            'generator' AS source,
            'generated' AS run
        FROM drawn
        ORDER BY account, network, post
    """


def snapshots_sql(month: date, place: int, *, accounts: int) -> str:
    """Return the question whose answer is a look at every account each week."""
    return f"""
        SELECT
            {_network("a")} AS network,
            {_account("a")} AS account,
            TIMESTAMPTZ '{month} 05:00:00+00' + to_days((1 + 7 * week)::INT) AS observed_at,
            DATE '{month}' + (1 + 7 * week)::INT AS observed_on,
            (exp(5 + 6 * uniform(a, 11)) * (1 + ({place} * 4 + week) * 0.004 * uniform(a, 12)))
                ::BIGINT AS followers,
            'generator' AS source,
            'generated' AS run
        FROM range({accounts}) AS accounts(a), range(4) AS weeks(week)
        ORDER BY account, observed_at
    """


def _network(place: str) -> str:
    listed = ", ".join(f"'{network}'" for network in NETWORKS)
    return f"[{listed}][1 + {place} % {len(NETWORKS)}]"


def _account(place: str) -> str:
    return f"{_network(place)} || ':school' || lpad(({place} // {len(NETWORKS)})::VARCHAR, 5, '0')"


def _copy(connection: duckdb.DuckDBPyConnection, question: str, path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".tmp-{path.name}")
    target = str(aside).replace("'", "''")
    options = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
    (rows,) = connection.execute(f"COPY ({question}) TO '{target}' ({options})").fetchone()
    aside.rename(path)
    return int(rows)


def _register(store: Store, accounts: int) -> dict[str, int]:
    schools = range(-(-accounts // len(NETWORKS)))
    institutions = [
        Institution(
            institution=f"school{school:05d}",
            name=f"Invented school {school}",
            kind=KINDS[school % len(KINDS)],
            country=COUNTRIES[school // len(KINDS) % len(COUNTRIES)],
            timezone="Europe/Paris",
            is_invented=True,
        )
        for school in schools
    ]
    enrolments = [
        Enrolment(institution=one.institution, year=year, students=500 + 37 * place % 40_000)
        for place, one in enumerate(institutions)
        for year in (2024, 2025, 2026)
    ]
    held = [
        Account(
            account=f"{network}:school{school:05d}",
            institution=f"school{school:05d}",
            network=network,
            handle=f"school{school:05d}",
        )
        for school in schools
        for network in NETWORKS
    ][:accounts]
    store.replace("institutions", table_of(Institution, institutions))
    store.replace("enrolments", table_of(Enrolment, enrolments))
    store.replace("accounts", table_of(Account, held))
    return {"institutions": len(institutions), "enrolments": len(enrolments), "accounts": len(held)}


def main(given: Sequence[str] | None = None) -> None:
    """Generate from the command line."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--posts", type=int, default=10_000_000)
    reader.add_argument("--accounts", type=int, default=5_000)
    reader.add_argument("--months", type=int, default=24)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--folder", required=True)
    asked = reader.parse_args(given)
    began = time.monotonic()
    generated = generate(
        asked.folder,
        posts=asked.posts,
        accounts=asked.accounts,
        months=asked.months,
        seed=asked.seed,
    )
    for name, rows in generated.items():
        print(f"{name}: {rows:,} rows")
    print(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
