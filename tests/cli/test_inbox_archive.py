"""``vigie inbox archive`` writes what ``vigie inbox import`` brings back."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from django.db import DatabaseError

from tests.cast import NOON
from tests.cli.conftest import Run
from vigie.cli.records import room_for_records
from vigie.errors import FullDiskError
from vigie.inbox.channel import Enclosed
from vigie.inbox.enclosures import keep
from vigie.inbox.models import Attachment, Box, Contact, Conversation, Handle, Message
from vigie.register.models import Institution, LogEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_written_out_is_brought_back(run: Run, tmp_path: Path) -> None:
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    box = Box.objects.create(name="mail", label="Mail", channel="mail", institution=northfield)
    Box.objects.create(name="past", label="Past", channel="archive", institution=northfield)
    contact = Contact.objects.create(name="Marie", created_at=NOON, seen_at=NOON)
    handle = Handle.objects.create(contact=contact, network="mail", address="marie@x.example")
    asked = Conversation.objects.create(box=box, thread="1", kind="mail", contact=contact,
                                        opened_at=NOON, asked_at=NOON, incoming_at=NOON,
                                        touched_at=NOON)  # fmt: skip
    Message.objects.create(conversation=asked, box=box, direction="in", key="1", handle=handle,
                           words="Two\nlines", said_at=NOON, received_at=NOON,
                           state="received")  # fmt: skip
    kept = keep(Enclosed(name="a.txt", content=b"Hello", media_type="text/plain"), home=tmp_path)
    Attachment.objects.create(message=Message.objects.get(), name="a.txt", size=kept.size,
                              media_type=kept.media_type, digest=kept.digest,
                              file=kept.file)  # fmt: skip
    lines, file = str(tmp_path / "all.jsonl"), str(tmp_path / "all.zip")
    assert "Name it all.zip to take it along." in run("inbox", "archive", lines)[1]
    code, out, _err = run("inbox", "archive", file, "--json")
    assert (code, json.loads(out)["files"]) == (0, 1)
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    code, out, _err = run("inbox", "import", file, "--box", "past", "--json")
    assert (code, json.loads(out)["kept"]) == (0, 1)
    assert Message.objects.get().words == "Two\nlines"
    assert Attachment.objects.get().name == "a.txt"
    assert LogEntry.objects.get(action="inbox.import").facts["conversations"] == 1


def test_a_pipe_stays_a_pipe_and_takes_what_comes(run: Run, tmp_path: Path) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "out"
    os.mkfifo(pipe)
    with out.open("wb") as file, subprocess.Popen(["cat", str(pipe)], stdout=file):
        code, said, told = run("inbox", "archive", str(pipe))
    assert (code, said) == (0, "")
    assert "0 conversations are in" in told
    assert pipe.is_fifo()
    assert json.loads(out.read_text("utf-8").splitlines()[0])["conversations"] == 0


def test_disk_that_is_full_for_the_database_is_said_in_words() -> None:
    with pytest.raises(FullDiskError, match="nothing is doubled"), room_for_records():
        raise DatabaseError("database or disk is full")
