"""What someone wrote above a mail that they answer: the mail, signatures and footers cut off.

Where that cannot be told for sure it is said so: a person then reads it before it goes anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MARK = re.compile(r"##-.*(?:-##|##-)")
"""The line of our own mails above which an answer is written."""
QUOTED = re.compile(r"^\s*(?:>|\|\s)")
ATTRIBUTION = re.compile(
    r"^(?:on|le|am|el|il giorno)\b.{3,300}\b(?:wrote|a écrit|schrieb|escribió|ha scritto)\s*:?$",
    re.IGNORECASE,
)
DIVIDER = re.compile(
    r"^(?:[-_*]{2,}\s*(?:original message|message d.origine|message original|forwarded message"
    r"|message transféré|courriel original|ursprüngliche nachricht)\b.*|_{10,}|-{20,})$",
    re.IGNORECASE,
)
FIRST_FIELD = re.compile(r"^\**(?:from|de|von|expéditeur)\**\s*:\**\s", re.IGNORECASE)
FIELD = re.compile(
    r"^\**(?:from|de|von|expéditeur|sent|envoyé|date|gesendet|to|à|an|cc|subject|objet|betreff)\**"
    r"\s*:\**\s",
    re.IGNORECASE,
)
FIELDS_LOOKED_AT, FIELDS_NEEDED = 6, 3
FOOT = re.compile(
    r"^(?:envoyé (?:de|depuis|à partir de)\b.*|sent from (?:my|outlook|mail)\b.*"
    r"|(?:obtenir|télécharger|get) outlook (?:pour|for)\b.*|von meinem .* gesendet.*)$",
    re.IGNORECASE,
)
SIGNED = re.compile(r"^--\s?$")
MOST_BROKEN = 3
"""Lines over which mail programs break the one that says who wrote what follows."""
OUR_LINK = re.compile(r"/answer/\S*")


@dataclass(frozen=True, kw_only=True)
class Own:
    """The words of an answer, and whether it is sure that they are all of it and nothing else."""

    words: str
    is_certain: bool


def own_words(text: str) -> Own:
    """Return what was written anew in an answer to a mail."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    cut = _history(lines)
    words = _without_foot(lines[:cut])
    if not words:
        below = "\n".join(one for one in lines if not QUOTED.match(one) and not MARK.search(one))
        return Own(words=without_links(below).strip(), is_certain=False)
    doubtful = _is_doubtful(words.split("\n")) or _is_answered_between(lines[cut:])
    return Own(words=without_links(words), is_certain=not doubtful)


def without_links(text: str) -> str:
    """Return a text without any of our secret links."""
    return OUR_LINK.sub("/answer/…", text)


def _history(lines: Sequence[str]) -> int:
    """Return where the mail that is answered begins."""
    for place, line in enumerate(lines):
        plain = line.strip()
        if MARK.search(plain):
            return _before_mark(lines, place)
        if DIVIDER.match(plain) or QUOTED.match(line) or _is_head(lines, place):
            return place
        if any(ATTRIBUTION.match(one) for one in _joined(lines, place)):
            return place
    return len(lines)


def _before_mark(lines: Sequence[str], place: int) -> int:
    """Go back over a line of a form nobody foresaw that says who wrote our mail."""
    back = place - 1
    while back >= 0 and not lines[back].strip():
        back -= 1
    is_said = back >= 0 and lines[back].rstrip().endswith(":") and "@" in lines[back]
    return back if is_said else place


def _joined(lines: Sequence[str], place: int) -> list[str]:
    rows = [one.strip() for one in lines[place : place + MOST_BROKEN]]
    return [" ".join(rows[:count]) for count in range(1, len(rows) + 1) if all(rows[:count])]


def _is_head(lines: Sequence[str], place: int) -> bool:
    """Whether the head of a mail stands here, as Outlook puts it above what it quotes."""
    if not FIRST_FIELD.match(lines[place].strip()):
        return False
    near = lines[place : place + FIELDS_LOOKED_AT]
    return sum(bool(FIELD.match(one.strip())) for one in near) >= FIELDS_NEEDED


def _without_foot(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if SIGNED.match(line):
            break
        kept.append(line.rstrip())
    while kept and (not kept[-1] or FOOT.match(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _is_doubtful(lines: Sequence[str]) -> bool:
    """Whether something of another mail seems to be left among the words."""
    return any(FIELD.match(one.strip()) or OUR_LINK.search(one) for one in lines)


def _is_answered_between(lines: Sequence[str]) -> bool:
    """Whether words of the answer stand between what is quoted."""
    places = [place for place, line in enumerate(lines) if QUOTED.match(line)]
    if not places:
        return False
    rest = lines[places[0] + 1 :]
    own = [one for one in rest if one.strip() and not QUOTED.match(one)]
    signed = next((place for place, one in enumerate(own) if SIGNED.match(one)), len(own))
    return any(not FOOT.match(one.strip()) for one in own[:signed])
