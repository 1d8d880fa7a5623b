import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial"),
        ('merchants', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallbackRecord',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('source', models.CharField(max_length=16)),
                ('verdict', models.CharField(choices=[('accepted', 'Accepted'), ('repeated', 'Repeated'), ('forged', 'Forged'), ('stale', 'Stale'), ('replayed', 'Replayed'), ('unknown', 'Unknown'), ('refused', 'Refused')], max_length=10)),
                ('digest', models.BinaryField(max_length=32)),
                ('kind', models.CharField(blank=True, default='', max_length=40)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'callback_record',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'at'], name='callback_record_at')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verdict', 'accepted')), fields=('merchant_id', 'digest'), name='callback_record_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentAttempt',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('trade_no', models.CharField(max_length=32)),
                ('product', models.CharField(max_length=8)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(default='created', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('answer', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('check_at', models.DateTimeField()),
                ('captured_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('captured_at', models.DateTimeField(null=True)),
                ('refunded_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('channel_no', models.CharField(blank=True, default='', max_length=64)),
                ('account', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.merchantaccount')),
                ('purchase', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='attempts', to='orders.purchase')),
                ('schedule', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='attempts', to='orders.paymentschedule')),
            ],
            options={
                'db_table': 'payment_attempt',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PaymentAllocation',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('at', models.DateTimeField()),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='payments', to='orders.order')),
                ('attempt', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='allocations', to='payments.paymentattempt')),
            ],
            options={
                'db_table': 'payment_allocation',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('refund_no', models.CharField(max_length=32)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(max_length=24)),
                ('state', models.CharField(default='requested', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('requested_at', models.DateTimeField()),
                ('check_at', models.DateTimeField()),
                ('tries', models.IntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=64)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('channel_no', models.CharField(blank=True, default='', max_length=64)),
                ('attempt', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='refunds', to='payments.paymentattempt')),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='refunds', to='orders.order')),
            ],
            options={
                'db_table': 'refund',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='paymentattempt',
            index=models.Index(condition=models.Q(('state__in', ['created', 'open'])), fields=['check_at'], name='payment_attempt_check'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'trade_no'), name='payment_attempt_trade_no'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payment_attempt_amount'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_fen', 0), models.Q(('captured_fen__gte', models.F('refunded_fen')), ('captured_fen__isnull', False), ('refunded_fen__gt', 0)), _connector='OR'), name='payment_attempt_refunded'),
        ),
        migrations.AddConstraint(
            model_name='paymentallocation',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'attempt', 'order'), name='payment_allocation_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentallocation',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payment_allocation_amount'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('state__in', ['requested', 'accepted'])), fields=['check_at'], name='refund_check'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['person_id'], name='refund_person'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'refund_no'), name='refund_no'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='refund_amount'),
        ),
        SecureTable("PaymentAttempt"),
        SecureTable("PaymentAllocation", append_only=True),
        SecureTable("Refund", person="person_id"),
        SecureTable("CallbackRecord", append_only=True),
        GuardStates("PaymentAttempt", initial="created", transitions=[('closed', 'captured'), ('created', 'captured'), ('created', 'closed'), ('created', 'open'), ('open', 'captured'), ('open', 'closed')]),
        GuardStates("Refund", initial="requested", transitions=[('accepted', 'failed'), ('accepted', 'succeeded'), ('failed', 'requested'), ('requested', 'accepted'), ('requested', 'failed'), ('requested', 'succeeded')]),
    ]
