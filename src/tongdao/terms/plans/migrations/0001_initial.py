import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='CommissionPlan',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('version', models.IntegerField()),
                ('rate_bps', models.IntegerField()),
                ('effective_from', models.DateTimeField()),
                ('effective_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'commission_plan',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'version'), name='commission_plan_version'), models.CheckConstraint(condition=models.Q(('rate_bps__range', (0, 10000))), name='commission_plan_rate'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gt', models.F('effective_from')), _connector='OR'), name='commission_plan_period'), models.UniqueConstraint(condition=models.Q(('effective_to__isnull', True)), fields=('merchant_id',), name='commission_plan_current')],
            },
        ),
        SecureTable("CommissionPlan"),
    ]
