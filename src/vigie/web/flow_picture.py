"""A picture of what went where: boxes on the left, services on the right, a band for each flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vigie.inbox.service_map import Flow

WIDTH, BAR = 800, 10
LEFT, RIGHT = 240, 560
"""Where the bars stand: names are written outside of them."""
SCALE, GAP, LEAST = 180, 14, 3
"""Height of all bands together, between two bars, and of the smallest."""
LETTERS = 28


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A box or a service, as high as what went through it."""

    name: str
    count: int
    x: int
    y: float
    height: float
    is_nobody: bool = False

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return round(self.y + self.height / 2 + 4, 1)

    @property
    def short(self) -> str:
        """Its name, as far as there is room."""
        return self.name if len(self.name) <= LETTERS else self.name[: LETTERS - 1] + "…"


@dataclass(frozen=True, kw_only=True)
class Band:
    """What went from one to the other."""

    path: str
    width: float
    said: tuple[str, int, str]
    is_nobody: bool


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything to be drawn."""

    height: int
    boxes: tuple[Bar, ...]
    services: tuple[Bar, ...]
    bands: tuple[Band, ...]
    total: int


def drawn(flows: Sequence[Flow], names: Mapping[int, str], *, nobody: str) -> Picture | None:
    """Return the picture of what went where; none where nothing went anywhere."""
    total = sum(one.count for one in flows)
    if not total:
        return None
    pairs = [
        (one.box, nobody if one.service is None else names.get(one.service, "…"), one.count)
        for one in flows
    ]
    unit = SCALE / total
    boxes = _bars([(box, count) for box, _to, count in pairs], x=LEFT, unit=unit, last="")
    services = _bars([(to, count) for _box, to, count in pairs], x=RIGHT, unit=unit, last=nobody)
    height = max(bars[-1].y + bars[-1].height for bars in (boxes, services))
    return Picture(
        height=round(height) + GAP,
        boxes=boxes,
        services=services,
        bands=tuple(_bands(pairs, boxes, services, nobody)),
        total=total,
    )


def _bars(parts: Iterable[tuple[str, int]], *, x: int, unit: float, last: str) -> tuple[Bar, ...]:
    counts: dict[str, int] = {}
    for name, count in parts:
        counts[name] = counts.get(name, 0) + count
    order = sorted(counts, key=lambda name: (name == last, -counts[name], name))
    bars, y = [], float(GAP)
    for name in order:
        height = max(counts[name] * unit, LEAST)
        bars.append(
            Bar(
                name=name, count=counts[name], x=x, y=round(y, 1), height=round(height, 1),
                is_nobody=name == last,
            )
        )  # fmt: skip
        y += max(height, GAP) + GAP
    return tuple(bars)


def _bands(
    pairs: Sequence[tuple[str, str, int]],
    boxes: Sequence[Bar],
    services: Sequence[Bar],
    nobody: str,
) -> list[Band]:
    left = {bar.name: (bar, bar.y) for bar in boxes}
    right = {bar.name: (bar, bar.y) for bar in services}
    places = {bar.name: place for place, bar in enumerate((*boxes, *services))}
    found = []
    for box, to, count in sorted(pairs, key=lambda pair: (places[pair[0]], places[pair[1]])):
        (source, begins), (goal, ends) = left[box], right[to]
        out, into = source.height * count / source.count, goal.height * count / goal.count
        left[box], right[to] = (source, begins + out), (goal, ends + into)
        x1, x2, bend = LEFT + BAR, RIGHT, (LEFT + BAR + RIGHT) / 2
        y1, y2 = begins + out / 2, ends + into / 2
        path = f"M{x1} {y1:.1f} C{bend:.0f} {y1:.1f} {bend:.0f} {y2:.1f} {x2} {y2:.1f}"
        width = round(min(out, into), 1)
        found.append(
            Band(path=path, width=max(width, 1.0), said=(box, count, to), is_nobody=to == nobody)
        )
    return found
