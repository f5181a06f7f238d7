"""What is written in the log of the register, as sentences: every action has its own."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.words import marked

SENTENCES: Mapping[str, str] = {
    "person.add": marked("{by} added someone."),
    "person.put": marked("{by} changed what is known of a person."),
    "person.role": marked("{by} changed what someone may do."),
    "person.invite": marked("{by} invited someone to sign in."),
    "person.sign_in": marked("{by} changed how someone signs in."),
    "person.password": marked("{by} chose a new password."),
    "person.unlock": marked("{by} unlocked someone after wrong passwords."),
    "person.leave": marked("{by} noted that someone left."),
    "person.come_back": marked("{by} noted that someone came back."),
    "service.put": marked("{by} put a service into the register."),
    "event.put": marked("{by} noted an event."),
    "statement.write": marked("{by} wrote a reply to a published figure."),
    "account.prove": marked("{by} checked an account."),
    "account.identify": marked("{by} noted the identifier of an account."),
    "update.propose": marked("{by} proposed an update of the register."),
    "update.reject": marked("{by} rejected a point of an update."),
    "register.new": marked("{by} added an institution."),
    "update.new": marked("{by} added an institution, from an update."),
    "register.reopened": marked("{by} noted that an institution is named again."),
    "update.reopened": marked("{by} noted that an institution is named again, from an update."),
    "register.renamed": marked("{by} renamed an institution."),
    "update.renamed": marked("{by} renamed an institution, from an update."),
    "register.changed": marked("{by} changed what is known of an institution."),
    "update.changed": marked("{by} changed what is known of an institution, from an update."),
    "register.students": marked("{by} noted numbers of students."),
    "update.students": marked("{by} noted numbers of students, from an update."),
    "register.account_gone": marked("{by} took out an account that is no longer named."),
    "update.account_gone": marked(
        "{by} took out an account that is no longer named, from an update."
    ),
    "register.account_moved": marked("{by} noted that an account moved to another institution."),
    "update.account_moved": marked(
        "{by} noted that an account moved to another institution, from an update."
    ),
    "register.account_changed": marked("{by} changed an account."),
    "update.account_changed": marked("{by} changed an account, from an update."),
    "register.account_new": marked("{by} added an account."),
    "update.account_new": marked("{by} added an account, from an update."),
    "register.conflict": marked("{by} decided whose an account is."),
    "update.conflict": marked("{by} decided whose an account is, from an update."),
    "register.merged": marked("{by} noted that two institutions became one."),
    "update.merged": marked("{by} noted that two institutions became one, from an update."),
    "register.closed": marked("{by} noted that an institution closed."),
    "update.closed": marked("{by} noted that an institution closed, from an update."),
    "register.ambiguous": marked("{by} decided which institution is meant."),
    "update.ambiguous": marked("{by} decided which institution is meant, from an update."),
}
"""By action; ``by`` is who did it."""
