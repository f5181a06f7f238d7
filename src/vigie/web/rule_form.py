"""Rules as sentences, and the form in which a person makes one by ticking what must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from babel.lists import format_list
from django.http import QueryDict

from vigie.collect.address import NETWORKS
from vigie.inbox.channel import known_channels
from vigie.inbox.models import Box, Rule
from vigie.inbox.routing import LABELS
from vigie.inbox.rule_changes import Wanted
from vigie.inbox.words import KIND_WORDS
from vigie.listening import label_names
from vigie.present import naming
from vigie.register.models import Institution, Service
from vigie.web.sentences import reader_language
from vigie.web.target_form import URGENCY_WORDS
from vigie.words import Words, _, say

LANGUAGES = ("fr", "en", "es", "de", "it", "pt", "ar", "zh", "ru", "uk")
OWN_NETWORKS: Mapping[str, Words] = {"mail": _("mail"), "form": _("web form")}
PLACES: Mapping[str, Words] = {"in public": _("in public"), "in private": _("in private")}
FIRST = ("intent", "office", "words", "box")
"""What most rules ask; the rest is folded away."""
MOST_WORDS = 50


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One field of the form, with its choices; without any: words are typed."""

    name: str
    label: Words
    choices: Sequence[tuple[str, Words | str, bool]]
    typed: str = ""


@dataclass(frozen=True)
class Said:
    """A rule as a sentence: *If the intent is question, and it is for housing → Housing*."""

    conditions: Sequence[Mapping[str, object]]
    names: Mapping[str, Mapping[str, Words | str]]

    def spoken(self, language: str) -> str:
        parts = [self._one(one, language) for one in self.conditions]
        return format_list(parts, style="standard", locale=language)

    def _one(self, condition: Mapping[str, object], language: str) -> str:
        field, values = str(condition.get("field", "")), condition.get("is")
        known = self.names.get(field, {})
        given = [str(value) for value in values] if isinstance(values, list) else []
        said = [
            say(_("“{value}”", value=value), language)
            if field == "words"
            else _lowered(say(known.get(value, value), language))
            for value in given
        ]
        label = say(LABELS[field], language) if field in LABELS else field
        return f"{label} {format_list(said, style='or', locale=language)}"


def _lowered(text: str) -> str:
    """Return a name as it stands within a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sentence(rule: Rule, names: Mapping[str, Mapping[str, Words | str]]) -> Words:
    """Say a rule as a sentence."""
    said = Said(rule.conditions, names)
    if rule.urgency == "high":
        return _("If {conditions} → {service}, to be read at once", conditions=said,
                 service=str(rule.service))  # fmt: skip
    return _("If {conditions} → {service}", conditions=said, service=str(rule.service))


def names_of(institution: Institution) -> Mapping[str, Mapping[str, Words | str]]:
    """Return, for each field a rule may ask about, its values and what people call them."""
    locale = Locale(reader_language())
    members = known_channels()
    return {
        "intent": label_names.INTENTS,
        "office": label_names.SERVICES,
        "channel": {name: member.label for name, member in members.items()},
        "box": dict(Box.objects.filter(institution=institution).values_list("name", "label")),
        "kind": KIND_WORDS,
        "network": {
            name: naming.network(name) if name in NETWORKS else OWN_NETWORKS.get(name, name)
            for name in sorted({member.network for member in members.values()})
        },
        "language": {code: locale.languages.get(code, code) for code in LANGUAGES},
        "urgency": {name: words for name, words in URGENCY_WORDS.items() if name},
        "place": PLACES,
        "words": {},
    }


def asked(
    conditions: Sequence[Mapping[str, object]], institution: Institution
) -> tuple[list[Asked], list[Asked]]:
    """Return the fields of the form, those most rules ask and the others, filled."""
    names = names_of(institution)
    held = {str(one.get("field")): one.get("is") for one in conditions}
    fields = {name: _asked(name, names[name], held.get(name)) for name in LABELS}
    return (
        [fields[name] for name in FIRST],
        [one for name, one in fields.items() if name not in FIRST],
    )


def _asked(name: str, known: Mapping[str, Words | str], held: object) -> Asked:
    chosen = [str(value) for value in held] if isinstance(held, list) else []
    if name == "words":
        return Asked(name=name, label=LABELS[name], choices=(), typed=", ".join(chosen))
    # What is kept stays on the form even where its box is gone.
    values = [*known, *(value for value in chosen if value not in known)]
    choices = [(value, known.get(value, value), value in chosen) for value in values]
    return Asked(name=name, label=LABELS[name], choices=choices)


def entered(given: QueryDict, institution: Institution) -> Wanted:
    """Read the form."""
    conditions = []
    for name in LABELS:
        values = given.getlist(f"is-{name}")
        if name == "words":
            values = [part for text in values for part in text.split(",")]
        kept = [value.strip()[:200] for value in values if value.strip()][:MOST_WORDS]
        if kept:
            conditions.append({"field": name, "is": kept})
    service = given.get("service", "")
    is_key = service.isascii() and service.isdigit() and len(service) < 19
    found = Service.objects.filter(institution=institution, pk=int(service) if is_key else 0)
    return Wanted(
        name=given.get("name", ""),
        conditions=conditions,
        service=found.first(),
        urgency="high" if given.get("urgency") else "",
    )
