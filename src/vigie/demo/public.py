"""What others say in public of invented institutions, and what these answer."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import pyarrow as pa

from vigie.columns import table_of
from vigie.demo.character import Character
from vigie.demo.happening import HAPPENINGS, Happening
from vigie.demo.publishing import Publisher
from vigie.demo.span import MONTHS, Span
from vigie.demo.wording import answer_of
from vigie.invented.phrases import filled, phrases
from vigie.model import Mention, Post

SPOKEN_MONTHS = 3
"""Whole months in which the public was listened to, beside this one."""
KINDS = (
    ("questions", 0.38), ("complaints", 0.13), ("angry_questions", 0.06), ("praise", 0.16),
    ("belonging", 0.11), ("information", 0.10), ("chatter", 0.057), ("urgent", 0.003),
)  # fmt: skip
"""What people say, and how often."""
DRESSED = ("questions", "angry_questions")
"""What people say with a greeting or thanks."""
ASKED = (*DRESSED, "outage", "cold")
"""What an institution answers if it can …"""
ANSWERED_LESS = {"complaints": 0.6, "urgent": 1.0, "praise": 0.25, "belonging": 0.15}
"""… and how much less it answers the rest."""
ENGLISH = 0.18
BEGUN, ENDED = 0.7, 0.35
"""Texts with a greeting, and with thanks."""
ADDED, ADDED_AGAIN = 0.93, 0.3
"""Texts with more said, and with more again: few people say the same in the same words."""
MORE = {
    "questions": "contexts", "angry_questions": "contexts", "praise": "feelings",
    "belonging": "feelings", "medal": "feelings", "information": "hearsay", "chatter": "hearsay",
}  # fmt: skip
"""Where what is added comes from: for the rest, from the details of complaints."""
FRAMES = {
    "questions": "question_frames", "complaints": "complaint_frames", "praise": "praise_frames",
}  # fmt: skip
"""How people speak of something they need …"""
FRAMED = 0.85
"""… most of the time; otherwise they speak of something that happened."""
STOPS = "?!.…"
WEEKEND = 0.55
"""The share of a usual day that is said on a Saturday or a Sunday."""
LIVELY = timedelta(days=3)
"""How long people speak under a post."""
LATEST = 22.9
"""The hour after which nobody writes."""
OPENS, CLOSES = 8, 18
"""The hours of an office, UTC."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the public said, and what was answered."""

    mentions: pa.Table
    answers: pa.Table


@dataclass(frozen=True, kw_only=True)
class Saying:
    """Something to be said: when, about what, in which words."""

    at: datetime
    kind: str
    copied: bool = False


def public(
    publishers: Sequence[Publisher], own: Sequence[pa.Table], span: Span, *, seed: int
) -> Heard:
    """Let people speak to the principal accounts of every institution, and these answer."""
    mentions: list[Mention] = []
    answers: list[Post] = []
    for publisher, posts in zip(publishers, own, strict=True):
        if publisher.account.is_principal and publisher.network.questions:
            stage = _Stage.of(publisher, posts, span, seed)
            for mention, answer in stage.played():
                mentions.append(mention)
                if answer is not None:
                    answers.append(answer)
    return Heard(mentions=table_of(Mention, mentions), answers=table_of(Post, answers))


@dataclass(kw_only=True)
class _Stage:
    """One account, its recent posts, and the people who speak to it."""

    publisher: Publisher
    span: Span
    draw: Random
    recent: list[tuple[datetime, str]]
    """When its latest posts were published, and their identifiers."""
    said: int = 0

    @classmethod
    def of(cls, publisher: Publisher, posts: pa.Table, span: Span, seed: int) -> _Stage:
        moments, names = posts["published_at"].to_pylist(), posts["post"].to_pylist()
        first = datetime.combine(span.start(MONTHS - SPOKEN_MONTHS - 1), span.until.timetz())
        return cls(
            publisher=publisher,
            span=span,
            draw=Random(f"{seed} {publisher.account.account} heard"),
            recent=sorted(one for one in zip(moments, names, strict=True) if one[0] >= first),
        )

    @property
    def character(self) -> Character:
        return self.publisher.character

    def played(self) -> Iterator[tuple[Mention, Post | None]]:
        """Yield what is said, each with its answer if there is one."""
        closed = self.publisher.account.closed_on
        if closed is not None:
            return
        for saying in sorted(self._sayings(), key=lambda one: one.at):
            if saying.at < self.span.until:
                mention = self._mention(saying)
                yield mention, self._answer(saying, mention)

    def _sayings(self) -> Iterator[Saying]:
        names, weights = zip(*KINDS, strict=True)
        share = dict(KINDS)["questions"] + dict(KINDS)["angry_questions"]
        a_month = self.publisher.network.questions * self.character.renown / share
        for month in range(MONTHS - SPOKEN_MONTHS, MONTHS + 1):
            for number in range(self.span.days(month)):
                day = self.span.start(month) + timedelta(days=number)
                usual = a_month / 30 * (WEEKEND if day.weekday() > 4 else 1.15)
                for _one in range(_poisson(usual, self.draw)):
                    kind = self.draw.choices(names, weights)[0]
                    yield Saying(at=self._moment(day_at=day_start(day)), kind=kind)
        for happening in HAPPENINGS:
            if happening.institution == self.character.institution.institution:
                yield from self._happening(happening)

    def _happening(self, happening: Happening) -> Iterator[Saying]:
        """Yield what is said of something that happens, most of it on its first day."""
        share = happening.networks.get(self.publisher.network.name, 0.0)
        for number in range(round(happening.size * share)):
            day = happening.day(self.span) + timedelta(
                days=int(self.draw.expovariate(happening.fading))
            )
            yield Saying(
                at=self._moment(day_at=day_start(day), earliest=happening.hour),
                kind=happening.kind,
                copied=happening.kind == "outage" and number % 9 == 0,
            )

    def _moment(self, *, day_at: datetime, earliest: int = 6) -> datetime:
        hour = self.draw.gauss(15, 4.5)
        if not earliest <= hour < LATEST:
            hour = self.draw.uniform(earliest, LATEST)
        return day_at + timedelta(hours=hour, seconds=self.draw.randrange(60))

    def _mention(self, saying: Saying) -> Mention:
        self.said += 1
        account, network = self.publisher.account, self.publisher.network.name
        name = f"{account.handle}-said-{self.said:05d}"
        kind, to = self._spoken_to(saying)
        language = "en" if self.draw.random() < ENGLISH else "fr"
        return Mention(
            network=network,
            post=name,
            subject=account.account,
            kind=kind,
            author=f"p{self.draw.randrange(9_000):05d}{network}invented"[:21],
            published_at=saying.at,
            published_on=saying.at.date(),
            observed_at=min(saying.at + timedelta(hours=1), self.span.until),
            text=self._text(saying, language),
            url=f"https://{network}.example/p/{name}",
            language=language,
            answers_to=to,
            thread=to or name,
            likes=_poisson(3, self.draw),
            comments=0,
            shares=_poisson(0.4, self.draw),
            source="invented",
        )

    def _spoken_to(self, saying: Saying) -> tuple[str, str | None]:
        """Return how someone speaks to the account: under a recent post of its, or by name."""
        place = bisect(self.recent, (saying.at, "")) - 1
        if place >= 0 and saying.at - self.recent[place][0] < LIVELY and self.draw.random() < 0.55:
            return "reply", self.recent[place][1]
        return ("tag" if self.draw.random() < 0.1 else "mention"), None

    def _text(self, saying: Saying, language: str) -> str:
        name = "outage_copied" if saying.copied else saying.kind
        if saying.kind in FRAMES and self.draw.random() < FRAMED:
            name = FRAMES[saying.kind]
        given = {
            "handle": self.publisher.account.handle or "",
            "lieu": self.character.institution.city or "",
            "objet": self.draw.choice(phrases("objects")[language]),
            "sujet": self.draw.choice(self.draw.choice(self.character.known_for).topics[language]),
        }
        text = self._filled(name, language, given)
        if saying.copied:
            return text
        if saying.kind in DRESSED and self.draw.random() < BEGUN:
            opener = self._filled("openers", language, given)
            text = f"{opener} {text if text[1:2].isupper() else text[:1].lower() + text[1:]}"
        more = MORE.get(saying.kind, "details")
        parts = [more] * (self.draw.random() < ADDED) + [more] * (self.draw.random() < ADDED_AGAIN)
        if saying.kind in DRESSED and self.draw.random() < ENDED:
            parts.append("closers")
        said = [text, *(self._filled(part, language, given) for part in parts)]
        ended = [one if one[-1] in STOPS else f"{one}." for one in said[:-1]]
        return " ".join([*ended, said[-1]])

    def _filled(self, name: str, language: str, given: Mapping[str, str]) -> str:
        template = self.draw.choice(phrases(name)[language])
        kind = self.character.institution.kind
        return filled(template, language, self.draw, kind=kind, **given)

    def _answer(self, saying: Saying, mention: Mention) -> Post | None:
        less = 1.0 if saying.kind in ASKED else ANSWERED_LESS.get(saying.kind, 0.0)
        if self.draw.random() >= self.character.diligence * less:
            return None
        wait = self.draw.lognormvariate(math.log(self.character.delay), 0.8)
        at = in_office(saying.at + timedelta(hours=wait))
        if at >= self.span.until:
            return None
        account = self.publisher.account
        return Post(
            network=mention.network,
            post=f"{mention.post}-answered",
            account=account.account,
            published_at=at,
            published_on=at.date(),
            observed_at=min(at + timedelta(hours=6), self.span.until),
            kind="text",
            text=answer_of(self.character, mention.language or "fr", self.draw),
            url=f"{account.url}/{mention.post}-answered",
            language=mention.language,
            is_repost=False,
            is_reply=True,
            answers_to=mention.post,
            thread=mention.thread,
            source="invented",
        )


def day_start(day: date) -> datetime:
    """Return the first moment of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def in_office(at: datetime) -> datetime:
    """Return a moment, or the next in which an office is open."""
    if at.hour >= CLOSES:
        at = day_start(at + timedelta(days=1)) + timedelta(hours=OPENS, minutes=at.minute)
    if at.hour < OPENS:
        at = at.replace(hour=OPENS)
    while at.weekday() > 4:
        at = day_start(at + timedelta(days=1)) + timedelta(hours=OPENS, minutes=at.minute)
    return at


def _poisson(mean: float, draw: Random) -> int:
    """Return a Poisson count (Knuth's product of uniforms: the means are small)."""
    limit, count, product = math.exp(-mean), 0, draw.random()
    while product > limit:
        count += 1
        product *= draw.random()
    return count
