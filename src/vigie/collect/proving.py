"""Weighs what a site and its accounts say of each other: whose an account is, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.collect.address import Address
from vigie.collect.discovery import GUESS, POST, Found
from vigie.collect.fediverse import NETWORK as FEDIVERSE
from vigie.collect.web_site import Site
from vigie.collect.well_known import is_of_domain
from vigie.model import Snapshot
from vigie.words import Words, _, plural

IDLE_AFTER = timedelta(days=180)

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


@dataclass(frozen=True, kw_only=True)
class _Weighing:
    """One account before the site and the other accounts of its network."""

    candidate: Candidate
    site: Site
    rivals: tuple[Candidate, ...]
    """Other accounts of this network that the site names."""
    now: datetime
    reasons: list[Words] = field(default_factory=list)

    def proof(self) -> Proof | None:
        """Return what is to be said; none where nothing is."""
        one = self.candidate
        self._say_what_names_it()
        verdict = self._verdict()
        if verdict is None:
            return None
        if one.is_linked and self.rivals:
            self.reasons.append(_rivals(len(self.rivals)))
        profile, look = one.profile, one.profile.snapshot
        latest = profile.latest_post
        is_idle = latest is not None and self.now - latest > IDLE_AFTER
        if is_idle and latest is not None:
            self.reasons.append(_("It is idle: its last post is of {day}.", day=latest.date()))
        return Proof(
            address=one.address,
            verdict=verdict,
            reasons=tuple(self.reasons),
            found=one.found,
            is_idle=is_idle,
            latest_post=latest,
            name=look.name if look else None,
            followers=look.followers if look else None,
            identifier=one.address.identifier or profile.identifier,
            is_known=one.is_known,
        )

    def _say_what_names_it(self) -> None:
        said = [one.said for one in self.candidate.found if one.kind not in (POST, GUESS)]
        for words in said[:3]:
            self.reasons.append(_("The site names it by {what}.", what=words))

    def _verdict(self) -> str | None:
        one = self.candidate
        if one.profile.is_missing:
            return self._gone()
        points_back = self._points_back()
        is_proved = self._is_own_domain() or self._is_verified()
        if is_proved or (one.is_linked and points_back):
            return TWO_WAY
        if one.is_linked:
            self._say_no_way_back()
            return SITE
        return self._unlinked(points_back=points_back)

    def _gone(self) -> str | None:
        if not (self.candidate.is_linked or self.candidate.is_known):
            return None
        self.reasons.append(
            _(
                "The network does not know it: it was closed or renamed, and somebody else may "
                "take the name."
            )
        )
        return MISSING

    def _is_own_domain(self) -> bool:
        """Say whether the handle lies in the site's domain, and the account answers to it."""
        one = self.candidate
        handle = one.profile.handle or one.address.handle
        if not is_of_domain(replace(one.address, handle=handle), self.site):
            return False
        if one.address.network == "rss":
            self.reasons.append(_("It is a feed of the site itself."))
            return True
        if one.profile.snapshot is None:
            return False
        self.reasons.append(
            _(
                "Its handle lies in the site's own domain ({domain}), which only who runs the site "
                "can give.",
                domain=self.site.domain,
            )
        )
        return True

    def _is_verified(self) -> bool:
        """Say whether the account's own server has seen that the home page links back.

        A link to a page further below may be that of a person who has a page on the site.
        """
        look = self.candidate.profile.snapshot
        if look is None or not look.is_verified or self.candidate.address.network != FEDIVERSE:
            return False
        if not self.site.is_home(look.website):
            return False
        self.reasons.append(_("Its server has verified that the home page links back to it."))
        return True

    def _points_back(self) -> bool:
        look = self.candidate.profile.snapshot
        if look is None:
            return False
        if self.site.holds(look.website):
            self.reasons.append(_("Its profile links to the site."))
            return True
        if self.site.is_named_in(look.description):
            self.reasons.append(_("Its description gives the address of the site."))
            return True
        return False

    def _say_no_way_back(self) -> None:
        profile = self.candidate.profile
        if profile.snapshot is not None:
            self.reasons.append(_("Its profile does not link back to the site."))
        elif profile.failure is not None:
            self.reasons.append(
                _("Whether it links back is not known: {reason}", reason=profile.failure)
            )

    def _unlinked(self, *, points_back: bool) -> str | None:
        one = self.candidate
        look = one.profile.snapshot
        has_name = look is not None and self.site.has_name(look.name)
        if one.is_known:
            return self._known(points_back=points_back)
        if self.rivals and (points_back or has_name):
            self.reasons.append(
                _(
                    "It presents itself as the institution, but the site names another account on "
                    "this network: {account}.",
                    account=self.rivals[0].account,
                )
            )
            return IMPOSTOR
        if points_back:
            self.reasons.append(_("The site does not name it."))
            return PROFILE
        if has_name:
            self.reasons.append(_("It has the institution's name, but neither names the other."))
            return SUSPECT
        if any(found.kind == POST for found in one.found):
            self.reasons.append(
                _("The site links to one of its posts; it may be anybody's that is quoted there.")
            )
            return MENTIONED
        return None

    def _known(self, *, points_back: bool) -> str:
        if points_back:
            self.reasons.append(_("The site does not name it."))
            return PROFILE
        self.reasons.append(_("It is in the register, but the site does not name it."))
        self._say_no_way_back()
        if self.rivals:
            self.reasons.append(
                _(
                    "The site names {account} on this network: it may be the same account under "
                    "another name, or its successor.",
                    account=self.rivals[0].account,
                )
            )
        return ORPHAN


def _rivals(count: int) -> Words:
    return plural(
        "The site names {count} other account of this network.",
        "The site names {count} other accounts of this network.",
        count=count,
    )


def proofs(
    found: Sequence[Found],
    profiles: Mapping[str, Profile],
    site: Site,
    *,
    registered: Sequence[Address] = (),
    now: datetime,
) -> list[Proof]:
    """Return what can be said of each account, those proved first.

    ``profiles`` are by key; ``registered`` are the open accounts that the register has of the
    institution. Two keys of one account, its handle and its identifier, become one where the
    network says so.
    """
    candidates = _candidates(found, profiles, registered)
    weighed = (proof_of(one, candidates, site, now=now) for one in candidates)
    order = list(VERDICTS)
    said = [proof for proof in weighed if proof is not None]
    return sorted(said, key=lambda one: (order.index(one.verdict), one.account))


def proof_of(
    candidate: Candidate, others: Sequence[Candidate], site: Site, *, now: datetime
) -> Proof | None:
    """Return what can be said of one account among the others; none where nothing ties it."""
    rivals = tuple(
        other
        for other in others
        if other.is_linked
        and not other.profile.is_missing
        and other.address.network == candidate.address.network
        and other.account != candidate.account
    )
    return _Weighing(candidate=candidate, site=site, rivals=rivals, now=now).proof()


def _candidates(
    found: Sequence[Found], profiles: Mapping[str, Profile], registered: Sequence[Address]
) -> list[Candidate]:
    known = {address.account: address for address in registered}
    addresses = {**{one.account: one.address for one in found}, **known}
    keys = _one_key_each(addresses, profiles, known)
    made: dict[str, Candidate] = {}
    for account in addresses:
        key = keys[account]
        if key not in made:
            made[key] = Candidate(
                address=addresses[key],
                found=tuple(one for one in found if keys[one.account] == key),
                profile=profiles.get(key) or profiles.get(account) or UNASKED,
                is_known=key in known,
            )
    return list(made.values())


def _one_key_each(
    addresses: Mapping[str, Address], profiles: Mapping[str, Profile], known: Mapping[str, Address]
) -> dict[str, str]:
    """Return the key to use for each: accounts that the network says are one have one key.

    The key of the register is used before others, then one with a handle.
    """
    names: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    preferred = sorted(addresses, key=lambda key: (key not in known, not addresses[key].handle))
    for account in preferred:
        address = addresses[account]
        profile = profiles.get(account, UNASKED)
        same = {
            (address.network, folded_name(name))
            for name in (address.handle, address.identifier, profile.handle, profile.identifier)
            if name
        }
        key = next((names[name] for name in same if name in names), account)
        keys[account] = key
        names.update(dict.fromkeys(same, key))
    return keys


def folded_name(name: str) -> str:
    """Return a handle or an identifier as keys compare them."""
    return name.casefold().lstrip("@")
