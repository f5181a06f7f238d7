"""The first queries of an institution, made from the register: its first screen is never empty.

How an institution is named is told by ``pack_names``; what people say to such an institution,
by kind, is here. A person reads each before it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.listening.pack_names import named_query
from vigie.listening.query import parse
from vigie.model import Account, Institution
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """A query somebody may keep."""

    name: str
    """Slug, unique in its pack."""
    title: Words
    words: str
    """In the query language."""
    purpose: Words
    """Why it is listened to: shown to the public."""


APPLYING: Mapping[str, str] = {
    "university": "inscription* OR réinscription* OR candidature* OR admission* OR parcoursup OR "
    '"mon master" OR "campus france" OR enrolment* OR application*',
    "engineering_school": "candidature* OR admission* OR concours OR cpge OR prépa* OR parcoursup "
    'OR "admis sur titre" OR alternance OR application*',
    "business_school": "candidature* OR admission* OR concours OR oraux OR bce OR ecricome OR "
    "parcoursup OR bachelor* OR alternance OR mba OR application*",
    "art_school": 'candidature* OR admission* OR concours OR portfolio* OR "dossier artistique" OR '
    '"portes ouvertes" OR parcoursup OR application*',
    "institute": "candidature* OR admission* OR concours OR inscription* OR parcoursup OR "
    "application*",
}
"""Kind of institution → words of those who apply there."""
OTHER_KIND = "institute"
WORKING = (
    'bug* OR panne* OR plante* OR "ne marche" OR "ne fonctionne" OR "en maintenance" OR wifi OR '
    'moodle OR "boîte mail" OR "mot de passe" OR outage* OR "not working" OR "is down"'
)
LIVING = (
    "logement* OR crous OR bourse* OR résidence* OR cantine* OR bibliothèque* OR bu OR restau* OR "
    "housing OR scholarship* OR library"
)
ALARMING = (
    "agression* OR agressé* OR harcèlement OR harcelé* OR menace* OR incendie* OR évacu* OR "
    "viol OR violence* OR suicid* OR intrusion* OR bizutage* OR assault* OR harass* OR "
    "threat* OR fire"
)
BELONGING = (
    '"fière de" OR "fier de" OR fiers OR fières OR diplômé* OR "ma promo" OR "mon école" OR '
    '"ma fac" OR "merci à" OR "proud to" OR alumni OR graduat*'
)


def starter_pack(
    institution: Institution,
    accounts: Sequence[Account] = (),
    others: Sequence[Institution] = (),
) -> tuple[Suggested, ...]:
    """Return the first queries of an institution.

    ``accounts`` are its own; ``others`` the institutions it must not be taken for.
    """
    names = named_query(institution, accounts, others)
    applying = APPLYING.get(institution.kind or OTHER_KIND, APPLYING[OTHER_KIND])
    of = institution.short_name or institution.name
    pack = (
        Suggested(
            name="name",
            title=_("{institution}: every mention", institution=of),
            words=names,
            purpose=_("To know what is said of the institution in public."),
        ),
        Suggested(
            name="questions",
            title=_("{institution}: questions", institution=of),
            words=f"({names}) intent:question",
            purpose=_("To find public questions, so that an office answers them."),
        ),
        _about("applying", names, applying, _("{institution}: applying", institution=of),
               _("To see what makes applying hard, and to answer.")),
        _about("working", names, WORKING, _("{institution}: digital services", institution=of),
               _("To hear of digital services that fail before the telephone rings.")),
        _about("living", names, LIVING, _("{institution}: student life", institution=of),
               _("To see what students lack: housing, grants, places to work and eat.")),
        _about("alarming", names, ALARMING, _("{institution}: safety", institution=of),
               _("To be warned when somebody may be in danger. A person always reads it.")),
        _about("belonging", names, BELONGING, _("{institution}: pride", institution=of),
               _("To find those who are proud of the institution, and to thank them.")),
    )  # fmt: skip
    return tuple(_checked(one) for one in pack)


def _about(name: str, names: str, said: str, title: Words, purpose: Words) -> Suggested:
    return Suggested(name=name, title=title, words=f"({names}) ({said})", purpose=purpose)


def _checked(suggested: Suggested) -> Suggested:
    """Refuse to suggest what cannot be read: it would be our own mistake."""
    parse(suggested.words)
    return suggested
