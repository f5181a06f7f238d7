"""Public questions, public answers, and how long one waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from tests.cast import NORTHFIELD_BLUESKY, post, snapshot
from tests.measure.asking import NOVEMBER, OCTOBER, answers, tables
from tests.measure.slow_waits import (
    DAY,
    Public,
    Wait,
    curve,
    limits,
    median_wait,
    share_within,
    standard_error,
    wilson,
)
from vigie.measure import survival
from vigie.measure.measuring import selects_unmerged
from vigie.measure.questions import waits
from vigie.model import Account, Label, Mention, Post, Snapshot

ACCOUNT = NORTHFIELD_BLUESKY.account
FIRST = datetime(2026, 10, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEEN = snapshot(date(2026, 10, 31), observed_at=datetime(2026, 11, 3, tzinfo=UTC))


def question(name: str = "q", **changes: Any) -> Mention:
    """Return something said to Northfield."""
    at = changes.pop("published_at", FIRST)
    said: dict[str, Any] = {
        "network": "bluesky", "post": name, "subject": ACCOUNT, "kind": "reply", "author": "a1",
        "published_at": at, "published_on": at.date(), "observed_at": at + HOUR,
        "text": "When does the library open?", "thread": f"root-{name}",
    }  # fmt: skip
    return Mention(**{**said, **changes})


def label(mention: Mention, *answers: str, annotator: str = "rules 1", hours: int = 1) -> Label:
    """Return what an annotator answered about a mention's intent."""
    return Label(
        network=mention.network, post=mention.post, published_on=mention.published_on,
        question="intent", annotator=annotator, answers=answers,
        certainties=(0.9,) * len(answers), labelled_at=FIRST + hours * HOUR,
    )  # fmt: skip


def reply(name: str, to: str | None, *, after: timedelta, **changes: Any) -> Any:
    """Return a post of Northfield that replies."""
    return post(name, published_at=FIRST + after, answers_to=to, **{"is_reply": True, **changes})


# ── Kaplan and Meier ──────────────────────────────────────────────────────────────────

REMISSION = (
    *((weeks, True) for weeks in (6, 6, 6, 7, 10, 13, 16, 22, 23)),
    *((weeks, False) for weeks in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)),
)
"""Weeks of remission of 21 children who were given 6-mercaptopurine (Freireich et al., Blood 21,
1963), the example of most textbooks."""
PUBLISHED = {
    6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068),
    16: (0.627, 0.1141), 22: (0.538, 0.1282), 23: (0.448, 0.1346),
}  # fmt: skip
"""Share still in remission and Greenwood's standard error as printed (Collett, Modelling Survival
Data in Medical Research; Kleinbaum and Klein, Survival Analysis)."""


def rows_of(found: Sequence[Wait], account: str = "a") -> pa.Table:
    """Return waits in the columns the estimate reads."""
    columns = {
        "account": [account] * len(found),
        "seconds": pa.array([one.seconds for one in found], pa.int64()),
        "is_answered": pa.array([one.is_answered for one in found], pa.bool_()),
    }
    return pa.table(columns)


def table(found: Sequence[Wait]) -> Any:
    """Return the waits of one account as the table the estimate is asked of."""
    return ibis.memtable(rows_of(found))


def one_row(asked: Any) -> dict[str, Any]:
    (row,) = asked.to_pyarrow().to_pylist()
    return dict(row)


def test_the_published_example_comes_out_as_printed() -> None:
    found = [Wait(seconds=weeks, is_answered=ended) for weeks, ended in REMISSION]
    rows = survival.steps(table(found), ["account"]).order_by("seconds").to_pyarrow().to_pylist()
    assert {row["seconds"]: round(1 - row["share"], 3) for row in rows} == {
        weeks: share for weeks, (share, _error) in PUBLISHED.items()
    }
    for row in rows:
        error = (1 - row["share"]) * row["spread"] ** 0.5
        assert error == pytest.approx(PUBLISHED[row["seconds"]][1], abs=1e-4)
    assert one_row(survival.median_wait(table(found), ["account"]))["seconds"] == 23


def test_the_slow_reference_reproduces_it_too() -> None:
    found = curve([Wait(seconds=weeks, is_answered=ended) for weeks, ended in REMISSION])
    printed = {
        step.seconds: (round(float(1 - step.share), 3), round(standard_error(step), 4))
        for step in found
    }
    assert printed == {weeks: pytest.approx(told, abs=1e-4) for weeks, told in PUBLISHED.items()}


def pasts(seed: int = 2026, count: int = 300) -> dict[str, list[Wait]]:
    """Return many random pasts at once, with ties and gaps: a question is asked once."""
    rng = np.random.default_rng(seed)
    return {
        f"a{number}": [
            Wait(seconds=int(rng.integers(0, 36)) * 7_200, is_answered=bool(rng.random() < often))
            for _wait in range(int(rng.integers(1, 25)))
        ]
        for number, often in enumerate(rng.choice([0.0, 0.4, 0.8, 1.0], count))
    }


@pytest.fixture(scope="module")
def random_pasts() -> tuple[dict[str, list[Wait]], Any]:
    found = pasts()
    parts = [rows_of(waits, account) for account, waits in found.items()]
    return found, ibis.memtable(pa.concat_tables(parts))


def by_account(asked: Any) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for row in asked.to_pyarrow().to_pylist():
        told.setdefault(row["account"], []).append(row)
    return told


def test_the_curve_is_the_slow_one(random_pasts: tuple[dict[str, list[Wait]], Any]) -> None:
    found, rows = random_pasts
    told = by_account(survival.steps(rows, ["account"]).order_by("seconds"))
    for account, seen in found.items():
        steps, here = curve(seen), told.get(account, [])
        assert [row["seconds"] for row in here] == [step.seconds for step in steps]
        for row, step in zip(here, steps, strict=True):
            assert row["share"] == pytest.approx(float(step.share), abs=1e-9)
            assert (row["low"], row["high"]) == pytest.approx(limits(step), abs=1e-6)


def test_the_share_within_a_day_is_the_slow_one(
    random_pasts: tuple[dict[str, list[Wait]], Any],
) -> None:
    found, rows = random_pasts
    told = by_account(survival.share_within(rows, ["account"], seconds=DAY))
    for account, seen in found.items():
        (row,), wanted = told[account], share_within(seen, DAY)
        if wanted is None:
            assert row["share"] is None
        else:
            said = (row["share"], row["low"], row["high"])
            assert said == pytest.approx(wanted, abs=1e-6)


def test_the_median_is_the_slow_one(random_pasts: tuple[dict[str, list[Wait]], Any]) -> None:
    found, rows = random_pasts
    told = by_account(survival.median_wait(rows, ["account"]))
    for account, seen in found.items():
        rows_here = told.get(account, [{"seconds": None, "low": None, "high": None}])
        assert tuple(rows_here[0][n] for n in ("seconds", "low", "high")) == median_wait(seen)


def test_without_censoring_it_is_the_plain_share_with_wilsons_interval() -> None:
    seen = [Wait(seconds=60 if n < 13 else 2 * DAY, is_answered=n < 13) for n in range(20)]
    row = one_row(survival.share_within(table(seen), ["account"], seconds=DAY))
    assert row["share"] == pytest.approx(13 / 20)
    assert (row["low"], row["high"]) == pytest.approx(wilson(13 / 20, 20), abs=1e-9)


# ── which questions, which answers ────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What was seen in public, and what must come of it: (post, seconds, answered) by question."""

    said: Sequence[Mention]
    posts: Sequence[Post] = ()
    labels: Sequence[Label] | None = None
    looks: Sequence[Snapshot] = (SEEN,)
    waits: Sequence[tuple[str, int, bool]] = ()

    def at(self, account: Account) -> dict[str, list[Any]]:
        """Return the scene as if another account had lived it, so that all are asked at once."""
        named: dict[str, Any] = {"account": account.account}
        known = [label(one, "question") for one in self.said]
        labels = known if self.labels is None else self.labels
        return {
            "mentions": [
                replace(one, subject=account.account, network=account.network) for one in self.said
            ],
            "labels": [replace(one, network=account.network) for one in labels],
            "posts": [replace(one, **named, network=account.network) for one in self.posts],
            "snapshots": [replace(one, **named, network=account.network) for one in self.looks],
        }


TO_THE_END = int((datetime(2026, 10, 31, 10, tzinfo=UTC) - FIRST).total_seconds())
"""To 10:00 UTC of the last day: a minute later the month is over on the first islands."""
IN_THREAD = question(thread="root", answers_to="root")
OTHER = question("other", author="a2", thread="root", answers_to="root")
BESIDE = question(thread="root", answers_to="comment")
AGAIN = question("again", thread="root", published_at=FIRST + HOUR)


def not_answered(said: Post) -> Scene:
    """Return a scene in which something that looks like an answer is none."""
    labels = [label(BESIDE, "question"), label(OTHER, "praise")]
    return Scene(
        said=[BESIDE, OTHER], posts=[said], labels=labels, waits=[("q", TO_THE_END, False)]
    )


def labelled_as(is_question: bool, *labels: tuple[str, tuple[str, ...], int]) -> Scene:
    """Return a scene in which annotators do not agree."""
    told = [label(question(), *said, annotator=who, hours=when) for who, said, when in labels]
    waits = [("q", TO_THE_END, False)] if is_question else []
    return Scene(said=[question()], labels=told, waits=waits)


SCENES = {
    "an answer replies to the question": Scene(
        said=[question()], posts=[reply("r", "q", after=3 * HOUR)], waits=[("q", 10_800, True)]
    ),
    "an answer may come later in the same thread": Scene(
        said=[IN_THREAD], posts=[reply("r", None, after=2 * HOUR, thread="root")],
        waits=[("q", 7_200, True)],
    ),
    "an answer may stand beside the question": Scene(
        said=[BESIDE], posts=[reply("r", "comment", after=2 * HOUR, thread="root")],
        waits=[("q", 7_200, True)],
    ),
    "a later word of the same person may be what is answered": Scene(
        said=[BESIDE, AGAIN], labels=[label(BESIDE, "question"), label(AGAIN, "other")],
        posts=[reply("r", "again", after=2 * HOUR, thread="root")], waits=[("q", 7_200, True)],
    ),
    "a reply to someone else is no answer": not_answered(
        reply("r", "other", after=2 * HOUR, thread="root")
    ),
    "what came before is no answer": not_answered(reply("r", None, after=-HOUR, thread="root")),
    "another thread is no answer": not_answered(reply("r", None, after=HOUR, thread="elsewhere")),
    "a repost is no answer": not_answered(reply("r", "q", after=HOUR, is_repost=True)),
    "going on with one's own thread is no answer": not_answered(
        reply("r", "comment", after=HOUR, thread="root", is_reply=False)
    ),
    "silence is followed to the end of the month": Scene(
        said=[question()], waits=[("q", TO_THE_END, False)]
    ),
    "silence is followed no longer than someone looked": Scene(
        said=[question()], looks=[snapshot(date(2026, 10, 6), observed_at=FIRST + 30 * HOUR)],
        waits=[("q", 30 * 3_600, False)],
    ),
    "a question that nobody followed is not counted": Scene(
        said=[question(published_at=datetime(2026, 10, 31, 18, tzinfo=UTC))]
    ),
    "an answer of the next month changes nothing": Scene(
        said=[question()], posts=[reply("r", "q", after=timedelta(days=30))],
        waits=[("q", TO_THE_END, False)],
    ),
    "a quote asks nothing": Scene(said=[question(kind="quote")]),
    "what a query found asks nothing": Scene(said=[question(kind="found")]),
    "the rules say what is a question": labelled_as(True, ("rules 1", ("question",), 1)),
    "it may be a complaint as well": labelled_as(True, ("rules 1", ("complaint", "question"), 1)),
    "praise is no question": labelled_as(False, ("rules 1", ("praise",), 1)),
    "who looked and could not say found no question": labelled_as(False, ("rules 1", (), 1)),
    "a model beats the rules": labelled_as(
        False, ("rules 1", ("question",), 9), ("model 3", ("praise",), 1)
    ),
    "a person beats a model": labelled_as(
        True, ("model 3", ("praise",), 9), ("person:alice", ("question",), 1)
    ),
    "the newest rules beat the older ones": labelled_as(
        True, ("rules 1", ("praise",), 1), ("rules 2", ("question",), 2)
    ),
}  # fmt: skip
STAGES = {
    name: Account(account=f"n{number}:a", institution="northfield", network=f"n{number}")
    for number, name in enumerate(SCENES)
}


@pytest.fixture(scope="module")
def played() -> dict[str, list[tuple[str, int, bool]]]:
    """Ask for the waits of every scene at once."""
    parts = [SCENES[name].at(account) for name, account in STAGES.items()]
    rows = {kind: [one for part in parts for one in part[kind]] for kind in parts[0]}
    with selects_unmerged():
        told = waits(tables(**rows)).to_pyarrow().to_pylist()
    found: dict[str, list[tuple[str, int, bool]]] = {}
    for row in told:
        wait = (row["post"], row["seconds"], row["is_answered"])
        found.setdefault(row["account"], []).append(wait)
    return found


@pytest.mark.parametrize("name", SCENES)
def test_scene(name: str, played: dict[str, list[tuple[str, int, bool]]]) -> None:
    assert played.get(STAGES[name].account, []) == list(SCENES[name].waits)


# ── the indicators ────────────────────────────────────────────────────────────────────


def month(count: int, *, answered: int, after: timedelta = HOUR, unlabelled: int = 0) -> Scene:
    """Return so many questions, of which the first so many are answered."""
    said = [question(f"q{number}", author=f"a{number}") for number in range(count)]
    dark = [question(f"u{number}") for number in range(unlabelled)]
    return Scene(
        said=[*said, *dark],
        labels=[label(one, "question") for one in said],
        posts=[reply(f"r{number}", f"q{number}", after=after) for number in range(answered)],
    )


MONTHS = {
    "most": month(20, answered=15, after=2 * HOUR),
    "late": month(20, answered=15, after=30 * HOUR),
    "few": month(20, answered=9),
    "nine": month(9, answered=9),
    "half seen": month(20, answered=15, unlabelled=20),
    "dark": month(0, answered=0, unlabelled=20),
    "silent": Scene(said=[], posts=[post()]),
}


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], dict[str, Any]]:
    """Ask both indicators of every month at once: (indicator, month) → its row."""
    staged = {
        name: Account(account=f"n{number}:a", institution="northfield", network=f"n{number}")
        for number, name in enumerate(MONTHS)
    }
    parts = [MONTHS[name].at(account) for name, account in staged.items()]
    rows = {kind: [one for part in parts for one in part[kind]] for kind in parts[0]}
    return {
        (indicator, name): found[staged[name].account, OCTOBER]
        for indicator in ("response_share_24h", "response_median")
        for found in [answers(indicator, **rows)]
        for name in MONTHS
        if (staged[name].account, OCTOBER) in found
    }


Told = dict[tuple[str, str], dict[str, Any]]


def test_the_share_is_in_percent_with_its_interval_and_n(told: Told) -> None:
    found = told["response_share_24h", "most"]
    assert (found["value"], found["n"], found["coverage"]) == (pytest.approx(75.0), 20, 1.0)
    assert found["low"] < 60 < 85 < found["high"]


def test_an_answer_after_a_day_does_not_count_within_24_hours(told: Told) -> None:
    assert told["response_share_24h", "late"]["value"] == 0.0


def test_the_median_is_in_hours(told: Told) -> None:
    found = told["response_median", "most"]
    assert (found["value"], found["low"], found["high"]) == (2.0, 2.0, 2.0)


def test_fewer_than_half_answered_have_no_median(told: Told) -> None:
    found = told["response_median", "few"]
    assert (found["value"], found["high"], found["n"]) == (None, None, 20)


@pytest.mark.parametrize("name", ["response_share_24h", "response_median"])
def test_nine_questions_say_nothing_but_their_number(name: str, told: Told) -> None:
    found = told[name, "nine"]
    assert (found["value"], found["low"], found["n"]) == (None, None, 9)


def test_what_nobody_labelled_lowers_the_coverage(told: Told) -> None:
    found = told["response_share_24h", "half seen"]
    assert (found["value"], found["coverage"]) == (pytest.approx(75.0), 0.5)


def test_without_labels_there_is_no_figure_and_the_coverage_says_why(told: Told) -> None:
    found = told["response_share_24h", "dark"]
    assert (found["value"], found["n"], found["coverage"]) == (None, 0, 0.0)


def test_an_account_nobody_spoke_to_has_no_row(told: Told) -> None:
    assert {name for _indicator, name in told} == set(MONTHS) - {"silent"}


# ── against the slow reference ────────────────────────────────────────────────────────

ACCOUNTS = [f"bluesky:a{number}" for number in range(250)]
START = datetime(2026, 10, 4, 0, 30, tzinfo=UTC)


def public(account: str, rng: np.random.Generator) -> Public:
    """Return a few weeks of an account in public, with every kind of gap."""

    def one_of(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    def moment() -> datetime:
        return START + int(rng.integers(0, 33 * 24)) * HOUR

    names = [f"{account}/m{number}" for number in range(6)]
    threads = (None, "t1", names[0], names[1])
    to = (None, *names[:3], "t1")
    said = [
        question(
            name, subject=account, kind=one_of("reply", "mention", "quote"),
            author=one_of("a1", "a2"), published_at=moment(), thread=one_of(*threads),
            answers_to=one_of(*to),
        )
        for name in names[: int(rng.integers(0, 7))]
    ]  # fmt: skip
    owner = Account(account=account, institution="northfield", network="bluesky")
    posts = [
        post(
            f"{account}/p{number}", account=owner, published_at=(at := moment()),
            observed_at=at + HOUR, answers_to=one_of(*to), thread=one_of(*threads),
            is_reply=one_of(None, True, False), is_repost=one_of(None, False, False, True),
        )
        for number in range(int(rng.integers(0, 12)))
    ]  # fmt: skip
    labels = [
        label(one, *one_of(("question",), ("question", "praise"), ("praise",), ()), annotator=who)
        for one in said
        for who in ("rules 1", "model 2", "person:alice")
        if rng.random() < 0.6
    ]
    looks = [
        snapshot((at := moment()).date(), account=owner, observed_at=at)
        for _look in range(int(rng.integers(0, 2)))
    ]
    return Public(account=account, posts=posts, mentions=said, labels=labels, snapshots=looks)


def test_waits_are_the_slow_ones() -> None:
    rng = np.random.default_rng(2026)
    pasts = [public(account, rng) for account in ACCOUNTS]
    kinds = ("posts", "mentions", "labels", "snapshots")
    rows = {kind: [one for past in pasts for one in getattr(past, kind)] for kind in kinds}
    with selects_unmerged():
        found = waits(tables(**rows)).to_pyarrow().to_pylist()
    told = sorted(
        (row["account"], row["month_on"], row["seconds"], row["is_answered"]) for row in found
    )
    assert told == sorted(
        (past.account, month, one.seconds, one.is_answered)
        for past in pasts
        for month in (OCTOBER, NOVEMBER)
        for one in past.waits(month)
    )
    assert 40 < sum(ended for *_who, ended in told) < len(told) - 40
