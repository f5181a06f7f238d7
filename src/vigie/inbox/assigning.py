"""Where a conversation goes when it begins: who asked chose it, a rule fits, or the box has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.inbox.admission import Office
from vigie.inbox.channel import Incoming
from vigie.inbox.models import Conversation, Passage, Suggestion
from vigie.inbox.routing import Facts, Rule, first_fitting
from vigie.inbox.understanding import Understood
from vigie.words import LANGUAGES, Words, _, say

CHOSEN = "form", _("Who asked chose it.")
CAME_BACK = "import"
BEFORE = CAME_BACK, _("It was there before.")
"""By what, and why, a conversation has its service from the beginning."""


def routed(
    opened: Sequence[Conversation],
    firsts: Mapping[int, Incoming],
    understood: Mapping[str, Understood],
    office: Office,
) -> tuple[list[Passage], list[Suggestion]]:
    """Assign conversations that begin with these messages; return why, and what is suggested."""
    passages: list[Passage] = []
    suggestions: list[Suggestion] = []
    for conversation in opened:
        message = firsts[id(conversation)]
        known = understood[message.key]
        rule = first_fitting(office.rules, facts_of(conversation, message, known))
        passages += _sent(conversation, message, rule, office)
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


def _sent(
    conversation: Conversation, message: Incoming, rule: Rule | None, office: Office
) -> list[Passage]:
    """Give a conversation its service, and say why."""
    past, wished = message.past, office.slugs.get(message.service)
    is_nobodys = past is not None and past.history.standing is not None and not message.service
    if wished is not None or is_nobodys:
        conversation.service_id = wished
        return [passage_of(conversation, BEFORE if message.is_past else CHOSEN, office.now)]
    if rule is not None:
        conversation.service_id = rule.service
        conversation.urgency = rule.urgency or conversation.urgency
        told = f"rule {rule.name}", _("The rule “{rule}” fits.", rule=rule.name)
    elif conversation.box.service_id is not None:
        conversation.service_id = conversation.box.service_id
        told = f"box {conversation.box}", _("Everything in {box} goes there.",
                                            box=str(conversation.box))  # fmt: skip
    else:
        return []
    before = [BEFORE] if past is not None else []
    return [passage_of(conversation, one, office.now) for one in (*before, told)]


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


def passage_of(conversation: Conversation, told: tuple[str, Words], at: datetime) -> Passage:
    """Return a passage, not saved yet, to where a conversation is: by what, and why."""
    by, reason = told
    said = {language: say(reason, language) for language in LANGUAGES}
    return Passage(
        conversation=conversation, service_id=conversation.service_id, at=at, by=by, reason=said
    )
