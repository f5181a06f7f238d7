"""What is written in the log of listening, as sentences: every action has its own."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import marked

SENTENCES: Mapping[str, str] = {
    "query.put": marked("{by} wrote a query or changed it."),
    "query.on": marked("{by} switched a query on."),
    "query.off": marked("{by} switched a query off."),
    "query.erase": marked("{by} erased a query."),
    "calendar.put": marked("{by} noted a date of the calendar."),
    "calendar.erase": marked("{by} erased a date of the calendar."),
    "figure.permit": marked("{by} allowed listening for a public figure."),
    "figure.erase": marked("{by} took out a public figure."),
    "speciality.declare": marked("{by} declared a speciality."),
    "speciality.erase": marked("{by} took out a speciality."),
    "alert.put": marked("{by} set an alert."),
    "alert.erase": marked("{by} erased an alert."),
    "consent.ask": marked("{by} asked an author for consent."),
    "consent.yes": marked("{by} gave consent."),
    "consent.no": marked("{by} refused consent."),
    "consent.withdraw": marked("{by} withdrew consent."),
    "consent.confirm": marked("{by} confirmed that a consent holds."),
    "consent.take_back": marked("{by} took back a request for consent."),
    "check.draw": marked("{by} drew texts with which the machine is checked."),
    "label.put": marked("{by} corrected a label."),
    "label.teach": marked("{by} had a model taught on your own posts."),
    "label.switch": marked("{by} decided who answers a question: the rules, or a model."),
    "theme.name": marked("{by} named a theme."),
    "theme.merge": marked("{by} merged two themes."),
    "theme.part": marked("{by} parted a theme."),
}
"""By action; ``by`` is who did it."""
