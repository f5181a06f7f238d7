"""Guesses what the columns of an unknown file mean, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields

from vigie.collect.address import NETWORKS, parse_addresses
from vigie.collect.headings import folded
from vigie.collect.mapped_columns import SYNONYMS
from vigie.collect.mapping import FOUND_OUT, Mapped, Rule
from vigie.collect.moments import calendar_day
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import TABLES

_COMMON = {
    "network": "network|platform|source platform|reseau|reseau social|plateforme|source|canal",
    "account": "account|account username|username|user name|screen name|handle|author|page|profile"
    "|compte|nom du compte|auteur|utilisateur|page name|nom de la page|university|universite",
    "likes": "likes|like count|favorite count|favourites|favorites|reactions|j'aime|mentions j'aime"
    "|nombre de j'aime|hearts|likecount",
    "comments": "comments|comment count|reply count|replies|commentaires|reponses|answers",
    "shares": "shares|share count|retweet count|retweets|reposts|partages|republications",
    "saves": "saves|bookmarks|bookmark count|enregistrements|signets",
    "clicks": "clicks|total clicks|link clicks|clics|clics sur le lien",
    "views": "views|view count|video views|plays|vues|vues de la video|lectures",
    "impressions": "impressions|impression count|affichages",
    "reach": "reach|couverture|portee",
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "posts": {
        "post": "id str|id|post id|tweet id|post|status id|message id|video id|identifiant"
        "|id de la publication|identifiant de la publication|uri",
        "published_at": "created at|published at|publish time|post created|date|time|timestamp"
        "|date de publication|heure de publication|publie le|posted|created|datetime|created time",
        "text": "text|full text|message|content|post text|tweet text|caption|description|body"
        "|texte|contenu|legende|titre|title",
        "url": "url|permalink|post link|link|lien|post url|permalien|adresse",
        "language": "language|lang|langue",
        "kind": "kind|type|post type|media type|type de publication",
        "is_reply": "in reply to|in reply to screen name|in reply to status id|reply to",
        **_COMMON,
    },
    "snapshots": {
        "observed_at": "observed at|date|day|timestamp|collected at|jour|releve le",
        "followers": "followers|follower count|total followers|fans|abonnes|nombre d'abonnes"
        "|subscribers|abonnements",
        "following": "following|following count|friends count|abonnements suivis",
        "posts": "posts|post count|statuses count|tweets|publications",
        "network": _COMMON["network"],
        "account": _COMMON["account"],
    },
    "account_days": {
        "day": "day|date|jour",
        "interactions": "interactions|engagements|engagement",
        "profile_visits": "profile visits|profile views|visites du profil|visites",
        "followers_gained": "new followers|new follows|nouveaux abonnes|nouveaux followers",
        "followers_lost": "unfollows|desabonnements",
        **_COMMON,
    },
    "institutions": {
        "name": "name|institution|university|nom|libelle|etablissement|universite",
        "kind": "kind|type|genre",
        "country": "country|country code|pays",
        "region": "region",
        "city": "city|town|ville|commune",
        "website": "website|web site|url|site|site internet|site web",
        "uai": "uai|code uai",
        "ror": "ror|identifiant ror",
        "wikidata": "wikidata|wikidata id",
        "short_name": "short name|acronym|sigle|nom court",
    },
}
_TELLING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("posts", ("post", "published_at")),
    ("posts", ("published_at", "text")),
    ("snapshots", ("followers",)),
    ("institutions", ("name",)),
    ("account_days", ("day",)),
)
"""Which columns tell a table, the surest first."""
_STUDENTS = re.compile(r"(?:students|inscrits|etudiants|effectifs?)\D*(\d{4})(?:\D.*)?")
_UNNAMED = re.compile(r"[\s_\-.]+")


def propose(sample: Sample) -> Mapped:
    """Return what the columns of a file may mean, from their names and first cells."""
    known = {_plain(name): name for name in reversed(sample.columns)}
    table = _table(known)
    rules = {
        meaning: Rule(column=column)
        for meaning, names in _NAMES[table].items()
        if (column := _first(known, names)) is not None
    }
    rules = {name: _with_order(name, rule, sample) for name, rule in rules.items()}
    if table == "posts" and "is_reply" in rules:
        rules["is_reply"] = Rule(column=rules["is_reply"].column, presence="present")
    if "network" not in rules and (network := _network_in(sample)):
        rules["network"] = Rule(constant=network)
    is_register = table == "institutions"
    return Mapped(
        table=table,
        columns=rules,
        accounts=_accounts(sample) if is_register else {},
        students=_students(sample) if is_register else {},
    )


def missing(mapping: Mapped) -> tuple[str, ...]:
    """Return our columns that a person still has to say."""
    needed = [one.name for one in fields(TABLES[mapping.table]) if one.default is MISSING]
    told = {*mapping.columns, *FOUND_OUT[mapping.table]} - {"network", "account"}
    unsaid = [name for name in needed if name not in {*told, *mapping.columns}]
    return tuple(name for name in unsaid if name != "network" or "account" not in mapping.columns)


def _plain(name: str) -> str:
    return _UNNAMED.sub(" ", folded(name)).strip()


def _first(known: Mapping[str, str], names: str) -> str | None:
    return next((known[name] for name in names.split("|") if name in known), None)


def _table(known: Mapping[str, str]) -> str:
    for table, telling in _TELLING:
        if all(_first(known, _NAMES[table][name]) is not None for name in telling):
            return table
    return "posts"


def _with_order(name: str, rule: Rule, sample: Sample) -> Rule:
    """Say which of day and month comes first, where the first cells tell."""
    if name not in ("published_at", "observed_at", "day"):
        return rule
    cells = [row.get(rule.column or "") or "" for row in sample.rows]
    orders = [order for order in (True, False) if all(map(_reads(order), filter(None, cells)))]
    is_told = len(orders) == 1
    return Rule(column=rule.column, day_first=orders[0]) if is_told else rule


def _reads(day_first: bool) -> Callable[[str], bool]:
    def reads(cell: str) -> bool:
        found = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}", cell.strip())
        if found is None:
            return True
        if int(found[1 if day_first else 2]) > 31 or int(found[2 if day_first else 1]) > 12:
            return False
        try:
            calendar_day(cell, day_first=day_first)
        except RowError:
            return False
        return True

    return reads


def _network_in(sample: Sample) -> str | None:
    """Return the network that all addresses of the first rows are on."""
    networks = {
        address.network
        for row in sample.rows
        for cell in row.values()
        if cell and cell.startswith("http") and " " not in cell.strip() and len(cell) < 300
        for address in parse_addresses(cell).found
        if address.network not in ("rss", "other")
    }
    return networks.pop() if len(networks) == 1 else None


def _accounts(sample: Sample) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in sample.columns:
        name = re.sub(r"^(?:compte|account) | (?:url|account|compte|handle)$", "", _plain(column))
        network = SYNONYMS.get(name, name)
        if network in NETWORKS:
            found.setdefault(network, column)
    return found


def _students(sample: Sample) -> dict[int, str]:
    found = ((_STUDENTS.fullmatch(_plain(column)), column) for column in sample.columns)
    return {int(match[1]): column for match, column in found if match}
