from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    dependencies = [("members", "0001_initial"), ("foundation", "0005_same_person")]

    operations = [
        migrations.CreateModel(
            name="MemberMerge",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("person_id", models.UUIDField()),
                ("merge_id", models.UUIDField()),
                ("member_id", models.UUIDField()),
                ("other_id", models.UUIDField()),
                ("merged_at", models.DateTimeField()),
                ("parted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "member_merge",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person_id"], name="member_merge_person")],
                "constraints": [models.UniqueConstraint(fields=("merchant_id", "merge_id"), name="member_merge_once")],
            },
        ),
        migrations.CreateModel(
            name="MemberConsent",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("person_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=24)),
                ("given", models.BooleanField()),
                ("version", models.CharField(max_length=24)),
                ("digest", models.BinaryField(max_length=32)),
                ("face", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "member_consent",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant_id", "person_id", "purpose", "at"], name="member_consent_last"), models.Index(fields=["person_id"], name="member_consent_person")],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("person_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=16)),
                ("channel", models.CharField(max_length=8)),
                ("wanted", models.BooleanField()),
                ("face", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "notice_choice",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant_id", "person_id", "at"], name="notice_choice_last"), models.Index(fields=["person_id"], name="notice_choice_person")],
            },
        ),
        SecureTable("MemberMerge", person="person_id"),
        SecureTable("MemberConsent", person="person_id", append_only=True),
        SecureTable("NoticeChoice", person="person_id", append_only=True),
    ]
