"""Where a conversation stands, as words of its index: what is said is counted with who may see it.

A mark begins with a sign that no word holds. The database writes them when a conversation changes
(``inbox.in_step``), the first time they are written with the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MERGED = "=merged"


def mark_of_service(service: int | None) -> str:
    """Return the mark of what a service was asked, or of what nobody owns."""
    return f"=service{service or 0}"


def marks_of(*, state: str, kind: str, service: int | None, is_merged: bool) -> str:
    """Return the marks of a conversation, as they stand beside its words."""
    marks = [f"={state}", f"={kind}", mark_of_service(service)]
    return " ".join([*marks, MERGED] if is_merged else marks)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Which marks a conversation must bear: one of each group, and none of the others."""

    groups: tuple[tuple[str, ...], ...] = ()
    but: tuple[str, ...] = (MERGED,)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can bear them."""
        return not all(self.groups)


def marked(
    *,
    state: str = "",
    kind: str = "",
    services: Iterable[Iterable[int]] = (),
    but_services: Iterable[int] = (),
) -> Marked:
    """Return what a list asks of marks; empty: any."""
    named = [(f"={name}",) for name in (state, kind) if name]
    groups = [tuple(mark_of_service(one) for one in sorted(group)) for group in services]
    return Marked(
        groups=(*named, *groups),
        but=(MERGED, *(mark_of_service(one) for one in sorted(but_services))),
    )


def for_sqlite(said: str, marks: Marked) -> str:
    """Write words and marks together as FTS5 reads them."""
    groups = ["(" + " OR ".join(f'"{one}"' for one in group) + ")" for group in marks.groups]
    asked = " AND ".join([f"({said})", *groups])
    but = " OR ".join(f'"{one}"' for one in marks.but)
    return f"({asked}) NOT ({but})" if but else asked


def for_postgresql(marks: Marked) -> str:
    """Write marks as a ``tsquery`` that is taken as it stands."""
    groups = ["(" + " | ".join(f"'{one}'" for one in group) + ")" for group in marks.groups]
    return " & ".join([*groups, *(f"!'{one}'" for one in marks.but)])
