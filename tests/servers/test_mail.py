"""The inbox over real mail servers: Postfix hands over, Dovecot keeps, IDLE tells."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.servers.mail.running import DOMAIN, PASSWORD, Post, lacking, mail_servers
from vigie.errors import NoAnswerError
from vigie.http import open_http
from vigie.http.lines import Seconds
from vigie.http.mail import MailPlace, open_imap
from vigie.inbox import changes
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import opened, put_box
from vigie.inbox.changes import Hand
from vigie.inbox.entrusting import ask_due
from vigie.inbox.intake import journal
from vigie.inbox.models import AnswerLink, Arrival, Attachment, Box, Conversation, Message, Outage
from vigie.inbox.owing import Terms
from vigie.inbox.visible import Eyes
from vigie.inbox.working import read_box, send_all
from vigie.register.models import Institution, Person, Service
from vigie.register.rights import RIGHTS, Author
from vigie.settings import Settings
from vigie.web.inbox_boxes import stands

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("mail"), pytest.mark.django_db]
OURS, STUDENT = f"hello@{DOMAIN}", "marie@students.example"
MANY = 1_000


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def servers() -> Iterator[Post]:
    """Both servers, for all tests of this file."""
    if lacking():
        pytest.skip(lacking())
    with mail_servers() as post:
        yield post


@pytest.fixture
def bench(servers: Post, tmp_path: Path) -> Bench:
    """Work whose connections may go to this machine."""
    settings = Settings(home=tmp_path / "home", private_addresses="127.0.0.1", relook_days=1)
    return Bench(settings=settings, http=open_http(settings), clock=now)


@pytest.fixture
def box(servers: Post, bench: Bench, db: None) -> Box:
    """The mailbox of Northfield, empty."""
    institution = Institution.objects.create(slug="northfield", name="Northfield University")
    options = {"imap": "127.0.0.1", "imap_port": str(servers.imap), "smtp": "127.0.0.1",
               "smtp_port": str(servers.smtp), "name": "hello", "password": PASSWORD,
               "shown_as": "Université de Northfield"}  # fmt: skip
    made = put_box("mail", institution=institution, label="Mail", address=OURS, options=options,
                   settings=bench.settings, now=now())  # fmt: skip
    read_box(made, bench)
    Arrival.objects.all().delete()
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    return made


def hand() -> Hand:
    author = Author(name="alice", rights=RIGHTS["answerer"])
    return Hand(eyes=Eyes(author=author), terms=Terms(zone=ZoneInfo("Europe/Paris"), now=now()))


def mail(subject: str = "Horaires", words: str = "À quelle heure ouvre la bibliothèque ?",
         **headers: str) -> EmailMessage:  # fmt: skip
    made = EmailMessage()
    made["From"] = f"Marie Durand <{STUDENT}>"
    made["To"] = OURS
    made["Subject"] = subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made


def deliver(servers: Post, *mails: EmailMessage | bytes) -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp) as server:
        for one in mails:
            raw = one if isinstance(one, bytes) else one.as_bytes()
            server.sendmail(STUDENT, [OURS], raw)


def until(found: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            return False
        time.sleep(0.3)
    return True


def read_until(box: Box, bench: Bench, count: int) -> bool:
    def there() -> bool:
        box.refresh_from_db()
        read_box(box, bench)
        return Message.objects.filter(direction="in").count() >= count

    return until(there)


def sent_to(servers: Post, name: str) -> list[bytes]:
    place = MailPlace(host="127.0.0.1", port=servers.imap, name=name, password=PASSWORD,
                      is_tls=False)  # fmt: skip
    settings = Settings(private_addresses="127.0.0.1")
    with open_imap(place, open_http(settings).allowed) as client:
        client.select_folder("INBOX", readonly=True)
        found = client.search("ALL")
        return [client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] for uid in found]


def test_french_mail_becomes_a_conversation(servers: Post, box: Box, bench: Bench) -> None:
    deliver(servers, mail(subject="Réinscription à l’université"))
    assert read_until(box, bench, 1)
    conversation = Conversation.objects.get()
    assert conversation.subject == "Réinscription à l’université"
    assert "bibliothèque" in conversation.messages.get().words


def test_answer_reaches_its_reader_in_the_same_conversation(
    servers: Post, box: Box, bench: Bench
) -> None:
    asked = mail(Message_ID="<q1@students.example>")
    deliver(servers, asked)
    assert read_until(box, bench, 1)
    changes.reply(Conversation.objects.get(), "À huit heures.", hand=hand())
    assert send_all(bench) == 1, Message.objects.get(direction="out").failure
    assert until(lambda: any(b"<q1@students.example>" in one for one in sent_to(servers, "marie")))
    assert Message.objects.get(direction="out").state == "sent"


def test_answer_to_our_answer_joins_the_conversation(servers: Post, box: Box, bench: Bench) -> None:
    deliver(servers, mail(Message_ID="<q2@students.example>"))
    assert read_until(box, bench, 1)
    message = changes.reply(Conversation.objects.get(), "À huit heures.", hand=hand())
    send_all(bench)
    ours = f"<vigie.{message.key}@{DOMAIN}>"
    deliver(servers, mail(words="Merci !", In_Reply_To=ours, References=ours))
    assert read_until(box, bench, 2)
    assert Conversation.objects.count() == 1


def test_correspondent_answers_by_replying_to_the_mail(
    servers: Post, box: Box, bench: Bench
) -> None:
    deliver(servers, mail(Message_ID="<q9@students.example>"))
    assert read_until(box, bench, 1)
    paul = Person.objects.create(name="Paul", mail=f"paul@{DOMAIN}")
    library = Service.objects.create(
        institution=box.institution, name="Library", slug="library", correspondent=paul
    )
    Conversation.objects.update(service=library)
    ask_due(now=now())
    key = AnswerLink.objects.get().mail_key
    quoted = "À neuf heures.\n\nLe jeu. 1 oct. 2026, Vigie <v@x.example> a écrit :\n> ##- x ##-\n"
    reply = mail(subject="Re: Horaires", words=quoted, In_Reply_To=f"<{key}@vigie.example>")
    reply.replace_header("From", f"Paul <paul@{DOMAIN}>")
    deliver(servers, reply)

    def is_answered() -> bool:
        box.refresh_from_db()
        read_box(box, bench)
        return Message.objects.filter(direction="out", state="due").exists()

    assert until(is_answered)
    assert send_all(bench) == 1
    assert until(lambda: any("À neuf heures".encode() in _plain(one) and b"<q9@" in one
                             for one in sent_to(servers, "marie")))  # fmt: skip
    assert Conversation.objects.count() == 1


def _plain(raw: bytes) -> bytes:
    part = message_from_bytes(raw, policy=default).get_body()
    return b"" if part is None else str(part.get_content()).encode()


def test_mail_of_twenty_megabytes_comes_with_its_file(
    servers: Post, box: Box, bench: Bench
) -> None:
    large = mail(subject="Dossier")
    large.add_attachment(b"%PDF-1.7\n" + b"x" * (14 << 20), maintype="application",
                         subtype="pdf", filename="dossier.pdf")  # fmt: skip
    deliver(servers, large)
    assert read_until(box, bench, 1)
    kept = Attachment.objects.get()
    assert (kept.name, kept.media_type, bool(kept.file)) == ("dossier.pdf", "application/pdf", True)


def test_broken_mail_blocks_nothing(servers: Post, box: Box, bench: Bench) -> None:
    broken = (f"From: {STUDENT}\r\nTo: {OURS}\r\nSubject: =?utf-8?b?////?=\r\n"
              "Content-Type: multipart/mixed; boundary=gone\r\n\r\n--never\r\n"
              ).encode()  # fmt: skip
    deliver(servers, broken, mail())
    assert read_until(box, bench, 2)
    assert journal(box).adds_up


def test_our_own_mail_that_comes_back_is_a_loop(servers: Post, box: Box, bench: Bench) -> None:
    deliver(servers, mail(X_Vigie="0a1b"), mail())
    assert read_until(box, bench, 1)
    assert journal(box).ignored == 1


def test_out_of_office_answer_opens_nothing(servers: Post, box: Box, bench: Bench) -> None:
    deliver(servers, mail(Auto_Submitted="auto-replied"), mail(subject="Later"))
    assert read_until(box, bench, 1)
    assert Conversation.objects.get().subject == "Later"


def test_server_tells_of_new_mail_at_once(servers: Post, box: Box, bench: Bench) -> None:
    channel = opened(box, bench.settings)
    later = threading.Timer(1.0, deliver, [servers, mail()])
    later.start()
    begun = time.monotonic()
    assert channel.wait(box.position, bench.http, seconds=30)
    assert time.monotonic() - begun < 15
    assert read_until(box, bench, 1)


def test_reading_from_the_start_again_doubles_nothing(
    servers: Post, box: Box, bench: Bench
) -> None:
    deliver(servers, mail())
    assert read_until(box, bench, 1)
    Box.objects.update(position="")
    box.refresh_from_db()
    read_box(box, bench)
    assert Message.objects.filter(direction="in").count() == 1 + journal(box).kept - 1
    assert journal(box).adds_up


class Worker:
    """What a worker does with the mailbox, at a time that a test chooses."""

    def __init__(self, servers: Post, box: Box, bench: Bench) -> None:
        self.servers, self.box, self.late = servers, box, timedelta()
        seconds = Seconds(read=0.5)
        http = replace(bench.http, clock=self.now, seconds=seconds)
        self.bench = replace(bench, http=http, clock=self.now)

    def now(self) -> datetime:
        return now() + self.late

    def reads(self, *, at: int = -1, happens: Callable[[], object] = lambda: None) -> None:
        """Read to the end; something happens once so many mails were fetched."""
        fetched = count(1)

        def looks_up() -> bool:
            if next(fetched) == at:
                happens()
            return False

        self.box.refresh_from_db()
        read_box(self.box, self.bench, should_stop=looks_up)

    def waits(self, seconds: float = 10) -> bool:
        self.box.refresh_from_db()
        channel = opened(self.box, self.bench.settings)
        return channel.wait(self.box.position, self.bench.http, seconds=seconds)

    def subjects(self, about: str) -> list[str]:
        """What is kept of some questions, message by message."""
        rows = Message.objects.filter(direction="in", conversation__subject__startswith=about)
        rows = rows.order_by("conversation__subject")
        return list(rows.values_list("conversation__subject", flat=True))


@pytest.fixture
def worker(servers: Post, box: Box, bench: Bench) -> Worker:
    """A worker that has read the mailbox to the end."""
    return Worker(servers, box, bench)


def questions(about: str, *numbers: int) -> list[EmailMessage]:
    subjects = {number: f"{about} {number:03}" for number in numbers}
    return [
        mail(subject=subject, Message_ID=f"<{about}{number}@students.example>")
        for number, subject in subjects.items()
    ]


def asked(about: str, count: int) -> list[str]:
    """The subjects of so many questions, each once."""
    return [f"{about} {number:03}" for number in range(count)]


def are_stored(servers: Post, about: str, count: int) -> bool:
    """Wait until so many questions lie in the mailbox; what waits for Dovecot is sent on."""

    def is_so() -> bool:
        servers.hand_over()
        return _stored(servers, about) >= count

    return until(is_so)


def test_outage_in_the_middle_of_reading_loses_and_doubles_nothing(
    servers: Post, worker: Worker
) -> None:
    deliver(servers, *questions("Outage", *range(30)))
    assert are_stored(servers, "Outage", 30)
    try:
        with pytest.raises(NoAnswerError):
            worker.reads(at=25, happens=servers.break_dovecot)
        assert Message.objects.filter(direction="in").count() >= 20
        began, worker.late = Box.objects.get().read_at, timedelta(hours=3)
        deliver(servers, *questions("Outage", 30, 31, 32))
        with pytest.raises(NoAnswerError):
            worker.reads()
        assert stands(Box.objects.get(), waiting=0, now=worker.now()).text.startswith("It could be")
    finally:
        servers.mend_dovecot()
    assert are_stored(servers, "Outage", 33)
    worker.reads()
    assert worker.subjects("Outage") == asked("Outage", 33)
    said, outage = journal(worker.box), Outage.objects.get()
    assert (said.adds_up, said.kept, said.refused) == (True, 33, 0)
    assert (outage.began_at, outage.fetched) == (began, 33)
    assert "did not answer" in (outage.failure or {})["en"]


def test_who_waits_is_told_that_the_server_went_and_of_all_that_came_meanwhile(
    servers: Post, worker: Worker
) -> None:
    try:
        threading.Timer(0.3, servers.break_dovecot).start()
        begun = time.monotonic()
        with pytest.raises(NoAnswerError):
            worker.waits(seconds=60)
        assert time.monotonic() - begun < 10
        deliver(servers, *questions("Told", 1))
    finally:
        servers.mend_dovecot()
    assert are_stored(servers, "Told", 1)
    assert worker.waits()
    worker.reads()
    assert (worker.subjects("Told"), worker.waits(seconds=0.1)) == (["Told 001"], False)


def test_server_that_neither_answers_nor_hangs_up_is_left_and_read_later(
    servers: Post, worker: Worker
) -> None:
    deliver(servers, *questions("Silent", *range(40)))
    assert are_stored(servers, "Silent", 40)
    silence = servers.silent_dovecot()
    with pytest.raises(NoAnswerError):
        worker.reads(at=5, happens=silence.__enter__)
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        worker.reads()
    with pytest.raises(NoAnswerError):
        worker.waits()
    assert time.monotonic() - begun < 5
    silence.__exit__(None, None, None)
    worker.reads()
    assert worker.subjects("Silent") == asked("Silent", 40)
    assert journal(worker.box).adds_up


def test_mailbox_that_is_numbered_anew_is_read_on_without_gap_or_double(
    servers: Post, worker: Worker
) -> None:
    deliver(servers, *questions("Anew", *range(5)))
    assert are_stored(servers, "Anew", 5)
    worker.reads()
    servers.break_dovecot()
    servers.renumber()
    # Longer away than a mailbox is first looked back into.
    worker.late = timedelta(days=12)
    servers.mend_dovecot()
    deliver(servers, *questions("Anew", 5))
    assert are_stored(servers, "Anew", 6)
    worker.reads()
    worker.reads()
    assert worker.subjects("Anew") == asked("Anew", 6)
    assert journal(worker.box).adds_up


def test_reply_that_was_sent_before_a_crash_is_found_and_not_sent_twice(
    servers: Post, box: Box, bench: Bench
) -> None:
    deliver(servers, mail(Message_ID="<q3@students.example>"))
    assert read_until(box, bench, 1)
    message = changes.reply(Conversation.objects.get(), "À huit heures.", hand=hand())
    send_all(bench)
    # As a worker leaves it that dies between sending and writing that it was sent.
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Message.objects.filter(pk=message.pk).update(
        state="sending", sent_at=None, external="", claimed_at=long_ago
    )
    assert send_all(bench) == 1
    mark = f"vigie.{message.key}".encode()
    copies = [one for one in sent_to(servers, "marie") if mark in one]
    assert len(copies) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("full", "mailbox is full"),
        ("gone", "no such mailbox"),
        ("strict", "by its rules"),
    ],
)
def test_answer_that_comes_back_is_refused_with_the_reason(
    servers: Post, box: Box, bench: Bench, name: str, words: str
) -> None:
    deliver(servers, mail(Reply_To=f"{name}@students.example"))
    assert read_until(box, bench, 1)
    message = changes.reply(Conversation.objects.get(), "À huit heures.", hand=hand())
    assert send_all(bench) == 1

    def is_back() -> bool:
        box.refresh_from_db()
        read_box(box, bench)
        message.refresh_from_db()
        return message.state == "refused"

    assert until(is_back)
    assert message.failure is not None
    assert words in message.failure["en"]
    assert Conversation.objects.get().state == "open"


def test_answer_to_a_mailbox_that_is_refused_at_once_fails_at_once(
    servers: Post, box: Box, bench: Bench
) -> None:
    deliver(servers, mail(Reply_To="marie@closed.example"))
    assert read_until(box, bench, 1)
    message = changes.reply(Conversation.objects.get(), "À huit heures.", hand=hand())
    assert send_all(bench) == 0
    message.refresh_from_db()
    assert message.state == "failed"
    assert message.failure is not None
    assert "no such mailbox" in message.failure["en"]


def test_wrong_password_is_said_in_words(servers: Post, box: Box, bench: Bench) -> None:
    put_box("mail", institution=box.institution, label="Mail", address=OURS,
            options={"password": "wrong"}, settings=bench.settings, box=box, now=now())  # fmt: skip
    with pytest.raises(Exception, match="password"):
        read_box(box, bench)
    box.refresh_from_db()
    assert (box.state, box.misses) == ("broken", 1)


def test_thousand_mails_are_each_one_message(servers: Post, box: Box, bench: Bench) -> None:
    deliver(servers, *[mail(subject=f"Question {number}") for number in range(MANY)])
    assert until(lambda: _stored(servers) >= MANY, 120)
    assert read_until(box, bench, MANY)
    assert Message.objects.filter(direction="in").count() == MANY
    assert journal(box).adds_up


def _stored(servers: Post, subject: str = "") -> int:
    """How many mails lie in the mailbox, or how many with such a subject."""
    paths = (path for path in (servers.home / "mail" / "hello").rglob("*") if _is_mail(path))
    return sum(f"Subject: {subject}".encode() in path.read_bytes() for path in paths)


def _is_mail(path: Path) -> bool:
    return path.is_file() and path.parent.name in ("new", "cur")
