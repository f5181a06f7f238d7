"""What happened is written down to be sent, sent once, repeated once, and told to the deputy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core import mail

from tests.cast import ALICE, NOON
from vigie.errors import NoAnswerError, RefusedError
from vigie.http import Http
from vigie.listening import outdated, outgoing
from vigie.listening.alerting import REPEAT_URGENT_AFTER, Occasion, Warned
from vigie.listening.models import Alert, AlertMessage, AlertSent, Listener
from vigie.listening.sending import GIVEN_UP, Send, deliver
from vigie.listening.warning import consider_all
from vigie.listening.watching import Seen
from vigie.register.models import Person
from vigie.settings import Settings
from vigie.words import _

MINUTE = timedelta(minutes=1)
POST = {
    "network": "bluesky",
    "post": "at://1",
    "url": "https://bsky.app/profile/x/post/1",
    "at": NOON.isoformat(),
    "urgency": ["self_harm"],
    "intents": [],
}
CRY = Seen(occasion=Occasion(key="urgent:bluesky:at://1", at=NOON, is_urgent=True), posts=[POST])


def look(*seen: Seen):  # type: ignore[no-untyped-def]  # a Look
    def found(_alert: Alert, _warned: Sequence[Warned]) -> Iterable[Seen]:
        return seen

    return found


def consider(settings: Settings, *seen: Seen, now: datetime = NOON) -> None:
    consider_all(look(*seen), now=now, zone=settings.zone)


@pytest.fixture
def mailing(settings: Settings) -> Settings:
    return replace(settings, mail_url="smtp://h", language="en", address="https://vigie.example")


def send(mailing: Settings, now: datetime = NOON) -> None:
    deliver(outgoing.sender(mailing, Http(agent="test")), now=now)


def test_what_is_decided_waits_with_its_message(settings: Settings, alert: Alert) -> None:
    consider(settings, CRY)
    assert AlertSent.objects.get().occasion == CRY.occasion.key
    message = AlertMessage.objects.get()
    assert (message.way, message.round, message.to, message.sent_at) == (
        "mail", "first", alert.person, None,
    )  # fmt: skip


def test_looking_again_decides_nothing_new(settings: Settings, alert: Alert) -> None:
    for minute in range(5):
        consider(settings, CRY, now=NOON + minute * MINUTE)
    assert AlertSent.objects.count() == AlertMessage.objects.count() == 1


def test_query_that_is_off_warns_nobody(settings: Settings, alert: Alert) -> None:
    alert.query.is_on = False
    alert.query.save()
    consider(settings, CRY)
    assert not AlertSent.objects.exists()


def test_mail_goes_to_the_person_in_their_language(mailing: Settings, alert: Alert) -> None:
    Listener.objects.create(person=alert.person, language="fr")
    consider(mailing, CRY)
    send(mailing)
    (sent,) = mail.outbox
    assert sent.to == [f"{ALICE}@northfield.example"]
    assert sent.subject.startswith("[Vigie] Urgent")
    assert "Mise en danger de soi" in sent.body
    assert f"https://vigie.example/listening/alerts/{AlertSent.objects.get().pk}/" in sent.body


def test_message_leaves_once(mailing: Settings, alert: Alert) -> None:
    consider(mailing, CRY)
    for minute in range(3):
        send(mailing, NOON + minute * MINUTE)
    assert len(mail.outbox) == 1


def test_unread_is_repeated_then_told_to_the_deputy(mailing: Settings, alert: Alert) -> None:
    for turn in range(5):
        now = NOON + turn * REPEAT_URGENT_AFTER
        consider(mailing, CRY, now=now)
        send(mailing, now)
    assert [one.to[0].split("@")[0] for one in mail.outbox] == ["alice", "alice", "bob"]
    assert [one.subject.split(":")[0] for one in mail.outbox] == [
        "[Vigie] Urgent", "[Vigie] Again", "[Vigie] For you as deputy",
    ]  # fmt: skip
    assert f"{ALICE} was told twice" in mail.outbox[2].body


def test_read_alert_is_left_alone(mailing: Settings, alert: Alert) -> None:
    consider(mailing, CRY)
    AlertSent.objects.update(read_at=NOON)
    consider(mailing, CRY, now=NOON + timedelta(days=1))
    assert AlertMessage.objects.count() == 1


def failing(error: Exception) -> Send:
    def send(_message: AlertMessage) -> None:
        raise error

    return send


class MailRefusal(OSError):
    """What a mail server answers, with its code."""

    smtp_code = 550


@pytest.mark.parametrize(
    "error",
    [
        RefusedError(_("No."), status=500),
        ConnectionRefusedError(),
        MailRefusal(),
        OSError(-2, "Name or service not known"),
    ],
)
def test_refused_message_is_tried_again_and_says_why(
    settings: Settings, alert: Alert, error: Exception
) -> None:
    consider(settings, CRY)
    for minute in range(4):
        deliver(failing(error), now=NOON + minute * MINUTE)
    message = AlertMessage.objects.get()
    assert (message.begun_at, message.doubts) == (None, 0)
    assert type(error).__name__ in message.failure["en"]
    sent: list[AlertMessage] = []
    deliver(sent.append, now=NOON + 9 * MINUTE)
    assert len(sent) == 1


def test_message_of_which_nobody_knows_is_handed_over_twice_at_most(
    settings: Settings, alert: Alert
) -> None:
    consider(settings, CRY)
    tries: list[AlertMessage] = []

    def unclear(message: AlertMessage) -> None:
        tries.append(message)
        raise NoAnswerError(_("No answer in time."))

    for minute in range(60):
        deliver(unclear, now=NOON + minute * MINUTE)
    assert len(tries) == 2


class Killed(BaseException):
    """The worker is gone, in the middle of what it did."""


def test_worker_killed_at_a_message_sends_it_twice_at_most(
    settings: Settings, alert: Alert
) -> None:
    consider(settings, CRY)
    left: list[AlertMessage] = []

    def killed(message: AlertMessage) -> None:
        left.append(message)
        raise Killed

    for minute in range(60):
        try:
            deliver(killed, now=NOON + minute * MINUTE)
        except Killed:
            continue
    assert len(left) == 2


def test_worker_killed_before_a_message_still_sends_it(settings: Settings, alert: Alert) -> None:
    consider(settings, CRY)
    sent: list[AlertMessage] = []
    deliver(sent.append, now=NOON, should_stop=lambda: True)
    deliver(sent.append, now=NOON + MINUTE)
    assert len(sent) == 1


def test_message_nobody_could_send_for_a_day_is_given_up(settings: Settings, alert: Alert) -> None:
    consider(settings, CRY)
    sent: list[AlertMessage] = []
    deliver(sent.append, now=NOON + GIVEN_UP)
    assert sent == []


def test_person_without_mail_does_not_keep_the_others_waiting(
    mailing: Settings, alert: Alert, bob: Person
) -> None:
    alert.person.user.email = ""  # type: ignore[union-attr]  # she signs in
    alert.person.user.save()  # type: ignore[union-attr]  # she signs in
    Alert.objects.create(
        query=alert.query, kind="urgent", person=bob, quiet_from=None, quiet_until=None, since=NOON
    )
    consider(mailing, CRY)
    send(mailing)
    assert [one.to for one in mail.outbox] == [["bob@northfield.example"]]
    assert "has no mail address" in AlertMessage.objects.get(to=alert.person).failure["en"]


def test_mail_holds_no_word_of_others(mailing: Settings, alert: Alert) -> None:
    words = "I cannot go on"
    consider(mailing, replace(CRY, posts=[{**POST, "text": words}]))
    send(mailing)
    assert words not in mail.outbox[0].body
    assert str(POST["url"]) in mail.outbox[0].body


def test_warning_forgets_a_post_that_was_taken_down(settings: Settings, alert: Alert) -> None:
    other = {**POST, "post": "at://2"}
    consider(settings, replace(CRY, posts=[POST, other]))
    assert outdated.let_go({("bluesky", "at://1")}, now=NOON) == 1
    assert [post["post"] for post in AlertSent.objects.get().facts["posts"]] == ["at://2"]


def test_old_warning_names_no_post_and_then_goes(settings: Settings, alert: Alert) -> None:
    consider(settings, CRY)
    outdated.let_go((), now=NOON + outdated.POSTS_FOR + MINUTE)
    assert AlertSent.objects.get().facts["posts"] == []
    outdated.let_go((), now=NOON + outdated.KEPT_FOR + MINUTE)
    assert not AlertSent.objects.exists()
