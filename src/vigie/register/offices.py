"""The address of a service: free in its institution, and never one that means something else."""

from __future__ import annotations

from django.utils.text import slugify

from vigie.register.models import Service

RESERVED = frozenset({"new", "nobody"})
"""Names that addresses and filters use for something else."""


def free_slug(institution: str, name: str) -> str:
    """Return an address for a service that no other one of its institution has."""
    wanted = slugify(name)[:70] or "service"
    if wanted.isdigit():
        # It would be taken for a number of the register.
        wanted = f"service-{wanted}"
    known = Service.objects.filter(institution__slug=institution, slug__startswith=wanted)
    taken = RESERVED | set(known.values_list("slug", flat=True))
    names = (f"{wanted}-{number}" if number else wanted for number in range(len(taken) + 1))
    return next(slug for slug in names if slug not in taken)
