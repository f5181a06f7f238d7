"""What a picture that goes with an answer shows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0020_looks_pass"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="alt",
            field=models.TextField(blank=True, default=""),
        ),
    ]
