"""The words of conversations, with the index that each database keeps over them by itself.

On PostgreSQL it is an index over an expression. SQLite's FTS5 is a table beside the words; three
triggers make it as much a part of the words' own table as an index is: bulk writes, updates and
cascades reach it, and it is never told to forget words it does not hold.
"""

from itertools import islice

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """CREATE VIRTUAL TABLE inbox_wording_index USING fts5(
        words, content='inbox_wording', content_rowid='conversation_id', columnsize=0,
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER inbox_wording_added AFTER INSERT ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(rowid, words) VALUES (new.conversation_id, new.words);
    END""",
    """CREATE TRIGGER inbox_wording_gone AFTER DELETE ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(inbox_wording_index, rowid, words)
            VALUES ('delete', old.conversation_id, old.words);
    END""",
    """CREATE TRIGGER inbox_wording_changed AFTER UPDATE ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(inbox_wording_index, rowid, words)
            VALUES ('delete', old.conversation_id, old.words);
        INSERT INTO inbox_wording_index(rowid, words) VALUES (new.conversation_id, new.words);
    END""",
)
POSTGRESQL = (
    """CREATE INDEX inbox_wording_index ON inbox_wording
        USING gin (to_tsvector('simple', words))""",
)
AT_ONCE = 1000


def index(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unindex(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE inbox_wording_index")


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write down the words of the conversations that are there already."""
    from vigie.inbox.searching import joined

    known = apps.get_model("inbox", "Conversation")
    wording = apps.get_model("inbox", "Wording")
    keys = iter(known.objects.order_by("pk").values_list("pk", flat=True).iterator())
    while some := list(islice(keys, AT_ONCE)):
        rows = known.objects.filter(pk__in=some).select_related("contact")
        made = []
        for row in rows.prefetch_related("messages", "contact__handles"):
            said = [one.words for one in row.messages.all() if one.state != "withdrawn"]
            names = [name for one in row.contact.handles.all() for name in (one.address, one.shown)]
            words = joined([row.subject, row.contact.name, *names, *said])
            made.append(wording(conversation=row, words=words))
        wording.objects.bulk_create(made)


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0005_conversations_by_opening'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='wording', serialize=False, to='inbox.conversation')),
                ('words', models.TextField()),
            ],
        ),
        migrations.RunPython(index, unindex),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
