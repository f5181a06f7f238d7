"""Makes a store of invented public posts with words as often as words are in real texts.

``python -m bench.listening_texts --posts 10000000 --months 24 --folder DIR``

The n-th word of the vocabulary comes 1/n as often as the first. Nine posts of ten are by others, a
tenth of those concern two accounts; one of ten holds a hashtag, one of twenty a link or a handle.
The rows are the same for the same arguments.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.generator import month_after
from vigie.store.writing import Names

FIRST_MONTH = date(2024, 10, 1)
NETWORKS = ("bluesky", "mastodon", "x", "instagram", "youtube")
LENGTH = 20
"""Words of a post, on average."""
VOCABULARY = 120_000
SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "ha", "jé", "ki", "lo", "mu", "na", "pè", "qui", "ro", "su",
    "ta", "ve", "xi", "zo", "cha", "tion", "ment", "eur", "elle", "ance", "oir", "ai", "ou", "en",
    "ique",
)  # fmt: skip
PLACED = {
    1: "de", 2: "la", 3: "le", 4: "et", 5: "à", 6: "l’université", 7: "les", 8: "des", 9: "un",
    50: "Inscription", 80: "étudiants", 100: "bug", 150: "bibliothèque", 200: "admission",
    300: "spam", 400: "candidature", 500: "panne", 800: "serveur", 2_000: "Parcoursup",
    9_000: "cantine",
}  # fmt: skip
"""Words of the queries, at their place among the words by how often they come."""


def vocabulary() -> list[str]:
    """Return every word, the most common first."""
    made = (
        "".join(parts) for size in (2, 3, 4) for parts in itertools.product(SYLLABLES, repeat=size)
    )
    words = list(itertools.islice(made, VOCABULARY))
    # Words that begin alike must not be equally common.
    words = [words[place * 7_919 % VOCABULARY] for place in range(VOCABULARY)]
    for place, word in PLACED.items():
        words[place - 1] = word
    return words


def fill(folder: Path, *, posts: int, months: int, seed: int = 1) -> None:
    """Write posts and mentions of so many months into an empty store."""
    names = Names(lambda: datetime.now(UTC))
    words = pa.array(vocabulary())
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for place in range(months):
            month = month_after(FIRST_MONTH, place)
            start, end = posts * place // months, posts * (place + 1) // months
            random = np.random.default_rng((seed, place))
            connection.register("drawn", drawn(start, end, month, words, random))
            for table, question in (("posts", POSTS), ("mentions", MENTIONS)):
                path = folder / table / f"{month:%Y-%m}" / f"{names.next()}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                aside = path.with_name(f".tmp-{path.name}")
                options = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
                connection.execute(f"COPY ({question}) TO '{aside}' ({options})")
                aside.rename(path)


def drawn(
    start: int, end: int, month: date, words: pa.Array, random: np.random.Generator
) -> pa.Table:
    """Return the posts of a month, whoever wrote them; a tenth are an account's own."""
    count = end - start
    numbers = np.arange(start, end)
    seconds = ((month_after(month, 1) - month).days - 1) * 86_400
    moments = np.datetime64(month, "us") + (random.random(count) * seconds * 1e6).astype("m8[us]")
    return pa.table(
        {
            "number": numbers,
            "network": pa.array(NETWORKS).take(pa.array(random.integers(0, len(NETWORKS), count))),
            "post": pc.binary_join_element_wise("p", pa.array(numbers).cast(pa.string()), ""),
            "published_at": pa.array(moments, pa.timestamp("us", tz="UTC")),
            "text": written(numbers, words, random),
            "language": pa.array(["fr", "fr", "en"]).take(pa.array(random.integers(0, 3, count))),
            "likes": random.integers(0, 200, count),
            "is_own": random.random(count) < 0.1,
        }
    )


def written(numbers: np.ndarray, words: pa.Array, random: np.random.Generator) -> pa.Array:
    """Return the texts of posts."""
    lengths = random.integers(6, 2 * LENGTH - 6, len(numbers))
    ranks = np.exp(random.random(int(lengths.sum())) * np.log(VOCABULARY)).astype(np.int64) - 1
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    said = pc.binary_join(pa.ListArray.from_arrays(offsets, words.take(pa.array(ranks))), " ")
    ends = [
        (random.random(len(numbers)) < share, form, numbers % of)
        for share, form, of in (
            (0.1, " #Rentrée", 90), (0.05, " https://example.org/a/", 10**9), (0.05, " @univ_", 500)
        )
    ]  # fmt: skip
    for has, form, ending in ends:
        more = pc.binary_join_element_wise(form, pa.array(ending).cast(pa.string()), "")
        said = pc.binary_join_element_wise(said, pc.if_else(pa.array(has), more, ""), "")
    return said


_SUBJECT = "network || ':school' || lpad((number % 500)::VARCHAR, 5, '0')"
_SEEN = """published_at, published_at::DATE AS published_on,
    published_at + INTERVAL 2 DAY AS observed_at, text, language, likes,
    'generator' AS source, 'generated' AS run"""
POSTS = f"""
    SELECT network, post, {_SUBJECT} AS account, 'text' AS kind, {_SEEN}, false AS is_repost,
        false AS is_reply
    FROM drawn WHERE is_own ORDER BY account, network, post
"""
MENTIONS = f"""
    SELECT network, post, {_SUBJECT} || again AS subject, 'mention' AS kind,
        'p' || md5((number % 70001)::VARCHAR)[:20] AS author, {_SEEN}
    FROM drawn, (VALUES (''), ('9')) AS twice(again)
    WHERE NOT is_own AND (again = '' OR number % 10 = 0) ORDER BY network, post, subject
"""


def main(given: Sequence[str] | None = None) -> None:
    """Generate from the command line."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--posts", type=int, default=10_000_000)
    reader.add_argument("--months", type=int, default=24)
    reader.add_argument("--folder", type=Path, required=True)
    asked = reader.parse_args(given)
    began = time.monotonic()
    fill(asked.folder, posts=asked.posts, months=asked.months)
    print(f"{asked.posts:,} posts: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
