"""How conversations of the past came to be what they are, put back: passages, links, opinions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.inbox.admission import Office
from vigie.inbox.colleagues import found_again
from vigie.inbox.models import Box, Conversation, ConversationLink, Passage, Satisfaction
from vigie.inbox.open_again import Pasts
from vigie.inbox.past import PastPassage, PastPerson
from vigie.inbox.tokens import digest_of, new_nonce
from vigie.register.models import Person
from vigie.words import LANGUAGES


def history_again(pasts: Pasts, office: Office) -> None:
    """Put back what is told of conversations that are kept by now."""
    Passage.objects.bulk_create(_passages(pasts, office))
    Satisfaction.objects.bulk_create(_satisfaction(pasts))
    ConversationLink.objects.bulk_create(_links(pasts), ignore_conflicts=True)


def _passages(pasts: Pasts, office: Office) -> Iterator[Passage]:
    told = [(row, one) for row, past in pasts for one in past.history.passages]
    here = found_again(one.person for _row, one in told)
    for row, one in told:
        service = office.slugs.get(one.service)
        person = here.get(one.person) if one.person else None
        yield Passage(
            conversation=row,
            service_id=service,
            person=person,
            at=min(one.at, office.now),
            by=one.by,
            reason=_signed(one, service, person),
        )


def _signed(one: PastPassage, service: int | None, person: Person | None) -> Mapping[str, str]:
    """Return the reason, with the names of those who are not here."""
    missing = [one.service_name] if service is None else []
    missing += [one.person.name] if person is None and isinstance(one.person, PastPerson) else []
    names = ", ".join(name for name in missing if name)
    if not names:
        return one.reason
    reasons = one.reason or dict.fromkeys(LANGUAGES, "")
    return {name: f"{said} ({names})".strip() for name, said in reasons.items()}


def _satisfaction(pasts: Pasts) -> Iterator[Satisfaction]:
    for row, past in pasts:
        said = past.history.satisfaction
        if said is not None:
            yield Satisfaction(
                conversation=row,
                # Its link opened another site: none opens it here.
                digest=digest_of(new_nonce()),
                asked_at=said.asked_at,
                answered_at=said.answered_at,
                score=said.score,
                words=said.words,
            )


def _links(pasts: Pasts) -> Iterator[ConversationLink]:
    """Yield the links of which both ends are here; whichever comes last finds the other."""
    told = [(row, one) for row, past in pasts for one in past.history.links]
    others = _standing_under([one.thread for _row, one in told], [row for row, _one in told])
    for row, one in told:
        other = others.get(one.thread)
        if other is not None and other != row.pk:
            first, second = sorted((row.pk, other))
            yield ConversationLink(first_id=first, second_id=second, by=one.by, at=one.at)


def _standing_under(threads: Sequence[str], rows: Sequence[Conversation]) -> Mapping[str, int]:
    """Return the conversations that had these names elsewhere: in their own box, or in another."""
    if not threads:
        return {}
    institutions = {row.box.institution_id for row in rows}
    boxes = dict(Box.objects.filter(institution__in=institutions).values_list("pk", "name"))
    names = {*threads, *(thread.partition("/")[2] for thread in threads)}
    found = Conversation.objects.filter(box__in=list(boxes), thread__in=names)
    there = {}
    for pk, merged, box, thread in found.values_list("pk", "merged_into_id", "box_id", "thread"):
        for name in (thread, f"{boxes[box]}/{thread}"):
            if name in threads:
                there[name] = merged or pk
    return there
