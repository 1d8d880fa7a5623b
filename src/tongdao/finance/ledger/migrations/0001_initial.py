import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('code', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=32)),
                ('owner', models.UUIDField(null=True)),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'db_table': 'ledger_account',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'code', 'currency'), name='ledger_account_code')],
            },
        ),
        migrations.CreateModel(
            name='LedgerDay',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('day', models.DateField()),
                ('sealed_at', models.DateTimeField(null=True)),
                ('postings', models.IntegerField(default=0)),
                ('previous', models.BinaryField(max_length=32, null=True)),
                ('seal', models.BinaryField(max_length=32, null=True)),
            ],
            options={
                'db_table': 'ledger_day',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'day'), name='ledger_day_once')],
            },
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('key', models.CharField(max_length=120)),
                ('input_hash', models.BinaryField(max_length=32)),
                ('kind', models.CharField(max_length=32)),
                ('subject', models.UUIDField()),
                ('booked_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('reverses', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='ledger.transaction')),
            ],
            options={
                'db_table': 'ledger_transaction',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.UUIDField(null=True)),
                ('booked_on', models.DateField()),
                ('destination', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='received', to='ledger.account')),
                ('source', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='given', to='ledger.account')),
                ('transaction', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='postings', to='ledger.transaction')),
            ],
            options={
                'db_table': 'ledger_posting',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('amount_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('floor_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('account', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ledger.account')),
            ],
            options={
                'db_table': 'ledger_balance',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'account'), name='ledger_balance_account'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', models.F('floor_fen'))), name='ledger_balance_limit')],
            },
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['merchant_id', 'subject'], name='ledger_transaction_subject'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'key'), name='ledger_transaction_key'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('merchant_id', 'reverses'), name='ledger_transaction_reversed_once'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['merchant_id', 'booked_on'], name='ledger_posting_day'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='ledger_posting_amount'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('destination')), _negated=True), name='ledger_posting_between_two'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'transaction', 'position'), name='ledger_posting_position'),
        ),
        SecureTable("Account"),
        SecureTable("LedgerDay"),
        SecureTable("Transaction", append_only=True),
        SecureTable("Posting", append_only=True),
        SecureTable("Balance"),
    ]
