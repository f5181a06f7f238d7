"""Files that no message names: what they came with was not taken in after all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from vigie.inbox.enclosures import FOLDER
from vigie.inbox.models import Arrival, Attachment


def let_go_of_unnamed(*, home: Path, before: datetime) -> int:
    """Delete files that were put in their place long ago and belong to nothing; return how many.

    None while something waits that long to be read: it may name them yet.
    """
    if Arrival.objects.filter(state="waiting", received_at__lt=before).exists():
        return 0
    named = set(Attachment.objects.exclude(file="").values_list("file", flat=True))
    count = 0
    for path in (home / FOLDER).glob("??/*"):
        is_old = path.stat().st_mtime < before.timestamp()
        if is_old and str(path.relative_to(home)) not in named:
            path.unlink(missing_ok=True)
            count += 1
    return count
