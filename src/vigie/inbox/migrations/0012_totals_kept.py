"""Totals of lists are kept, and words are sought with where conversations stand."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from vigie.inbox import in_step


def take_away(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    in_step.take_away(editor.connection)


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    in_step.install(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0011_changed_by_their_authors'),
        ('register', '0003_service_needs_approval'),
    ]

    operations = [
        migrations.RunPython(take_away),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.BigIntegerField()),
                ('state', models.CharField(max_length=8)),
                ('kind', models.CharField(max_length=8)),
                ('count', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['service', 'state', 'kind'], name='tally_by_service')],
            },
        ),
        migrations.AddField(
            model_name='wording',
            name='marks',
            field=models.TextField(default=''),
        ),
        migrations.RemoveIndex(
            model_name='conversation',
            name='conversation_by_person',
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'state', '-touched_at', '-id'], name='conversation_of_person'),
        ),
        migrations.RunPython(install),
    ]
