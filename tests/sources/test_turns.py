"""Due work: who may take it, how long it is held, when it comes again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.sources.conftest import Kinds
from vigie.settings import Settings
from vigie.sources import turns
from vigie.sources.models import Connection, Work
from vigie.sources.turns import COLLECT, Claim
from vigie.words import _

pytestmark = pytest.mark.django_db

LEASE = timedelta(minutes=2)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
WORDS = _("The server is away.")


def due(connector: str = "one", subject: str = "", *, every: timedelta | None = DAY) -> Work:
    turns.make_due(COLLECT, connector, subject, now=NOON, every=every)
    return Work.objects.get(connector=connector, subject=subject)


def taken(worker: str = "ann", *, after: timedelta = timedelta()) -> Claim:
    claim = turns.claim(worker, now=NOON + after, lease=LEASE)
    assert claim is not None
    return claim


def test_nothing_is_taken_before_it_is_due() -> None:
    due()
    assert turns.claim("ann", now=NOON - MINUTE, lease=LEASE) is None


def test_what_has_been_due_longest_is_taken_first() -> None:
    due("two")
    Work.objects.create(kind=COLLECT, connector="one", due_at=NOON - MINUTE)
    assert taken().connector == "one"


def test_what_one_holds_another_does_not_get() -> None:
    due()
    taken("ann")
    assert turns.claim("ben", now=NOON, lease=LEASE) is None


def test_two_things_of_one_connector_are_done_one_after_the_other() -> None:
    due("one")
    due("one", "one:account")
    taken("ann")
    assert turns.claim("ben", now=NOON, lease=LEASE) is None


def test_work_of_two_connectors_is_done_side_by_side() -> None:
    due("one")
    due("two")
    assert {taken("ann").connector, taken("ben").connector} == {"one", "two"}


def test_paused_work_is_not_taken() -> None:
    due()
    Work.objects.update(is_paused=True)
    assert turns.claim("ann", now=NOON, lease=LEASE) is None


def test_silent_workers_work_is_taken_over_after_the_lease() -> None:
    due()
    taken("ann")
    assert turns.claim("ben", now=NOON + LEASE, lease=LEASE) is None
    assert taken("ben", after=LEASE + MINUTE).attempts == 2


def test_sign_of_life_keeps_the_work() -> None:
    due()
    claim = taken("ann")
    assert turns.beat(claim, now=NOON + MINUTE, lease=LEASE)
    assert turns.claim("ben", now=NOON + LEASE, lease=LEASE) is None


def test_worker_that_lost_its_work_is_told() -> None:
    due()
    claim = taken("ann")
    taken("ben", after=LEASE + MINUTE)
    assert not turns.beat(claim, now=NOON + 2 * LEASE, lease=LEASE)
    assert not turns.succeed(claim, now=NOON + 2 * LEASE)
    assert not turns.fail(claim, WORDS, now=NOON + 2 * LEASE, chance=0)


def test_worker_does_not_mistake_its_next_turn_for_the_one_it_lost() -> None:
    due()
    lost = taken("ann")
    taken("ann", after=LEASE + MINUTE)
    assert not turns.beat(lost, now=NOON + 2 * LEASE, lease=LEASE)


def test_work_done_comes_again_at_its_rhythm() -> None:
    row = due()
    turns.succeed(taken(after=MINUTE), now=NOON + 9 * MINUTE)
    row.refresh_from_db()
    assert (row.due_at, row.last_success) == (NOON + MINUTE + DAY, NOON + 9 * MINUTE)
    assert (row.claimed_by, row.attempts) == ("", 0)


def test_work_to_be_done_once_goes_when_it_is_done() -> None:
    due(every=None)
    turns.succeed(taken(), now=NOON)
    assert not Work.objects.exists()


def test_what_was_asked_for_during_the_work_is_done_again() -> None:
    row = due(every=None)
    claim = taken()
    turns.make_due(COLLECT, "one", now=NOON + MINUTE)
    turns.succeed(claim, now=NOON + 2 * MINUTE)
    row.refresh_from_db()
    assert row.due_at == NOON + MINUTE


def test_rest_of_a_part_is_read_when_the_network_allows() -> None:
    row = due()
    turns.succeed(taken(), now=NOON, not_before=NOON + 3 * MINUTE)
    row.refresh_from_db()
    assert row.due_at == NOON + 3 * MINUTE


def test_work_given_back_is_due_at_once() -> None:
    due()
    turns.release(taken("ann"))
    assert taken("ben").attempts == 1


def test_failure_is_kept_in_both_languages_and_tried_again_soon() -> None:
    row = due()
    turns.fail(taken(), WORDS, now=NOON, chance=1)
    row.refresh_from_db()
    assert (row.misses, row.due_at, row.failing_since) == (1, NOON + 5 * MINUTE, NOON)
    assert row.failure is not None
    assert set(row.failure) == {"fr", "en"}


@pytest.mark.parametrize(
    ("misses", "minutes"), [(1, 5), (2, 10), (3, 20), (9, 1280), (10, 1440), (400, 1440)]
)
def test_each_failure_doubles_the_pause_up_to_a_day(misses: int, minutes: int) -> None:
    assert turns.pause_after(misses, every=DAY, chance=1) == minutes * MINUTE


def test_those_who_failed_together_come_back_apart() -> None:
    pauses = {turns.pause_after(3, every=DAY, chance=chance) for chance in (0.0, 0.4, 0.9)}
    assert len(pauses) == 3


def test_refused_key_is_not_tried_again_before_its_next_turn() -> None:
    row = due()
    turns.fail(taken(), WORDS, now=NOON, chance=0.5, is_denied=True)
    row.refresh_from_db()
    assert (row.due_at, row.is_denied) == (NOON + DAY, True)


def test_network_that_asks_to_wait_longer_is_left_alone_until_then() -> None:
    row = due()
    turns.fail(taken(), WORDS, now=NOON, chance=0.5, not_before=NOON + DAY)
    row.refresh_from_db()
    assert row.due_at == NOON + DAY


def test_success_ends_a_series_of_failures() -> None:
    row = due()
    turns.fail(taken(), WORDS, now=NOON, chance=0)
    turns.succeed(taken(after=DAY), now=NOON + DAY)
    row.refresh_from_db()
    assert (row.misses, row.failing_since, row.failure) == (0, None, None)


def test_series_of_failures_keeps_its_first_day() -> None:
    row = due()
    turns.fail(taken(), WORDS, now=NOON, chance=0)
    turns.fail(taken(after=DAY), WORDS, now=NOON + DAY, chance=0)
    row.refresh_from_db()
    assert (row.misses, row.failing_since) == (2, NOON)


def test_work_to_be_done_once_is_let_go_after_three_failures() -> None:
    due(every=None)
    for days in range(turns.MOST_TRIES_ONCE):
        turns.fail(taken(after=days * DAY), WORDS, now=NOON + days * DAY, chance=0)
    assert not Work.objects.exists()


def test_source_without_a_key_gets_its_turn_by_itself(settings: Settings, kinds: Kinds) -> None:
    turns.schedule(settings, now=NOON)
    planned = set(Work.objects.filter(kind=COLLECT).values_list("connector", flat=True))
    assert kinds.open in planned
    assert kinds.closed not in planned


def test_planning_again_moves_nothing(settings: Settings, kinds: Kinds) -> None:
    turns.schedule(settings, now=NOON)
    before = list(Work.objects.order_by("id").values())
    turns.schedule(settings, now=NOON + DAY)
    assert list(Work.objects.order_by("id").values()) == before


def test_key_of_the_settings_is_enough_for_a_turn(settings: Settings, kinds: Kinds) -> None:
    given = {f"{kinds.closed}_{name}": "k" for name in kinds.keys}
    turns.schedule(Settings(home=settings.home, connect=given), now=NOON)
    assert Work.objects.filter(kind=COLLECT, connector=kinds.closed).exists()


def test_what_the_network_grants_is_remembered() -> None:
    Connection.objects.create(connector="one", sealed="s", connected_by="a", connected_at=NOON)
    turns.note_answer("one", now=NOON, granted=frozenset({"read"}), is_denied=False)
    turns.note_answer("one", now=NOON + DAY, granted=None, is_denied=True)
    row = Connection.objects.get()
    assert (row.state, row.granted, row.checked_at) == ("refused", ["read"], NOON + DAY)


# ── a clock that is set ───────────────────────────────────────────────────────────────


def test_clock_set_back_takes_nobody_their_work() -> None:
    due()
    claim = taken("ann", after=60 * MINUTE)
    assert turns.beat(claim, now=NOON, lease=LEASE)
    assert turns.claim("ben", now=NOON + MINUTE, lease=LEASE) is None
    assert turns.succeed(claim, now=NOON + MINUTE)
    assert Work.objects.get().due_at == NOON + MINUTE + DAY


def test_work_of_a_worker_that_died_in_the_future_is_taken_over() -> None:
    due()
    taken("ann", after=400 * DAY)
    assert taken("ben", after=MINUTE).worker == "ben"


@pytest.mark.parametrize("ended", ["well", "badly"])
def test_work_done_in_the_future_is_due_again_once_the_clock_is_right(
    settings: Settings, kinds: Kinds, ended: str
) -> None:
    turns.schedule(settings, now=NOON)
    later = NOON + 400 * DAY
    claim = turns.claim("ann", now=later, lease=LEASE)
    assert claim is not None
    if ended == "well":
        turns.succeed(claim, now=later)
    else:
        turns.fail(claim, WORDS, now=later, chance=1.0)
    turns.schedule(settings, now=NOON + MINUTE)
    row = Work.objects.get(pk=claim.work)
    assert row.due_at == NOON + MINUTE
    Work.objects.filter(pk=row.pk).update(due_at=later)
    turns.schedule(settings, now=NOON + MINUTE)
    assert Work.objects.get(pk=row.pk).due_at == later
