"""Keys that end are renewed in time, sealed at once, and missed by nobody when they cannot be."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from tests.cast import BOB, NOON, NORTHFIELD
from tests.collect.keyed import Scripted, body_of, sample, scripted
from tests.register.looks import account, look
from tests.sources.test_changes import everything_written
from vigie import flow
from vigie.cli.jobs import Jobs
from vigie.collect.renewal import Renewal
from vigie.errors import ForbiddenError
from vigie.register.changes import apply_update, propose
from vigie.register.models import LogEntry
from vigie.register.rights import RIGHTS, Author
from vigie.register.tables import rows
from vigie.settings import Settings
from vigie.sources import changes, renewals, turns
from vigie.sources.connections import entered
from vigie.sources.gathering import health
from vigie.sources.models import Connection, Work
from vigie.store.store import Store

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OLD, NEW = "THR-old-token-0123456789", "THR-new-token-9876543210"
RENEWED = {"access_token": NEW, "token_type": "bearer", "expires_in": 60 * 86_400}


@pytest.fixture
def row(settings: Settings) -> Connection:
    """Threads, connected at noon."""
    given = {"token": OLD, "own": "northfield"}
    return changes.connect("threads", given, settings=settings, at=NOON)


def renewing(settings: Settings, *answers: object, days: float, status: int = 200) -> Scripted:
    """Let so many days pass, and renew what is due."""
    http = scripted(*answers, status=status)
    http.clock = lambda: NOON + days * DAY
    renewals.renew_if_due("threads", settings=settings, http=http, now=NOON + days * DAY)
    return http


def test_token_of_a_day_is_renewed_and_sealed(settings: Settings, row: Connection) -> None:
    http = renewing(settings, RENEWED, days=1.1)
    row.refresh_from_db()
    assert http.asked[0].url.endswith("/refresh_access_token")
    assert entered("threads", settings=settings)["token"] == NEW
    assert (row.renewed_at, row.ends_at) == (NOON + 1.1 * DAY, NOON + 61.1 * DAY)


def test_neither_token_is_written_anywhere_in_the_clear(
    settings: Settings, row: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    renewing(settings, RENEWED, days=1.1)
    written = everything_written() + caplog.text
    assert OLD not in written
    assert NEW not in written
    assert LogEntry.objects.filter(action="connection.renew", subject="threads").exists()


@pytest.mark.parametrize(("days", "times"), [(0.5, 0), (1.1, 1), (20, 1), (31.2, 2), (45, 2)])
def test_token_is_renewed_after_a_day_and_then_every_month(
    settings: Settings, row: Connection, days: float, times: int
) -> None:
    asked = 0
    for moment in (0.5, 1.1, 20, 31.2, 45):
        if moment <= days:
            asked += len(renewing(settings, RENEWED, days=moment).asked)
    assert asked == times


def test_renewal_that_fails_is_said_and_tried_again_the_next_day(
    settings: Settings, row: Connection, store: Store
) -> None:
    refused = {"error": {"message": f"Session {OLD} is invalid", "code": 190}}
    renewing(settings, refused, days=1.1, status=400)
    assert renewing(settings, days=1.5).asked == []
    one = health(store, settings=settings, now=NOON + 1.5 * DAY, only="threads")[0]
    assert one.needs_attention
    assert "Threads" in (one.renewal_failure or {})["fr"]
    assert OLD not in everything_written()
    renewing(settings, RENEWED, days=2.2)
    one = health(store, settings=settings, now=NOON + 2.2 * DAY, only="threads")[0]
    assert one.renewal_failure is None


def test_key_that_ends_soon_is_said_before(
    settings: Settings, row: Connection, store: Store
) -> None:
    for days, ends in ((40, None), (50, NOON + 60 * DAY)):
        one = health(store, settings=settings, now=NOON + days * DAY, only="threads")[0]
        assert one.key_ends_at == ends


def test_another_key_entered_by_a_person_begins_anew(settings: Settings, row: Connection) -> None:
    renewing(settings, {"error": {"code": 190}}, days=1.1, status=400)
    later = NOON + 3 * DAY
    kept = changes.connect("threads", {"token": NEW}, settings=settings, at=later)
    assert (kept.renewal_failure, kept.ends_at) == (None, later + 60 * DAY)


def test_option_that_is_no_key_moves_no_end(settings: Settings, row: Connection) -> None:
    kept = changes.connect("threads", {"own": "ashby"}, settings=settings, at=NOON + 3 * DAY)
    kept.refresh_from_db()
    assert kept.ends_at == NOON + 60 * DAY


def test_network_that_cannot_be_asked_for_another_key_is_not(settings: Settings) -> None:
    changes.connect("linkedin", {"token": OLD, "own": "northfield"}, settings=settings, at=NOON)
    http = scripted()
    renewals.renew_if_due("linkedin", settings=settings, http=http, now=NOON + 50 * DAY)
    assert (http.asked, Connection.objects.get().ends_at) == ([], NOON + 60 * DAY)


def test_key_of_the_settings_that_is_used_up_is_kept_all_the_same(settings: Settings) -> None:
    renewal = Renewal(options={"refresh_token": NEW}, ends_at=NOON + 365 * DAY)
    renewals.renewed("tiktok", renewal, settings=settings, at=NOON)
    assert entered("tiktok", settings=settings) == {"refresh_token": NEW}


def test_stranger_keeps_no_key(settings: Settings, row: Connection) -> None:
    by = Author(name=BOB, rights=RIGHTS["editor"])
    renewal = Renewal(options={"token": NEW})
    with pytest.raises(ForbiddenError):
        renewals.renewed("threads", renewal, settings=settings, at=NOON, by=by)


def test_refresh_token_that_came_during_a_run_is_sealed_for_the_next(
    settings: Settings, store: Store
) -> None:
    ours = account("northfield", "northfield", "tiktok")
    apply_update(propose(look(NORTHFIELD, accounts=(ours,)), source="a", seen_at=NOON))
    flow.keep_register(store, rows())
    given = {
        "client_key": "aw123", "client_secret": "secret-of-the-app-0123", "refresh_token": OLD,
        "own": "northfield",
    }  # fmt: skip
    changes.connect("tiktok", given, settings=settings)
    lent = {"access_token": "act.0123456789", "expires_in": 86_400, "refresh_token": NEW}
    answers = [body_of(sample("tiktok", stem)) for stem in ("profile", "posts_last")]
    jobs = Jobs(store=store, settings=settings, http=scripted(lent, *answers))
    Work.objects.exclude(connector="tiktok").delete()
    claim = turns.claim("ann", now=Connection.objects.get().connected_at, lease=DAY)
    assert claim is not None
    assert jobs.collect(claim, lambda: False).failure is None
    assert entered("tiktok", settings=settings)["refresh_token"] == NEW
    raw = store.table("raw").body.to_pyarrow().to_pylist()
    assert not any(NEW.encode() in body for body in raw)
