"""Which wall an address means, and what its pages say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from vigie.culture import wall as rules
from vigie.culture.hashtag import code_of, fold
from vigie.culture.wall_models import Wall
from vigie.present.qr import qr_path


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where a wall is found: what a room types, and what a link holds."""

    shown: str
    """Without its scheme: people type it."""
    code: str
    """In two halves, to be read aloud."""
    find: str
    """Where the code is typed."""
    square: str
    """What a phone's camera reads, as a path of SVG; empty: the address is too long for one."""
    side: int


def wall_of(hashtag: str) -> Wall | None:
    """Return the wall of an address: the open one of its hashtag, or the last there was."""
    found = Wall.objects.filter(tag=fold(hashtag)).order_by("-opened_at", "-pk")
    return found.first()


def wall_with_code(typed: str, now: datetime) -> Wall | None:
    """Return the open wall that somebody looks for: by its code, or by its hashtag."""
    waiting = Wall.objects.filter(closed_at__isnull=True, closes_at__gt=now)
    code, tag = code_of(typed), fold(typed)
    found = waiting.filter(code=code).first() if code else None
    return found or (waiting.filter(tag=tag).first() if tag else None)


def addresses(request: HttpRequest, wall: Wall) -> Addresses:
    """Return how people reach a wall."""
    host, path = request.get_host(), reverse("culture.public_wall", kwargs={"hashtag": wall.tag})
    square, side = qr_path(request.build_absolute_uri(path)) or ("", 0)
    return Addresses(
        shown=host + path,
        code=f"{wall.code[:2]} {wall.code[2:]}",
        find=host + reverse("culture.find_wall"),
        square=square,
        side=side,
    )


def is_open(wall: Wall, now: datetime) -> bool:
    """Whether a wall takes questions now."""
    return rules.is_open(wall, now)
