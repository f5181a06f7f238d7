"""What the buttons on a service's page do; each says what was done, or what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import Http404, HttpRequest

from vigie.errors import FileError, InboxError
from vigie.inbox import hour_changes, service_changes, sharing_changes
from vigie.inbox.calendars import read_calendar
from vigie.inbox.changes import Hand
from vigie.inbox.models import Capacity, Closure, Target
from vigie.inbox.owing import zone_of
from vigie.inbox.recounting import Anew
from vigie.inbox.unreached import ask_unreached_again
from vigie.register.models import Person, Service
from vigie.web import closure_form, hours_form, service_form, target_form
from vigie.web.closure_form import AHEAD
from vigie.web.uploads import NO_FILE, too_large
from vigie.words import Words, _, plural

MOST_BYTES = 2 << 20
"""Of a calendar."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a button."""

    words: Words | None = None
    """What was done; none: nothing yet, the page is shown again."""
    mistakes: Mapping[str, Words] = field(default_factory=dict)
    shown: Mapping[str, object] = field(default_factory=dict)
    """What the page shows besides."""


Act = Callable[[HttpRequest, Service, Hand], Outcome]


def _facts(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    found, mistakes = service_form.facts(request.POST.dict())
    if mistakes:
        return Outcome(mistakes=mistakes)
    service_changes.put_facts(service, found, hand=hand)
    return Outcome(words=_("What {service} says of itself is kept.", service=service.name))


def _people(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    given = request.POST.dict()
    first, wrong = service_form.named(given, "correspondent")
    second, wrong_too = service_form.named(given, "deputy")
    if wrong or wrong_too:
        return Outcome(mistakes={**wrong, **wrong_too})
    service_changes.name_correspondents(service, first, second, hand=hand)
    return Outcome(words=_("Who answers for {service} is kept.", service=service.name))


def _mail(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    which = request.POST.get("which", "")
    person = {"correspondent": service.correspondent, "deputy": service.deputy}.get(which)
    if person is None:
        raise Http404
    found, mistakes = service_form.named({f"{which}-mail": request.POST.get("mail", "")}, which)
    if mistakes or not found.mail:
        words = mistakes.get(f"{which}-mail") or _("Give a mail address.")
        return Outcome(mistakes={f"{which}-address": words})
    service_changes.give_mail(person, found.mail, hand=hand)
    return Outcome(words=_("Questions go to {name} by mail now.", name=str(person)))


def _ask_again(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    known = {row.pk: row for row in (service.correspondent, service.deputy) if row is not None}
    person = known.get(number(request, "person"))
    if person is None:
        raise Http404
    asked = ask_unreached_again(service, person, hand=hand)
    if not asked:
        raise InboxError(
            _("No question waits that was not sent again a short while ago. Nothing was sent.")
        )
    return Outcome(
        words=plural("{count} question is sent to {name} again.",
                     "{count} questions are sent to {name} again.", count=asked, name=str(person))
    )  # fmt: skip


def _hours(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    given = request.POST.dict()
    keeps = bool(given.get("keeps_holidays"))
    if given.get("counts") == "always":
        moved = hour_changes.put_hours(service, None, keeps_holidays=keeps, hand=hand)
        return Outcome(words=_anew(moved))
    entered = hours_form.entered(given)
    if entered.mistakes:
        return Outcome(mistakes=entered.mistakes, shown={"hours_entered": entered})
    moved = hour_changes.put_hours(service, entered.week, keeps_holidays=keeps, hand=hand)
    return Outcome(words=_anew(moved))


def _anew(found: Anew) -> Words:
    if found.later:
        return _(
            "It is kept. What is due of {count} open conversations is being counted anew; this "
            "page and the list say so until it is done.",
            count=found.later,
        )
    if not found.moved:
        return _("It is kept. No open conversation is due at another time by that.")
    return plural(
        "It is kept. {count} open conversation is due at another time now.",
        "It is kept. {count} open conversations are due at another time now.",
        count=found.moved,
    )


def _close(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    given = request.POST.dict()
    closed, mistakes = closure_form.by_hand(given, zone_of(service, hand.terms.zone))
    if closed is None:
        return Outcome(mistakes=mistakes)
    only = None if given.get("everywhere") else service
    moved = hour_changes.close(service.institution, only, [closed], hand=hand)
    return Outcome(words=_anew(moved))


def _calendar(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    sent = request.FILES.get("calendar")
    if getattr(request, "file_too_large", False) or (sent and (sent.size or 0) > MOST_BYTES):
        return Outcome(mistakes={"calendar": too_large()})
    if sent is None or not sent.size:
        return Outcome(mistakes={"calendar": NO_FILE})
    zone, now = zone_of(service, hand.terms.zone), hand.now
    try:
        events = read_calendar(sent.read(), zone=zone, until=now + AHEAD)
    except FileError as error:
        return Outcome(mistakes={"calendar": error.words})
    offer = closure_form.offer((sent.name or "calendar")[:120], events, now=now)
    if not offer.events:
        return Outcome(mistakes={"calendar": _("This calendar holds nothing that lies ahead.")})
    return Outcome(shown={"offer": offer})


def _keep(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    closures = closure_form.ticked(request.POST)
    if not closures:
        raise InboxError(_("Tick the days on which it is closed."))
    source = request.POST.get("source", "").strip()[:120] or "calendar"
    only = None if request.POST.get("everywhere") else service
    moved = hour_changes.close(service.institution, only, closures, source=source, hand=hand)
    return Outcome(words=_anew(moved))


def _reopen(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    rows = Closure.objects.filter(institution=service.institution, pk=number(request, "closure"))
    found = rows.filter(Q(service=service) | Q(service__isnull=True)).first()
    if found is None:
        raise Http404
    return Outcome(words=_anew(hour_changes.reopen(found, hand=hand)))


def _target(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    return put_target(request, service, hand)


def put_target(request: HttpRequest, service: Service | None, hand: Hand) -> Outcome:
    """Keep a target, of one service or of all."""
    wanted, mistakes = target_form.entered(request.POST.dict())
    if wanted is None:
        return Outcome(mistakes=mistakes)
    moved = hour_changes.put_target(
        service,
        channel=wanted.channel,
        urgency=wanted.urgency,
        response_minutes=wanted.response_minutes,
        resolution_minutes=wanted.resolution_minutes,
        hand=hand,
    )
    return Outcome(words=_anew(moved))


def _target_off(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    return erase_target(request, service, hand)


def erase_target(request: HttpRequest, service: Service | None, hand: Hand) -> Outcome:
    """Take out a target of one service, or of all."""
    found = Target.objects.filter(service=service, pk=number(request, "target")).first()
    if found is None:
        raise Http404
    return Outcome(words=_anew(hour_changes.erase_target(found, hand=hand)))


def _topic(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    key = number(request, "topic")
    topic = service_changes.put_topic(
        service, request.POST.get("topic_name", ""), hand=hand, topic=key or None
    )
    return Outcome(words=_("The topic “{name}” is kept.", name=topic.name))


def _topic_off(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    service_changes.switch_topic(service, number(request, "topic"), is_active=False, hand=hand)
    return Outcome(words=_("The topic is off the list. Conversations that have it keep it."))


def _topic_on(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    service_changes.switch_topic(service, number(request, "topic"), is_active=True, hand=hand)
    return Outcome(words=_("The topic is on the list again."))


def _capacity(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    person = _carrier(request)
    given = request.POST.get("most", "").strip()
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        words = _("Write a whole number, as 5, or 0 for somebody who is away.")
        is_known = Capacity.objects.filter(service=service, person=person).exists()
        return Outcome(mistakes={f"most-{person.pk}" if is_known else "most-new": words})
    back = sharing_changes.put_capacity(service, person, int(given), hand=hand)
    if back:
        return Outcome(
            words=plural(
                "{name} is away. {count} conversation went back to the waiting list.",
                "{name} is away. {count} conversations went back to the waiting list.",
                count=back,
                name=str(person),
            )
        )
    if given.strip("0") == "":
        return Outcome(words=_("{name} is away: nothing new goes there.", name=str(person)))
    return Outcome(
        words=plural(
            "{name} carries {count} conversation at once.",
            "{name} carries {count} conversations at once.",
            count=int(given),
            name=str(person),
        )
    )


def _in_all(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    person = _carrier(request)
    given = request.POST.get("in_all", "").strip()
    if given and not (given.isascii() and given.isdigit() and len(given) < 5):
        words = _("Write a whole number, as 10, or nothing where each service is limit enough.")
        return Outcome(mistakes={f"in-all-{person.pk}": words})
    sharing_changes.put_in_all(service, person, int(given) if given else None, hand=hand)
    if not given:
        return Outcome(words=_("{name} carries as much as each service says.", name=str(person)))
    return Outcome(
        words=plural(
            "{name} carries {count} conversation at once in all.",
            "{name} carries {count} conversations at once in all.",
            count=int(given),
            name=str(person),
        )
    )


def _capacity_off(request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    person = _carrier(request)
    sharing_changes.erase_capacity(service, person, hand=hand)
    return Outcome(words=_("Nothing is shared out to {name} any more.", name=str(person)))


def _carrier(request: HttpRequest) -> Person:
    found = Person.objects.filter(pk=number(request, "person")).select_related("user").first()
    if found is None:
        raise InboxError(_("Choose somebody of the list."))
    return found


def _rest(_request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    service_changes.let_rest(service, hand=hand)
    return Outcome(words=_("{service} rests: nothing new goes there.", service=service.name))


def _wake(_request: HttpRequest, service: Service, hand: Hand) -> Outcome:
    service_changes.take_up(service, hand=hand)
    return Outcome(words=_("{service} answers again.", service=service.name))


def number(request: HttpRequest, name: str) -> int:
    """Return the number a form gives; nothing where it is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


ACTS: Mapping[str, tuple[str, Act]] = {
    "people": ("people", _people),
    "mail": ("people", _mail),
    "ask_again": ("people", _ask_again),
    "facts": ("facts", _facts),
    "rest": ("facts", _rest),
    "wake": ("facts", _wake),
    "hours": ("hours", _hours),
    "close": ("closures", _close),
    "calendar": ("closures", _calendar),
    "keep": ("closures", _keep),
    "reopen": ("closures", _reopen),
    "target": ("targets", _target),
    "target_off": ("targets", _target_off),
    "capacity": ("sharing", _capacity),
    "capacity_in_all": ("sharing", _in_all),
    "capacity_off": ("sharing", _capacity_off),
    "topic": ("topics", _topic),
    "topic_off": ("topics", _topic_off),
    "topic_on": ("topics", _topic_on),
}
"""What a button asks for, and the view it belongs to."""
