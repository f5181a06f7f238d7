"""Where a conversation goes when it begins: who asked chose it, a rule fits, or the box has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.inbox.admission import Office
from vigie.inbox.channel import Incoming
from vigie.inbox.models import Conversation, Passage, Suggestion
from vigie.inbox.routing import Facts, first_fitting
from vigie.inbox.understanding import Understood
from vigie.words import LANGUAGES, Words, _, say

CHOSEN = "form", _("Who asked chose it.")
BEFORE = "import", _("It was there before.")
"""By what, and why, a conversation has its service from the beginning."""


def routed(
    opened: Sequence[Conversation],
    firsts: Mapping[int, Incoming],
    understood: Mapping[str, Understood],
    office: Office,
) -> tuple[list[Passage], list[Suggestion]]:
    """Assign conversations that begin with these messages; return why, and what is suggested."""
    passages, suggestions = [], []
    for conversation in opened:
        message = firsts[id(conversation)]
        known = understood[message.key]
        rule = first_fitting(office.rules, facts_of(conversation, message, known))
        wished = office.slugs.get(message.service)
        if wished is not None:
            conversation.service_id = wished
            by, reason = BEFORE if message.is_past else CHOSEN
            passages.append(_passage(conversation, by, office.now, reason))
        elif rule is not None:
            conversation.service_id = rule.service
            conversation.urgency = rule.urgency or conversation.urgency
            passages.append(_passage(conversation, f"rule {rule.name}", office.now,
                                     _("The rule “{rule}” fits.", rule=rule.name)))  # fmt: skip
        elif conversation.box.service_id is not None:
            conversation.service_id = conversation.box.service_id
            passages.append(_passage(conversation, f"box {conversation.box}", office.now,
                                     _("Everything in {box} goes there.",
                                       box=str(conversation.box))))  # fmt: skip
        suggestions.append(
            Suggestion(
                conversation=conversation,
                services=[
                    [office.services[name], certainty]
                    for name, certainty in known.offices[:2]
                    if name in office.services
                ],
                annotator=known.annotator,
                at=office.now,
            )
        )
    return passages, suggestions


def facts_of(conversation: Conversation, message: Incoming, known: Understood) -> Facts:
    """Return what rules may ask about a conversation that begins with a message."""
    return Facts(
        channel=conversation.box.channel,
        box=conversation.box.name,
        network=message.author.network,
        kind=conversation.kind,
        is_public=conversation.is_public,
        language=conversation.language,
        intents=tuple(conversation.intents),
        offices=known.offices,
        urgency=conversation.urgency,
        words=f"{message.subject} {message.words}",
    )


def _passage(conversation: Conversation, by: str, at: datetime, reason: Words) -> Passage:
    said = {language: say(reason, language) for language in LANGUAGES}
    return Passage(
        conversation=conversation, service_id=conversation.service_id, at=at, by=by, reason=said
    )
