"""Runs commands as a person would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vigie.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a person would, in a home of its own; answer code, output, errors."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", *words])
        try:
            main()
        except SystemExit as done:
            code = done.code if isinstance(done.code, int) else 1
        else:
            code = 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
