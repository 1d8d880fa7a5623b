import django.db.models.deletion
import django.db.models.expressions
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

# What was earned before this table: held since the payment, released at receipt, void where it was cancelled.
TABLES = (
    "commission", "clawback", '"order"', "order_line", "waterfall_share", "after_sale", "after_sale_line",
)
OPEN = "".join(f"alter table {table} no force row level security;\n" for table in TABLES)
SHUT = "".join(f"alter table {table} force row level security;\n" for table in TABLES)
EARNED = f"""
{OPEN}
insert into commission (id, merchant_id, order_id, line_id, share_id, promoter_id, state, version, base_fen,
  amount_fen, base_back_fen, clawed_fen, owed_fen, netted_fen, offset_fen, held_at, released_at)
select uuidv7(), s.merchant_id, l.order_id, l.id, s.id, s.beneficiary, 'held', 1, l.paid_fen, s.amount_fen,
  case o.state when 'cancelled' then l.paid_fen else 0 end,
  case o.state when 'cancelled' then s.amount_fen else 0 end, 0, 0, 0, o.paid_at, o.released_at
from "order" o
join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
join waterfall_share s on s.merchant_id = l.merchant_id and s.line_id = l.id and s.kind = 'promoter'
where o.state in ('paid', 'completed', 'cancelled');
update commission set state = 'released', version = 2 where released_at is not null;
update commission set state = 'void', version = 2 where clawed_fen > 0;
insert into clawback (id, merchant_id, commission_id, case_line_id, base_fen, amount_fen, owed_fen, at)
select uuidv7(), c.merchant_id, c.id, l.id, c.base_fen, c.amount_fen, 0, a.opened_at
from commission c
join after_sale_line l on l.merchant_id = c.merchant_id and l.line_id = c.line_id
join after_sale a on a.merchant_id = l.merchant_id and a.id = l.aftersale_id;
{SHUT}
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('aftersales', '0002_partial_refunds'),
        ('network', '0002_agreements_of_promoters'),
        ('orders', '0004_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Commission',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('state', models.CharField(default='held', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('base_fen', tongdao.foundation.money.MoneyField()),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('base_back_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('clawed_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('owed_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('netted_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('offset_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('held_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('line', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='orders.orderline')),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='commissions', to='orders.order')),
                ('promoter', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='network.promoter')),
                ('share', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='commissions', to='orders.waterfallshare')),
            ],
            options={
                'db_table': 'commission',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Clawback',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('base_fen', tongdao.foundation.money.MoneyField()),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('owed_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('at', models.DateTimeField()),
                ('case_line', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='aftersales.aftersaleline')),
                ('commission', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='clawbacks', to='commissions.commission')),
            ],
            options={
                'db_table': 'clawback',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Netting',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('at', models.DateTimeField()),
                ('debt', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='nettings', to='commissions.commission')),
                ('giver', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='gave', to='commissions.commission')),
            ],
            options={
                'db_table': 'netting',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='commission',
            index=models.Index(fields=['merchant_id', 'promoter', 'state'], name='commission_promoter'),
        ),
        migrations.AddIndex(
            model_name='commission',
            index=models.Index(condition=models.Q(('owed_fen__gt', models.F('netted_fen'))), fields=['merchant_id', 'promoter'], name='commission_debt'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'line'), name='commission_one_a_line'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'share'), name='commission_one_a_share'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('base_back_fen__gte', 0), ('base_back_fen__lte', models.F('base_fen')), ('clawed_fen__gte', 0), ('clawed_fen__lte', models.F('amount_fen')), ('netted_fen__gte', 0), ('netted_fen__lte', models.F('owed_fen')), ('offset_fen__gte', 0), ('owed_fen__lte', models.F('clawed_fen'))), name='commission_amounts'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('offset_fen'), '+', models.F('clawed_fen')), '-', models.F('owed_fen')))), name='commission_payable'),
        ),
        migrations.AddConstraint(
            model_name='clawback',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'case_line'), name='clawback_once'),
        ),
        migrations.AddConstraint(
            model_name='clawback',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('base_fen__gte', 0), ('owed_fen__gte', 0), ('owed_fen__lte', models.F('amount_fen'))), name='clawback_amounts'),
        ),
        migrations.AddConstraint(
            model_name='netting',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'giver', 'debt'), name='netting_once'),
        ),
        migrations.AddConstraint(
            model_name='netting',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='netting_amount'),
        ),
        SecureTable("Commission"),
        SecureTable("Clawback", append_only=True),
        SecureTable("Netting", append_only=True),
        GuardStates(
            "Commission",
            initial="held",
            transitions=[
                ("claimed", "paid"),
                ("claimed", "released"),
                ("held", "released"),
                ("held", "void"),
                ("released", "claimed"),
                ("released", "void"),
            ],
        ),
        migrations.RunSQL(EARNED, migrations.RunSQL.noop),
    ]
