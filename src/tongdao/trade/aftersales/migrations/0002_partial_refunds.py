import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

# Until now every case undid an order whole, with all its freight and all its shares.
TABLES = ("after_sale_line", "order_line", "waterfall_share", "line_refunded", "after_sale_share")
OPEN = "".join(f"alter table {table} no force row level security;\n" for table in TABLES)
SHUT = "".join(f"alter table {table} force row level security;\n" for table in TABLES)
UNDONE = f"""
{OPEN}
alter table after_sale_line disable trigger append_only;
update after_sale_line c set freight_fen = l.freight_fen from order_line l
where l.merchant_id = c.merchant_id and l.id = c.line_id and l.freight_fen > 0;
alter table after_sale_line enable trigger append_only;
insert into line_refunded (id, merchant_id, line_id, of_quantity, of_goods_fen, of_freight_fen, quantity,
  goods_fen, freight_fen)
select uuidv7(), c.merchant_id, l.id, l.quantity, l.paid_fen, l.freight_fen, c.quantity,
  c.refund_fen - c.freight_fen, c.freight_fen
from after_sale_line c join order_line l on l.merchant_id = c.merchant_id and l.id = c.line_id;
insert into after_sale_share (id, merchant_id, case_line_id, share_id, amount_fen)
select uuidv7(), c.merchant_id, c.id, s.id, s.amount_fen
from after_sale_line c join waterfall_share s on s.merchant_id = c.merchant_id and s.line_id = c.line_id;
{SHUT}
"""


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0001_initial'),
        ('orders', '0004_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='AfterSaleShare',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
            ],
            options={
                'db_table': 'after_sale_share',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LineRefunded',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('of_quantity', models.IntegerField()),
                ('of_goods_fen', tongdao.foundation.money.MoneyField()),
                ('of_freight_fen', tongdao.foundation.money.MoneyField()),
                ('quantity', models.IntegerField()),
                ('goods_fen', tongdao.foundation.money.MoneyField()),
                ('freight_fen', tongdao.foundation.money.MoneyField()),
            ],
            options={
                'db_table': 'line_refunded',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='aftersaleline',
            name='freight_fen',
            field=tongdao.foundation.money.MoneyField(default=0),
        ),
        migrations.AlterField(
            model_name='aftersale',
            name='kind',
            field=models.CharField(choices=[('cancel', 'Cancel'), ('refund', 'Refund')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='aftersaleline',
            constraint=models.CheckConstraint(condition=models.Q(('freight_fen__gte', 0), ('refund_fen__gte', models.F('freight_fen'))), name='after_sale_line_fen'),
        ),
        migrations.AddField(
            model_name='aftersaleshare',
            name='case_line',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='shares', to='aftersales.aftersaleline'),
        ),
        migrations.AddField(
            model_name='aftersaleshare',
            name='share',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='given_up', to='orders.waterfallshare'),
        ),
        migrations.AddField(
            model_name='linerefunded',
            name='line',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='refunded', to='orders.orderline'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleshare',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'case_line', 'share'), name='after_sale_share_once'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleshare',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='after_sale_share_amount'),
        ),
        migrations.AddConstraint(
            model_name='linerefunded',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'line'), name='line_refunded_once'),
        ),
        migrations.AddConstraint(
            model_name='linerefunded',
            constraint=models.CheckConstraint(condition=models.Q(('freight_fen__gte', 0), ('freight_fen__lte', models.F('of_freight_fen')), ('goods_fen__gte', 0), ('goods_fen__lte', models.F('of_goods_fen')), ('quantity__gt', 0), ('quantity__lte', models.F('of_quantity'))), name='line_refunded_paid'),
        ),
        SecureTable("AfterSaleShare", append_only=True),
        SecureTable("LineRefunded"),
        migrations.RunSQL(UNDONE, migrations.RunSQL.noop),
    ]
