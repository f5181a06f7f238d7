"""When a box was not read, and what was caught up with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0025_capacity_in_all'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('failure', models.JSONField(blank=True, null=True)),
                ('fetched', models.PositiveIntegerField()),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outages', to='inbox.box')),
            ],
            options={
                'ordering': ('-ended_at', '-id'),
            },
        ),
    ]
