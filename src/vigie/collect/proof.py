"""What is known of an account that may be an institution's, and what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vigie.collect.address import Address
from vigie.collect.discovery import GUESS, POST, Found
from vigie.model import Snapshot
from vigie.words import Words, _

TWO_WAY, SITE, PROFILE = "two_way", "site", "profile"
IMPOSTOR, SUSPECT, ORPHAN = "impostor", "suspect", "orphan"
MENTIONED, MISSING = "mentioned", "missing"
VERDICTS = {
    TWO_WAY: _("Proved both ways"),
    SITE: _("Named by the site only"),
    PROFILE: _("Names the site, not named by it"),
    IMPOSTOR: _("May be an impostor"),
    SUSPECT: _("Same name, no link"),
    ORPHAN: _("In the register, without any link"),
    MENTIONED: _("Only one of its posts is named"),
    MISSING: _("Named by the site, but gone"),
}
"""What can be said of an account, in the order in which it is shown."""
PROOFS = {TWO_WAY: "both", SITE: "site", PROFILE: "profile"}
"""Verdict → who links to whom, as the register says it."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the network says of an account, or why it says nothing."""

    snapshot: Snapshot | None = None
    identifier: str | None = None
    handle: str | None = None
    """The handle it has now, where the network says so."""
    latest_post: datetime | None = None
    """Of its posts that are known; unknown: none is."""
    is_missing: bool = False
    """The network does not know the account."""
    failure: Words | None = None
    """Why it could not be asked."""


UNASKED = Profile()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An account that may be the institution's, with all that names it."""

    address: Address
    found: tuple[Found, ...] = ()
    profile: Profile = UNASKED
    is_known: bool = False
    """It is in the register, as an open account of the institution."""

    @property
    def account(self) -> str:
        """The account's key."""
        return self.address.account

    @property
    def is_linked(self) -> bool:
        """Whether the site names the account itself."""
        return any(one.kind not in (POST, GUESS) for one in self.found)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Whose an account is, as far as the site and the account show, and why."""

    address: Address
    verdict: str
    """A name of ``VERDICTS``."""
    reasons: tuple[Words, ...]
    found: tuple[Found, ...] = ()
    is_idle: bool = False
    """It has published nothing for half a year."""
    latest_post: datetime | None = None
    name: str | None = None
    """What the account calls itself."""
    followers: int | None = None
    identifier: str | None = None
    """The network's own identifier, where it is known: it outlives the handle."""
    is_known: bool = False
    """It is in the register."""

    @property
    def account(self) -> str:
        """The account's key."""
        return self.address.account

    @property
    def proof(self) -> str:
        """Who links to whom, as the register says it; empty: nobody."""
        return PROOFS.get(self.verdict, "")
