"""An erasure opens what may speak of a person, and misses nothing that does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cast import NOON
from vigie.inbox.erasing import forget, receipt_of
from vigie.inbox.forgetting import marks
from vigie.inbox.intake import let_go, put
from vigie.inbox.models import Arrival, Box, Contact, Handle, Sketch
from vigie.inbox.payload_search import is_in, pattern_of
from vigie.inbox.sketching import may_speak_of, sketch_all, sketch_of
from vigie.inbox.visible import Eyes
from vigie.register.rights import COMMAND_LINE

MACHINE = Eyes(author=COMMAND_LINE)


def mail(words: str, *, sender: str = "Bob <bob@example.org>", cte: str = "base64") -> bytes:
    """Return a mail whose words are encoded."""
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, words[:20], "<1@example.org>"
    made.set_content(words, cte=cte)
    return made.as_bytes()


BODIES = (
    mail("Écrivez à zoe.tour@example.org, merci"),
    mail("ZOE.TOUR@EXAMPLE.ORG", cte="quoted-printable"),
    mail("rien", sender="Zoé <zoe.tour@example.org>"),
    json.dumps({"from": {"username": "Zoé_Tour"}, "text": "première\nstraße"}).encode(),
    json.dumps([{"id": 1234567, "text": "bonjour\nzoetour"}]).encode(),
    "no mail, Zoé_Tour\xff".encode("latin-1"),
    b"",
)
NAMES = (["zoe.tour@example.org"], ["@Zoé_Tour"], ["zoetour"], ["STRASSE"], ["1234567"],
         ["nobody@example.org", "bonjour"])  # fmt: skip


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("body", BODIES)
def test_no_payload_that_speaks_of_a_person_is_passed_over(
    mailbox: Box, body: bytes, names: Sequence[str], tmp_path: Path
) -> None:
    put(mailbox, body, home=tmp_path, now=NOON)
    sketch_all(home=tmp_path, should_stop=lambda: False)
    person = pattern_of(names)
    assert person is not None
    if is_in(body, person):
        assert may_speak_of(names, Arrival.objects.all()).exists()


def test_a_handle_after_a_break_of_line_is_found() -> None:
    person = pattern_of(["zoetour"])
    assert person is not None
    assert is_in(BODIES[4], person)


@pytest.fixture
def zoe(db: None) -> Contact:
    """Zoé, of whom others speak."""
    made = Contact.objects.create(name="Zoé", created_at=NOON, seen_at=NOON)
    Handle.objects.create(contact=made, network="mail", address="zoe.tour@example.org")
    return made


def test_what_cannot_speak_of_a_person_is_not_opened(
    mailbox: Box, zoe: Contact, tmp_path: Path
) -> None:
    arrival = put(mailbox, mail("Bonjour"), home=tmp_path, now=NOON)
    assert sketch_all(home=tmp_path, should_stop=lambda: False) == 1
    (tmp_path / arrival.file).write_bytes(BODIES[0])
    assert receipt_of(zoe, home=tmp_path).payloads == 0
    Sketch.objects.all().delete()
    assert receipt_of(zoe, home=tmp_path).payloads == 1


def test_the_receipt_is_the_same_and_no_sketch_is_left(
    mailbox: Box, zoe: Contact, tmp_path: Path
) -> None:
    for body in (BODIES[0], BODIES[2], mail("autre chose")):
        put(mailbox, body, home=tmp_path, now=NOON)
    before = receipt_of(zoe, home=tmp_path)
    sketch_all(home=tmp_path, should_stop=lambda: False)
    receipt = forget(zoe, eyes=MACHINE, mark=marks("k"), home=tmp_path, now=NOON)
    assert receipt == before
    assert (receipt.payloads, Sketch.objects.count()) == (2, 1)


def test_a_payload_that_is_let_go_takes_its_sketch_along(mailbox: Box, tmp_path: Path) -> None:
    put(mailbox, mail("Bonjour"), home=tmp_path, now=NOON)
    sketch_all(home=tmp_path, should_stop=lambda: False)
    Arrival.objects.update(state="done")
    let_go(home=tmp_path, before=NOON.replace(year=2100))
    assert not Sketch.objects.exists()


def test_a_sketch_holds_each_word_once() -> None:
    assert len(sketch_of(b"un deux UN")) == 2 * 4
