"""What leaves as a ZIP comes back whole: words, files, topics, notes, what is known of whom."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import ALICE, NOON
from vigie.errors import FileError
from vigie.inbox.admission import Office
from vigie.inbox.archive_packing import packed
from vigie.inbox.archive_writing import files_of, lines
from vigie.inbox.archives import take
from vigie.inbox.channel import Enclosed, known_channels
from vigie.inbox.enclosures import keep
from vigie.inbox.erasing import forget
from vigie.inbox.intake import journal, take_waiting
from vigie.inbox.models import (
    Arrival,
    Attachment,
    Box,
    Contact,
    Conversation,
    ConversationLink,
    Forgotten,
    Handle,
    Message,
    Note,
    Passage,
    Satisfaction,
    Topic,
    Wording,
)
from vigie.inbox.own_archives import LINES
from vigie.inbox.own_taking import Taken
from vigie.inbox.unnamed_files import let_go_of_unnamed
from vigie.inbox.visible import Eyes
from vigie.register.models import Institution, Person, Service
from vigie.register.rights import COMMAND_LINE

HOUR = timedelta(hours=1)
SOME_DAY = NOON + timedelta(days=30)
PDF = b"%PDF-1.4\nMarie's letter\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
EVERYTHING = (ConversationLink, Satisfaction, Passage, Attachment, Note, Message, Conversation,
              Handle, Contact, Topic, Arrival)  # fmt: skip


@pytest.fixture
def past(northfield: Institution) -> Box:
    """Northfield's box of what was before."""
    return Box.objects.create(name="past", label="Past", channel="archive", institution=northfield)


@pytest.fixture
def there(office: Office, library: Service, health: Service) -> Office:
    """An office that knows its services by name."""
    return Office(**{**vars(office), "slugs": {"library": library.pk, "health": health.pk}})


@pytest.fixture
def marie(asked: Callable[..., Conversation], library: Service, alice: Person,
          office: Office) -> Conversation:  # fmt: skip
    """A letter of Marie's to the library, whom colleagues know well, and its answer."""
    topic = Topic.objects.create(service=library, name="Cards")
    row = asked(service=library, topic=topic, urgency="high", state="closed",
                closed_at=NOON + 5 * HOUR)  # fmt: skip
    Contact.objects.update(name="Marie Curie", language="fr", tags=["alumni", "« é »"],
                           consent="given")  # fmt: skip
    marie = Contact.objects.get()
    second = Handle.objects.create(contact=marie, network="mastodon", address="77",
                                   shown="@marie@m.example")  # fmt: skip
    spoken(row, "<a@x>", "Here it is.", handle=second)
    spoken(row, "<b@x>", "Thank you.", hours=1)
    files = [("letter.pdf", PDF, "<a@x>", ""), ("map.png", PNG, "<b@x>", "The way in")]
    for name, content, key, alt in files:
        kept = keep(Enclosed(name=name, content=content), home=office.home)
        Attachment.objects.create(message=Message.objects.get(key=key), name=name, alt=alt,
                                  media_type=kept.media_type, size=kept.size, digest=kept.digest,
                                  file=kept.file)  # fmt: skip
    Attachment.objects.create(message=Message.objects.get(key="<a@x>"), name="run.exe", size=9,
                              media_type="application/x", digest="ab" * 32,
                              refused={"en": "It runs.", "fr": "Il s’exécute."})  # fmt: skip
    Note.objects.create(conversation=row, words="Called\nher back", by=alice, at=NOON + HOUR)
    return row


def spoken(row: Conversation, key: str, words: str, *, hours: float = 0,
           handle: Handle | None = None) -> Message:  # fmt: skip
    at, is_in = NOON + hours * HOUR, handle is not None
    return Message.objects.create(
        conversation=row, box=row.box, direction="in" if is_in else "out", key=key, handle=handle,
        words=words, said_at=at, received_at=at, state="received" if is_in else "sent",
        sent_at=None if is_in else at,
    )  # fmt: skip


def zipped(office: Office) -> Path:
    keys = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    path = office.home / "conversations.zip"
    path.write_bytes(b"".join(packed(keys, files=files_of(keys), home=office.home, now=NOON)))
    return path


def emptied(office: Office) -> None:
    for model in EVERYTHING:
        model.objects.all().delete()
    for file in (office.home / "enclosures").rglob("*"):
        if file.is_file():
            file.unlink()


def came_back(path: Path, box: Box, office: Office) -> Taken:
    taken = take(path, box, home=office.home, mark=office.mark, now=office.now)
    read_all(office)
    return taken


def read_all(office: Office) -> None:
    """Read what waits in any box: a conversation goes into that of its name, if it is here."""
    for box in Box.objects.order_by("pk"):
        take_waiting(box, known_channels()[box.channel]({}, address=""), office)


def content(path: Path) -> list[dict[str, Any]]:
    """Return what a file says, without what is new each time it is written."""
    with zipfile.ZipFile(path) as archive:
        found = [json.loads(line) for line in archive.read(LINES).splitlines()[1:-1]]
    return [{key: value for key, value in one.items() if key not in ("number", "channel", "thread")}
            for one in found]  # fmt: skip


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def on_the_disk(office: Office) -> set[bytes]:
    return {file.read_bytes() for file in (office.home / "enclosures").rglob("*") if file.is_file()}


def changed(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Write a ZIP anew with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def test_all_that_was_known_comes_back(marie: Conversation, past: Box, there: Office) -> None:
    path = zipped(there)
    before, numbers = content(path), counts()
    emptied(there)
    came_back(path, past, there)
    assert content(zipped(there)) == before
    # It says besides that it was there before.
    assert counts() == {**numbers, "Arrival": 1, "Passage": 1}
    assert on_the_disk(there) == {PDF, PNG}


def test_what_came_back_says_who_noted_it_and_by_what_it_was_about(
    marie: Conversation, past: Box, there: Office
) -> None:
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    row = Conversation.objects.get()
    assert (str(row.topic), row.urgency, row.closed_at) == ("Cards", "high", NOON + 5 * HOUR)
    assert str(Note.objects.get().by) == ALICE
    assert Attachment.objects.get(name="map.png").alt == "The way in"


def test_given_again_it_doubles_nothing(marie: Conversation, past: Box, there: Office) -> None:
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    once = counts()
    came_back(path, past, there)
    assert counts() == once
    assert journal(past).adds_up


def test_note_of_a_stranger_is_signed(marie: Conversation, past: Box, there: Office) -> None:
    path = zipped(there)
    emptied(there)
    Person.objects.filter(name=ALICE).update(name="Alice Renamed")
    came_back(path, past, there)
    note = Note.objects.get()
    assert (note.by, note.words) == (None, f"Called\nher back\n— {ALICE}")


def test_contact_who_is_known_here_keeps_the_stricter_consent(
    marie: Conversation, past: Box, there: Office
) -> None:
    path = zipped(there)
    emptied(there)
    known = Contact.objects.create(name="M. Curie", tags=["press"], consent="refused",
                                   created_at=NOON, seen_at=NOON)  # fmt: skip
    Handle.objects.create(contact=known, network="mastodon", address="77")
    came_back(path, past, there)
    known.refresh_from_db()
    assert (known.name, known.language, known.consent) == ("M. Curie", "fr", "refused")
    assert known.tags == ["alumni", "press", "« é »"]


@pytest.mark.parametrize("handle", [("mastodon", "77"), ("mail", "student1@example.org")])
def test_who_was_erased_under_any_handle_stays_out_with_their_files(
    marie: Conversation, past: Box, mailbox: Box, there: Office, handle: tuple[str, str]
) -> None:
    path = zipped(there)
    emptied(there)
    Forgotten.objects.create(mark=there.mark(*handle), at=there.now, by="alice")
    came_back(path, past, there)
    assert not any(model.objects.exists() for model in (Message, Contact, Note))
    assert on_the_disk(there) == set()
    assert journal(mailbox).ignored == 2


def test_who_is_erased_after_it_came_back_is_gone_everywhere(
    marie: Conversation, past: Box, there: Office
) -> None:
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    path.unlink()
    forget(
        Contact.objects.get(),
        eyes=Eyes(author=COMMAND_LINE),
        mark=there.mark,
        home=there.home,
        now=there.now,
    )
    kept = b"".join(file.read_bytes() for file in there.home.rglob("*") if file.is_file())
    assert kept == b""
    rows = [*Message.objects.values(), *Conversation.objects.values(), *Contact.objects.values(),
            *Note.objects.values(), *Attachment.objects.values(), *Arrival.objects.values(),
            *Wording.objects.values()]  # fmt: skip
    told = repr(rows)
    for secret in ("Marie", "m.example", "Here it is", "her back", "alumni", "letter"):
        assert secret not in told


def letter(members: dict[str, bytes]) -> str:
    return next(name for name, body in members.items() if body == PDF)


def altered(members: dict[str, bytes]) -> None:
    members[letter(members)] = PDF.replace(b"letter", b"Letter")


def missing(members: dict[str, bytes]) -> None:
    del members[letter(members)]


def without_size(members: dict[str, bytes]) -> None:
    """Leave a file out, and let the lines say nothing of its size, sealed as ours are."""
    missing(members)
    lines = [json.loads(line) for line in members[LINES].splitlines()]
    for message in lines[1]["messages"]:
        for file in message["files"]:
            file.pop("size")
    told = b"".join(json.dumps(line).encode() + b"\n" for line in lines[:-1])
    lines[-1]["sha256"] = hashlib.sha256(told).hexdigest()
    members[LINES] = told + json.dumps(lines[-1]).encode() + b"\n"


def leading_out(members: dict[str, bytes]) -> None:
    members["files/../../../etc/passwd"] = PDF


def exploding(members: dict[str, bytes]) -> None:
    body = bytes((20 << 20) + 1)
    members[f"files/{hashlib.sha256(body).hexdigest()}"] = body


def reworded(members: dict[str, bytes]) -> None:
    members[LINES] = members[LINES].replace(b"Here it is", b"Here it was")


def cut(members: dict[str, bytes]) -> None:
    members[LINES] = members[LINES][:-30]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (altered, r"“letter.pdf”, which line 2 of .*damaged or changed.*export it again"),
        (missing, r"Line 2 of .* names “letter.pdf”.*export it again"),
        (without_size, r"Line 2 of .* names “letter.pdf”.*export it again"),
        (leading_out, r"etc/passwd.*never writes"),
        (exploding, r"holds “files/.*never writes"),
        (reworded, r"not as Vigie wrote it.*export it again"),
        (cut, r"Line 3 of .*cut short"),
    ],
)
def test_file_that_is_not_as_it_was_changes_nothing(
    marie: Conversation, past: Box, there: Office, change: Callable[[dict[str, bytes]], None],
    told: str,
) -> None:  # fmt: skip
    path = changed(zipped(there), change)
    emptied(there)
    with pytest.raises(FileError, match=told):
        came_back(path, past, there)
    assert not any(counts().values())
    assert on_the_disk(there) == set()


def test_zip_cut_short_anywhere_changes_nothing(
    marie: Conversation, past: Box, there: Office
) -> None:
    path = zipped(there)
    whole = path.read_bytes()
    emptied(there)
    for length in (len(whole) // 3, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(FileError, match=r"cut short|damaged"):
            came_back(path, past, there)
    assert not any(counts().values())


def test_lines_alone_cannot_lay_hands_on_a_file_that_is_here(
    marie: Conversation, past: Box, there: Office
) -> None:
    with zipfile.ZipFile(zipped(there)) as archive:
        path = there.home / LINES
        path.write_bytes(archive.read(LINES))
    for model in (Attachment, Message, Conversation):
        model.objects.all().delete()
    with pytest.raises(FileError, match="Give the ZIP file"):
        came_back(path, past, there)


def test_lines_alone_name_the_files(marie: Conversation, past: Box, there: Office) -> None:
    path = there.home / LINES
    path.write_bytes(b"".join(lines([marie.pk], now=NOON)))
    emptied(there)
    came_back(path, past, there)
    found = Attachment.objects.get(name="letter.pdf")
    assert (found.file, found.size) == ("", len(PDF))
    assert (found.refused or {})["en"].startswith("It did not come along")


def test_file_that_would_not_be_kept_on_arrival_is_not_kept(
    marie: Conversation, past: Box, there: Office
) -> None:
    script = b"#!/bin/sh\nrm -rf /\n"
    digest = hashlib.sha256(script).hexdigest()
    place = there.home / "enclosures" / digest[:2] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(script)
    Attachment.objects.filter(name="letter.pdf").update(
        digest=digest, size=len(script), file=f"enclosures/{digest[:2]}/{digest}"
    )
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    found = Attachment.objects.get(name="letter.pdf")
    assert (found.file, bool((found.refused or {})["fr"])) == ("", True)
    assert on_the_disk(there) == {PNG}


def test_archive_of_the_first_form_is_read(past: Box, there: Office) -> None:
    author = {"network": "mail", "address": "m@x.example", "shown": "", "name": "Marie"}
    said = {"key": "1", "direction": "in", "said_at": NOON.isoformat(), "words": "See",
            "author": author, "files": ["letter.pdf"]}  # fmt: skip
    whole = {"format": "vigie-conversation", "thread": "t", "service": "library",
             "topic": "Cards", "contact": {"name": "Marie", "tags": ["alumni"]},
             "messages": [said]}  # fmt: skip
    head = {"format": "vigie-conversations", "version": 1, "conversations": 1}
    path = there.home / "old.jsonl"
    path.write_text(f"{json.dumps(head)}\n{json.dumps(whole)}\n")
    came_back(path, past, there)
    row = Conversation.objects.get()
    assert (row.contact.tags, str(row.topic)) == (["alumni"], "Cards")
    assert Message.objects.get().words == "See\n[letter.pdf]"


@pytest.mark.parametrize("elsewhere", [{"is_active": False}, {"institution": "far"}])
def test_confidential_service_that_answers_no_more_takes_nothing(
    asked: Callable[..., Conversation], health: Service, past: Box, there: Office,
    elsewhere: Mapping[str, Any],
) -> None:  # fmt: skip
    asked(service=health)
    path = zipped(there)
    emptied(there)
    given = dict(elsewhere)
    if "institution" in given:
        given["institution"] = Institution.objects.create(slug="far", name="Far")
    Service.objects.filter(pk=health.pk).update(**given)
    with pytest.raises(FileError, match="confidential service, health"):
        came_back(path, past, there)


def test_what_lost_its_confidential_service_on_the_way_waits_unread(
    marie: Conversation, health: Service, past: Box, there: Office
) -> None:
    Conversation.objects.update(service=health, topic=None)
    path = zipped(there)
    emptied(there)
    take(path, past, home=there.home, mark=there.mark, now=there.now)
    read_all(Office(**{**vars(there), "slugs": {}}))
    assert not Conversation.objects.exists()
    assert "everybody could read it" in (Arrival.objects.get().reason or {})["en"]


def test_two_people_of_one_thread_stay_two(marie: Conversation, past: Box, there: Office) -> None:
    other = Contact.objects.create(name="Pierre", created_at=NOON, seen_at=NOON)
    handle = Handle.objects.create(contact=other, network="mastodon", address="88")
    spoken(marie, "<c@x>", "Me too!", handle=handle, hours=2)
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    names = {one.handle.contact.name for one in Message.objects.exclude(handle=None)}  # type: ignore[union-attr]  # they have one
    assert names == {"Marie Curie", "Pierre"}


def test_files_are_added_to_words_that_came_without_them(
    marie: Conversation, past: Box, there: Office
) -> None:
    path, alone = zipped(there), there.home / LINES
    before = content(path)
    alone.write_bytes(b"".join(lines([marie.pk], now=NOON)))
    emptied(there)
    came_back(alone, past, there)
    assert on_the_disk(there) == set()
    came_back(path, past, there)
    assert content(zipped(there)) == before


def test_contacts_wrote_when_they_did(marie: Conversation, past: Box, there: Office) -> None:
    path = zipped(there)
    emptied(there)
    came_back(path, past, there)
    assert Contact.objects.get().seen_at == NOON


def test_what_was_brought_twice_over_is_erased_too(
    marie: Conversation, past: Box, there: Office
) -> None:
    first = zipped(there).rename(there.home / "first.zip")
    Note.objects.create(conversation=marie, words="Likes radium", at=NOON)
    second = zipped(there)
    emptied(there)
    Box.objects.exclude(pk=past.pk).update(name="of-another-name")
    for path in (first, second):
        came_back(path, past, there)
        path.unlink()
    assert Arrival.objects.count() == 2
    eyes = Eyes(author=COMMAND_LINE)
    forget(Contact.objects.get(), eyes=eyes, mark=there.mark, home=there.home, now=there.now)
    assert not [file for file in there.home.rglob("*") if file.is_file()]


def test_who_writes_anew_after_an_erasure_has_their_new_files(
    marie: Conversation, past: Box, there: Office
) -> None:
    path = zipped(there)
    emptied(there)
    mark = there.mark("mastodon", "77")
    Forgotten.objects.create(mark=mark, at=NOON + HOUR / 2, by="alice")
    came_back(path, past, there)
    assert [message.key for message in Message.objects.all()] == ["<b@x>"]
    assert on_the_disk(there) == {PNG}


def test_file_that_nothing_names_is_let_go_in_time(marie: Conversation, there: Office) -> None:
    stray = keep(Enclosed(name="a.pdf", content=PDF + b"stray"), home=there.home)
    gone = {"home": there.home, "before": datetime.now(UTC) - timedelta(days=1)}
    assert let_go_of_unnamed(**gone) == 0  # type: ignore[arg-type]  # as named
    for file in (there.home / "enclosures").rglob("*"):
        os.utime(file, (0, 0))
    assert let_go_of_unnamed(**gone) == 1  # type: ignore[arg-type]  # as named
    assert on_the_disk(there) == {PDF, PNG}
    assert not (there.home / stray.file).exists()


plain = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
HARD = st.sampled_from(
    ['"', "\n", "\r\n", "\u2028", "é", "\U0001f469\u200d\U0001f393", "=1+1", "\\", "<b>", "\x1f"]
)
texts = st.lists(st.one_of(HARD, plain), min_size=1, max_size=4).map("".join)
TELLING = texts.filter(lambda text: bool(text.strip()))
told = st.fixed_dictionaries({
    "name": TELLING.map(str.strip), "words": TELLING, "subject": texts, "note": TELLING,
    "topic": TELLING, "reason": texts, "score": st.none() | st.integers(1, 5),
    "state": st.sampled_from(["open", "snoozed", "waiting", "closed", "unwanted"]),
    "minutes": st.none() | st.integers(0, 99_999), "reopened": st.integers(0, 9),
    "is_hers": st.booleans(), "file": st.binary(max_size=60).map(lambda end: PDF + end),
    "tags": st.sets(TELLING.map(lambda text: text.strip()[:40].strip()), max_size=3).map(sorted),
})  # fmt: skip


@given(all_told=st.lists(told, min_size=1, max_size=3))
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_known_comes_back(
    all_told: list[dict[str, Any]], past: Box, mailbox: Box, there: Office, library: Service,
    alice: Person,
) -> None:  # fmt: skip
    emptied(there)
    for number, one in enumerate(all_told):
        contact = Contact.objects.create(name=one["name"], tags=one["tags"], created_at=NOON,
                                         seen_at=NOON)  # fmt: skip
        handle = Handle.objects.create(contact=contact, network="mail", address=f"{number}@x.org")
        topic, _new = Topic.objects.get_or_create(service=library, name=one["topic"])
        row = Conversation.objects.create(
            box=mailbox, thread=str(number), kind="mail", contact=contact, service=library,
            subject=one["subject"], topic=topic, state=one["state"],
            closed_at=NOON if one["state"] == "closed" else None,
            snoozed_until=SOME_DAY if one["state"] == "snoozed" else None,
            person=alice if one["is_hers"] else None, reopened=one["reopened"],
            response_minutes=one["minutes"], opened_at=NOON, asked_at=NOON, incoming_at=NOON,
            touched_at=NOON,
        )  # fmt: skip
        Passage.objects.create(conversation=row, service=library, person=row.person, at=NOON,
                               by="rule", reason={"en": one["reason"]})  # fmt: skip
        Satisfaction.objects.create(conversation=row, digest=f"{number:064}", asked_at=NOON,
                                    score=one["score"], words=one["note"] if one["score"] else "",
                                    answered_at=NOON if one["score"] else None)  # fmt: skip
        for other in Conversation.objects.exclude(pk=row.pk):
            ConversationLink.objects.create(first=other, second=row, by="alice", at=NOON)
        message = spoken(row, f"<{number}@x>", one["words"], handle=handle)
        if one["state"] == "waiting":
            spoken(row, f"<{number}ours@x>", one["note"], hours=1)
        Note.objects.create(conversation=row, words=one["note"], at=NOON)
        kept = keep(Enclosed(name="a.pdf", content=one["file"]), home=there.home)
        Attachment.objects.create(message=message, name="a.pdf", media_type=kept.media_type,
                                  size=kept.size, digest=kept.digest, file=kept.file)  # fmt: skip
    path = zipped(there)
    before, numbers, files = content(path), counts(), on_the_disk(there)
    emptied(there)
    came_back(path, past, there)
    assert content(zipped(there)) == before
    # Each says besides that it was there before.
    passages = numbers["Passage"] + len(all_told)
    assert counts() == {**numbers, "Arrival": len(all_told), "Passage": passages}
    assert on_the_disk(there) == files


def test_zip_flows_and_is_one_that_others_open(marie: Conversation, there: Office) -> None:
    pieces = list(packed([marie.pk], files=files_of([marie.pk]), home=there.home, now=NOON))
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 3
    assert len(pieces) == 3
