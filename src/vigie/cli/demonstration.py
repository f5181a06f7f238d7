"""What people keep in the demonstration: queries, days, specialities, and someone who signs in."""

from __future__ import annotations

from datetime import date, timedelta

from vigie.demo import OURS, Sector, Span
from vigie.demo.grants import NETWORK
from vigie.demo.grants import QUERY as GRANTS
from vigie.listening.kept import KeptEvent, KeptQuery
from vigie.register.rights import COMMAND_LINE

VISITOR = "alice"
PASSWORD = "invented-sector"
"""The site of the demonstration answers on this machine only."""
QUERIES = (
    KeptQuery(
        name="nous",
        title="Tout ce qui nous nomme",
        words='"port-laurent" OU @universite-de-port-laurent OU about:universite-de-port-laurent',
        purpose="Savoir chaque matin ce qui est dit de l’université, et répondre.",
        office="Communication",
    ),
    KeptQuery(
        name="numerique",
        title="Numérique : ENT, wifi, messagerie",
        words="ENT OU wifi OU moodle OU messagerie OU portal",
        purpose="Voir une panne avant que le téléphone ne sonne.",
        office="Direction du numérique",
    ),
    KeptQuery(
        name="logement",
        title="Logement et vie en résidence",
        words="logement OU résidence OU chauffage OU loyer OU halls",
        purpose="Repérer les étudiants en difficulté et prévenir les résidences.",
        office="Vie étudiante",
    ),
    KeptQuery(
        name="international",
        title="International students",
        words="lang:en ET (exchange OU visa OU abroad OU international)",
        purpose="Answer students who come from abroad.",
        office="Relations internationales",
    ),
    KeptQuery(
        name=GRANTS,
        title="Bourses, dans tout le pays",
        words="bourse OU bourses OU grant",
        purpose="Préparer les réponses quand les bourses tardent partout.",
        office="Vie étudiante",
        networks=(NETWORK,),
    ),
)


def keep_demonstration(invented: Sector, span: Span) -> None:
    """Keep the queries, the days, what institutions declare, and someone who signs in."""
    from vigie.listening.changes import declare_speciality, keep_event, keep_query
    from vigie.register.people import add_person, is_empty

    for one in invented.specialities:
        declare_speciality(one.institution, one.name, words=one.words)
    for query in QUERIES:
        keep_query(query)
    for event in _days(span.today):
        keep_event(event)
    if is_empty():
        add_person(VISITOR, PASSWORD, role="editor", by=COMMAND_LINE)


def _days(today: date) -> tuple[KeptEvent, ...]:
    """Return days that the team of ours put into its calendar."""
    return (
        KeptEvent(
            name="inscriptions-pedagogiques",
            title={"fr": "Inscriptions pédagogiques", "en": "Course registration"},
            kind="admissions",
            first_day=today - timedelta(days=5),
            last_day=today + timedelta(days=2),
            institution=OURS,
        ),
        KeptEvent(
            name="portes-ouvertes",
            title={"fr": "Journée portes ouvertes", "en": "Open day"},
            kind="other",
            first_day=today + timedelta(days=16),
            last_day=today + timedelta(days=16),
            factor=1.5,
            institution=OURS,
        ),
    )
