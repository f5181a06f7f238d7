"""Runs every benchmark, one process each, and stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

APART = {
    "__init__",
    "__main__",
    "desk_rows",
    "frames",
    "generator",
    "listening_texts",
    "invented_posts",
    "over_databases",
    "plain_wall",
}


def main() -> int:
    """Run the benchmarks in the order of their names."""
    names = sorted(
        path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in APART
    )
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nNot as claimed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
