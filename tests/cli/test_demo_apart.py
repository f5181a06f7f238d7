"""The demonstration stays among what is invented, whatever the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.cli.commands import demo
from vigie.settings import load


def test_real_store_and_database_are_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_HOME", "/srv/vigie")
    monkeypatch.setenv("VIGIE_STORE", "/srv/vigie/store")
    monkeypatch.setenv("VIGIE_DATABASE_URL_FILE", "/srv/vigie/secret")
    demo.stand_apart(tmp_path)
    settings = load()
    assert (settings.home, settings.store, settings.database_url) == (tmp_path, "", "")
