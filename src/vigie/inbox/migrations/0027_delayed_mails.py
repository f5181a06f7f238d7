"""Mails of which it is said that they are late."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0026_outages'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='delay',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='mailing',
            name='delayed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
