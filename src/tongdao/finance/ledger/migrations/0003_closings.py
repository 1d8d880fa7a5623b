import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
import django.db.models.deletion
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):
    """Balances with a ceiling, for debts; and what accounts stood at when a day was sealed."""

    dependencies = [("ledger", "0002_who_posted")]

    operations = [
        migrations.AlterField(
            model_name='balance',
            name='floor_fen',
            field=tongdao.foundation.money.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name='balance',
            name='ceiling_fen',
            field=tongdao.foundation.money.MoneyField(null=True),
        ),
        migrations.AddConstraint(
            model_name='balance',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__lte', models.F('ceiling_fen'))), name='ledger_balance_ceiling'),
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('day', models.DateField()),
                ('given_fen', tongdao.foundation.money.MoneyField()),
                ('received_fen', tongdao.foundation.money.MoneyField()),
                ('account', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ledger.account')),
            ],
            options={
                'db_table': 'ledger_closing',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'day'], name='ledger_closing_day')],
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'account', 'day'), name='ledger_closing_once'), models.CheckConstraint(condition=models.Q(('given_fen__gte', 0), ('received_fen__gte', 0)), name='ledger_closing_amounts')],
            },
        ),
        SecureTable("Closing", append_only=True),
    ]
