import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

KINDS = [("official", "Official"), ("website", "Website"), ("mini", "Mini")]


class Migration(migrations.Migration):

    dependencies = [("merchants", "0003_suspension")]

    operations = [
        migrations.CreateModel(
            name="WechatApp",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("appid", models.CharField(max_length=32)),
                ("secret", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("gateway_url", models.CharField(max_length=200)),
                ("effective_from", models.DateTimeField()),
                ("effective_to", models.DateTimeField(null=True)),
                ("ticket", tongdao.foundation.pii.fields.EncryptedTextField(null=True)),
                ("ticket_until", models.DateTimeField(null=True)),
                ("ticket_asked_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wechat_app",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effective_to__isnull", True), ("effective_to__gte", models.F("effective_from")), _connector="OR"),
                        name="wechat_app_period",
                    ),
                    models.UniqueConstraint(condition=models.Q(("effective_to__isnull", True)), fields=("merchant_id", "kind"), name="wechat_app_current"),
                ],
            },
        ),
        SecureTable("WechatApp"),
    ]
