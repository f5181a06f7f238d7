"""Does all that is due, as one of two workers do of which neither knows of the other.

``python -m tests.inbox.second_worker FOLDER``: it waits there for the other one, to begin together.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class Letterbox:
    """Takes mails, a little slowly: each is a line of a file that both share."""

    def __init__(self, *_given: object, **_named: object) -> None:
        self.file = Path(sys.argv[1]) / "mails.jsonl"

    def send_messages(self, mails: Sequence[EmailMessage]) -> int:
        """Keep mails."""
        for mail in mails:
            time.sleep(0.002)
            mark = mail.extra_headers.get("Message-ID") or mail.subject
            with self.file.open("a") as file:
                file.write(json.dumps({"to": mail.to[0], "mark": mark}) + "\n")
        return len(mails)


def work(folder: Path) -> None:
    """Do everything twice over; the second one begins with what the first one ends with."""
    from django.conf import settings as django

    from tests.inbox.due_things import NOW
    from vigie.cli import inbox_work
    from vigie.http import open_http
    from vigie.settings import load

    django.EMAIL_BACKEND = "tests.inbox.second_worker.Letterbox"
    given: dict[str, Any] = {"settings": load(), "clock": lambda: NOW, "should_stop": bool}
    asks = partial(inbox_work.ask, **given)
    sends = partial(inbox_work.send, http=open_http(given["settings"]), **given)
    is_first = not list(folder.glob("ready-*"))
    (folder / f"ready-{os.getpid()}").touch()
    while len(list(folder.glob("ready-*"))) < 2:
        time.sleep(0.001)
    for turn in (asks, sends, asks, sends) if is_first else (sends, asks, sends, asks):
        turn()


if __name__ == "__main__":
    import django

    django.setup()
    work(Path(sys.argv[1]))
