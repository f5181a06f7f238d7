"""What a payload of a channel must say, as JSON beside it: ``reply.json.expected.json``.

After a change, look at the difference: ``python -m tests.inbox.samples FILE…`` writes what the
channel says now.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from vigie.inbox.channel import Channel, known_channels
from vigie.words import Words

SAMPLES = Path(__file__).parents[1] / "samples" / "channels"
SUFFIX = ".expected.json"
OURS = "northfield"


def samples() -> list[Path]:
    """Return every sample of every channel."""
    return sorted(
        path
        for path in SAMPLES.glob("*/*")
        if path.is_file() and not path.name.endswith(SUFFIX) and not path.name.startswith(".")
    )


def channel_of(sample: Path) -> Channel:
    """Return the channel a sample is of: reading takes none of its options."""
    return known_channels()[sample.parent.name]({}, address=OURS)


def stated(sample: Path) -> dict[str, Any]:
    """Return what is stored beside a sample."""
    found: dict[str, Any] = json.loads(beside(sample).read_text("utf-8"))
    return found


def beside(sample: Path) -> Path:
    """Return where it is stored."""
    return sample.with_name(sample.name + SUFFIX)


def given(sample: Path) -> dict[str, Any]:
    """Return what the channel says of a sample now, in the form in which it is stored."""
    received = channel_of(sample).receive(sample.read_bytes())
    found = {
        "messages": [_without_nothing(asdict(one)) for one in received.messages],
        "withdrawn": [one.key for one in received.withdrawn],
        "unread": [[one.position, str(one.reason)] for one in received.unread],
        "ignored": dict(received.ignored),
    }
    said: dict[str, Any] = json.loads(json.dumps(found, default=_as_text))
    return said


def _without_nothing(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", None, (), {}, False)}


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    assert isinstance(value, Words)
    return str(value)


def write(files: Iterable[str]) -> None:
    """Store what the channels say of these files now."""
    for name in files:
        sample = Path(name).resolve()
        text = json.dumps(given(sample), ensure_ascii=False, indent=2)
        beside(sample).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write(sys.argv[1:] or [str(path) for path in samples()])
