"""PostgreSQL tells a phrase by pairs of words that stand in the row, and fetches few words for it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from vigie.inbox import in_step


def forward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        in_step.take_away(editor.connection)
        in_step.install(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0022_sketches'),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
