"""The demonstration stays among what is invented, whatever the settings say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vigie.cli import inbox_work
from vigie.cli.commands import demo
from vigie.errors import AddressError
from vigie.http import Request, open_http
from vigie.settings import Settings, load
from vigie.sources import turns
from vigie.sources.models import Work


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what a demonstration sets for its own process given back at the end of a test."""
    for name in ("HOME", "STORE", "DATABASE_URL", "MAIL_URL", "PROXY"):
        monkeypatch.setenv(f"VIGIE_{name}", "")
    monkeypatch.setenv("VIGIE_OFFLINE", "false")


def test_real_store_and_database_are_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_HOME", "/srv/vigie")
    monkeypatch.setenv("VIGIE_STORE", "/srv/vigie/store")
    monkeypatch.setenv("VIGIE_DATABASE_URL_FILE", "/srv/vigie/secret")
    demo.stand_apart(tmp_path)
    settings = load()
    assert (settings.home, settings.store, settings.database_url) == (tmp_path, "", "")


def test_nothing_leaves_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_MAIL_URL", "smtp://mail.northfield.example")
    monkeypatch.setenv("VIGIE_MAIL_URL_FILE", "/srv/vigie/mail")
    monkeypatch.setenv("VIGIE_PROXY", "http://proxy.northfield.example:3128")
    demo.stand_apart(tmp_path)
    settings = load()
    assert (settings.offline, settings.mail_url, settings.proxy) == (True, "", "")
    with pytest.raises(AddressError, match="offline"):
        open_http(settings).ask(Request(url="https://bsky.app/"))


@pytest.mark.django_db
def test_worker_of_the_demonstration_asks_nobody_and_changes_no_figure(tmp_path: Path) -> None:
    demo.let_rest()
    now = datetime.now(UTC)
    turns.schedule(Settings(home=tmp_path, offline=True), now=now)
    inbox_work.schedule(now=now)
    at_work = set(Work.objects.filter(is_paused=False).values_list("kind", flat=True))
    assert at_work == {
        turns.DELIVERIES, turns.WALLS, turns.ANNOTATE, turns.ALERTS, inbox_work.SEND_REPLIES,
        inbox_work.RECOUNT_HOURS, inbox_work.SKETCH_PAYLOADS,
    }  # fmt: skip
