"""Killed while it takes in: nothing that was acknowledged is lost, and nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 4


def command(role: str, number: int = 0) -> list[str]:
    return [sys.executable, "-m", "tests.inbox.intaker", role, str(number)]


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "VIGIE_HOME": str(tmp_path / "home")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    def run(role: str, number: int = 0) -> str:
        done = subprocess.run(command(role, number), env=environment, cwd=ROOT, check=True,
                              stdout=subprocess.PIPE, text=True)  # fmt: skip
        return done.stdout

    run("prepare")
    chance, acknowledged = random.Random(5), set[str]()
    for number in range(1, KILLS + 1):
        both = [
            subprocess.Popen(command(role, given), env=environment, cwd=ROOT, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for role, given in (("bring", number), ("read", 0))
        ]  # fmt: skip
        for one in both:
            assert one.stdout is not None
            acknowledged.add(one.stdout.readline().strip())
        time.sleep(chance.uniform(0.2, 1.5))
        for one in chance.sample(both, k=2):
            one.kill()
        acknowledged |= set(both[0].communicate()[0].split("\n")[:-1])
        both[1].communicate()
    acknowledged.discard("read")
    run("read", 1)
    found: dict[str, Any] = json.loads(run("tell").splitlines()[-1])
    assert acknowledged <= set(found["keys"])
    assert len(found["keys"]) == len(set(found["keys"])) == found["kept"]
    assert (found["adds_up"], found["waiting"], found["refused"]) == (True, 0, [])
    assert found["contacts"] == found["conversations"]
    assert len(acknowledged) > 20
    left = list((tmp_path / "home" / "arrivals").rglob(".*"))
    assert len(left) <= KILLS, "more than what a kill may leave half-written"
