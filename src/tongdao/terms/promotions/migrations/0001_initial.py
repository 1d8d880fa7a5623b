import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promotion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("coupon", "Coupon"),
                            ("flash", "Flash"),
                            ("group_buy", "Group Buy"),
                            ("gift", "Gift"),
                        ],
                        max_length=9,
                    ),
                ),
                ("title", models.CharField(max_length=60)),
                ("code", models.CharField(blank=True, default="", max_length=20)),
                ("product_ids", models.JSONField(blank=True, default=list)),
                ("threshold_fen", tongdao.foundation.money.MoneyField(default=0)),
                ("off_fen", tongdao.foundation.money.MoneyField(null=True)),
                ("off_bps", models.IntegerField(null=True)),
                ("most_off_fen", tongdao.foundation.money.MoneyField(null=True)),
                ("price_fen", tongdao.foundation.money.MoneyField(null=True)),
                ("gift_units", models.IntegerField(null=True)),
                ("group_size", models.IntegerField(null=True)),
                ("group_hours", models.IntegerField(null=True)),
                ("per_member", models.IntegerField(null=True)),
                ("quota", models.IntegerField(null=True)),
                ("used", models.IntegerField(default=0)),
                ("given_fen", tongdao.foundation.money.MoneyField(default=0)),
                ("stacks", models.BooleanField(default=False)),
                ("on_reduced", models.BooleanField(default=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "sku",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="catalog.sku",
                    ),
                ),
            ],
            options={
                "db_table": "promotion",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("opened_by", models.UUIDField()),
                ("size", models.IntegerField()),
                ("taken", models.IntegerField(default=0)),
                ("paid", models.IntegerField(default=0)),
                ("deadline", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=9)),
                ("version", models.IntegerField(default=1)),
                (
                    "promotion",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "buying_group",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PromotionMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("member_id", models.UUIDField()),
                ("used", models.IntegerField(default=0)),
                ("most", models.IntegerField(null=True)),
                (
                    "promotion",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "promotion_member",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PromotionUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("order_id", models.UUIDField()),
                ("member_id", models.UUIDField()),
                ("units", models.IntegerField()),
                ("off_fen", tongdao.foundation.money.MoneyField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="held", max_length=8)),
                ("version", models.IntegerField(default=1)),
                (
                    "group",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="promotions.group",
                    ),
                ),
                (
                    "promotion",
                    tongdao.foundation.tenancy.models.TenantForeignKey(
                        indexed=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "promotion_use",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="promotion",
            index=models.Index(
                condition=models.Q(("stopped_at__isnull", True)),
                fields=["merchant_id", "ends_at"],
                name="promotion_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("merchant_id", "code"),
                name="promotion_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "coupon"), _negated=True),
                    models.Q(
                        ("gift_units__isnull", True),
                        ("price_fen__isnull", True),
                        ("sku__isnull", True),
                        ("group_hours__isnull", True),
                        ("group_size__isnull", True),
                        models.Q(
                            models.Q(
                                ("most_off_fen__isnull", True),
                                ("off_bps__isnull", True),
                                ("off_fen__gt", 0),
                                ("off_fen__isnull", False),
                            ),
                            models.Q(
                                ("off_bps__isnull", False),
                                ("off_bps__range", (1, 10000)),
                                ("off_fen__isnull", True),
                                models.Q(
                                    ("most_off_fen__isnull", True), ("most_off_fen__gt", 0), _connector="OR"
                                ),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="promotion_coupon_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "flash"), _negated=True),
                    models.Q(
                        ("price_fen__gt", 0),
                        ("price_fen__isnull", False),
                        ("sku__isnull", False),
                        ("gift_units__isnull", True),
                        ("product_ids", []),
                        ("threshold_fen", 0),
                        ("most_off_fen__isnull", True),
                        ("off_bps__isnull", True),
                        ("off_fen__isnull", True),
                        ("code", ""),
                        ("on_reduced", False),
                        ("stacks", False),
                        ("group_hours__isnull", True),
                        ("group_size__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="promotion_flash_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "group_buy"), _negated=True),
                    models.Q(
                        ("price_fen__gt", 0),
                        ("price_fen__isnull", False),
                        ("sku__isnull", False),
                        ("gift_units__isnull", True),
                        ("product_ids", []),
                        ("threshold_fen", 0),
                        ("most_off_fen__isnull", True),
                        ("off_bps__isnull", True),
                        ("off_fen__isnull", True),
                        ("code", ""),
                        ("on_reduced", False),
                        ("stacks", False),
                        ("group_hours__gte", 1),
                        ("group_hours__isnull", False),
                        ("group_size__gte", 2),
                        ("group_size__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="promotion_group_buy_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "gift"), _negated=True),
                    models.Q(
                        ("gift_units__gt", 0),
                        ("gift_units__isnull", False),
                        ("price_fen__isnull", True),
                        ("sku__isnull", False),
                        ("most_off_fen__isnull", True),
                        ("off_bps__isnull", True),
                        ("off_fen__isnull", True),
                        ("group_hours__isnull", True),
                        ("group_size__isnull", True),
                        ("code", ""),
                        ("on_reduced", False),
                        ("stacks", False),
                    ),
                    _connector="OR",
                ),
                name="promotion_gift_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["coupon", "flash", "group_buy", "gift"])),
                name="promotion_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("threshold_fen__gte", 0)), name="promotion_threshold"
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_member__isnull", True), ("per_member__gt", 0), _connector="OR"),
                name="promotion_per_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used__gte", 0),
                    models.Q(("quota__isnull", True), ("used__lte", models.F("quota")), _connector="OR"),
                ),
                name="promotion_quota",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_fen__gte", 0)), name="promotion_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="promotion_period"
            ),
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["merchant_id", "promotion", "deadline"],
                name="buying_group_open",
            ),
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["deadline"], name="buying_group_due"
            ),
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(
                condition=models.Q(("state", "dissolved"), ("taken__gt", 0)),
                fields=["deadline"],
                name="buying_group_undone",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid__gte", 0), ("size__gte", models.F("taken")), ("taken__gte", models.F("paid"))
                ),
                name="buying_group_seats",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionmember",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "promotion", "member_id"), name="promotion_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used__gte", 0),
                    models.Q(("most__isnull", True), ("used__lte", models.F("most")), _connector="OR"),
                ),
                name="promotion_member_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionuse",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "order_id", "promotion"), name="promotion_use_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("group__isnull", False), ("state", "held")),
                fields=("merchant_id", "group", "member_id"),
                name="promotion_use_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotionuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("off_fen__gte", 0), ("units__gt", 0)), name="promotion_use_units"
            ),
        ),
        SecureTable("Promotion"),
        SecureTable("Group"),
        SecureTable("PromotionMember"),
        SecureTable("PromotionUse"),
        GuardStates("Group", initial="open", transitions=[("open", "dissolved"), ("open", "formed")]),
        GuardStates("PromotionUse", initial="held", transitions=[("held", "returned")]),
    ]
