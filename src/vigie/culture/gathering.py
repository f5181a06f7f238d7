"""Posts with the hashtag of a wall become its questions, and go when they are taken down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction

from vigie.culture import wall as rules
from vigie.culture.asking import Origin, put, touch
from vigie.culture.grouping import signature
from vigie.culture.question_words import ASKS
from vigie.culture.wall_models import POST, Wall, Wording

_BEGINS = re.compile(r"^[^\W\d_]+")


class FoundPost(Protocol):
    """A public post with the hashtag of a wall. Its author is not told."""

    @property
    def network(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_question(self) -> bool | None:
        """What its label says; unknown where it has none."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What became of the posts found."""

    taken: int = 0
    not_questions: int = 0
    gone: int = 0
    """Questions whose post is no longer public."""


def asks(post: FoundPost) -> bool:
    """Whether a post asks something: its label says so, or it reads so."""
    if post.is_question is not None:
        return post.is_question
    text = rules.tidy(_bare(post.text))
    begins = _BEGINS.match(text.casefold())
    return "?" in text or (begins is not None and begins.group() in ASKS)


def gather(wall: Wall, found: Iterable[FoundPost], *, at: datetime) -> Gathered:
    """Make a wall hold the questions of these posts, and of no other."""
    posts = {(one.network, one.post): one for one in found}
    asking = {key: one for key, one in posts.items() if asks(one)}
    with transaction.atomic():
        row = Wall.objects.select_for_update().get(pk=wall.pk)
        if not rules.is_open(row, at):
            return Gathered()
        kept = {(one.network, one.post): one.pk for one in row.wordings.filter(origin=POST)}
        gone = [pk for key, pk in kept.items() if key not in posts]
        Wording.objects.filter(pk__in=gone).delete()
        taken = _take(row, [one for key, one in asking.items() if key not in kept], at)
        Wall.objects.filter(pk=row.pk).update(gathered_at=at)
        if gone:
            touch(row.pk)
    return Gathered(taken=taken, not_questions=len(posts) - len(asking), gone=len(gone))


def posts_kept() -> set[tuple[str, str]]:
    """Return the posts whose words stand on a wall, open or closed, by network and identifier."""
    return set(Wording.objects.filter(origin=POST).values_list("network", "post"))


def forget_posts(posts: Collection[tuple[str, str]]) -> int:
    """Erase the words of posts that were taken down from every wall; return how many went."""
    gone = 0
    with transaction.atomic():
        for network, post in posts:
            rows = Wording.objects.filter(origin=POST, network=network, post=post)
            for row in rows:
                touch(row.wall_id)
            gone += rows.delete()[0]
    return gone


def _take(wall: Wall, posts: Iterable[FoundPost], at: datetime) -> int:
    taken, room = 0, rules.MOST_WORDINGS - wall.wordings.count()
    for post in posts:
        text = rules.tidy(_bare(post.text))[: rules.LONGEST_QUESTION]
        if rules.mistake_of(text) is not None or taken >= room:
            continue
        origin = Origin(kind=POST, network=post.network, post=post.post)
        put(wall, text, signature(text), origin=origin, at=at)
        taken += 1
    return taken


def _bare(text: str) -> str:
    """Return the words of a post without handles, which name people, links and the hashtags."""
    without = re.sub(r"https?://\S+|(?<!\w)@[\w.@-]+", " ", text)
    without = re.sub(r"(?:\s*[#＃]\w+)+\s*$", "", without)
    return re.sub(r"[#＃](\w+)", r"\1", without)
