"""A download of messages sent by a page: taken whole, or refused in words."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import ALICE, BOB
from tests.inbox.test_archives import FOLDER, OWN, USUAL
from tests.web.conftest import PASSWORD
from vigie.inbox.models import Arrival, Box
from vigie.register.models import Institution, LogEntry
from vigie.register.people import add_person

ADDRESS = "/inbox/boxes/past/import/"


@pytest.fixture
def past(site: Client) -> Box:
    """Northfield's box of downloads."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    return Box.objects.create(
        name="past", label="Past", channel="archive", institution=northfield,
        options={"own_name": OWN},
    )  # fmt: skip


def browser(name: str, role: str) -> Client:
    person = add_person(name, PASSWORD, role=role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.user)  # type: ignore[arg-type]  # added with a user
    return client


def packed(content: bytes, name: str = f"{FOLDER}/message_1.json") -> SimpleUploadedFile:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(name, content)
    return SimpleUploadedFile("facebook.zip", whole.getvalue())


def test_download_is_taken_and_written_in_the_log(past: Box) -> None:
    alice = browser(ALICE, "administrator")
    assert ADDRESS in alice.get("/inbox/boxes/past/").text
    answer = alice.post(ADDRESS, {"file": packed(USUAL)}, follow=True)
    assert "1 conversation was found" in answer.text
    assert Arrival.objects.get().state == "waiting"
    assert LogEntry.objects.filter(action="inbox.import", subject="past").exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (packed(b"<html>", f"{FOLDER}/message_1.html"), "choose the format JSON"),
        (SimpleUploadedFile("notes.txt", b"hello"), "notes.txt"),
        (SimpleUploadedFile("empty.zip", b""), "Choose a file first"),
    ],
    ids=["pages", "text", "empty"],
)
def test_wrong_file_says_what_to_do(past: Box, file: SimpleUploadedFile, words: str) -> None:
    file.seek(0)
    answer = browser(ALICE, "administrator").post(ADDRESS, {"file": file})
    assert (answer.status_code, Arrival.objects.count()) == (422, 0)
    assert words in answer.text


def test_reader_may_not_bring_anything_in(past: Box) -> None:
    assert browser(BOB, "reader").get(ADDRESS).status_code == 403


def test_only_a_box_of_downloads_takes_one(past: Box) -> None:
    Box.objects.filter(pk=past.pk).update(channel="mail")
    assert browser(ALICE, "administrator").get(ADDRESS).status_code == 404
