"""What a team that listens has after some weeks: spikes, alerts, a request for consent, a wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from vigie import flow
from vigie.demo import OURS, Span
from vigie.demo.grants import KEPT_A_DAY, QUERY, found
from vigie.demo.happening import HAPPENINGS
from vigie.flow.sampling import Sampling
from vigie.model import Mention
from vigie.register.rights import EVERYTHING, Author
from vigie.settings import Settings
from vigie.store.store import Store

JUDGED = timedelta(days=14)
"""Days back on which spikes are looked for, as a worker would have done day after day."""
WARNED_AT = time(17, tzinfo=UTC)
DEPUTY = "Katia Belloy"
TAG = "chimie2"
CLASS = "Chimie 2, cours 7\u202f: l’entropie"
ASKED = (
    ("Est-ce que l’entropie d’un système isolé peut diminuer\u202f?", 11, "answered"),
    ("Faut-il connaître par cœur les tables d’entropie standard\u202f?", 23, "shown"),
    ("Pourquoi parle-t-on de désordre, si on ne sait pas le mesurer\u202f?", 7, "shown"),
    ("Le chapitre 7 est-il au partiel de janvier\u202f?", 31, "shown"),
    ("Le chapitre 7 est-il bien au partiel de janvier\u202f?", 0, "shown"),
    (
        "La variation d’entropie de l’eau qui gèle est négative\u202f: où va le reste\u202f?",
        0,
        "waiting",
    ),
    ("Quand a lieu la séance de questions avant l’examen\u202f?", 0, "waiting"),
)
"""What a class asks, how many say *me too*, and what the teacher did with it."""
OPEN_FOR = timedelta(days=90)


def sampled_finds(span: Span, *, seed: int) -> list[Mention]:
    """Return what is kept of a query that finds more than can be kept, as a worker keeps it."""
    sampling = Sampling(most=KEPT_A_DAY)
    return [
        replace(one, stands_for=stands_for if stands_for > 1 else None)
        for one in found(span, seed=seed)
        if (stands_for := sampling.kept(QUERY, one)) is not None
    ]


def keep_heard(store: Store, settings: Settings, span: Span, *, visitor: str) -> None:
    """Do what workers and people would have done with what was heard in the last weeks."""
    by = Author(name=visitor, rights=EVERYTHING)
    _find_spikes(store, settings, span)
    flow.find_themes(store, settings=settings, now=span.until)
    _warn(store, settings, span, visitor=visitor)
    _ask_for_consent(store, span, by)
    _open_wall(span, by)
    _note_practice(by)


def _find_spikes(store: Store, settings: Settings, span: Span) -> None:
    from vigie.listening import tables

    watch = flow.watch_of(tables.queries(), tables.events())
    first = span.today - JUDGED
    flow.find_spikes(store, watch, settings=settings, now=span.until, first=first)


def _warn(store: Store, settings: Settings, span: Span, *, visitor: str) -> None:
    """Keep three alerts; one speaks on the evening of the outage, and all may this morning."""
    from vigie.listening.alert_changes import KeptAlert, keep_alert
    from vigie.register.models import Person

    person = Person.objects.get(name=visitor)
    ours = next(one for one in HAPPENINGS if one.institution == OURS)
    evening = datetime.combine(ours.day(span), WARNED_AT)
    spike = KeptAlert(query="numerique", kind="spike", person=person, by_mail=False, by_feed=True,
                      deputy=Person.objects.filter(name=DEPUTY).first())  # fmt: skip
    keep_alert(spike, at=evening - timedelta(days=7))
    _consider(store, settings, evening)
    urgent = replace(spike, query="nous", kind="urgent", deputy=None)
    many = replace(
        spike, query=QUERY, kind="count", deputy=None, least=60, within=timedelta(days=2)
    )
    for alert in (urgent, many):
        keep_alert(alert, at=span.until - timedelta(days=3))
    _consider(store, settings, span.until)


def _consider(store: Store, settings: Settings, now: datetime) -> None:
    """Let every alert speak that has something to say at a moment."""
    from vigie.listening.looking import look_at
    from vigie.listening.warning import consider_all

    consider_all(look_at(store, now=now, zone=settings.zone), now=now, zone=settings.zone)


def _ask_for_consent(store: Store, span: Span, by: Author) -> None:
    """Ask two authors whether their posts may be shown: one has said yes, one is silent yet."""
    from vigie.listening import consent_changes
    from vigie.listening.consenting import Asking

    asked = span.until - timedelta(days=2)
    posts = _proud(store, span)
    for number, post in enumerate(posts):
        made = consent_changes.ask(
            Asking(
                network=post["network"], post=post["post"], url=post["url"] or "",
                purpose="notre page d’accueil des nouveaux étudiants",
                used_until=span.today + timedelta(days=365),
            ),
            by=by, at=asked,
        )  # fmt: skip
        if number == 0:
            consent_changes.answer(made.token, is_yes=True, credit="Inès, master 2",
                                   at=asked + timedelta(hours=5))  # fmt: skip


def _proud(store: Store, span: Span) -> list[dict[str, str]]:
    """Return two late posts that show belonging to the institution of the demonstration."""
    from vigie.listening.gathering import texts_since

    rows = texts_since(store, span.until - timedelta(days=21), span.until)
    proud = rows.filter(
        rows.origin == "others",
        rows.intents.contains("belonging"),
        rows.tone == "positive",
        rows.institutions.contains(OURS),
        rows.published_at < span.until - timedelta(days=3),
    )
    latest = proud.order_by(proud.published_at.desc(), proud.post).limit(2)
    found: list[dict[str, str]] = latest.select("network", "post", "url").to_pyarrow().to_pylist()
    return found


def _open_wall(span: Span, by: Author) -> None:
    """Let a class ask before its course: some questions are shown, some wait for the teacher."""
    from vigie.culture import asking, wall_changes
    from vigie.culture.wall import Draft

    at = span.until - timedelta(hours=14)
    draft = Draft(hashtag=TAG, title=CLASS, unit="CHI201", takes_posts=False,
                  closes_at=at + OPEN_FOR)  # fmt: skip
    wall = wall_changes.open_wall(draft, by=by, at=at)
    for place, (text, votes, state) in enumerate(ASKED):
        moment = at + timedelta(minutes=20 * place)
        number = asking.ask(wall.pk, text, at=moment).number
        if state != "waiting":
            wall_changes.approve(wall.pk, number, by=by, at=moment)
        for _one in range(votes):
            asking.vote(wall.pk, number, at=moment)
        if state == "answered":
            wall_changes.answer(wall.pk, number, by=by, at=moment)


def _note_practice(by: Author) -> None:
    """Note in the notebook what a teacher does, and what others can copy of it."""
    from vigie.culture.changes import move_on, note
    from vigie.culture.practice import Draft

    row = note(
        Draft(
            title="Un mur de questions ouvert la veille du cours",
            kind="teaching",
            seen="Les questions arrivent la veille\u202f; le cours s’ouvre sur les premières.",
            copying="Ouvrir un mur par cours, valider le soir, répondre en ouvrant la séance.",
            hashtag=TAG, owner_kind="unit", owner="CHI201",
        ),
        by=by,
    )  # fmt: skip
    move_on(row.pk, by=by)
