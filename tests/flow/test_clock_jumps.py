"""A clock set back or forward in the middle of a run: nothing is lost, nothing is read twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.flow.pond import ASHBY, NORTHFIELD, NOW, Pond, run
from vigie.collect.budget import budget_of
from vigie.collect.connector import Allowance
from vigie.columns import records_of
from vigie.flow.journal import Collected, Journal, runs_of
from vigie.model import Post, Run
from vigie.store.store import Store
from vigie.store.writing import Names

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOTH = (NORTHFIELD, ASHBY)


@dataclass
class Clock:
    """A clock of a machine, which is set now and then."""

    pond: Pond
    jump: timedelta
    after: int
    """Questions after which it is set."""
    now: datetime = NOW

    def __call__(self) -> datetime:
        is_set = len(self.pond.asked) > self.after
        return self.now + (self.jump if is_set else timedelta())


def pond(count: int = 5) -> Pond:
    made = Pond()
    for handle in ("northfield", "ashby"):
        for number in range(count):
            made.publish(handle, f"{handle}-{number}", days_ago=5 * number + 1)
    return made


def likes(store: Store) -> dict[str, int | None]:
    found = records_of(Post, store.table("posts").to_pyarrow())
    assert len({post.post for post in found}) == len(found), "a post is there twice"
    return {post.post: post.likes for post in found}


def jumping(store: Store, made: Pond, jump: timedelta, after: int) -> Collected:
    """Make a run in which the clock is set, and another by the right clock two hours later."""
    made.clock = Clock(made, jump, after)
    store.names = Names(made.clock)
    broken = run(store, made, subjects=BOTH)
    made.asked.clear()
    for handle in made.posts:
        made.publish(handle, f"{handle}-new", days_ago=-0.05)
        made.posts[handle][f"{handle}-0"]["likes"] = 5
    made.clock = lambda: NOW + 2 * HOUR
    store.names = Names(made.clock)
    run(store, made, subjects=BOTH)
    return broken


@pytest.mark.parametrize(
    ("jump", "after"), [(400 * DAY, 1), (400 * DAY, 5), (-400 * DAY, 1), (HOUR, 5), (-HOUR, 5)]
)
def test_clock_set_in_a_run_loses_and_doubles_nothing(
    store: Store, jump: timedelta, after: int
) -> None:
    made = pond()
    broken = jumping(store, made, jump, after)
    expected = {post: made.posts[handle][post]["likes"] for handle in made.posts
                for post in made.posts[handle]}  # fmt: skip
    assert (broken.state, likes(store)) == ("done", expected)


@pytest.mark.parametrize("jump", [400 * DAY, -400 * DAY])
def test_the_journal_ends_and_adds_up_whatever_the_clock_says(
    store: Store, jump: timedelta
) -> None:
    jumping(store, pond(), jump, 3)
    runs = runs_of(store, "pond")
    assert [run.state for run in runs] == ["done", "done"]
    assert all(run.read == run.kept + run.duplicate + run.refused + (run.skipped or 0)
               for run in runs)  # fmt: skip


@pytest.mark.parametrize(("jump", "said"), [(HOUR, "forward by 60"), (-HOUR, "back by 60")])
def test_the_journal_says_that_the_clock_was_set(store: Store, jump: timedelta, said: str) -> None:
    (remark,) = jumping(store, pond(), jump, 3).remarks
    assert f"set {said} minutes" in str(remark)


def test_time_that_merely_passed_is_no_jump(store: Store) -> None:
    moments = iter([NOW, NOW + HOUR])
    seconds = iter([0.0, 3600.0])
    journal = Journal(
        store=store, connector="pond", clock=lambda: next(moments), monotonic=lambda: next(seconds)
    )
    assert journal.remarks() == ()


def test_account_read_in_the_future_is_due_again_when_the_clock_is_right(store: Store) -> None:
    made = pond()
    run(store, made, now=NOW + 400 * DAY)
    made.asked.clear()
    run(store, made, now=NOW, is_due_only=True)
    assert {ask.stream for ask in made.asked} >= {"profile", "posts"}


def test_what_was_spent_in_the_future_does_not_count(store: Store) -> None:
    spent = Run(
        run="1", step="collect", started_at=NOW + 400 * DAY, ended_at=NOW + 400 * DAY, read=0,
        kept=0, duplicate=0, refused=0, calls=90,
    )  # fmt: skip
    budget = budget_of(Allowance(calls=100), [spent], now=NOW)
    assert (budget.calls_left, budget.resets_at) == (100, NOW + DAY)
