import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

# A plan was one rate: it becomes one rule. A table's owner passes by policies that are not forced. The rules'
# keys are made before: whether rows that are there already fit a new key is asked under the policies.
ONE_RULE = """
alter table commission_plan no force row level security;
alter table commission_rule no force row level security;
insert into commission_rule (id, merchant_id, plan_id, position, rate_bps, category, channel, grade, pays_own)
select gen_random_uuid(), merchant_id, id, 1, rate_bps, '', '', '', false from commission_plan;
update commission_plan set published_at = effective_from;
alter table commission_plan force row level security;
alter table commission_rule force row level security;
"""
# What a version says stands; only its end, and when it is looked at next, are written later. Of budgets and
# what orders took of them, only how much is spent and how much came back.
FIXED = """
revoke update, delete, truncate on commission_plan, commission_budget, commission_use from tongdao_app;
grant update (effective_to, withdrawn_at, grades_due_at) on commission_plan to tongdao_app;
grant update (spent_fen) on commission_budget to tongdao_app;
grant update (back_fen) on commission_use to tongdao_app;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_archived_and_removed'),
        ('network', '0002_agreements_of_promoters'),
        ('plans', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommissionBudget',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('budget_fen', tongdao.foundation.money.MoneyField()),
                ('spent_fen', tongdao.foundation.money.MoneyField(default=0)),
            ],
            options={
                'db_table': 'commission_budget',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CommissionGrade',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('name', models.CharField(max_length=24)),
                ('least_fen', tongdao.foundation.money.MoneyField()),
                ('most_refunded_bps', models.IntegerField(default=10000)),
            ],
            options={
                'db_table': 'commission_grade',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CommissionRule',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('category', models.CharField(blank=True, default='', max_length=32)),
                ('channel', models.CharField(blank=True, default='', max_length=24)),
                ('grade', models.CharField(blank=True, default='', max_length=24)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('rate_bps', models.IntegerField(null=True)),
                ('unit_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('least_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('most_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('budget_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('pays_own', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'commission_rule',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CommissionUse',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('order_id', models.UUIDField()),
                ('taken_fen', tongdao.foundation.money.MoneyField()),
                ('back_fen', tongdao.foundation.money.MoneyField(default=0)),
            ],
            options={
                'db_table': 'commission_use',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PlanDraft',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('rules', models.JSONField(default=list)),
                ('grades', models.JSONField(default=list)),
                ('version', models.IntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'commission_draft',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PromoterGrade',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('grade', models.CharField(blank=True, default='', max_length=24)),
                ('plan_version', models.IntegerField()),
                ('sales_fen', tongdao.foundation.money.MoneyField()),
                ('orders', models.IntegerField()),
                ('refunded', models.IntegerField()),
                ('effective_from', models.DateTimeField()),
            ],
            options={
                'db_table': 'promoter_grade',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='commissionplan',
            name='commission_plan_current',
        ),
        migrations.AddField(
            model_name='commissionplan',
            name='published_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='commissionplan',
            name='published_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='commissionplan',
            name='why',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='commissionplan',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='commissionplan',
            constraint=models.UniqueConstraint(condition=models.Q(('effective_to__isnull', True), ('withdrawn_at__isnull', True)), fields=('merchant_id',), name='commission_plan_current'),
        ),
        migrations.AddField(
            model_name='commissiongrade',
            name='plan',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='grades', to='plans.commissionplan'),
        ),
        migrations.AddField(
            model_name='commissionrule',
            name='plan',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='rules', to='plans.commissionplan'),
        ),
        migrations.AddField(
            model_name='commissionrule',
            name='product',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.product'),
        ),
        migrations.AddField(
            model_name='commissionrule',
            name='sku',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.sku'),
        ),
        migrations.AddField(
            model_name='commissionbudget',
            name='rule',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='budgets', to='plans.commissionrule'),
        ),
        migrations.AddField(
            model_name='commissionuse',
            name='rule',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='uses', to='plans.commissionrule'),
        ),
        migrations.AddConstraint(
            model_name='plandraft',
            constraint=models.UniqueConstraint(fields=('merchant_id',), name='commission_draft_one'),
        ),
        migrations.AddField(
            model_name='promotergrade',
            name='promoter',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='network.promoter'),
        ),
        migrations.AddConstraint(
            model_name='commissiongrade',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'plan', 'position'), name='commission_grade_position'),
        ),
        migrations.AddConstraint(
            model_name='commissiongrade',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'plan', 'name'), name='commission_grade_name'),
        ),
        migrations.AddConstraint(
            model_name='commissiongrade',
            constraint=models.CheckConstraint(condition=models.Q(('least_fen__gte', 0), ('most_refunded_bps__range', (0, 10000))), name='commission_grade_figures'),
        ),
        migrations.AddConstraint(
            model_name='commissionrule',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'plan', 'position'), name='commission_rule_position'),
        ),
        migrations.AddConstraint(
            model_name='commissionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rate_bps__isnull', True), ('unit_fen__gt', 0)), models.Q(('rate_bps__range', (0, 10000)), ('unit_fen__isnull', True)), _connector='OR'), name='commission_rule_reward'),
        ),
        migrations.AddConstraint(
            model_name='commissionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('least_fen__isnull', True), ('least_fen__gt', 0), _connector='OR'), models.Q(('most_fen__isnull', True), ('most_fen__gt', 0), _connector='OR'), models.Q(('least_fen__isnull', True), ('most_fen__isnull', True), ('most_fen__gte', models.F('least_fen')), _connector='OR')), name='commission_rule_limits'),
        ),
        migrations.AddConstraint(
            model_name='commissionrule',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__isnull', True), ('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='commission_rule_period'),
        ),
        migrations.AddConstraint(
            model_name='commissionrule',
            constraint=models.CheckConstraint(condition=models.Q(('budget_fen__isnull', True), ('budget_fen__gt', 0), _connector='OR'), name='commission_rule_budget'),
        ),
        migrations.AddConstraint(
            model_name='commissionbudget',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'rule'), name='commission_budget_rule'),
        ),
        migrations.AddConstraint(
            model_name='commissionbudget',
            constraint=models.CheckConstraint(condition=models.Q(('spent_fen__gte', 0), ('spent_fen__lte', models.F('budget_fen'))), name='commission_budget_spent'),
        ),
        migrations.AddConstraint(
            model_name='commissionuse',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'order_id', 'rule'), name='commission_use_once'),
        ),
        migrations.AddConstraint(
            model_name='commissionuse',
            constraint=models.CheckConstraint(condition=models.Q(('back_fen__gte', 0), ('back_fen__lte', models.F('taken_fen')), ('taken_fen__gt', 0)), name='commission_use_back'),
        ),
        migrations.AddConstraint(
            model_name='promotergrade',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'promoter', 'effective_from'), name='promoter_grade_moment'),
        ),
        migrations.AddConstraint(
            model_name='promotergrade',
            constraint=models.CheckConstraint(condition=models.Q(('orders__gte', 0), ('refunded__gte', 0), ('refunded__lte', models.F('orders')), ('sales_fen__gte', 0)), name='promoter_grade_figures'),
        ),
        migrations.AddField("commissionplan", "grades_due_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "commissionplan",
            models.Index(
                fields=["grades_due_at"],
                condition=models.Q(grades_due_at__isnull=False),
                name="commission_plan_grades_due",
            ),
        ),
        SecureTable("CommissionRule", append_only=True),
        SecureTable("CommissionGrade", append_only=True),
        SecureTable("CommissionBudget"),
        SecureTable("CommissionUse"),
        SecureTable("PromoterGrade", append_only=True),
        SecureTable("PlanDraft"),
        migrations.RunSQL(ONE_RULE, migrations.RunSQL.noop),
        migrations.AlterField("commissionplan", "published_at", models.DateTimeField()),
        migrations.RemoveConstraint("commissionplan", "commission_plan_rate"),
        migrations.RemoveField("commissionplan", "rate_bps"),
        migrations.RunSQL(FIXED, migrations.RunSQL.noop),
    ]
