"""Downloads of messages: closed conversations with their history, once, and nothing harmful."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON
from vigie.errors import FileError, FullDiskError, GarbledError, InboxError, UnsafeFileError
from vigie.inbox import archives
from vigie.inbox.admission import Office
from vigie.inbox.archive_reading import in_parts, letters, read_thread
from vigie.inbox.archives import take
from vigie.inbox.channels.archive import Archive
from vigie.inbox.intake import journal, take_waiting
from vigie.inbox.models import Arrival, Box, Conversation, Forgotten, Message
from vigie.register.models import Institution

OWN = "Université de Northfield"
START = int(datetime(2024, 9, 2, 10, tzinfo=UTC).timestamp() * 1000)
FOLDER = "your_facebook_activity/messages/inbox/mariedurand_1001"


def garbled(text: str) -> str:
    """Return a text as these downloads write it: its bytes as letters."""
    return text.encode().decode("latin-1")


def line(
    words: str | None, *, by: str = "Marie Durand", minutes: int = 0, **more: object
) -> object:
    said = {} if words is None else {"content": garbled(words)}
    return {"sender_name": garbled(by), "timestamp_ms": START + minutes * 60_000, **said,
            "is_geoblocked_for_viewer": False, **more}  # fmt: skip


def thread(
    *lines: object, name: str = "mariedurand_1001", by: str = "Marie Durand", own: str = OWN
) -> bytes:
    whole = {
        "participants": [{"name": garbled(by)}, {"name": garbled(own)}],
        "messages": list(lines),
        "title": garbled(by),
        "is_still_participant": True,
        "thread_path": f"inbox/{name}",
        "magic_words": [],
    }
    # The downloads escape whatever is not ASCII.
    return json.dumps(whole).encode()


USUAL = thread(
    line("À huit heures.", by=OWN, minutes=30),
    line("Bonjour, à quelle heure ouvre la bibliothèque ?"),
)


@pytest.fixture
def past(northfield: Institution) -> Box:
    """Northfield's box of downloads."""
    return Box.objects.create(
        name="past", label="Past", channel="archive", institution=northfield,
        options={"own_name": OWN},
    )  # fmt: skip


Zipped = Callable[..., Path]


@pytest.fixture
def zipped(tmp_path: Path) -> Zipped:
    """Make a download of files."""

    def made(files: dict[str, bytes], name: str = "facebook-northfield.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in files.items():
                archive.writestr(inner, content)
        return path

    return made


Imported = Callable[..., None]


@pytest.fixture
def imported(past: Box, office: Office, zipped: Zipped) -> Imported:
    """Import a download."""

    def do(files: dict[str, bytes] | Path) -> None:
        path = files if isinstance(files, Path) else zipped(files)
        take(path, past, home=office.home, mark=office.mark, now=NOON)
        take_waiting(past, Archive(past.options, address=""), office)

    return do


def said() -> list[tuple[str, str]]:
    rows = Message.objects.order_by("said_at", "id")
    return list(rows.values_list("direction", "words"))


def test_conversation_comes_closed_with_its_history(imported: Imported) -> None:
    imported({f"{FOLDER}/message_1.json": USUAL})
    row = Conversation.objects.get()
    assert (row.state, row.contact.name, row.due_at) == ("closed", "Marie Durand", None)
    assert said() == [
        ("in", "Bonjour, à quelle heure ouvre la bibliothèque ?"), ("out", "À huit heures."),
    ]  # fmt: skip
    assert row.closed_at == datetime(2024, 9, 2, 10, 30, tzinfo=UTC)
    assert row.touched_at == row.closed_at


def test_conversation_that_we_began_is_there_whole(imported: Imported) -> None:
    imported({f"{FOLDER}/message_1.json": thread(line("Welcome!", by=OWN), line("Hi", minutes=5))})
    assert [direction for direction, _words in said()] == ["out", "in"]
    assert Conversation.objects.get().contact.name == "Marie Durand"


def test_journal_adds_up(imported: Imported, past: Box) -> None:
    odd = [line(None), line("x", is_unsent=True), line(None, call_duration=3), {"content": "who?"}]
    imported({f"{FOLDER}/message_1.json": thread(line("Hello"), *odd)})
    found = journal(past)
    assert found.adds_up
    assert (found.seen, found.kept, found.refused, found.ignored) == (5, 1, 1, 3)


def test_same_download_again_changes_nothing(imported: Imported) -> None:
    for _time in range(2):
        imported({f"{FOLDER}/message_1.json": USUAL})
    assert (Message.objects.count(), Arrival.objects.count()) == (2, 1)


def test_later_download_adds_what_is_new(imported: Imported, past: Box) -> None:
    imported({f"{FOLDER}/message_1.json": USUAL})
    more = json.loads(USUAL)
    more["messages"].insert(0, line("Merci !", minutes=60))
    imported({f"{FOLDER}/message_1.json": json.dumps(more).encode()})
    assert (Message.objects.count(), Conversation.objects.count()) == (3, 1)
    assert (journal(past).duplicate, Conversation.objects.get().state) == (2, "closed")


def test_same_words_twice_in_a_moment_are_two(imported: Imported) -> None:
    imported({f"{FOLDER}/message_1.json": thread(line("Hello"), line("Hello"))})
    assert Message.objects.count() == 2


def test_conversation_in_two_files_is_one(imported: Imported) -> None:
    imported({f"{FOLDER}/message_1.json": USUAL,
              f"{FOLDER}/message_2.json": thread(line("Earlier", minutes=-900))})  # fmt: skip
    assert Conversation.objects.get().messages.count() == 3
    assert Conversation.objects.get().opened_at == datetime(2024, 9, 1, 19, tzinfo=UTC)


def test_who_was_erased_stays_out(imported: Imported, office: Office) -> None:
    mark = office.mark("facebook", "archive:mariedurand_1001")
    Forgotten.objects.create(mark=mark, at=NOON, by="alice")
    imported({f"{FOLDER}/message_1.json": USUAL})
    assert not Conversation.objects.exists()


def test_folder_is_read_as_its_archive(imported: Imported, tmp_path: Path) -> None:
    place = tmp_path / "download" / FOLDER
    place.mkdir(parents=True)
    (place / "message_1.json").write_bytes(USUAL)
    imported(tmp_path / "download")
    assert Message.objects.count() == 2


def test_newer_form_is_read(imported: Imported) -> None:
    newer = {
        "participants": ["Marie Durand", OWN],
        "threadName": "Marie Durand_12",
        "messages": [{"senderName": "Marie Durand", "text": "À quelle heure ?", "timestamp": START,
                      "isUnsent": False, "media": [], "reactions": [], "type": "text"}],
    }  # fmt: skip
    imported({"messages/Marie Durand_12.json": json.dumps(newer).encode()})
    assert said() == [("in", "À quelle heure ?")]


def test_people_of_a_group_are_told_apart(imported: Imported) -> None:
    whole = json.loads(thread(line("Me too", by="Bob", minutes=1), line("Open?"), name="group_7"))
    whole["participants"].append({"name": "Bob"})
    imported({f"{FOLDER}/message_1.json": json.dumps(whole).encode()})
    assert Message.objects.values("handle").distinct().count() == 2


def test_files_are_named() -> None:
    told = thread(line(None, photos=[{"uri": f"{FOLDER}/photos/card.jpg"}]))
    assert [one.words for one in read_thread(told).lines] == ["[card.jpg]"]


@given(some.text(max_size=40))
def test_every_text_is_repaired(text: str) -> None:
    plain = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    with suppress(UnicodeEncodeError):
        assert letters(garbled(plain)) == plain


def test_long_conversation_is_parted_without_parting_a_moment() -> None:
    found = json.loads(thread(*[line(f"{number}", minutes=number // 3) for number in range(10)]))
    parts = [json.loads(part)["messages"] for part in in_parts(found, most=4)]
    assert [len(part) for part in parts] == [6, 4]


# ── files that are none ───────────────────────────────────────────────────────────────

Refused = Callable[..., str]


@pytest.fixture
def refused(past: Box, office: Office) -> Refused:
    """Import a file that is refused, and return why."""

    def why(path: Path, error: type[Exception] = FileError) -> str:
        with pytest.raises(error) as told:
            take(path, past, home=office.home, mark=office.mark, now=NOON)
        assert not Arrival.objects.exists()
        return str(told.value)

    return why


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"posts/posts_1.json": b"{}"}, "holds no conversations"),
        ({f"{FOLDER}/message_1.html": b"<html>"}, "JSON instead of HTML"),
        ({f"{FOLDER}/message_1.json": b'{"participants": ['}, "cut short"),
        ({f"{FOLDER}/message_1.json": thread(line("Hi"), own="Elsewhere")}, "Correct the name"),
    ],
)  # fmt: skip
def test_wrong_file_is_named_with_what_to_do(
    refused: Refused, zipped: Zipped, files: dict[str, bytes], words: str
) -> None:
    said = refused(zipped(files))
    assert "facebook-northfield.zip" in said
    assert words in said


def test_file_that_is_not_there_is_named(refused: Refused, tmp_path: Path) -> None:
    assert "Check its name" in refused(tmp_path / "nothing.zip")


def test_damaged_archive_is_named(refused: Refused, zipped: Zipped) -> None:
    path = zipped({f"{FOLDER}/message_1.json": USUAL})
    path.write_bytes(path.read_bytes()[:-30])
    assert path.name in refused(path)


@pytest.mark.parametrize("name", ["../messages/inbox/x/message_1.json", "/messages/message_1.json"])
def test_name_that_leads_out_is_refused(refused: Refused, zipped: Zipped, name: str) -> None:
    path = zipped({f"{FOLDER}/message_1.json": USUAL, name: USUAL})
    assert "leads out of it" in refused(path, UnsafeFileError)


def test_link_that_leads_out_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(USUAL)
    (tmp_path / "download").mkdir()
    (tmp_path / "download" / "message_1.json").symlink_to(tmp_path / "secret.json")
    assert "leads out of it" in refused(tmp_path / "download", UnsafeFileError)


def test_file_that_explodes_is_refused(
    refused: Refused, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1 << 20)
    path = zipped({f"{FOLDER}/message_1.json": b" " * (2 << 20)})
    assert "built to harm" in refused(path, UnsafeFileError)


def test_other_box_takes_no_download(mailbox: Box, office: Office, zipped: Zipped) -> None:
    with pytest.raises(InboxError, match="takes no downloads"):
        take(zipped({}), mailbox, home=office.home, mark=office.mark, now=NOON)


def test_full_disk_stops_in_words_and_goes_on_afterwards(
    past: Box, office: Office, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"student_{number}" for number in range(4)]
    path = zipped({f"messages/inbox/{name}/message_1.json": thread(line("Hi"), line("Yes", by=OWN),
                                                                    name=name)
                   for name in names})  # fmt: skip
    written = archives.put
    room = iter(range(2))

    def tight(box: Box, body: bytes, *, home: Path, now: datetime) -> Arrival:
        if next(room, None) is None:
            raise OSError(28, "No space left on device")
        return written(box, body, home=home, now=now)

    monkeypatch.setattr(archives, "put", tight)
    with pytest.raises(FullDiskError, match="Make room"):
        take(path, past, home=office.home, mark=office.mark, now=NOON)
    monkeypatch.undo()
    take(path, past, home=office.home, mark=office.mark, now=NOON + timedelta(hours=1))
    take_waiting(past, Archive(past.options, address=""), office)
    assert (Conversation.objects.count(), Message.objects.count()) == (4, 8)


@given(some.binary(max_size=80) | some.text(max_size=80).map(str.encode))
def test_whatever_a_file_holds_is_read_or_refused_in_words(body: bytes) -> None:
    with suppress(GarbledError):
        read_thread(body)


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=6),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(
        some.sampled_from(["sender_name", "timestamp_ms", "content", "photos", "uri", "share"]),
        inner,
    ),
    max_leaves=8,
)  # fmt: skip


@given(some.lists(JSON, max_size=4))
def test_whatever_a_conversation_holds_is_accounted_for(lines: list[object]) -> None:
    received = Archive({"own_name": OWN}, address="").receive(thread(*lines))
    assert received.seen == len(lines)
