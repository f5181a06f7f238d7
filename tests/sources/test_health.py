"""How a source stands follows from what is known of it, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import ACCOUNTS, INSTITUTIONS, NOON
from tests.sources.conftest import Kinds
from vigie.collect.connecting import connectors
from vigie.collect.connector import Allowance, Option, Permission
from vigie.columns import table_of
from vigie.model import Account, Cursor, Institution, Quarantined, Run
from vigie.register.changes import put_event
from vigie.settings import Settings
from vigie.sources import gathering, health_words, lost, turns
from vigie.sources.health import GRACE, STATES, Facts, Health, health_of, state_of
from vigie.sources.models import Connection, Work
from vigie.store.store import Store
from vigie.words import _, say

HOUR = timedelta(hours=1)
ONE, TWO = "bluesky:one", "bluesky:two"
KEY = Option(name="token", label=_("Token"), is_secret=True, is_needed=True)


def cursor(subject: str = ONE, stream: str = "posts", **changes: Any) -> Cursor:
    given: dict[str, Any] = {
        "connector": "bluesky", "network": "bluesky", "subject": subject, "stream": stream,
        "position": "{}", "asked_at": NOON, "succeeded_at": NOON - HOUR,
        "complete_from": NOON - 90 * HOUR, "complete_to": NOON - HOUR,
    }  # fmt: skip
    return Cursor(**{**given, **changes})


def work(**changes: Any) -> Work:
    return Work(**{"kind": "collect", "due_at": NOON + HOUR, "every": 24 * HOUR, **changes})


def facts(**changes: Any) -> Facts:
    name = next(iter(connectors()))
    given: dict[str, Any] = {
        "name": name, "connector": connectors()[name], "now": NOON,
        "subjects": frozenset({ONE}), "cursors": [cursor()], "work": work(),
    }  # fmt: skip
    return Facts(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "working"),
        ({"lacking": (KEY,)}, "needs"),
        ({"lacking": (KEY,), "work": None}, "needs"),
        ({"subjects": frozenset()}, "idle"),
        ({"cursors": []}, "waiting"),
        ({"cursors": [], "work": None}, "waiting"),
        ({"work": work(is_paused=True, misses=3)}, "paused"),
        ({"work": work(misses=1)}, "failing"),
        ({"work": work(misses=1, is_denied=True)}, "refused"),
        ({"work": work(due_at=NOON - GRACE)}, "working"),
        ({"work": work(due_at=NOON - GRACE - HOUR)}, "late"),
        ({"work": None}, "late"),
        ({"work": work(claimed_by="ann", held_until=NOON + HOUR)}, "asking"),
        ({"work": work(claimed_by="ann", held_until=NOON - HOUR)}, "working"),
        ({"cursors": [cursor(subject=TWO)]}, "waiting"),
    ],
)
def test_state_follows_from_what_is_known(changes: dict[str, Any], state: str) -> None:
    assert state_of(facts(**changes)) == state


def test_key_entered_after_a_refusal_waits_for_its_first_answer() -> None:
    refused = work(misses=1, is_denied=True, last_failure=NOON - HOUR)
    entered = Connection(connector="x", connected_at=NOON)
    assert state_of(facts(work=refused, connection=entered, cursors=[])) == "waiting"


@pytest.mark.parametrize(
    ("state", "work_of", "since"),
    [
        ("failing", work(misses=2, failing_since=NOON - 5 * HOUR), NOON - 5 * HOUR),
        ("late", work(due_at=NOON - 2 * HOUR), NOON - 2 * HOUR),
        ("asking", work(claimed_by="a", claimed_at=NOON, held_until=NOON + HOUR), NOON),
        ("working", work(), None),
    ],
)
def test_since_when_it_is_so_is_said(state: str, work_of: Work, since: object) -> None:
    stands = health_of(facts(work=work_of))
    assert (stands.state, stands.since) == (state, since)


def test_accounts_read_are_counted_against_those_known() -> None:
    cursors = [cursor(), cursor(stream="profile"), cursor(TWO, succeeded_at=None, misses=1)]
    stands = health_of(facts(subjects=frozenset({ONE, TWO, "bluesky:three"}), cursors=cursors))
    assert (stands.accounts_read, stands.accounts, stands.accounts_failing) == (1, 3, 1)


def test_account_that_left_the_register_no_longer_counts() -> None:
    stands = health_of(facts(cursors=[cursor(), cursor(TWO, misses=4)]))
    assert (stands.accounts_read, stands.accounts_failing) == (1, 0)


def test_everything_was_read_up_to_the_account_furthest_behind() -> None:
    cursors = [cursor(), cursor(TWO, complete_to=NOON - 9 * HOUR)]
    stands = health_of(facts(subjects=frozenset({ONE, TWO}), cursors=cursors))
    assert stands.complete_to == NOON - 9 * HOUR


def test_permission_that_was_not_granted_is_missing() -> None:
    class Asking(connectors()[next(iter(connectors()))]):  # type: ignore[misc]  # any will do
        permissions = (
            Permission(name="read", reason=_("Read.")),
            Permission(name="write", reason=_("Write.")),
        )

    granted = Connection(connector="x", connected_at=NOON, granted=["read"])
    stands = health_of(facts(connector=Asking, connection=granted))
    assert [one.name for one in stands.missing] == ["write"]


def test_permissions_are_not_missing_where_the_network_does_not_say() -> None:
    stands = health_of(facts(connection=Connection(connector="x", connected_at=NOON)))
    assert (stands.granted, stands.missing) == (None, ())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_state_is_said_in_words(state: str, language: str) -> None:
    stands = Health(name="x", label=_("X"), state=state, lacking=(KEY, replace(KEY, name="b")))
    assert say(health_words.NAMES[state], language)
    assert say(health_words.said(stands), language).endswith(("?", "."))


# ── gathered from the records and the store ───────────────────────────────────────────


def run(**changes: Any) -> Run:
    given: dict[str, Any] = {
        "run": "r1", "step": "collect", "started_at": NOON - HOUR, "ended_at": NOON, "read": 10,
        "kept": 10, "duplicate": 0, "refused": 0, "calls": 7,
    }  # fmt: skip
    return Run(**{**given, **changes})


@pytest.mark.django_db
def test_health_is_gathered_for_every_connector(settings: Settings, store: Store) -> None:
    found = gathering.health(store, settings=settings, now=NOON)
    assert {one.name for one in found} == set(connectors())
    ranks = [STATES.index(one.state) for one in found]
    assert ranks == sorted(ranks)


@pytest.mark.django_db
def test_source_of_the_register_waits_for_its_first_turn(settings: Settings, store: Store) -> None:
    store.replace("institutions", table_of(Institution, INSTITUTIONS))
    store.replace("accounts", table_of(Account, ACCOUNTS))
    turns.schedule(settings, now=NOON)
    found = {one.name: one for one in gathering.health(store, settings=settings, now=NOON)}
    network = ACCOUNTS[0].network
    (asking,) = [
        found[name]
        for name, cls in connectors().items()
        if cls.network == network and found[name].state != "needs"
    ]
    assert (asking.state, asking.accounts, asking.is_due) == ("waiting", len(ACCOUNTS), True)


@pytest.mark.django_db
def test_what_was_spent_leaves_the_budget(settings: Settings, store: Store) -> None:
    name, limit = next(
        (name, cls.allowance.calls)
        for name, cls in connectors().items()
        if cls.allowance.calls is not None and cls.allowance.per >= timedelta(hours=2)
    )
    store.append("runs", table_of(Run, [run(member=name)]))
    (stands,) = gathering.health(store, settings=settings, now=NOON, only=name)
    assert stands.budget is not None
    assert (stands.budget.calls_left, stands.shows_budget) == (limit - 7, True)


@pytest.mark.django_db
def test_what_waits_in_quarantine_is_counted(
    settings: Settings, store: Store, kinds: Kinds
) -> None:
    rows = [
        Quarantined(
            quarantined=f"q{state}", connector=kinds.open, network="n", stream="posts",
            subject="s", position=1, reason="Odd.", observed_at=NOON, state=state,
        )
        for state in ("waiting", "read")
    ]  # fmt: skip
    store.append("quarantine", table_of(Quarantined, rows))
    (stands,) = gathering.health(store, settings=settings, now=NOON, only=kinds.open)
    assert stands.quarantined == 1


@pytest.mark.django_db
def test_field_that_disappeared_is_named_with_its_day(
    settings: Settings, store: Store, kinds: Kinds
) -> None:
    put_event(lost.event_of(kinds.open, "posts", "views", day=date(2026, 9, 3)))
    (stands,) = gathering.health(store, settings=settings, now=NOON, only=kinds.open)
    assert stands.lost == (lost.Lost(stream="posts", field="views", day=date(2026, 9, 3)),)


@pytest.mark.parametrize(("field", "breaks"), [("followers", True), ("views", False)])
def test_only_a_lost_audience_breaks_its_growth(kinds: Kinds, field: str, breaks: bool) -> None:
    event = lost.event_of(kinds.open, "profile", field, day=date(2026, 9, 3))
    assert (event.breaks_series, event.network) == (breaks, connectors()[kinds.open].network)


@pytest.mark.parametrize(
    ("per", "calls", "spent", "shown"),
    [(24 * HOUR, 100, 0, True), (HOUR, 100, 0, False), (HOUR, 100, 60, True)],
)
def test_short_budget_is_shown_only_when_little_is_left(
    per: timedelta, calls: int, spent: int, shown: bool
) -> None:
    from vigie.collect.budget import Budget

    budget = Budget(allowance=Allowance(per=per, calls=calls), calls=spent)
    assert health_of(facts(budget=budget)).shows_budget is shown


@pytest.mark.parametrize(("minutes", "is_said"), [(5, False), (15, True)])
def test_run_without_a_sign_of_life_is_said(minutes: int, is_said: bool) -> None:
    moment = NOON - timedelta(minutes=minutes)
    going_on = Run(
        run="1", step="collect", started_at=moment, ended_at=moment, read=0, kept=0, duplicate=0,
        refused=0, state="running",
    )  # fmt: skip
    assert (health_of(facts(latest=going_on)).silent is not None) is is_said
