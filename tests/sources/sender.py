"""Puts deliveries on the disk until it is killed: ``python -m tests.sources.sender HOME NUMBER``.

It says the digest of each once it is safe, as the site answers a network.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")


def main() -> None:
    import django

    django.setup()
    from vigie.sources.shelf import Shelf

    home, number = sys.argv[1:]
    shelf = Shelf(home=Path(home))
    for count in range(1_000_000):
        body = f"{number}.{count} ".encode() * 200
        print(shelf.put("generic", body), flush=True)


if __name__ == "__main__":
    main()
