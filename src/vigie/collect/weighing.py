"""Weighs what a site and an account say of each other: whose the account is, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.collect.discovery import GUESS, POST
from vigie.collect.fediverse import NETWORK as FEDIVERSE
from vigie.collect.proof import (
    IMPOSTOR,
    MENTIONED,
    MISSING,
    ORPHAN,
    PROFILE,
    SITE,
    SUSPECT,
    TWO_WAY,
    Candidate,
    Proof,
)
from vigie.collect.web_site import Site
from vigie.collect.well_known import is_of_domain
from vigie.words import Words, _, plural

IDLE_AFTER = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Weighing:
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
        self._say_new_handle()
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

    def _say_new_handle(self) -> None:
        old, new = self.candidate.address.handle, self.candidate.profile.handle
        if old and new and old.casefold().lstrip("@") != new.casefold().lstrip("@"):
            self.reasons.append(_("The network says that its handle is now {handle}.", handle=new))

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
