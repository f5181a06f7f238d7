"""Every service has an address of its own on the whole site, not only in its institution."""

from collections.abc import Collection

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify


def _tell_apart(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give an address to each service that has none, or shares one: the first one keeps it."""
    Service = apps.get_model("register", "Service")
    rows = list(Service.objects.select_related("institution").order_by("pk"))
    taken = {"new", "nobody", *(row.slug for row in rows)}
    seen = set()
    for row in rows:
        if row.slug and row.slug not in seen:
            seen.add(row.slug)
            continue
        wanted = row.slug or slugify(row.name)[:70] or "service"
        row.slug = _free(wanted, row.institution.slug, taken)
        taken.add(row.slug)
        seen.add(row.slug)
        row.save(update_fields=["slug"])


def _free(wanted: str, institution: str, taken: Collection[str]) -> str:
    if wanted.isdigit():
        wanted = f"service-{wanted}"
    if wanted not in taken:
        return wanted
    whose = f"{wanted[:40]}-{institution}"[:70]
    names = (f"{whose}-{number}" if number else whose for number in range(len(taken) + 1))
    return next(slug for slug in names if slug not in taken)


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0005_log_by_index"),
    ]

    operations = [
        migrations.RunPython(_tell_apart, migrations.RunPython.noop, elidable=False),
        migrations.RemoveConstraint(model_name="service", name="one_service_a_slug"),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                fields=("slug",),
                name="one_service_an_address",
            ),
        ),
    ]
