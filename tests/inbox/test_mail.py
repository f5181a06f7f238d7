"""Mails as people, machines and broken programs write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON
from vigie.errors import GarbledError
from vigie.inbox.channel import Author, Enclosed, Incoming, Outgoing
from vigie.inbox.channels.mail import Mail
from vigie.inbox.mail_reading import UNDATED, without_history

OURS = "hello@northfield.example"
MAIL = Mail({"imap": "mail.example", "smtp": "mail.example"}, address=OURS)


def written(*headers: str, body: str = "When do you open?") -> bytes:
    given = {line.partition(":")[0].lower() for line in headers}
    usual = [
        ("from", "From: Marie Durand <Marie@Example.org>"),
        ("to", f"To: {OURS}"),
        ("subject", "Subject: Hours"),
        ("date", "Date: Thu, 01 Oct 2026 14:00:00 +0200"),
        ("message-id", "Message-ID: <1@example.org>"),
    ]
    kept = [line for name, line in usual if name not in given]
    return "\r\n".join([*kept, *headers, "", body]).encode()


def read(body: bytes) -> Incoming:
    (message,) = MAIL.receive(body).messages
    return message


def test_mail_says_who_wrote_what_and_when() -> None:
    message = read(written())
    assert message.author == Author(
        network="mail", address="marie@example.org", shown="marie@example.org", name="Marie Durand"
    )
    assert (message.subject, message.words) == ("Hours", "When do you open?")
    assert message.said_at == datetime(2026, 10, 1, 12, tzinfo=UTC)


def test_french_subject_and_body_are_read() -> None:
    message = read(written(
        "Subject: =?utf-8?q?R=C3=A9inscription_=C3=A0_l=27universit=C3=A9?=",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
        body="J=E9r=F4me a-t-il re=E7u mon dossier ?",
    ))  # fmt: skip
    assert message.subject == "Réinscription à l'université"
    assert message.words == "Jérôme a-t-il reçu mon dossier ?"


def test_answer_belongs_to_the_matter_it_answers() -> None:
    message = read(written("In-Reply-To: <b@x>", "References: <a@x> <b@x>"))
    assert message.thread == "<a@x>"
    assert message.also_threads == ("<a@x>", "<b@x>")


def test_answer_to_one_of_ours_is_known_by_our_key() -> None:
    message = read(written("In-Reply-To: <vigie.0a1b@northfield.example>"))
    assert message.answers_to == "0a1b"


def test_answer_goes_to_the_address_that_is_asked_for() -> None:
    assert read(written("Reply-To: paul@example.org")).author.address == "paul@example.org"


@pytest.mark.parametrize("line", [
    "Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <news.example.org>",
    "List-Unsubscribe: <mailto:x@example.org>", "X-Auto-Response-Suppress: All",
])  # fmt: skip
def test_machine_is_told_from_a_person(line: str) -> None:
    assert read(written(line)).is_automatic


def test_person_is_no_machine() -> None:
    assert not read(written("Auto-Submitted: no")).is_automatic


@pytest.mark.parametrize(("line", "reason"), [
    ("X-Vigie: 0a1b", "loop"),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "bounce"),
    ("From: ", "no author"),
])  # fmt: skip
def test_loop_bounce_and_nobody_are_left_aside(line: str, reason: str) -> None:
    assert MAIL.receive(written(line)).ignored == {reason: 1}


def test_copy_of_what_we_wrote_elsewhere_is_ours() -> None:
    assert read(written(f"From: {OURS}")).is_ours


def test_mail_without_a_date_is_dated_by_who_admits_it() -> None:
    assert read(written("Date: yesterday")).said_at == UNDATED


def test_html_becomes_words() -> None:
    html = "<style>p{}</style><p>Bonjour,</p><p>À quelle heure&nbsp;?</p>"
    message = read(written("Content-Type: text/html; charset=utf-8", body=html))
    assert message.words == "Bonjour,\nÀ quelle heure\xa0?"


def test_file_comes_with_its_name() -> None:
    body = ("--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--x\r\n"
            "Content-Type: application/pdf\r\n"
            "Content-Disposition: attachment; filename*=utf-8''pi%C3%A8ce.pdf\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=\r\n--x--\r\n")  # fmt: skip
    message = read(written('Content-Type: multipart/mixed; boundary="x"', body=body))
    assert [(one.name, one.content) for one in message.enclosed] == [("pièce.pdf", b"%PDF-1.7")]


@pytest.mark.parametrize("text", [
    "Merci !\n\nLe jeu. 1 oct. 2026 à 14:00, Bibliothèque <b@x.example> a écrit :\n> À huit.",
    "Merci !\n\nLe jeu. 1 oct. 2026 à 14:00, Bibliothèque <une.adresse.bien.longue@x.example>\n"
    "a écrit :\n> À huit heures.",
    "Merci !\n> À huit heures.",
    "Merci !\n\n-----Original Message-----\nFrom: b@x.example",
    "Merci !\n-- \nMarie Durand",
])  # fmt: skip
def test_what_is_answered_is_cut_off(text: str) -> None:
    assert without_history(text) == "Merci !"


def test_mail_that_only_quotes_stays_whole() -> None:
    assert without_history("> At eight.") == "> At eight."


@pytest.mark.parametrize("body", [b"", b"\r\n", b"no headers at all"])
def test_what_is_no_mail_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(GarbledError):
        MAIL.receive(body)


@pytest.mark.parametrize("lines", [
    ("Content-Type: text/plain; charset=no-such-letters",),
    ("Content-Type: multipart/mixed",),
    ('Content-Type: multipart/mixed; boundary="gone"',),
    ("Content-Transfer-Encoding: base64",),
    ("Subject: =?utf-8?b?////?=",),
    ("From: \"Marie <marie@example.org>",),
    ("Message-ID: broken",),
    ("Date: Thu, 01 Oct 99999 14:00:00 +0200",),
])  # fmt: skip
def test_broken_mail_is_read_as_far_as_it_goes(lines: tuple[str, ...]) -> None:
    received = MAIL.receive(written(*lines))
    assert len(received.messages) + sum(received.ignored.values()) == 1


STARTS = (b"From: a@b.example\r\n", b"Subject: =?x?", b"Content-Type: multipart/x; boundary=a\r\n")


@given(some.binary(max_size=400), some.sampled_from(STARTS))
def test_any_bytes_are_a_mail_or_refused_in_words(noise: bytes, start: bytes) -> None:
    with suppress(GarbledError):
        MAIL.receive(start + noise)


# ── what goes out ─────────────────────────────────────────────────────────────────────

ANSWER = Outgoing(
    key="0a1b",
    thread="<1@example.org>",
    kind="mail",
    is_public=False,
    to=Author(network="mail", address="marie@example.org", name="Marie Durand, étudiante"),
    words="À huit heures.",
    handed_in_at=NOON,
    subject="Hours",
    signature="Bibliothèque",
    facts={"message_id": "<1@example.org>", "references": "<0@example.org>"},
)


def test_reply_stands_in_the_conversation_of_its_reader() -> None:
    mail = message_from_bytes(MAIL.written(ANSWER).as_bytes(), policy=default)
    assert mail["In-Reply-To"] == "<1@example.org>"
    assert mail["References"] == "<0@example.org> <1@example.org>"
    assert mail["Subject"] == "Re: Hours"


def test_reply_has_the_same_identifier_at_every_try() -> None:
    assert MAIL.written(ANSWER)["Message-ID"] == MAIL.written(ANSWER)["Message-ID"]


def test_reply_that_comes_back_is_known_as_ours() -> None:
    assert MAIL.receive(MAIL.written(ANSWER).as_bytes()).ignored == {"loop": 1}


@pytest.mark.parametrize("name", ["", "Marie\r\nBcc: x@evil.example", "M" * 300, "«Élodie»"])
def test_name_of_a_contact_cannot_break_the_headers(name: str) -> None:
    to = Author(network="mail", address="marie@example.org", name=name)
    mail = message_from_bytes(
        MAIL.written(Outgoing(**{**vars(ANSWER), "to": to})).as_bytes(), policy=default
    )
    assert mail["Bcc"] is None
    assert "marie@example.org" in str(mail["To"])


def test_mail_too_large_to_fetch_is_read_as_far_as_it_goes_and_its_files_say_why() -> None:
    whole = MAIL.written(
        Outgoing(key="1", thread="t", kind="mail", is_public=False, words="My file is enclosed.",
                 to=Author(network="mail", address=OURS), handed_in_at=NOON, enclosed=(
                     Enclosed(name="a.pdf", content=b"%PDF-1.7" + b"x" * 90_000,
                              media_type="application/pdf"),)),
    ).as_bytes().replace(b"X-Vigie:", b"X-Other:")  # fmt: skip
    message = read(b"X-Vigie-Cut: 52428800\r\n" + whole[:40_000])
    assert message.words == "My file is enclosed."
    (file,) = message.enclosed
    assert (file.name, file.content) == ("a.pdf", b"")
    assert "too large (50 MB)" in str(file.refused)


def test_large_mail_is_fetched_in_part_and_the_next_one_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vigie.inbox.channels.mail.MOST_BYTES", 2_000)
    monkeypatch.setattr("vigie.inbox.channels.mail.BEGINNING", 500)
    bodies = dict(MAIL._bodies(Postbox({1: written(body="x" * 5_000), 2: written()}), [1, 2]))  # type: ignore[arg-type]  # as much of a server as is asked
    first, second = (read(bodies[uid]) for uid in (1, 2))
    assert (len(first.words) < 500, second.words) == (True, "When do you open?")
    assert [bool(one.refused) for one in first.enclosed] == [True]


class Postbox:
    """A mail server that holds these mails."""

    def __init__(self, mails: dict[int, bytes]) -> None:
        self.mails = mails

    def fetch(self, uids: list[int], wanted: list[str]) -> dict[int, dict[bytes, object]]:
        """Answer as IMAP does: sizes, whole mails, or their beginnings."""
        if wanted == ["RFC822.SIZE"]:
            return {uid: {b"RFC822.SIZE": len(self.mails[uid])} for uid in uids}
        most = int(wanted[0].partition("<0.")[2].rstrip(">") or 1 << 30)
        return {uid: {b"BODY[]": self.mails[uid][:most]} for uid in uids}
