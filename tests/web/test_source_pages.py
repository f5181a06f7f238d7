"""Each source says how it stands; who may, connects, runs, pauses and disconnects it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from tests.cast import ACCOUNTS, NOON
from tests.sources.conftest import SECRET, Kinds, kinds
from vigie.collect.connecting import connectors
from vigie.columns import table_of
from vigie.model import Cursor, Quarantined, Run
from vigie.sealing import KEY_FILE
from vigie.settings import Settings
from vigie.sources import changes, turns
from vigie.sources.models import Connection, Work
from vigie.store.store import Store
from vigie.words import _, kept

__all__ = ["kinds"]

VIEWS = ("accounts", "journal", "quarantine", "connection", "rules", "disconnect", "")


def posted(client: Client, name: str, do: str, **given: str) -> object:
    return client.post(f"/sources/{name}/", {"do": do, **given})


def form(kinds: Kinds, value: str = SECRET) -> dict[str, str]:
    return {f"option-{name}": value for name in kinds.keys}


@pytest.mark.parametrize("name", sorted(connectors()))
def test_every_connector_has_its_page_in_every_view(alice: Client, cast: Store, name: str) -> None:
    for view in VIEWS:
        assert alice.get(f"/sources/{name}/", {"show": view}).status_code == 200, view


def test_rules_and_permissions_are_said(alice: Client, cast: Store) -> None:
    for name, cls in connectors().items():
        page = alice.get(f"/sources/{name}/", {"show": "rules"}).text
        assert all(str(stream.label) in unescape(page) for stream in cls.streams), name
        page = alice.get(f"/sources/{name}/", {"show": "connection"}).text
        assert all(permission.name in page for permission in cls.permissions), name


def test_health_names_every_connector(alice: Client, cast: Store) -> None:
    page = alice.get("/sources/").text
    assert all(f'href="/sources/{name}/"' in page for name in connectors())


def test_reader_sees_health_but_is_offered_no_act(bob: Client, cast: Store, kinds: Kinds) -> None:
    page = bob.get(f"/sources/{kinds.open}/").text
    assert 'name="do"' not in page
    assert 'type="file"' not in bob.get("/sources/").text


@pytest.mark.parametrize("do", ["run", "pause", "resume", "reread", "connect", "disconnect"])
def test_reader_who_acts_anyway_is_refused(bob: Client, cast: Store, kinds: Kinds, do: str) -> None:
    assert bob.post(f"/sources/{kinds.open}/", {"do": do, **form(kinds)}).status_code == 403


def test_reader_sends_no_file(bob: Client, cast: Store) -> None:
    assert bob.post("/sources/").status_code == 403


def test_nobody_working_is_said(alice: Client, cast: Store) -> None:
    assert "no worker is running" in alice.get("/sources/").text
    turns.see("ann", started=datetime.now(UTC), now=datetime.now(UTC))
    assert "no worker is running" not in alice.get("/sources/").text


def test_connecting_keeps_the_key_and_never_shows_it(
    alice: Client, cast: Store, kinds: Kinds
) -> None:
    answer = alice.post(f"/sources/{kinds.closed}/", {"do": "connect", **form(kinds)})
    assert answer["Location"].endswith("?show=connection")
    page = alice.get(answer["Location"]).text
    assert SECRET not in page
    assert f"ends in {SECRET[-4:]}" in page


def test_key_is_not_shown_even_when_the_form_is_refused(
    alice: Client, cast: Store, kinds: Kinds
) -> None:
    answer = alice.post(f"/sources/{kinds.closed}/", {"do": "connect", **form(kinds, "a\0b")})
    assert (answer.status_code, "Copy it again" in answer.text) == (422, True)
    assert "a\0b" not in answer.text


def test_missing_key_is_said_beside_the_form(alice: Client, cast: Store, kinds: Kinds) -> None:
    answer = alice.post(f"/sources/{kinds.closed}/", {"do": "connect"})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_unchanged_options_are_not_kept(alice: Client, cast: Store, settings: Settings) -> None:
    name, option = next(
        (name, option)
        for name, cls in connectors().items()
        for option in cls.options
        if option.default and not option.is_secret and not any(o.is_needed for o in cls.options)
    )
    field = f"option-{option.name}"
    alice.post(f"/sources/{name}/", {"do": "connect", field: "https://other.example"})
    assert Connection.objects.get().options == {option.name: "https://other.example"}
    alice.post(f"/sources/{name}/", {"do": "connect", field: option.default})
    assert Connection.objects.get().options == {}


def test_disconnecting_asks_once(
    alice: Client, cast: Store, settings: Settings, kinds: Kinds
) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    page = alice.get(f"/sources/{kinds.closed}/", {"show": "disconnect"}).text
    assert "Yes, erase the keys" in page
    posted(alice, kinds.closed, "disconnect")
    assert not Connection.objects.exists()


def test_lost_key_of_the_installation_does_not_close_the_page(
    alice: Client, cast: Store, settings: Settings, kinds: Kinds
) -> None:
    changes.connect(kinds.closed, kinds.keys, settings=settings)
    (settings.home / KEY_FILE).unlink()
    assert alice.get(f"/sources/{kinds.closed}/").status_code == 200


@pytest.mark.parametrize(("do", "is_paused"), [("pause", True), ("resume", False)])
def test_pausing_and_resuming(
    alice: Client, cast: Store, kinds: Kinds, do: str, is_paused: bool
) -> None:
    posted(alice, kinds.open, do)
    row = Work.objects.get(kind="collect", connector=kinds.open)
    assert row.is_paused is is_paused


def test_asking_now_makes_it_due_whole(alice: Client, cast: Store, kinds: Kinds) -> None:
    posted(alice, kinds.open, "run")
    assert Work.objects.get(kind="collect", connector=kinds.open).is_whole


def test_what_nobody_can_do_is_nowhere(alice: Client, cast: Store, kinds: Kinds) -> None:
    assert alice.post(f"/sources/{kinds.open}/", {"do": "publicise"}).status_code == 404
    assert alice.get("/sources/friendster/").status_code == 404


def asking() -> str:
    """Return the connector that asks about the first account of the cast without a key."""
    return next(
        name
        for name, cls in connectors().items()
        if cls.network == ACCOUNTS[0].network and not any(o.is_needed for o in cls.options)
    )


def test_failing_account_is_listed_first_with_its_reason(alice: Client, cast: Store) -> None:
    name, one, two = asking(), ACCOUNTS[0].account, ACCOUNTS[1].account
    rows = [
        Cursor(
            connector=name, network=ACCOUNTS[0].network, subject=subject, stream="posts",
            position="{}", asked_at=NOON, succeeded_at=NOON, failure=failure,
            misses=int(failure is not None),
        )
        for subject, failure in ((one, None), (two, "It does not know this handle."))
    ]  # fmt: skip
    cast.append("cursors", table_of(Cursor, rows))
    page = alice.get(f"/sources/{name}/").text
    assert page.index(two) < page.index(one)
    assert "It does not know this handle." in page


def test_journal_reconciles_what_came(alice: Client, cast: Store, kinds: Kinds) -> None:
    row = Run(
        run="r", step="collect", member=kinds.open, started_at=NOON, ended_at=NOON, read=1234,
        kept=1000, duplicate=200, refused=4, skipped=30, calls=17, state="short",
        remarks=("The budget is used up.",),
    )  # fmt: skip
    cast.append("runs", table_of(Run, [row]))
    page = alice.get(f"/sources/{kinds.open}/", {"show": "journal"}).text
    shown = ("1,234", "1,000", "200", "30", "17", "it goes on later", "The budget is used up.")
    assert all(text in page for text in shown)


def going_on(kinds: Kinds, *, minutes: int) -> Run:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    return Run(
        run="r", step="collect", member=kinds.open, started_at=moment, ended_at=moment, read=0,
        kept=0, duplicate=0, refused=0, skipped=0, state="running",
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "is_said"), [(1, False), (30, True)])
def test_run_without_a_sign_of_life_is_shown_as_interrupted(
    alice: Client, cast: Store, kinds: Kinds, minutes: int, is_said: bool
) -> None:
    cast.append("runs", table_of(Run, [going_on(kinds, minutes=minutes)]))
    journal = alice.get(f"/sources/{kinds.open}/", {"show": "journal"}).text
    assert ("Interrupted: it goes on where it stopped" in journal) is is_said
    assert ("gave no sign of life" in alice.get("/sources/").text) is is_said


def test_remark_is_read_in_the_readers_language_with_its_facts(
    alice: Client, cast: Store, kinds: Kinds
) -> None:
    words = _("{url} is not a web page.", url="https://ashby.example")
    row = replace(going_on(kinds, minutes=1), state="failed", remarks=(kept(words),))
    cast.append("runs", table_of(Run, [row]))
    page = alice.get(f"/sources/{kinds.open}/", {"show": "journal", "language": "fr"}).text
    assert "https://ashby.example n’est pas une page web." in page


def test_quarantine_shows_the_record_harmlessly_and_reads_it_again(
    alice: Client, cast: Store, kinds: Kinds
) -> None:
    row = Quarantined(
        quarantined="q", connector=kinds.open, network="n", stream="posts", subject="one",
        position=1, reason="It has no date.", content="<script>alert(1)</script>",
        observed_at=NOON, state="waiting",
    )  # fmt: skip
    cast.append("quarantine", table_of(Quarantined, [row]))
    page = alice.get(f"/sources/{kinds.open}/", {"show": "quarantine"}).text
    assert "It has no date." in page
    assert "The answer it came in is no longer kept" in page
    assert "<script>alert" not in page
    posted(alice, kinds.open, "reread", show="quarantine")
    assert Work.objects.filter(kind="reread", connector=kinds.open).exists()


def test_failure_is_said_in_the_readers_language(
    alice: Client, cast: Store, settings: Settings
) -> None:
    turns.schedule(settings, now=NOON)
    claim = turns.claim("ann", now=NOON, lease=timedelta(minutes=1))
    while claim is not None and claim.connector != asking():
        turns.succeed(claim, now=NOON)
        claim = turns.claim("ann", now=NOON, lease=timedelta(minutes=1))
    assert claim is not None
    turns.fail(claim, _("This file is no longer here. Send it again: nothing will be doubled."),
               now=NOON, chance=0)  # fmt: skip
    page = alice.get("/sources/", {"language": "fr"}).text
    assert "Ce fichier" in page


def test_way_in_shows_its_address_and_keeps_its_secret(alice: Client, cast: Store) -> None:
    page = alice.get("/sources/webhooks/generic/").text
    assert "http://testserver/webhooks/generic/" in page
    alice.post("/sources/webhooks/generic/", {"do": "connect", "option-secret": SECRET})
    page = alice.get("/sources/webhooks/generic/").text
    assert (SECRET in page, f"ends in {SECRET[-4:]}" in page) == (False, True)


def test_way_in_nobody_knows_is_nowhere(alice: Client, cast: Store) -> None:
    assert alice.get("/sources/webhooks/friendster/").status_code == 404
