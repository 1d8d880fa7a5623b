from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Coalesce

INDEX = models.Index(
    Coalesce("undone_at", "finished_at"),
    condition=Q(change_total__gt=0, state__in=["done", "failed", "undone"]),
    name="import_run_changes",
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_import_change")]

    operations = [migrations.AddIndex("importrun", INDEX)]
