"""What is new, by mail, in the morning: once a day to each person who wishes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from vigie.listening.alert_changes import told_to
from vigie.listening.models import AlertSent, Digest, Listener
from vigie.listening.outgoing import host_of
from vigie.register import telling
from vigie.register.leaving import DOUBT_PAUSE, MOST_DOUBTS, SENT, hand_over
from vigie.register.models import Person
from vigie.register.telling import Letter
from vigie.settings import Settings
from vigie.words import Words, _, plural, say


@dataclass(frozen=True, kw_only=True)
class News:
    """What came since yesterday, the same for everyone."""

    sentences: Sequence[Words]
    posts: int
    waiting: int
    """Questions without a public answer."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.posts and not self.waiting


def send_due(news: Callable[[], News], *, settings: Settings, now: datetime) -> int:
    """Send every digest that is due; return how many left. ``news`` is asked only if one is."""
    if not settings.mail_url:
        return 0
    today = now.astimezone(settings.zone).date()
    due = list(_due(now, today, settings))
    if not due:
        return 0
    found, sent = news(), 0
    for listener in due:
        digest, _is_new = Digest.objects.get_or_create(to=listener.person, day=today)
        letter = letter_of(listener, found, day=today, settings=settings)
        if letter is None:
            # Nothing to say is said by silence, once.
            Digest.objects.filter(pk=digest.pk).update(begun_at=now, sent_at=now)
            continue
        sent += hand_over(digest, _writing(letter, listener.person), now=now) == SENT
    return sent


def _due(now: datetime, today: date, settings: Settings) -> Iterator[Listener]:
    hour = now.astimezone(settings.zone).time()
    wished = Listener.objects.filter(digest_at__isnull=False, digest_at__lte=hour)
    reachable = wished.filter(person__user__is_active=True).exclude(person__user__email="")
    over = Digest.objects.filter(day=today).filter(
        Q(sent_at__isnull=False) | Q(doubts__gte=MOST_DOUBTS) | Q(begun_at__gt=now - DOUBT_PAUSE)
    )
    yield from reachable.exclude(person__in=over.values("to")).select_related("person__user")


def letter_of(listener: Listener, news: News, *, day: date, settings: Settings) -> Letter | None:
    """Write the digest of a person; none where there is nothing to say."""
    unread = AlertSent.objects.filter(told_to(listener.person), read_at__isnull=True).count()
    if news.is_empty and not unread:
        return None
    language = listener.language
    parts = [
        *news.sentences,
        *_open(news.waiting, unread),
        _("Read on: {address}", address=f"{settings.site}/listening/"),
        _("When and whether this comes is said under: {address}",
          address=f"{settings.site}/listening/alerts/"),
    ]  # fmt: skip
    return Letter(
        subject=say(_("What is new, {day}", day=day), language),
        text="\n\n".join(say(part, language) for part in parts),
        mark=f"digest-{day.isoformat()}-{listener.person.pk}@{host_of(settings)}",
    )


def _open(waiting: int, unread: int) -> list[Words]:
    said = []
    if waiting:
        said.append(
            plural(
                "{count} question waits for a public answer.",
                "{count} questions wait for a public answer.",
                count=waiting,
            )
        )
    if unread:
        said.append(plural("{count} alert is unread.", "{count} alerts are unread.", count=unread))
    return said


def _writing(letter: Letter, person: Person) -> Callable[[], None]:
    to = [person.user.email] if person.user else []
    return lambda: telling.write(letter, to=to)
