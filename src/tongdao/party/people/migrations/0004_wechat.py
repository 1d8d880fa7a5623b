from django.db import migrations, models

KINDS = [
    ("browser", "Browser"),
    ("phone", "Phone"),
    ("email", "Email"),
    ("wechat_union", "Wechat Union"),
    ("wechat_openid", "Wechat Open"),
]


class Migration(migrations.Migration):

    dependencies = [("people", "0003_operators")]

    operations = [migrations.AlterField("Identity", "kind", models.CharField(choices=KINDS, max_length=16))]
