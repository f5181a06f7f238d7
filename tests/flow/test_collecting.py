"""A run over a network: nothing is lost, nothing doubled, and the journal says what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.flow.pond import ASHBY, NORTHFIELD, NOW, Pond, run
from vigie.collect.budget import Budget
from vigie.collect.connector import Allowance, Ask
from vigie.columns import records_of
from vigie.errors import BusyError, NoAnswerError, RefusedError
from vigie.flow.journal import Counts, Journal, close_silent, runs_of
from vigie.model import Cursor, Post, Quarantined
from vigie.store.store import Store
from vigie.words import _, say, unsaid


def pond(count: int = 8) -> Pond:
    made = Pond()
    for number in range(count):
        made.publish("northfield", f"p{number}", days_ago=number + 1)
    return made


def posts(store: Store) -> list[str]:
    return sorted(row.post for row in records_of(Post, store.table("posts").to_pyarrow()))


def cursor(store: Store, stream: str = "posts", subject: str = NORTHFIELD.subject) -> Cursor:
    found = records_of(Cursor, store.table("cursors").to_pyarrow())
    return next(one for one in found if (one.subject, one.stream) == (subject, stream))


def balanced(counts: Counts) -> bool:
    became = counts.kept + counts.duplicate + counts.refused + counts.skipped
    return counts.seen == became


def test_a_first_run_reads_every_page_and_says_so(store: Store) -> None:
    counts = run(store, pond()).counts
    assert (counts.seen, counts.kept, counts.calls) == (9, 9, 4)
    assert posts(store) == [f"p{number}" for number in range(8)]


def test_a_second_run_adds_nothing_but_a_snapshot(store: Store) -> None:
    made = pond()
    run(store, made)
    counts = run(store, made).counts
    assert (counts.kept, balanced(counts), len(posts(store))) == (1, True, 8)


def test_a_second_run_stops_where_enough_is_known(store: Store) -> None:
    made = pond(30)
    run(store, made)
    made.asked.clear()
    run(store, made, now=NOW + timedelta(hours=1))
    assert len([ask for ask in made.asked if ask.stream == "posts"]) == 3


def test_what_is_older_than_the_backfill_is_not_asked_for(store: Store) -> None:
    run(store, pond(100))
    assert len(posts(store)) == 33


def test_a_person_may_ask_for_more_of_the_past(store: Store) -> None:
    made = pond(100)
    run(store, made)
    run(store, made, since=NOW - timedelta(days=80))
    assert len(posts(store)) == 81


@pytest.mark.parametrize("broken_after", range(1, 6))
def test_a_walk_that_breaks_goes_on_where_it_stopped(store: Store, broken_after: int) -> None:
    made = pond(12)
    made.before = fail_after(made, broken_after)
    run(store, made)
    made.before = lambda ask: None
    made.publish("northfield", "new", days_ago=0.1)
    run(store, made)
    assert posts(store) == sorted([*(f"p{number}" for number in range(12)), "new"])


def fail_after(made: Pond, count: int) -> object:
    def before(ask: Ask) -> None:
        if len(made.asked) > count:
            raise NoAnswerError(_("The pond is frozen."))

    return before


def test_a_failure_is_counted_and_forgotten_after_a_success(store: Store) -> None:
    made = pond()
    made.before = fail_after(made, 0)
    result = run(store, made)
    assert (cursor(store).misses, str(result.failures[0].words)) == (1, "The pond is frozen.")
    made.before = lambda ask: None
    run(store, made, now=NOW + timedelta(minutes=1))
    assert (cursor(store).misses, cursor(store).failure) == (0, None)


def test_a_cursor_the_network_no_longer_knows_begins_anew(store: Store) -> None:
    made = pond(12)
    made.before = fail_after(made, 3)
    run(store, made)

    def forget(ask: Ask) -> None:
        if ask.page == "6" and len(made.asked) == 2:
            raise RefusedError(_("Unknown cursor."), status=400)

    made.before = forget
    made.asked.clear()
    run(store, made, now=NOW + timedelta(minutes=1))
    assert len(posts(store)) == 12


def test_a_failure_is_kept_so_that_it_can_be_said_in_any_language(store: Store) -> None:
    made = pond()

    def refuse(ask: Ask) -> None:
        raise RefusedError(_("{url} is not a web page.", url="https://pond.example"), status=400)

    made.before = refuse
    run(store, made)
    said = say(unsaid(cursor(store).failure or ""), "fr")
    assert said == "https://pond.example n’est pas une page web."


def test_a_run_without_a_sign_of_life_is_closed_as_interrupted(store: Store) -> None:
    Journal(store=store, connector="pond", clock=lambda: NOW).begin()
    assert close_silent(store, now=NOW + timedelta(minutes=9)) == []
    (closed,) = close_silent(store, now=NOW + timedelta(minutes=11), connector="pond")
    assert (closed.state, runs_of(store, "pond")[0].state) == ("interrupted", "interrupted")


def test_a_network_that_asks_to_wait_is_left_alone(store: Store) -> None:
    made = pond()

    def busy(ask: Ask) -> None:
        raise BusyError(_("Wait."), status=429)

    made.before = busy
    result = run(store, made, subjects=(NORTHFIELD, ASHBY))
    assert (result.state, len(made.asked), result.asked) == ("short", 1, 0)


def test_a_short_budget_is_said_and_the_rest_comes_in_the_next_run(store: Store) -> None:
    made = pond(12)
    short = run(store, made, budget=Budget(allowance=Allowance(calls=3)))
    assert (short.state, len(posts(store)), len(short.remarks)) == ("short", 6, 2)
    run(store, made)
    assert len(posts(store)) == 12


def test_accounts_that_waited_longest_come_first(store: Store) -> None:
    made = pond()
    run(store, made, subjects=(NORTHFIELD,))
    made.asked.clear()
    run(store, made, subjects=(NORTHFIELD, ASHBY), now=NOW + timedelta(hours=1))
    assert made.asked[0].subject == ASHBY


def test_a_post_taken_down_is_asked_about_and_erased(store: Store) -> None:
    made = pond()
    run(store, made)
    del made.posts["northfield"]["p2"]
    run(store, made, now=NOW + timedelta(hours=1))
    assert "p2" not in posts(store)


def test_a_post_that_is_merely_not_shown_stays(store: Store) -> None:
    made = pond()
    run(store, made)
    hidden = made.posts["northfield"].pop("p2")
    made.before = lambda ask: (
        made.posts["northfield"].update(p2=hidden) if ask.stream == "check" else None
    )
    run(store, made, now=NOW + timedelta(hours=1))
    assert "p2" in posts(store)


def test_one_bad_record_is_quarantined_and_the_rest_goes_on(store: Store) -> None:
    made = pond(5)
    made.posts["northfield"]["p1"]["at"] = "yesterday"
    counts = run(store, made).counts
    (kept,) = records_of(Quarantined, store.table("quarantine").to_pyarrow())
    assert (counts.refused, len(posts(store)), kept.field, kept.state) == (1, 4, "at", "waiting")
    assert balanced(counts)


@pytest.mark.parametrize("place", ["text", "at", "id"])
def test_half_a_character_blocks_nothing(store: Store, place: str) -> None:
    made = pond(3)
    made.posts["northfield"]["p1"][place] = "cut \ud83d"
    result = run(store, made)
    assert (result.counts.seen, balanced(result.counts), result.failures) == (4, True, ())


def test_an_error_of_our_own_does_not_stop_the_other_accounts(store: Store) -> None:
    made = pond()
    made.publish("ashby", "a0")

    def broken(ask: Ask) -> None:
        if ask.subject == NORTHFIELD:
            raise ZeroDivisionError

    made.before = broken
    result = run(store, made, subjects=(NORTHFIELD, ASHBY))
    assert (posts(store), len(result.failures)) == (["a0"], 2)


def test_a_metric_that_nobody_has_any_more_is_lost_from_that_day(store: Store) -> None:
    made = pond(5)
    run(store, made)
    for post in made.posts["northfield"].values():
        del post["likes"]
    result = run(store, made, now=NOW + timedelta(days=1))
    assert (result.lost, cursor(store).lost) == ((("posts", "likes"),), ("likes",))


def test_a_metric_is_reported_lost_once(store: Store) -> None:
    made = pond(5)
    run(store, made)
    for post in made.posts["northfield"].values():
        del post["likes"]
    run(store, made, now=NOW + timedelta(days=1))
    assert run(store, made, now=NOW + timedelta(days=2)).lost == ()


def test_a_run_asked_to_stop_keeps_what_came(store: Store) -> None:
    made = pond(12)
    result = run(store, made, should_stop=lambda: len(made.asked) >= 3)
    assert (result.state, len(posts(store))) == ("interrupted", 6)


def test_the_journal_says_what_became_of_everything(store: Store) -> None:
    run(store, pond())
    (entry,) = runs_of(store, "pond")
    assert (entry.state, entry.read, entry.kept, entry.calls) == ("done", 9, 9, 4)


def test_what_was_read_recently_is_not_due(store: Store) -> None:
    made = pond()
    run(store, made)
    made.asked.clear()
    run(store, made, now=NOW + timedelta(hours=2), is_due_only=True)
    assert made.asked == []


def test_how_much_was_seen_is_known(store: Store) -> None:
    run(store, pond())
    assert cursor(store).complete_from == NOW - timedelta(days=30)
    assert cursor(store).complete_to == NOW


def test_a_clock_that_was_ahead_does_not_make_us_blind(store: Store) -> None:
    made = pond()
    run(store, made, now=NOW + timedelta(days=400))
    made.publish("northfield", "today", days_ago=0)
    run(store, made)
    assert "today" in posts(store)
