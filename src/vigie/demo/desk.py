"""The invented inbox: a year of what people wrote to the services of one invented university."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from vigie.demo.span import Span
from vigie.invented.desk import Matter, matters, opinions
from vigie.invented.phrases import filled, phrases

SEED = 2027
DAYS = 364
"""How far back it goes."""
USUAL = 1.22
"""Conversations of a usual day."""
ENGLISH = 0.22
CHANNELS = (("mail", "mail", 0.6), ("form", "form", 0.2), ("direct", "direct", 0.13),
            ("comment", "comment", 0.07))  # fmt: skip
"""Channel, kind, share."""
RETURN_MONTH = 9
"""The month in which the year begins, and cards are asked for."""
REPEATED, CHANGED = "Student card", "Library opening hours"
CHANGED_AGO = timedelta(days=56)
"""When the library began to say its hours at its door and on its first page."""
FIRST_NAMES = (
    "Amina", "Baptiste", "Chloé", "Diego", "Élise", "Farid", "Gwenaëlle", "Hugo", "Inès", "Jade",
    "Karim", "Léa", "Maël", "Nour", "Oscar", "Priya", "Quentin", "Rosa", "Samuel", "Tara",
    "Ulysse", "Vera", "Wassim", "Xenia", "Yanis", "Zélie",
)  # fmt: skip
LAST_NAMES = (
    "Aubrac", "Belcastel", "Corbières", "Delvaux", "Estéban", "Fontvieille", "Grandval", "Hautbois",
    "Imbertin", "Jourdanet", "Kerlouan", "Lavernhe", "Montclar", "Noirval", "Orsenne", "Pradines",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Invented:
    """A service of the invented university, and how it answers."""

    office: str
    name: str
    public_name: str
    answers: str
    pace: float
    """Service hours of a usual first answer."""
    silence: float
    """The share that is never answered."""
    correspondent: str = ""
    deputy: str = ""
    is_confidential: bool = False
    capacity: int | None = None


SERVICES = (
    Invented(office="registry", name="Scolarité", public_name="Service de la scolarité",
             answers="Inscriptions, cartes, certificats, relevés.", pace=9.0, silence=0.13,
             correspondent="Brigitte Aubanel", deputy="Denis Rochebrune", capacity=12),
    Invented(office="library", name="Bibliothèque", public_name="Bibliothèque universitaire",
             answers="Horaires, prêts, salles de travail.", pace=2.5, silence=0.03,
             correspondent="Claire Montbazin", deputy="Émile Vaucreuse"),
    Invented(office="it", name="Numérique", public_name="Direction du numérique",
             answers="Comptes, ENT, wifi, Moodle.", pace=4.0, silence=0.08,
             correspondent="Fatou Lindqvist", deputy="Gérard Pontivel"),
    Invented(office="housing", name="Logement et aides", public_name="Vie étudiante",
             answers="Résidences, bourses, aides d’urgence.", pace=14.0, silence=0.2,
             correspondent="Hélène Sarrazac"),
    Invented(office="international", name="Relations internationales",
             public_name="Bureau international", answers="Échanges, accueil, visas.", pace=7.0,
             silence=0.1),
    Invented(office="health", name="Santé étudiante", public_name="Centre de santé",
             answers="Soins, écoute, rendez-vous.", pace=3.0, silence=0.02, is_confidential=True,
             correspondent="Irène Cazalis", deputy="Jules Merigny"),
    Invented(office="communication", name="Communication", public_name="Communication",
             answers="Événements, presse.", pace=5.0, silence=0.05,
             correspondent="Katia Belloy"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wrote:
    """One conversation as it will be kept, but for the moments that service hours decide."""

    number: int
    at: datetime
    channel: str
    kind: str
    language: str
    name: str
    subject: str
    words: str
    office: str
    """Empty: nobody owns it."""
    topic: Mapping[str, str]
    """By language; nobody may have chosen it yet."""
    has_topic: bool
    wait: timedelta | None
    """Service hours until the first answer; none: silence."""
    answer: str
    thanks: str
    """What they write back; empty: nothing."""
    is_reopened: bool
    is_closed: bool
    is_proposed: bool
    """Its answer waits for approval."""
    is_asked: bool
    score: int | None
    opinion: str
    intents: tuple[str, ...] = ("question",)


def wrote(today: date, *, seed: int = SEED) -> list[Wrote]:
    """Invent a year of conversations up to this day; the same seed gives the same."""
    draw, span = Random(seed), Span(today=today)
    return [
        _conversation(number, at, today, draw) for number, at in enumerate(_moments(span, draw), 1)
    ]


def _moments(span: Span, draw: Random) -> Iterator[datetime]:
    """Yield when people wrote, in order: more when the year begins, less in summer."""
    for back in range(DAYS, 0, -1):
        day = span.today - timedelta(days=back)
        usual = USUAL * _season(day) * (0.45 if day.weekday() > 4 else 1.15)
        count = int(usual) + (draw.random() < usual % 1)
        yield from sorted(_hour(day, draw) for _ in range(count))


def _hour(day: date, draw: Random) -> datetime:
    begins = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    return begins + timedelta(minutes=draw.randrange(15 * 60), seconds=draw.randrange(60))


def _season(day: date) -> float:
    return {7: 0.5, 8: 0.45, 9: 2.0, 10: 1.5, 12: 0.8}.get(day.month, 1.0)


def _weight(matter: Matter, at: datetime, today: date) -> float:
    if matter.topic["en"] == REPEATED:
        return matter.weight * (2.6 if at.month in (RETURN_MONTH, RETURN_MONTH + 1) else 0.6)
    if matter.topic["en"] == CHANGED:
        return matter.weight * (0.15 if at.date() > today - CHANGED_AGO else 1.6)
    return float(matter.weight)


def _conversation(number: int, at: datetime, today: date, draw: Random) -> Wrote:
    known = matters()
    (matter,) = draw.choices(known, [_weight(one, at, today) for one in known])
    service = next(one for one in SERVICES if one.office == matter.office)
    channel, kind = _way(service, draw)
    english = 0.8 if service.office == "international" else ENGLISH
    language = "en" if draw.random() < english else "fr"
    first = draw.choice(FIRST_NAMES)
    age = today - at.date()
    is_fresh, is_silent = age < timedelta(days=3), draw.random() < service.silence
    is_owned = not (age < timedelta(days=25) and draw.random() < 0.22 and kind != "comment")
    wait = _wait(service, draw)
    is_answered = is_owned and not is_silent and not (is_fresh and draw.random() < 0.6)
    score, opinion = _opinion(wait, language, draw)
    is_asked = is_answered and kind != "comment" and draw.random() < 0.7
    return Wrote(
        number=number,
        at=at,
        channel=channel,
        kind=kind,
        language=language,
        name=f"{first} {draw.choice(LAST_NAMES)}",
        subject="" if kind in ("direct", "comment") else _subject(matter, language),
        words=_words(matter, language, draw, is_long=kind == "mail"),
        office=service.office if is_owned else "",
        topic=matter.topic,
        has_topic=is_owned and draw.random() < 0.9,
        wait=wait if is_answered else None,
        answer=filled(draw.choice(matter.answers[language]), language, draw, prenom=first),
        thanks=_thanks(language) if is_answered and draw.random() < 0.12 else "",
        is_reopened=is_answered and draw.random() < 0.07,
        is_closed=age > timedelta(days=6 if is_answered else 60),
        is_proposed=is_owned and not is_answered and age < timedelta(days=21),
        is_asked=is_asked and age > timedelta(days=6),
        score=score if draw.random() < 0.46 else None,
        opinion=opinion if draw.random() < 0.5 else "",
        intents=_intents(draw),
    )  # fmt: skip


def _way(service: Invented, draw: Random) -> tuple[str, str]:
    if service.is_confidential:
        return "mail", "mail"
    (way,) = draw.choices(CHANNELS, [share for _channel, _kind, share in CHANNELS])
    return way[0], way[1]


def _wait(service: Invented, draw: Random) -> timedelta:
    return timedelta(hours=service.pace * draw.lognormvariate(-0.3, 0.9))


def _subject(matter: Matter, language: str) -> str:
    return matter.topic[language]


def _words(matter: Matter, language: str, draw: Random, *, is_long: bool) -> str:
    said = [filled(draw.choice(matter.questions[language]), language, draw)]
    if is_long and draw.random() < 0.7:
        begun = "Bonjour," if language == "fr" else "Hello,"
        ended = filled(draw.choice(phrases("closers")[language][:4]), language, draw)
        said = [begun, *said, ended]
    return "\n\n".join(said)


def _thanks(language: str) -> str:
    return {
        "fr": "Merci pour votre réponse. Et pour un ami qui arrive en janvier, c’est pareil ?",
        "en": "Thank you. Is it the same for a friend who comes in January?",
    }[language]


def _opinion(wait: timedelta, language: str, draw: Random) -> tuple[int, str]:
    """Return how satisfied someone is: the longer the wait, the less."""
    late = min(wait / timedelta(hours=20), 1.0)
    known: Sequence[tuple[int, Mapping[str, str]]] = opinions()
    weights = [(1 - late) * score**2 + late * (6 - score) ** 1.5 for score, _words in known]
    ((score, said),) = draw.choices(known, weights)
    return score, said[language]


def _intents(draw: Random) -> tuple[str, ...]:
    return ("question", "complaint") if draw.random() < 0.12 else ("question",)
