from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("talk", "0001_initial")]

    operations = [
        migrations.AddField(
            "talk", "buyer_language", models.CharField(blank=True, default="", max_length=8)
        ),
        migrations.AddField(
            "quickanswer", "text_en", models.CharField(blank=True, default="", max_length=500)
        ),
        migrations.AlterField("quickanswer", "text", models.CharField(blank=True, max_length=500)),
        migrations.AddConstraint(
            "quickanswer",
            models.CheckConstraint(
                condition=Q(("text", ""), ("text_en", ""), _negated=True), name="quick_answer_says"
            ),
        ),
    ]
