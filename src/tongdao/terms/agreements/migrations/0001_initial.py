import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_initial'),
        ('catalog', '0003_sku_size'),
    ]

    operations = [
        migrations.CreateModel(
            name='FreightTemplate',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('name', models.CharField(max_length=80)),
                ('is_default', models.BooleanField(default=False)),
                ('volume_divisor', models.IntegerField(default=6000)),
                ('parcel_most_g', models.IntegerField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'freight_template',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('merchant_id',), name='freight_template_default'), models.CheckConstraint(condition=models.Q(('is_default', False), ('archived_at__isnull', True), _connector='OR'), name='freight_template_in_use'), models.CheckConstraint(condition=models.Q(('volume_divisor', 0), ('volume_divisor__gte', 1000), _connector='OR'), name='freight_template_divisor'), models.CheckConstraint(condition=models.Q(('parcel_most_g__isnull', True), ('parcel_most_g__gt', 0), _connector='OR'), name='freight_template_parcel'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='freight_template_version')],
            },
        ),
        migrations.CreateModel(
            name='FreightRule',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('prefixes', models.JSONField(default=list)),
                ('first_g', models.IntegerField()),
                ('first_fee_fen', tongdao.foundation.money.MoneyField()),
                ('step_g', models.IntegerField()),
                ('step_fee_fen', tongdao.foundation.money.MoneyField()),
                ('free_from_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('not_served', models.BooleanField(default=False)),
                ('template', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='rules', to='agreements.freighttemplate')),
            ],
            options={
                'db_table': 'freight_rule',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'template', 'position'), name='freight_rule_position'), models.UniqueConstraint(condition=models.Q(('prefixes', [])), fields=('merchant_id', 'template'), name='freight_rule_elsewhere'), models.CheckConstraint(condition=django.db.models.lookups.Regex(django.db.models.functions.comparison.Cast(models.F('prefixes'), models.TextField()), '^\\[("([0-9]{2}){1,3}"(, "([0-9]{2}){1,3}")*)?\\]$'), name='freight_rule_prefixes'), models.CheckConstraint(condition=models.Q(('first_g__gte', 1), ('step_g__gte', 1)), name='freight_rule_weights'), models.CheckConstraint(condition=models.Q(('first_fee_fen__gte', 0), ('step_fee_fen__gte', 0)), name='freight_rule_fees'), models.CheckConstraint(condition=models.Q(('free_from_fen__isnull', True), ('free_from_fen__gt', 0), _connector='OR'), name='freight_rule_free')],
            },
        ),
        migrations.CreateModel(
            name='FreightAssignment',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.product')),
                ('template', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='agreements.freighttemplate')),
            ],
            options={
                'db_table': 'freight_assignment',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'product'), name='freight_assignment_product')],
            },
        ),
        SecureTable("FreightTemplate"),
        SecureTable("FreightRule"),
        SecureTable("FreightAssignment"),
    ]
