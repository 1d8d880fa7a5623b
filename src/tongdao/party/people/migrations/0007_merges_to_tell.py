from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("people", "0006_passkeys")]

    operations = [
        migrations.AddIndex(
            "PersonMerge",
            models.Index(
                condition=Q(("done_at__isnull", False), ("told_at__isnull", True), ("undone_at__isnull", True)),
                fields=["done_at"],
                name="person_merge_to_tell",
            ),
        ),
        migrations.AddIndex(
            "PersonMerge",
            models.Index(
                condition=Q(("undone_at__isnull", False), ("untold_at__isnull", True)),
                fields=["undone_at"],
                name="person_merge_to_untell",
            ),
        ),
    ]
