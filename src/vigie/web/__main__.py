"""``python -m vigie.web routes`` prints the address book."""

from __future__ import annotations

import sys

import vigie.web.pages
from vigie.web.page import pages


def main(arguments: list[str]) -> int:
    """Print one line per page: its address, its name and the right it takes."""
    if arguments != ["routes"]:
        sys.stderr.write("Usage: python -m vigie.web routes\n")
        return 2
    import django

    django.setup()
    for page in pages(vigie.web.pages):
        who = page.permission or "public"
        sys.stdout.write(f"/{page.route:<44} {page.name:<28} {who:<24} {' '.join(page.methods)}\n")
    return 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    sys.exit(main(sys.argv[1:]))
