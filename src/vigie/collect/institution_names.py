"""What the name of an institution tells: its slug, and with its type what kind it is."""

from __future__ import annotations

import re
import unicodedata

KINDS = (
    "university", "engineering_school", "business_school", "art_school", "institute", "research",
    "other",
)  # fmt: skip
"""Kinds of institutions."""

LONGEST_SLUG = 80

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})

_UNIVERSITY = re.compile(r"\bfacultes libres|\buniversi(?:t[eyaä]\w{0,2}|dad\w*|tas|tat\w*|teit)\b")
_RESEARCH = re.compile(
    r"^ecole francaise d|casa de velazquez|archeologie|museum|college de france"
    r"|hautes etudes en sciences sociales|histoire de l'art"
)
_INSTITUTE = re.compile(r"conservatoire national des arts et metiers|^sciences po|normale super")
_BUSINESS = re.compile(
    r"business|management|commerce|commercial|gestion|affaires|\bhec\b|\biae\b|essec|audencia"
    r"|excelia|neoma|kedge|skema|\bmbs\b|y schools|escp|\btbs\b|handelshochschule"
)
_ART = re.compile(
    r"\barts?\b(?! et metiers)|architecture|beaux-arts|musique|danse|theatre|cirque|cinema"
    r"|image et du son|louis lumiere|de la mode|louvre|patrimoine|paysage|design"
    r"|creation industrielle|kunsthochschule|academy of (?:fine )?arts"
)
_ENGINEERING = re.compile(
    r"ingenieur|ingenierie|sciences appliquees|polytechni|centrale|\bmines\b|telecom|aero|electro"
    r"|mecanique|chimi|informatique|travaux publics|construction|batiment|ponts et chaussees"
    r"|techniques avancees|arts et metiers|agro|agricult|aviation|maritime|petrole|meteorologie"
    r"|geographiques|nucleaire|textile|\bbois\b|fonderie|biotech|biologie industrielle|technolog"
    r"|\binp\b|\binsa\b|\bisen\b|\besiea\b|\besiee|\bepf\b|\becam\b|\beigsi\b|\bcesi\b|\bismans\b"
    r"|\bjunia\b|supmeca|numerique|parfum|genie de l"
)
_BEGINS_AS_INSTITUTE = re.compile(r"^(?:institut|college|centre|groupe institut)\b")


def plain(text: str) -> str:
    """Return a text as names are compared: no case, no accents, one kind of apostrophe."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(letters.replace("’", "'").split())


def slug_of(text: str, *, longest: int = LONGEST_SLUG) -> str:
    """Return a name as it stands in an address: ``Université d'Évry`` → ``universite-d-evry``."""
    words = re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")
    if len(words) <= longest:
        return words
    return words[: longest + 1].rpartition("-")[0] or words[:longest]


class Slugs:
    """Gives every institution of a file a slug of its own, the same each time it is asked."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()

    def of(self, name: str, *, identity: tuple[str, ...], more: tuple[str | None, ...] = ()) -> str:
        """Return the slug of an institution; ``more`` is added where the name is taken."""
        if identity not in self._given:
            slug = self._free(name, more)
            self._given[identity] = slug
            self._taken.add(slug)
        return self._given[identity]

    def _free(self, name: str, more: tuple[str | None, ...]) -> str:
        candidate = slug_of(name) or slug_of(" ".join(part for part in more if part))
        for part in more:
            if candidate and candidate not in self._taken:
                return candidate
            if part:
                end = slug_of(part, longest=LONGEST_SLUG // 2)
                begin = slug_of(name, longest=LONGEST_SLUG - len(end) - 1)
                candidate = f"{begin}-{end}".strip("-")
        return free_slug(candidate or "institution", self._taken)


def free_slug(slug: str, taken: set[str]) -> str:
    """Return a slug that nobody has: the slug itself, or with a number."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def kind_of(name: str, *, type_named: str | None = None) -> str | None:
    """Return what kind of institution this is, from the register's type and its name.

    A *Université* is a university whatever its name; elsewhere the words of the name decide,
    up to the first comma (what follows lists parts). A name that tells nothing is ``other``
    where the register says it is a school, and unknown where nothing says so.
    """
    head = plain(name).partition(",")[0]
    if plain(type_named or "") == "universite" or _UNIVERSITY.search(head):
        return "university"
    for pattern, kind in (
        (_RESEARCH, "research"),
        (_INSTITUTE, "institute"),
        (_BUSINESS, "business_school"),
        (_ART, "art_school"),
    ):
        if pattern.search(head):
            return kind
    if not type_named:
        return None
    if _ENGINEERING.search(head):
        return "engineering_school"
    return "institute" if _BEGINS_AS_INSTITUTE.search(head) else "other"
