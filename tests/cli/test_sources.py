"""Networks are connected from the terminal, and no secret passes on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import NOON
from tests.cli.conftest import Run
from tests.sources.conftest import SECRET, Kinds, kinds
from vigie.flow.journal import Journal
from vigie.settings import Settings
from vigie.sources.models import Connection, Work
from vigie.store.store import open_store

__all__ = ["kinds"]

pytestmark = pytest.mark.django_db(transaction=True)


def from_file(folder: Path, kinds: Kinds) -> list[str]:
    path = folder / "key"
    path.write_text(f"{SECRET}\n", "utf-8")
    return [word for name in kinds.keys for word in ("--from-file", name, str(path))]


def test_key_is_read_from_a_file_and_not_repeated(run: Run, tmp_path: Path, kinds: Kinds) -> None:
    code, out, err = run("sources", "connect", kinds.closed, *from_file(tmp_path, kinds))
    assert (code, SECRET in out + err) == (0, False)
    assert Connection.objects.get().hints[next(iter(kinds.keys))]["ends"] == SECRET[-4:]


def test_secret_on_the_command_line_is_refused(run: Run, kinds: Kinds) -> None:
    name = next(iter(kinds.keys))
    code, _out, err = run("sources", "connect", kinds.closed, "--option", f"{name}={SECRET}")
    assert (code, "--from-file" in err, SECRET in err) == (2, True, False)


def test_every_source_is_listed_with_its_state(run: Run, kinds: Kinds) -> None:
    code, out, _err = run("sources", "list", "--json")
    states = {one["source"]: one["state"] for one in json.loads(out)["sources"]}
    assert (code, states[kinds.closed], states[kinds.open]) == (0, "needs", "idle")


def test_list_is_readable_on_a_terminal(run: Run, kinds: Kinds) -> None:
    _code, out, _err = run("sources", "list")
    assert kinds.open in out


def test_disconnecting_erases(run: Run, tmp_path: Path, kinds: Kinds) -> None:
    run("sources", "connect", kinds.closed, *from_file(tmp_path, kinds))
    code, _out, _err = run("sources", "disconnect", kinds.closed, "--yes")
    assert (code, Connection.objects.count()) == (0, 0)


def test_new_key_seals_everything_anew(
    run: Run, tmp_path: Path, kinds: Kinds, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("sources", "connect", kinds.closed, *from_file(tmp_path, kinds))
    before = Connection.objects.get().sealed
    _code, key, _err = run("sources", "key")
    monkeypatch.setenv("VIGIE_TOKEN_KEYS", key.strip())
    code, out, _err = run("sources", "rotate")
    assert (code, "1 connection" in out) == (0, True)
    assert Connection.objects.get().sealed != before


def test_unknown_network_is_refused_with_the_known_ones(run: Run, kinds: Kinds) -> None:
    code, _out, err = run("sources", "connect", "friendster")
    assert (code, kinds.open in err) == (1, True)


def test_status_and_run_say_which_run_gave_no_sign_of_life(
    run: Run, tmp_path: Path, kinds: Kinds
) -> None:
    store = open_store(Settings(home=tmp_path / "home"))
    Journal(store=store, connector=kinds.open, clock=lambda: NOON).begin()
    assert "gave no sign of life" in run("collect", "status")[1]
    assert "gave no sign of life" in run("run", "--once")[1]
    assert "gave no sign of life" not in run("collect", "status")[1]


def test_work_that_is_due_is_done_once(run: Run) -> None:
    code, out, _err = run("run", "--once")
    assert (code, "of work" in out) == (0, True)
    assert not Work.objects.filter(last_success__isnull=True, every__isnull=False).exists()
