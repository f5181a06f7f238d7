"""The names and habits of the invented sector: data, so that ``demo.py`` is only the story."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of invented institution."""

    kind: str
    slug: str
    name: str
    short: str
    digit: int
    count: int
    students: int
    fame: float


@dataclass(frozen=True, kw_only=True)
class Network:
    """How a network is used by the invented institutions."""

    name: str
    followers: float
    growth: float
    """Mean monthly growth."""
    pace: float
    """Posts per month."""
    rate: float
    """Interactions of a usual post for one follower (before the exponent of size)."""
    absence: float
    """Share of institutions that have no account there."""
    secondary: float
    """Share of universities with a second account."""
    kinds: tuple[str, ...]
    reposts: float = 0.0
    replies: float = 0.0
    tells_shares: bool = True
    questions: float = 0.0
    """Public questions to a principal account in a usual month."""


KINDS = (
    Kind(
        kind="university",
        slug="universite-de",
        name="Université de {place}",
        short="U",
        digit=1,
        count=24,
        students=21_000,
        fame=1.0,
    ),
    Kind(
        kind="engineering_school",
        slug="ecole-d-ingenieurs-de",
        name="École d’ingénieurs de {place}",
        short="EI",
        digit=2,
        count=18,
        students=1_900,
        fame=0.35,
    ),
    Kind(
        kind="business_school",
        slug="business-school-de",
        name="{place} Business School",
        short="BS",
        digit=3,
        count=18,
        students=4_200,
        fame=0.8,
    ),
)

NETWORKS = (
    Network(
        name="instagram",
        followers=14_000,
        growth=0.012,
        pace=14,
        rate=0.06,
        absence=0.0,
        secondary=0.3,
        questions=14,
        kinds=("image", "image", "carousel", "video"),
        tells_shares=False,
    ),
    Network(
        name="linkedin",
        followers=38_000,
        growth=0.011,
        pace=17,
        rate=0.012,
        absence=0.0,
        secondary=0.0,
        kinds=("text", "image", "image", "link", "video"),
        reposts=0.04,
    ),
    Network(
        name="youtube",
        followers=3_100,
        growth=0.007,
        pace=4,
        rate=0.05,
        absence=0.08,
        secondary=0.0,
        kinds=("video",),
        tells_shares=False,
    ),
    Network(
        name="bluesky",
        followers=1_200,
        growth=0.03,
        pace=16,
        rate=0.05,
        absence=0.3,
        secondary=0.15,
        questions=5,
        kinds=("text", "link", "image"),
        reposts=0.15,
        replies=0.12,
    ),
    Network(
        name="facebook",
        followers=22_000,
        growth=0.001,
        pace=13,
        rate=0.008,
        absence=0.03,
        secondary=0.35,
        questions=12,
        kinds=("text", "image", "image", "link", "video"),
        reposts=0.03,
    ),
)

# A term calendar: the year starts in November here; July and August are quiet, September is not.
CALENDAR = (1.1, 0.8, 1.1, 1.0, 1.15, 0.95, 0.95, 0.9, 0.45, 0.2, 1.35, 1.2)
"""Share of the usual pace, month by month from November."""

PLACES = tuple(
    (name, slug)
    for name, slug in (
        line.split("|")
        for line in """Clairval|clairval
Hautefont|hautefont
Valmirande|valmirande
Port-Laurent|port-laurent
Montrieux|montrieux
Sainte-Aubane|sainte-aubane
Brévanne|brevanne
Villorge|villorge
Castelmory|castelmory
Roquelaine|roquelaine
Beaumarchais|beaumarchais
Orgemont|orgemont
Lannevez|lannevez
Falguières|falguieres
Saint-Evroult|saint-evroult
Marcillanges|marcillanges
Trévignac|trevignac
Vauclaire|vauclaire
Ambrelieu|ambrelieu
Noirétang|noiretang
Puy-l’Abbé|puy-l-abbe
Grandchêne|grandchene
Estivaux|estivaux
Courvoisie|courvoisie
Ferrandine|ferrandine
Lormeraie|lormeraie
Aigremont|aigremont
Bellefosse|bellefosse
Chantelys|chantelys
Dournazac|dournazac
Évrelle|evrelle
Fontbrune|fontbrune
Gaillardet|gaillardet
Hérivaux|herivaux
Issandre|issandre
Jonquelle|jonquelle
Kerlaven|kerlaven
Lestrange|lestrange
Mirevent|mirevent
Neuvialle|neuvialle
Ormesnil|ormesnil
Pontarlux|pontarlux
Quincerot|quincerot
Rochelune|rochelune
Sauvemer|sauvemer
Thébaldie|thebaldie
Ussoulx|ussoulx
Verdelaine|verdelaine
Wattignes|wattignes
Xaintrais|xaintrais
Yvrandes|yvrandes
Zéphirac|zephirac
Arcolande|arcolande
Bramefaim|bramefaim
Cormeray|cormeray
Druilhac|druilhac
Esparvie|esparvie
Flavigne|flavigne
Garonnelle|garonnelle
Hauterive-sur-Lys|hauterive-sur-lys""".splitlines()
    )
)
