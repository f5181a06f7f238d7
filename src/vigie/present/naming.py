"""The words people read for kinds, networks, dimensions and peer groups."""

from __future__ import annotations

from vigie.present.writing import Country
from vigie.words import Words, _

NETWORKS = {
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "x": "X (Twitter)",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "threads": "Threads",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "flickr": "Flickr",
    "pinterest": "Pinterest",
    "vimeo": "Vimeo",
    "dailymotion": "Dailymotion",
    "github": "GitHub",
    "rss": "RSS",
    "ga4": "Google Analytics",
    "matomo": "Matomo",
    "wikidata": "Wikidata",
}
"""Proper names: they are not translated."""
REGISTERS = {"french_register": _("French register of higher education")}
"""Sources that are no network: they have no account that anyone could follow."""


def network(name: str) -> Words | str:
    """Return what people call a network."""
    if name == "all":
        return _("all networks")
    if name == "other":
        return _("other network")
    return REGISTERS.get(name) or NETWORKS.get(name, name)


def institutions(kind: str | None) -> Words:
    """Return the plural of a kind of institution, inside a sentence: universities."""
    words = {
        "university": _("universities"),
        "engineering_school": _("engineering schools"),
        "business_school": _("business schools"),
        "art_school": _("art schools"),
        "institute": _("institutes"),
        "research": _("research bodies"),
    }
    return words.get(kind or "", _("institutions"))


def kind(name: str | None) -> Words:
    """Return the words for one kind, standing alone: Universities."""
    words = {
        "university": _("Universities"),
        "engineering_school": _("Engineering schools"),
        "business_school": _("Business schools"),
        "art_school": _("Art schools"),
        "institute": _("Institutes"),
        "research": _("Research bodies"),
    }
    return words.get(name or "", _("Other institutions"))


def dimension(name: str) -> Words | str:
    """Return the words for a dimension of the Index."""
    words = {
        "audience": _("Audience"),
        "activity": _("Activity"),
        "engagement": _("Engagement"),
        "responsiveness": _("Responsiveness"),
    }
    return words.get(name, name)


def indicator(name: str) -> Words | str:
    """Return the words for an indicator, as a heading."""
    words = {
        "followers": _("Followers"),
        "posting_frequency": _("Posts per week"),
        "interactions_per_post": _("Interactions per post"),
        "engagement_rate": _("Engagement rate"),
        "overperformance": _("Overperformance"),
        "response_share_24h": _("Answered within 24 hours"),
    }
    return words.get(name, name.replace("_", " "))


def group(key: str) -> Words | str:
    """Return the name of a peer group from its key: ``university.fr.small``."""
    parts = key.split(".")
    if key == "all":
        return _("All institutions")
    if len(parts) == 1:
        return _("{country}", country=Country(key)) if len(key) == 2 else kind(key)
    place: Country | Words = Country(parts[1])
    if parts[1] == "unknown":
        place = _("country unknown")
    if len(parts) == 2:
        return _("{kind}, {country}", kind=kind(parts[0]), country=place)
    return _("{kind}, {country}, {band}", kind=kind(parts[0]), country=place, band=_band(parts[2]))


def _band(name: str) -> Words | str:
    words = {
        "small": _("small"),
        "medium": _("medium"),
        "large": _("large"),
        "unsized": _("size unknown"),
    }
    return words.get(name, name)


def post_kind(name: str | None) -> Words | None:
    """Return the words for the form of a post, or unknown."""
    words = {
        "text": _("text"),
        "image": _("image"),
        "carousel": _("carousel"),
        "video": _("video"),
        "link": _("link"),
        "audio": _("audio"),
        "poll": _("poll"),
        "story": _("story"),
    }
    return words.get(name or "")


def institution_path(slug: str) -> str:
    """Return the address of an institution's page."""
    return f"/institutions/{slug}/"


def edition_path(edition: str) -> str:
    """Return the address of an edition of the Index."""
    return f"/index/{edition}/"


def method_path(name: str) -> str:
    """Return the address of a published method's definition."""
    return f"/method/#method-{name.replace('_', '-')}"


def indicator_path(name: str) -> str:
    """Return the address of an indicator's definition."""
    return f"/method/#{name.replace('_', '-')}"
