"""What is due of the inbox, as work that a worker claims: each box by itself, and what goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from vigie.errors import VigieError
from vigie.http import Http, open_http
from vigie.inbox.bench import Bench
from vigie.inbox.channel import known_channels
from vigie.inbox.digesting import digest_due
from vigie.inbox.entrusting import ask_due
from vigie.inbox.escalating import escalate_due
from vigie.inbox.greeting import greet_due
from vigie.inbox.intake import let_go as tidy
from vigie.inbox.intake import put
from vigie.inbox.mailings import send_mailings
from vigie.inbox.models import Box, Recount
from vigie.inbox.owing import terms
from vigie.inbox.recounting import go_on
from vigie.inbox.retaining import retain
from vigie.inbox.satisfaction import ask_helped
from vigie.inbox.sharing_changes import share_out
from vigie.inbox.sketching import sketch_all
from vigie.inbox.tallying import gather
from vigie.inbox.unnamed_files import let_go_of_unnamed
from vigie.inbox.working import READ_BOX, boxes_to_read, read_box, send_all, wake
from vigie.inbox.working import read_brought as brought
from vigie.settings import Settings
from vigie.sources.models import Work
from vigie.sources.turns import Claim, make_due
from vigie.sources.working import Outcome, failed
from vigie.store.room import writing
from vigie.words import plural

SEND_REPLIES, COUNT_INBOX = "send_replies", "count_inbox"
RECOUNT_HOURS, SKETCH_PAYLOADS = "recount_hours", "sketch_payloads"
OFTEN = timedelta(seconds=20)
"""How often replies are looked for that are due."""
DAILY = timedelta(days=1)
ASK_SERVICES = "ask_services"
KINDS = (READ_BOX, SEND_REPLIES, ASK_SERVICES, COUNT_INBOX, RECOUNT_HOURS, SKETCH_PAYLOADS)
EACH_QUARTER = timedelta(minutes=15)
EACH_MINUTE = timedelta(minutes=1)
"""How often what waits is shared out, and it is looked whom to ask, warn and tell by mail."""


def schedule(*, now: datetime) -> None:
    """Let every box have its turn, and no other; what goes out is looked for often."""
    wanted = {(READ_BOX, name): every for name, every in boxes_to_read().items()}
    wanted[SEND_REPLIES, ""] = OFTEN
    wanted[RECOUNT_HOURS, ""] = OFTEN
    wanted[SKETCH_PAYLOADS, ""] = EACH_QUARTER
    wanted[ASK_SERVICES, ""] = EACH_MINUTE
    wanted[COUNT_INBOX, ""] = DAILY
    known = {(row.kind, row.subject): row for row in Work.objects.filter(kind__in=KINDS)}
    for (kind, subject), every in wanted.items():
        if (kind, subject) not in known:
            make_due(kind, subject=subject, now=now, every=every)
    gone = [row.pk for key, row in known.items() if key not in wanted and not row.claimed_by]
    Work.objects.filter(pk__in=gone).delete()


def read(
    claim: Claim,
    *,
    settings: Settings,
    http: Http | None,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool],
) -> Outcome:
    """Read one box."""
    box = Box.objects.filter(name=claim.subject).first()
    if box is None:
        return Outcome()
    bench = Bench(settings=settings, http=http or open_http(settings), clock=clock)
    try:
        came = read_box(box, bench, should_stop=should_stop)
    except VigieError as error:
        return failed(error)
    if not came:
        return Outcome()
    return Outcome(
        words=plural("{count} message came to {box}.", "{count} messages came to {box}.",
                     count=came, box=box.label)
    )  # fmt: skip


def share(webhook: str, body: bytes, received_at: datetime, *, settings: Settings) -> bool:
    """Keep what a network sent in the boxes it concerns, by their addresses; whether in any.

    Sent again, or handed over again after a stop, it is one payload of each box.
    """
    concerned = False
    for name, member in known_channels().items():
        if member.webhook != webhook:
            continue
        for address, payload in member.parts(body).items():
            for box in Box.objects.filter(channel=name, address=address):
                concerned = True
                if payload:
                    with writing(settings.home):
                        put(box, payload, home=settings.home, now=received_at)
    return concerned


def read_brought(*, settings: Settings, http: Http | None, clock: Callable[[], datetime]) -> None:
    """Read what was brought to boxes and waits."""
    brought(Bench(settings=settings, http=http or open_http(settings), clock=clock))


def let_go(*, settings: Settings, now: datetime) -> None:
    """Let go of payloads read long ago and of words kept long enough, and add up the tallies."""
    gather()
    retain(home=settings.home, now=now)
    long_ago = now - timedelta(days=settings.raw_days)
    tidy(home=settings.home, before=long_ago)
    let_go_of_unnamed(home=settings.home, before=long_ago)


def send(
    *,
    settings: Settings,
    http: Http | None,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool],
) -> Outcome:
    """Send the replies that are due, and open what was put aside until now."""
    bench = Bench(settings=settings, http=http or open_http(settings), clock=clock)
    brought(bench)
    wake(bench)
    sent = send_all(bench, should_stop=should_stop)
    if not sent:
        return Outcome()
    return Outcome(words=plural("{count} reply went out.", "{count} replies went out.", count=sent))


def recount(
    *, settings: Settings, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> Outcome:
    """Count anew what is due where hours were changed, and too much for a page to wait for."""
    done = go_on(settings.zone, clock(), should_stop=should_stop)
    if done is None:
        return Outcome(is_finished=False)
    words = plural(
        "What is due of {count} conversation was counted anew.",
        "What is due of {count} conversations was counted anew.",
        count=done,
    )
    return Outcome(words=words if done else None)


def sketch(*, settings: Settings, should_stop: Callable[[], bool]) -> Outcome:
    """Note in brief which words came, so that an erasure need not open everything."""
    sketch_all(home=settings.home, should_stop=should_stop)
    return Outcome()


def ask(
    *, settings: Settings, clock: Callable[[], datetime], should_stop: Callable[[], bool]
) -> Outcome:
    """Ask services by mail, warn of what is nearly late, and send the digests of the morning."""
    known = terms(zone=settings.zone, now=clock())
    share_out(known)
    if settings.mail_url:
        ask_due(now=known.now)
        digest_due(now=known.now, zone=settings.zone)
    # Nobody is told that something is late by hours that hold no more.
    if not Recount.objects.exists():
        escalate_due(known)
    ask_helped(settings, terms=known)
    greet_due(settings, terms=known)
    sent = send_mailings(settings, terms=known, should_stop=should_stop)
    if not sent:
        return Outcome()
    return Outcome(
        words=plural("{count} mail of the inbox was sent.", "{count} mails of the inbox were sent.",
                     count=sent)
    )  # fmt: skip
