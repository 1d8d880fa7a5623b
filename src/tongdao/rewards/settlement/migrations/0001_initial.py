import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

# What a payout and its lines say stands; only how it goes on is written later.
FIXED = """
revoke update, delete, truncate on payout_batch, payout, payout_line, transfer from tongdao_app;
grant update (state, version, decided_by, decided_at) on payout_batch to tongdao_app;
grant update (state, version, ended_at, proof, real_name, card) on payout to tongdao_app;
grant update (live) on payout_line to tongdao_app;
grant update (state, version, package, check_at, tries, problem, ended_at, channel_no) on transfer to tongdao_app;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('commissions', '0001_initial'),
        ('merchants', '0005_shop_domains'),
        ('network', '0002_agreements_of_promoters'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('state', models.CharField(default='proposed', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('proposed_by', models.UUIDField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'payout_batch',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'proposed_at'], name='payout_batch_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='payout_batch_four_eyes')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('state', models.CharField(default='claimed', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('way', models.CharField(choices=[('wechat', 'Wechat'), ('bank', 'Bank')], max_length=8)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('real_name', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('card', tongdao.foundation.pii.fields.EncryptedTextField(null=True)),
                ('claimed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('proof', models.CharField(blank=True, default='', max_length=120)),
                ('promoter', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='network.promoter')),
                ('batch', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='settlement.payoutbatch')),
            ],
            options={
                'db_table': 'payout',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PayoutLine',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('live', models.BooleanField(default=True)),
                ('commission', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='payout_lines', to='commissions.commission')),
                ('payout', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='settlement.payout')),
            ],
            options={
                'db_table': 'payout_line',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('part', models.IntegerField()),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('bill_no', models.CharField(max_length=32)),
                ('payee', models.CharField(max_length=64)),
                ('state', models.CharField(default='created', max_length=9)),
                ('version', models.IntegerField(default=1)),
                ('package', models.CharField(blank=True, default='', max_length=128)),
                ('created_at', models.DateTimeField()),
                ('check_at', models.DateTimeField()),
                ('tries', models.IntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=64)),
                ('ended_at', models.DateTimeField(null=True)),
                ('channel_no', models.CharField(blank=True, default='', max_length=64)),
                ('account', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.merchantaccount')),
                ('payout', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='transfers', to='settlement.payout')),
            ],
            options={
                'db_table': 'transfer',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Payee',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('way', models.CharField(choices=[('wechat', 'Wechat'), ('bank', 'Bank')], max_length=8)),
                ('real_name', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('bank', models.CharField(blank=True, default='', max_length=64)),
                ('card', tongdao.foundation.pii.fields.EncryptedTextField(null=True)),
                ('said_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('checked_by', models.UUIDField(null=True)),
                ('promoter', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='payees', to='network.promoter')),
            ],
            options={
                'db_table': 'payee',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'promoter'), name='payee_once'), models.CheckConstraint(condition=models.Q(('way', 'wechat'), models.Q(('card__isnull', False), ('way', 'bank')), _connector='OR'), name='payee_way')],
            },
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payout_amount'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['claimed', 'approved'])), fields=('merchant_id', 'promoter'), name='payout_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('merchant_id', 'commission'), name='payout_line_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payout_line_amount'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('state__in', ['created', 'accepted', 'waiting'])), fields=['check_at'], name='transfer_check'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'bill_no'), name='transfer_bill_no'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['failed', 'cancelled']), _negated=True), fields=('merchant_id', 'payout', 'part'), name='transfer_one_open'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('part__gt', 0)), name='transfer_amount'),
        ),
        SecureTable("Payee"),
        SecureTable("PayoutBatch"),
        SecureTable("Payout"),
        SecureTable("PayoutLine"),
        SecureTable("Transfer"),
        GuardStates(
            "PayoutBatch",
            initial="proposed",
            transitions=[("proposed", "approved"), ("proposed", "rejected")],
        ),
        GuardStates(
            "Payout",
            initial="claimed",
            transitions=[
                ("approved", "paid"),
                ("approved", "returned"),
                ("claimed", "approved"),
                ("claimed", "returned"),
            ],
        ),
        GuardStates(
            "Transfer",
            initial="created",
            transitions=[
                ("accepted", "cancelled"),
                ("accepted", "failed"),
                ("accepted", "paid"),
                ("accepted", "waiting"),
                ("created", "accepted"),
                ("created", "cancelled"),
                ("created", "failed"),
                ("created", "paid"),
                ("created", "waiting"),
                ("waiting", "accepted"),
                ("waiting", "cancelled"),
                ("waiting", "failed"),
                ("waiting", "paid"),
            ],
        ),
        migrations.RunSQL(FIXED, migrations.RunSQL.noop),
    ]
