"""What a picture that goes with an answer shows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("inbox", "0023_pairs_of_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="alt",
            field=models.TextField(blank=True, default=""),
        ),
    ]
