from django.db import migrations, models

from tongdao.foundation.tenancy.operations import MERCHANT

GUARDED = f"""
alter table shop_domain enable row level security;
alter table shop_domain force row level security;
create policy look_up on shop_domain for select using (true);
create policy enter on shop_domain for insert with check (merchant_id = {MERCHANT});
create policy take_out on shop_domain for delete using (merchant_id = {MERCHANT});
revoke update, truncate on shop_domain from tongdao_app;
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0004_wechat")]

    operations = [
        migrations.CreateModel(
            name="ShopDomain",
            fields=[
                ("domain", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField()),
                ("storefront_id", models.UUIDField()),
                ("slug", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "shop_domain",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "storefront_id"), name="shop_domain_of_shop"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDED, migrations.RunSQL.noop),
    ]
