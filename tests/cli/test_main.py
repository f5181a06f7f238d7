"""The terminal answers in words or in JSON, and its exit code tells the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Run
from vigie.cli.main import language, vigie


def commands() -> list[str]:
    context = click.Context(vigie)
    return vigie.list_commands(context)


@pytest.mark.parametrize(
    "name",
    [
        "demo",
        "import",
        "register",
        "measure",
        "index",
        "report",
        "history",
        "store",
        "user",
        "serve",
    ],
)
def test_the_command_is_there(name: str) -> None:
    assert name in commands()


@pytest.mark.parametrize("name", commands())
def test_help_is_said(run: Run, name: str) -> None:
    code, out, _err = run(name, "--help")
    assert (code, "Usage: vigie" in out or "Usage:" in out) == (0, True)


def test_help_is_said_in_french(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert language() == "fr"


def test_a_sound_store_is_said_to_be_sound(run: Run) -> None:
    assert run("store", "check") == (0, "The store is sound.\n", "")


def test_a_file_nobody_recognises_gives_exit_code_1(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "recipes.csv"
    path.write_text("cake,flour\nplum,200\n", "utf-8")
    code, _out, err = run("import", str(path))
    assert (code, "recipes.csv" in err, "Traceback" in err) == (1, True, False)


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("import", str(tmp_path / "none.csv"))
    assert (code, "none.csv" in err) == (1, True)


def test_one_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    good.write_text("network,post,account,published_at\nx,1,x:n,2026-07-01T10:00:00Z\n", "utf-8")
    code, out, _err = run("import", str(bad), str(good), "--json")
    answer = json.loads(out)
    assert (code, len(answer["failed"]), len(answer["files"])) == (1, 1, 1)


def test_an_error_is_json_when_json_is_asked_for(run: Run) -> None:
    code, out, _err = run("index", "show", "--json")
    assert (code, json.loads(out)["error"]) == (1, "EditionError")


def test_a_month_that_is_none_is_refused_in_words(run: Run) -> None:
    code, _out, err = run("index", "compute", "--month", "october")
    assert (code, "is not a month" in err) == (1, True)


def test_a_command_that_does_not_exist_gives_exit_code_2(run: Run) -> None:
    code, _out, err = run("publicise")
    assert (code, "publicise" in err) == (2, True)


def test_an_unknown_setting_is_refused_before_anything_else(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_STOER", "x")
    code, _out, err = run("store", "check")
    assert (code, "nearest setting is store" in err) == (1, True)


def test_the_published_record_is_checked(run: Run) -> None:
    code, out, _err = run("history", "check", "--json")
    verdicts = json.loads(out)["verdicts"]
    assert (code, len(verdicts) > 300) == (0, True)


def test_reports_are_listed_when_none_is_named(run: Run) -> None:
    code, out, _err = run("report", "--json")
    assert (code, "institution_profile" in json.loads(out)) == (0, True)


def test_a_forgotten_post_leaves_a_receipt(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("network,post,account,published_at\nx,1,x:n,2026-07-01T10:00:00Z\n", "utf-8")
    run("import", str(path))
    code, out, _err = run("store", "forget", "--post", "x", "1", "--yes", "--json")
    assert (code, json.loads(out)["erased"]["posts"]) == (0, 1)


def test_what_was_forgotten_stays_forgotten(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("network,post,account,published_at\nx,1,x:n,2026-07-01T10:00:00Z\n", "utf-8")
    run("import", str(path))
    run("store", "forget", "--post", "x", "1", "--yes")
    _code, out, _err = run("import", str(path), "--json")
    (answer,) = json.loads(out)["files"]
    assert (answer["kept"], answer["forgotten"]) == (0, 1)


def test_compacting_says_what_it_did(run: Run) -> None:
    code, out, _err = run("store", "compact", "--json")
    assert (code, json.loads(out)["merged"]) == (0, 0)


def test_a_person_is_added_without_the_password_being_shown(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse battery staple\n", "utf-8")
    # In a process of its own: the database of the tests is another one.
    done = subprocess.run(
        [sys.executable, "-c", "from vigie.cli.main import main; main()", "user", "add", "alice",
         "--password-file", str(secret)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "alice" in done.stdout, "horse" in done.stdout + done.stderr) == (
        0,
        True,
        False,
    )
