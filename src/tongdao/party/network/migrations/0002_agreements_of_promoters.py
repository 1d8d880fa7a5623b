import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable


def own_columns():
    """The two that every merchant-owned table has."""
    id = models.UUIDField(
        default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
    )
    merchant = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
    return [("id", id), ("merchant_id", merchant)]


def relation(to, **options):
    return tongdao.foundation.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, to=to, **options
    )


class Migration(migrations.Migration):

    dependencies = [("network", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PromoterAgreement",
            fields=[
                *own_columns(),
                ("version", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=10)),
                ("text", models.TextField()),
                ("digest", models.BinaryField(max_length=32)),
                ("stored_at", models.DateTimeField()),
            ],
            options={
                "db_table": "promoter_agreement",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id", "digest"), name="promoter_agreement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PromoterConsent",
            fields=[
                *own_columns(),
                ("person_id", models.UUIDField()),
                ("version", models.CharField(max_length=24)),
                ("age_from", models.IntegerField()),
                ("listed_occupation", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("agreement", relation("network.promoteragreement", indexed=False)),
                ("promoter", relation("network.promoter")),
            ],
            options={
                "db_table": "promoter_consent",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person_id"], name="promoter_consent_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "promoter", "version"), name="promoter_consent_once"
                    )
                ],
            },
        ),
        SecureTable("PromoterAgreement", append_only=True),
        SecureTable("PromoterConsent", person="person_id", append_only=True),
    ]
