"""What is counted of a query, and of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from vigie.columns import table_of
from vigie.listening.coverage import Share
from vigie.listening.forecast import days_between
from vigie.listening.series import Series, Watched, counted, watched
from vigie.listening.texts import texts
from vigie.model import Label, Mention

DAYS = days_between(date(2026, 3, 2), date(2026, 3, 4))


@dataclass(frozen=True)
class Words:
    """A query of one word."""

    word: str

    def condition(self, texts: ir.Table) -> ir.BooleanValue:
        """Return whether a text has the word."""
        return texts.text.contains(self.word)


def mention(
    post: str, text: str, *, day: date = DAYS[1], author: str = "a", **changes: Any
) -> Mention:
    """Return a post by someone."""
    at = datetime.combine(day, time(12), tzinfo=UTC)
    given: dict[str, Any] = {
        "network": "bluesky", "post": post, "subject": "q", "kind": "found", "author": author,
        "published_at": at, "published_on": day, "observed_at": at, "text": text,
    }  # fmt: skip
    return Mention(**{**given, **changes})


def label(post: str, question: str, *answers: str) -> Label:
    """Return what was answered about a post."""
    at = datetime.combine(DAYS[1], time(13), tzinfo=UTC)
    return Label(
        network="bluesky", post=post, published_on=DAYS[1], question=question,
        annotator="rules 1", answers=answers, certainties=(1.0,) * len(answers), labelled_at=at,
    )  # fmt: skip


def rows(mentions: list[Mention], labels: list[Label] | None = None) -> ir.Table:
    """Return texts."""
    return texts({
        "mentions": ibis.memtable(table_of(Mention, mentions)),
        "labels": ibis.memtable(table_of(Label, labels or [])),
    })  # fmt: skip


def parts(found: pa.Table) -> dict[str, tuple[int, int]]:
    """Return (posts, authors) by part."""
    return {row["part"]: (row["posts"], row["authors"]) for row in found.to_pylist()}


def count(table: ir.Table, *words: str) -> pa.Table:
    """Return the counts of queries of one word each."""
    queries = {word: Words(word) for word in words}
    return counted(table, queries, first=DAYS[0], last=DAYS[-1]).to_pyarrow()


def test_posts_and_authors_are_counted_by_part() -> None:
    labels = [label("1", "intent", "complaint", "question"), label("2", "intent", "complaint"),
              label("1", "service", "it"), label("1", "tone", "negative")]  # fmt: skip
    found = parts(count(rows([mention("1", "moodle"), mention("2", "moodle")], labels), "moodle"))
    assert found == {
        "all:": (2, 1), "network:bluesky": (2, 1), "intent:complaint": (2, 1),
        "intent:question": (1, 1), "service:it": (1, 1), "tone:negative": (1, 1),
    }  # fmt: skip


def test_duplicates_count_once() -> None:
    copies = [mention("1", "moodle"), mention("2", "moodle", author="b")]
    found = parts(count(rows(copies, [label("2", "duplicate", "bluesky:1")]), "moodle"))
    assert found["all:"] == (1, 1)


def test_post_counts_for_each_query_that_catches_it() -> None:
    found = count(rows([mention("1", "moodle and wifi")]), "moodle", "wifi", "parking")
    assert sorted(set(found["query"].to_pylist())) == ["moodle", "wifi"]


def laid(table: ir.Table, *, judged_from: date = DAYS[-1]) -> Watched:
    """Return the counts of one query laid out by series and day."""
    seen = Share(days=3, by_network={"bluesky": np.array([1.0, 1.0, 0.5]), "x": np.zeros(3)})
    return watched(
        count(table, "moodle"), ["moodle"], days=DAYS, judged_from=judged_from, seen=seen
    )


def test_silent_days_are_zero_and_the_whole_is_always_watched() -> None:
    found = laid(rows([mention("1", "moodle")]))
    assert found.series == (Series(query="moodle"),)
    assert found.counts.posts.tolist() == [[0, 1, 0]]
    assert found.counts.seen.tolist() == [[1.0, 1.0, 0.5]]


def test_part_is_watched_for_what_it_brought_before_the_day_that_is_judged() -> None:
    many = [mention(str(n), "moodle") for n in range(12)]
    network = Series(query="moodle", facet="network", value="bluesky")
    assert network in laid(rows(many)).series
    assert network not in laid(rows(many), judged_from=DAYS[1]).series


def test_networks_weigh_by_what_they_bring() -> None:
    three = [mention(str(n), "moodle") for n in range(3)]
    found = laid(rows([*three, mention("x1", "moodle", network="x")]))
    assert found.counts.seen[0].tolist() == [0.75, 0.75, 0.375]


def test_of_a_sampled_query_a_share_was_seen() -> None:
    """Its counts stay those of what was kept, and as much less is expected."""
    drawn = [mention(str(n), "moodle", stands_for=8) for n in range(3)]
    found = laid(rows([*drawn, mention("all", "moodle", day=DAYS[0])]))
    assert found.counts.posts.tolist() == [[1, 3, 0]]
    assert found.counts.seen[0].tolist() == [1.0, 1 / 8, 0.5]
    assert found.stand_for[0].tolist() == [1, 8, 1]


def test_query_that_catches_nothing_is_watched_without_coverage() -> None:
    found = laid(rows([mention("1", "wifi")]))
    assert found.counts.posts.sum() == 0
    assert found.counts.seen.sum() == 0
