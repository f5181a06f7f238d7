"""Puts together what was found of an institution's accounts, and says whose each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.collect.address import Address
from vigie.collect.discovery import Found
from vigie.collect.proof import UNASKED, VERDICTS, Candidate, Profile, Proof
from vigie.collect.web_site import Site
from vigie.collect.weighing import Weighing

__all__ = ["proof_of", "proofs"]


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
    return Weighing(candidate=candidate, site=site, rivals=rivals, now=now).proof()


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
            (address.network, _folded(name))
            for name in (address.handle, address.identifier, profile.handle, profile.identifier)
            if name
        }
        key = next((names[name] for name in same if name in names), account)
        keys[account] = key
        names.update(dict.fromkeys(same, key))
    return keys


def _folded(name: str) -> str:
    """Return a handle or an identifier as keys compare them."""
    return name.casefold().lstrip("@")
