"""What is written in the log of the sources, as sentences: every action has its own."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import marked

SENTENCES: Mapping[str, str] = {
    "connection.put": marked("{by} connected a network or changed its keys."),
    "connection.erase": marked("{by} erased the keys of a network."),
    "connection.rotate": marked("{by} locked all keys anew."),
    "connection.renew": marked("{by} renewed a key."),
    "work.pause": marked("{by} paused the work of a network."),
    "work.resume": marked("{by} let the work of a network go on."),
    "work.run_now": marked("{by} had a network asked at once."),
    "work.reread": marked("{by} had what came read again."),
    "discovery.look": marked("{by} looked for the accounts of an institution."),
    "finding.accepted": marked("{by} accepted an account that was found."),
    "finding.rejected": marked("{by} rejected an account that was found."),
    "finding.pending": marked("{by} left open whether an account is the right one."),
}
"""By action; ``by`` is who did it."""
