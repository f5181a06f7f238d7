"""PostgreSQL never reads every conversation's words again to find one.

For a word that nearly all of them hold, its planner took reading them all for the quicker way, as it
does not know how long that takes. The function says so.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = (
    """CREATE FUNCTION inbox_words(words text) RETURNS tsvector
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100000
        AS $$ BEGIN RETURN to_tsvector('pg_catalog.simple', words); END $$""",
    "DROP INDEX inbox_wording_index",
    "CREATE INDEX inbox_wording_index ON inbox_wording USING gin (inbox_words(words))",
)
BACK = (
    "DROP INDEX inbox_wording_index",
    """CREATE INDEX inbox_wording_index ON inbox_wording
        USING gin (to_tsvector('simple', words))""",
    "DROP FUNCTION inbox_words(text)",
)


def forward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            editor.execute(statement)


def backward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in BACK:
            editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0009_message_by_external'),
    ]

    operations = [migrations.RunPython(forward, backward)]
