"""The log in words: each entry as a sentence, and each kind of change under its subject."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from vigie.culture import logged as culture
from vigie.inbox import logged as inbox
from vigie.listening import logged as listening
from vigie.register import logged as register
from vigie.sources import logged as sources
from vigie.words import LANGUAGES, InLanguages, Words, _, marked

SENTENCES: Mapping[str, str] = {
    **register.SENTENCES,
    **sources.SENTENCES,
    **listening.SENTENCES,
    **inbox.SENTENCES,
    **culture.SENTENCES,
}
SOMEBODY = "…"
"""Stands for whoever did it, in a list of kinds of change."""
AREAS: Mapping[str, Words] = {
    "inbox": _("Conversations, boxes and rules"),
    "contact": _("Contacts"),
    "service": _("Services"),
    "faq": _("Entries of the FAQ"),
    "change": _("You said, we changed"),
    "person": _("People and their rights"),
    "register": _("The register, by hand"),
    "update": _("Updates of the register"),
    "account": _("Accounts"),
    "event": _("Events"),
    "statement": _("Replies to published figures"),
    "connection": _("Keys of networks"),
    "work": _("Work of the networks"),
    "discovery": _("Searches for accounts"),
    "finding": _("Accounts found"),
    "query": _("Queries"),
    "alert": _("Alerts"),
    "calendar": _("Calendar"),
    "figure": _("Public figures"),
    "speciality": _("Specialities"),
    "consent": _("Consents"),
    "check": _("Checks of the machine"),
    "label": _("Labels"),
    "theme": _("Themes"),
    "practice": _("Practices"),
    "wall": _("Walls of questions"),
}
"""What an action is about: the part of its name before the point."""
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "conversation": (marked("conversation {name}"), "/inbox/{name}/"),
    "contact": (marked("contact {name}"), "/inbox/contacts/{name}/"),
    "service": (marked("service {name}"), ""),
    "rule": (marked("rule {name}"), ""),
    "box": (marked("box {name}"), ""),
    "saved reply": (marked("saved reply {name}"), "/inbox/saved-replies/{name}/"),
    "faqdraft": (marked("entry {name} of the FAQ"), "/inbox/faq/{name}/"),
    "change": (marked("change {name}"), ""),
    "practice": (marked("practice {name}"), "/culture/practices/{name}/"),
    "wall": (marked("wall {name}"), ""),
    "consent": (marked("request for consent {name}"), ""),
}
"""What a subject begins with → how it is said, and its page where the name is a number."""
FACTS: Mapping[str, Words] = {
    "service": _("service"),
    "from": _("before"),
    "to": _("to"),
    "person": _("person"),
    "role": _("role"),
    "number": _("number"),
    "week": _("week"),
    "holidays": _("closed on public holidays"),
    "absorbed": _("the other"),
    "other": _("the other"),
    "agreed": _("as people decided"),
    "of": _("out of"),
    "state": _("state"),
    "message": _("message"),
    "note": _("note"),
    "reason": _("reason"),
    "count": _("how many"),
    "source": _("read from"),
    "name": _("name"),
    "channel": _("channel"),
    "urgency": _("urgency"),
    "response_minutes": _("minutes to answer"),
    "resolution_minutes": _("minutes to settle it"),
    "topic": _("topic"),
    "is_active": _("active"),
    "is_public": _("public"),
    "conditions": _("conditions"),
    "place": _("place"),
    "snoozed_until": _("until"),
    "closed_at": _("closed"),
    "mended": _("changed first"),
    "by": _("through"),
    "words": _("words"),
    "title": _("title"),
    "purpose": _("purpose"),
    "office": _("office"),
    "network": _("network"),
    "networks": _("networks"),
    "languages": _("languages"),
    "is_on": _("on"),
    "post": _("post"),
    "scope": _("what is shown"),
    "way": _("way"),
    "kind": _("kind"),
    "question": _("question"),
    "answers": _("answers"),
    "day": _("day"),
    "first_day": _("first day"),
    "last_day": _("last day"),
    "factor": _("times the usual"),
    "institution": _("institution"),
    "alert": _("alert"),
    "deputy": _("deputy"),
    "update": _("update"),
    "item": _("entry"),
    "moderated": _("read before it is shown"),
    "keep_days": _("days it is kept"),
    "texts": _("texts"),
    "drawn_from": _("drawn from"),
    "version": _("version"),
    "insisted": _("reason given"),
}
"""Names of facts that people meet often, in words; the others stay as they are."""
DOERS: Mapping[str, Words] = {
    "command line": _("the command line"),
    "escalation": _("the watch over due times"),
    "clock": _("the clock"),
    "collect": _("the collection"),
    "author of the post": _("the author of the post"),
    "teaching": _("the teaching of models"),
}
"""Who is no person."""


def doer(name: str) -> Words | str:
    """Return who did something, as people call them."""
    return DOERS.get(name, name)


def sentence(action: str, by: str) -> Words | None:
    """Say who did what; none for an action that no version of today writes."""
    text = SENTENCES.get(action)
    return None if text is None else Words(text, MappingProxyType({"by": doer(by)}))


def subject_words(subject: str) -> tuple[Words | str, str]:
    """Return what people call the subject of an entry, and its page; empty: it has none."""
    for start, (text, address) in SUBJECTS.items():
        name = subject.removeprefix(f"{start} ")
        if name != subject:
            page = address.format(name=name) if name.isdigit() else ""
            return Words(text, MappingProxyType({"name": name})), page
    return subject, ""


def kinds(actions: Iterable[str]) -> list[tuple[str, Words | str, list[tuple[str, Words | str]]]]:
    """Return the kinds of change that were made, under what they are about."""
    found: dict[str, list[tuple[str, Words | str]]] = {}
    for action in actions:
        words = sentence(action, SOMEBODY) or action
        found.setdefault(action.partition(".")[0], []).append((action, words))
    places = {name: place for place, name in enumerate(AREAS)}
    named = sorted(found, key=lambda name: (places.get(name, len(places)), name))
    return [(f"{name}.", AREAS.get(name, name), found[name]) for name in named]


def facts_words(facts: Mapping[str, object]) -> list[tuple[Words | str, Words | str]]:
    """Return the facts of an entry as people read them; what is empty tells nothing."""
    told = {name: value for name, value in facts.items() if value not in ("", None, [], {}, "None")}
    return [(FACTS.get(name, name), _fact(value)) for name, value in told.items()]


def _fact(value: object) -> Words | str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping) and value.keys() == set(LANGUAGES):
        return Words("{said}", MappingProxyType({"said": InLanguages(value)}))
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
