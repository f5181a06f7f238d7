"""What a run of a connector means for its next turn: a miss, a refusal, a rest to read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.cast import NOON, NORTHFIELD
from tests.collect.keyed import body_of, sample
from tests.register.looks import account, look
from tests.sources.conftest import Kinds, kinds
from vigie.cli.jobs import Jobs
from vigie.cli.outcomes import outcome_of
from vigie.flow.journal import Collected, Counts, Failure
from vigie.http import Http
from vigie.register.changes import apply_update, propose
from vigie.register.models import Event
from vigie.settings import Settings
from vigie.sources import deliveries, turns
from vigie.sources.models import Delivery, Work
from vigie.sources.shelf import Shelf
from vigie.sources.turns import COLLECT, Claim
from vigie.store.store import Store
from vigie.words import _

__all__ = ["kinds"]

AWAY = Failure(subject="a", stream="posts", words=_("The server is away."))
DENIED = replace(AWAY, words=_("The key is old."), is_denied=True)


def collected(kinds: Kinds, **changes: object) -> Collected:
    given: dict[str, object] = {
        "run": "r", "connector": kinds.open, "state": "done", "counts": Counts(), "asked": 2,
        "accounts": 2, **changes,
    }  # fmt: skip
    return Collected(**given)  # type: ignore[arg-type]


def test_run_that_went_well_is_no_miss(kinds: Kinds) -> None:
    assert outcome_of(collected(kinds, counts=Counts(seen=3, kept=3))).failure is None


def test_quiet_accounts_are_no_miss(kinds: Kinds) -> None:
    assert outcome_of(collected(kinds)).failure is None


def test_one_account_that_fails_is_no_miss_of_the_network(kinds: Kinds) -> None:
    assert outcome_of(collected(kinds, failures=(AWAY,))).failure is None


def test_failing_of_every_account_is_a_miss(kinds: Kinds) -> None:
    failures = (AWAY, replace(AWAY, subject="b"))
    outcome = outcome_of(collected(kinds, failures=failures))
    assert (str(outcome.failure), outcome.is_denied) == ("The server is away.", False)


def test_refusal_of_every_account_is_a_refused_key(kinds: Kinds) -> None:
    failures = (DENIED, replace(DENIED, subject="b"))
    assert outcome_of(collected(kinds, failures=failures)).is_denied


def test_run_that_was_given_up_is_a_miss(kinds: Kinds) -> None:
    run = collected(kinds, state="failed", counts=Counts(seen=9), remarks=(_("Given up."),))
    assert str(outcome_of(run).failure) == "Given up."


def test_part_is_no_miss_and_its_rest_is_read_when_allowed(kinds: Kinds) -> None:
    later = NOON + timedelta(minutes=5)
    outcome = outcome_of(collected(kinds, state="short", not_before=later))
    assert (outcome.failure, outcome.not_before) == (None, later)


def test_run_cut_off_by_a_stop_is_not_finished(kinds: Kinds) -> None:
    assert not outcome_of(collected(kinds, state="interrupted")).is_finished


@pytest.mark.django_db
def test_network_without_accounts_is_asked_nothing(
    settings: Settings, store: Store, kinds: Kinds
) -> None:
    jobs = Jobs(store=store, settings=settings)
    now = datetime.now(UTC)
    turns.make_due(COLLECT, kinds.open, now=now, every=timedelta(days=1))
    claim = turns.claim("ann", now=now, lease=timedelta(minutes=1))
    assert isinstance(claim, Claim)
    assert jobs.collect(claim, lambda: False).failure is None
    assert store.table("runs").count().to_pyarrow().as_py() == 0


@pytest.mark.django_db
def test_lost_field_becomes_an_event_of_the_register(
    settings: Settings, store: Store, kinds: Kinds
) -> None:
    jobs = Jobs(store=store, settings=settings, clock=lambda: NOON)
    jobs.teach(collected(kinds, lost=(("profile", "followers"),)))
    event = Event.objects.get()
    assert (event.day, event.breaks_series) == (NOON.date(), True)
    assert store.table("events").count().to_pyarrow().as_py() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [turns.ALERTS, turns.DELIVERIES, turns.LET_GO, turns.MEASURE, turns.REREAD, turns.SEARCH],
)
def test_other_work_is_done_on_an_empty_store(
    settings: Settings, store: Store, kinds: Kinds, kind: str
) -> None:
    turns.make_due(kind, kinds.open, now=NOON)
    claim = turns.claim("ann", now=NOON, lease=timedelta(minutes=1))
    assert claim is not None
    jobs = Jobs(store=store, settings=settings)
    assert jobs.by_kind[kind](claim, lambda: False).failure is None
    assert turns.succeed(claim, now=NOON)
    assert not Work.objects.exists()


@pytest.mark.django_db
def test_what_a_network_tells_is_kept_measured_and_not_asked_for(
    settings: Settings, store: Store
) -> None:
    page = account("northfield", "northfield", "facebook", identifier="100000000000001")
    apply_update(propose(look(NORTHFIELD, accounts=(page,)), source="a", seen_at=NOON))
    entry = body_of(sample("facebook", "webhook"))
    body = {"object": "page", "entry": [{**entry, "changes": entry["changes"][:2]}]}
    Shelf(home=settings.home).put("meta", json.dumps(body).encode())
    deliveries.file_new(Shelf(home=settings.home), now=NOON)
    claim = turns.claim("ann", now=NOON, lease=timedelta(minutes=1))
    assert claim is not None
    Jobs(store=store, settings=settings, clock=lambda: NOON).read_deliveries(claim, lambda: False)
    assert store.table("mentions").count().to_pyarrow().as_py() == 2
    assert Delivery.objects.get().state == "done"
    assert set(Work.objects.values_list("kind", flat=True)) >= {turns.MEASURE, turns.ANNOTATE}
    assert not Work.objects.filter(kind=turns.COLLECT).exists()


@pytest.mark.django_db
def test_nothing_is_let_go_while_every_server_says_another_day(
    settings: Settings, store: Store
) -> None:
    claim = turns.Claim(
        work=1, kind=turns.LET_GO, connector="", subject="", every=None, due_at=NOON,
        is_whole=False, attempts=1, misses=0, worker="ann", at=NOON,
    )  # fmt: skip
    http = Http(agent="test")
    jobs = Jobs(store=store, settings=settings, http=http, clock=lambda: NOON)
    http.clocks.note("a.example", {"date": "Fri, 20 Nov 2020 12:00:00 GMT"}, at=NOON)
    assert "Set it right" in str(jobs.let_go(claim, lambda: False).failure)
    http.clocks.note("b.example", {"date": format_datetime(NOON, usegmt=True)}, at=NOON)
    assert jobs.let_go(claim, lambda: False).failure is None
