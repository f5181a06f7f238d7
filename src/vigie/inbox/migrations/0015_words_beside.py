"""PostgreSQL keeps the words of conversations beside their table, which it reads to count."""

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
        ('inbox', '0014_answers_that_come_back'),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
