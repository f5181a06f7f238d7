"""The address of a service: free on the whole site, and never one that means something else."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.text import slugify

from vigie.register.models import Service

RESERVED = frozenset({"new", "nobody"})
"""Names that addresses and filters use for something else."""
LONGEST = 80


def free_slug(institution: str, name: str) -> str:
    """Return an address for a service that no other one has, of any institution."""
    wanted = slugify(name)[:70] or "service"
    taken = Service.objects.filter(slug__startswith=wanted[:40])
    return apart(institution, wanted, RESERVED | set(taken.values_list("slug", flat=True)))


def apart(institution: str, wanted: str, taken: Collection[str]) -> str:
    """Return an address that is not taken: two offices of one name say whose they are."""
    if wanted.isdigit():
        # It would be taken for a number of the register.
        wanted = f"service-{wanted}"
    if wanted not in taken:
        return wanted
    whose = f"{wanted[:40]}-{institution}"[: LONGEST - 10]
    names = (f"{whose}-{number}" if number else whose for number in range(len(taken) + 1))
    return next(slug for slug in names if slug not in taken)
