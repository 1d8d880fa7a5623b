from django.db import migrations, models


class Migration(migrations.Migration):
    """Members stand in the facts from their joining on. The projection has a new name, so it reads from zero."""

    dependencies = [("metrics", "0001_initial")]

    operations = [
        migrations.RunSQL("truncate member_facts", migrations.RunSQL.noop),
        migrations.AddField("MemberFacts", "joined_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "MemberFacts",
            models.Index(fields=["merchant_id", "paid_fen", "id"], name="member_facts_paid"),
        ),
        migrations.AddIndex(
            "MemberFacts",
            models.Index(fields=["merchant_id", "last_paid_at", "id"], name="member_facts_last"),
        ),
    ]
