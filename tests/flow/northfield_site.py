"""A university's site on this machine, and the networks it names, all in one small server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.cast import NORTHFIELD, SOUTHBRIDGE, SOUTHBRIDGE_BLUESKY
from tests.collect.loopback import Asked, Said, Server, impatient
from vigie import flow
from vigie.collect.address import parse_addresses
from vigie.columns import table_of
from vigie.http import Http
from vigie.model import Account, Institution
from vigie.settings import Settings
from vigie.store.store import Store

HOME = """<html><body><header><a href="/contact">Contact</a>
<a href="/secret/suivez-nous">Suivez-nous</a>
<a href="/mentions-legales">Mentions légales</a> <a href="/brochure-contact.pdf">Plan</a></header>
<footer><a href="https://bsky.app/profile/northfield.bsky.social"><i class="fa-bluesky"></i></a>
<a href="https://twitter.com/intent/tweet?text=x">Tweeter</a></footer></body></html>"""
CONTACT = '<a rel="me" href="https://social.example/@northfield">Mastodon</a>'
LEGAL = '<a href="https://www.tiktok.com/@northfield">TikTok</a>'
ROBOTS = "User-agent: *\nDisallow: /secret/\nCrawl-delay: 1\n"  # fmt: skip


@dataclass
class Town:
    """What is to be found: pages by path, profiles on Bluesky and Mastodon by handle."""

    pages: dict[str, str] = field(default_factory=lambda: {
        "/": HOME, "/contact": CONTACT, "/mentions-legales": LEGAL, "/robots.txt": ROBOTS,
    })  # fmt: skip
    bluesky: dict[str, dict[str, object]] = field(default_factory=dict)
    mastodon: dict[str, dict[str, object]] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    """Path → status, where it is not 200."""
    moved: dict[str, str] = field(default_factory=dict)
    """Path → where it leads."""
    where: str = ""
    """The address of the site, once it is served."""

    def answer(self, asked: Asked) -> Said:
        ways: Mapping[str, Callable[[Asked], object | None]] = {
            "/xrpc/app.bsky.actor.getProfile": lambda one: self.bluesky.get(one.params["actor"]),
            "/xrpc/app.bsky.feed.getAuthorFeed": lambda one: {"feed": []},
            "/api/v1/accounts/lookup": lambda one: self.mastodon.get(one.params["acct"]),
        }
        if asked.path in ways:
            found = ways[asked.path](asked)
            unknown = {"error": "InvalidRequest", "message": "Profile not found"}
            return Said(
                body=json.dumps(unknown if found is None else found).encode(),
                status=404 if found is None else 200,
                headers={"content-type": "application/json"},
            )
        if asked.path in self.moved:
            return Said(status=302, headers={"location": self.moved[asked.path]})
        page = self.pages.get(asked.path)
        return Said(
            body=(page or "").encode(),
            status=self.status.get(asked.path, 404 if page is None else 200),
            headers={"content-type": "text/html; charset=utf-8"},
        )

    def on_bluesky(self, handle: str, *, asked: str | None = None, **more: object) -> None:
        """Let an account be there, to be asked for by its handle or otherwise."""
        letters = "".join(letter for letter in handle if letter.isalpha())
        did = f"did:plc:{letters[:24]:a<24}"
        self.bluesky[asked or handle] = {"did": did, "handle": handle, "followersCount": 7, **more}

    def on_mastodon(self, name: str, *, website: str, is_verified: bool = False) -> None:
        """Let an account be there, with its site in its fields."""
        proof = "2026-01-01T00:00:00.000Z" if is_verified else None
        value = f'<a href="{website}" rel="me">{website}</a>'
        self.mastodon[name] = {
            "id": "1", "username": name, "acct": name, "display_name": "Northfield",
            "followers_count": 5, "following_count": 1, "statuses_count": 3, "note": "",
            "fields": [{"name": "Site", "value": value, "verified_at": proof}], "emojis": [],
        }  # fmt: skip


def settings_for(settings: Settings, server: Server) -> Settings:
    """Let the connectors ask the small server instead of the networks."""
    services = {"bluesky_service": server.url, "mastodon_service": server.url}
    return replace(settings, connect=services)


def register(store: Store, website: str | None, *accounts: str) -> None:
    """Put Northfield with this site into the register, with these accounts."""
    store.replace(
        "institutions", table_of(Institution, [replace(NORTHFIELD, website=website), SOUTHBRIDGE])
    )
    addresses = [parse_addresses(one).found[0] for one in accounts]
    rows = [
        Account(account=one.account, institution="northfield", network=one.network,
                handle=one.handle, identifier=one.identifier, url=one.url)
        for one in addresses
    ]  # fmt: skip
    store.replace("accounts", table_of(Account, [*rows, SOUTHBRIDGE_BLUESKY]))


def look(
    store: Store,
    settings: Settings,
    server: Server,
    http: Http | None = None,
    institution: str = "northfield",
) -> flow.Discovery:
    """Look for Northfield's accounts."""
    means = flow.Means(settings=settings_for(settings, server), http=http or impatient())
    return flow.discover(store, institution, means)
