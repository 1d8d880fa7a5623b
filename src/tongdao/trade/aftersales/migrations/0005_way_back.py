import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    dependencies = [("aftersales", "0004_files"), ("shipping", "0003_returns")]

    operations = [
        migrations.CreateModel(
            name="CarriageOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("staff_id", models.UUIDField(null=True)),
                ("effective_from", models.DateTimeField()),
                ("effective_to", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "carriage_offer",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("effective_to__isnull", True)),
                        fields=("merchant_id",),
                        name="carriage_offer_current",
                    )
                ],
            },
        ),
        SecureTable("CarriageOffer"),
        migrations.AddField(
            "aftersale", "back_to", tongdao.foundation.pii.fields.EncryptedTextField(null=True)
        ),
        migrations.AddField("aftersale", "carriage", models.CharField(blank=True, default="", max_length=5)),
        migrations.AddField("aftersale", "signed_at", models.DateTimeField(null=True)),
        migrations.AddField("aftersale", "silent_told_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "aftersale",
            "return_parcel",
            tongdao.foundation.tenancy.models.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="aftersales",
                to="shipping.returnparcel",
            ),
        ),
        migrations.RunSQL(
            [
                "alter table after_sale add constraint after_sale_return_parcel_id_own"
                " foreign key (merchant_id, return_parcel_id) references return_parcel (merchant_id, id)",
                "create index after_sale_return_parcel_id_own on after_sale (merchant_id, return_parcel_id)",
            ],
            [
                "drop index after_sale_return_parcel_id_own",
                "alter table after_sale drop constraint after_sale_return_parcel_id_own",
            ],
        ),
        migrations.AddIndex(
            "aftersale",
            models.Index(
                condition=models.Q(
                    ("signed_at__isnull", True), ("silent_told_at__isnull", True), ("state", "returning")
                ),
                fields=["sent_at"],
                name="after_sale_sent",
            ),
        ),
        migrations.AddConstraint(
            "aftersale",
            models.CheckConstraint(
                condition=models.Q(
                    ("signed_at__isnull", True), ("return_parcel__isnull", False), _connector="OR"
                ),
                name="after_sale_signed",
            ),
        ),
        GuardStates(
            "AfterSale",
            initial="requested",
            also=["granted"],
            transitions=[
                ("agreed", "closed"),
                ("agreed", "granted"),
                ("agreed", "lapsed"),
                ("agreed", "returning"),
                ("agreed", "withdrawn"),
                ("granted", "settled"),
                ("received", "closed"),
                ("received", "granted"),
                ("received", "refused"),
                ("received", "replaced"),
                ("refused", "agreed"),
                ("refused", "closed"),
                ("refused", "granted"),
                ("refused", "withdrawn"),
                ("replaced", "settled"),
                ("requested", "agreed"),
                ("requested", "closed"),
                ("requested", "granted"),
                ("requested", "refused"),
                ("requested", "withdrawn"),
                ("returning", "received"),
                ("returning", "refused"),
            ],
        ),
    ]
