"""PostgreSQL waits for no disk to say who has a conversation open: after a crash nobody has.

What is written so is kept for two minutes, each time someone opens a conversation.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def pass_by(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE inbox_looking SET UNLOGGED")


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE inbox_looking SET LOGGED")


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0019_retention'),
    ]

    operations = [migrations.RunPython(pass_by, keep)]
