import django.db.models.deletion
import django.db.models.expressions
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial"),
        ('catalog', '0001_initial'),
        ('members', '0001_initial'),
        ('traffic', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('number', models.CharField(max_length=16)),
                ('person_id', models.UUIDField()),
                ('seller_id', models.UUIDField()),
                ('state', models.CharField(default='placed', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('currency', models.CharField(max_length=3)),
                ('goods_fen', tongdao.foundation.money.MoneyField()),
                ('freight_fen', tongdao.foundation.money.MoneyField()),
                ('total_fen', tongdao.foundation.money.MoneyField()),
                ('placed_at', models.DateTimeField()),
                ('pay_by', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('ship_by', models.DateTimeField(null=True)),
                ('confirm_by', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('close_reason', models.CharField(blank=True, default='', max_length=24)),
            ],
            options={
                'db_table': 'order',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('product_id', models.UUIDField()),
                ('sku_id', models.UUIDField()),
                ('title', models.CharField(max_length=255)),
                ('option_text', models.CharField(blank=True, default='', max_length=800)),
                ('sku_code', models.CharField(blank=True, default='', max_length=120)),
                ('picture', models.CharField(blank=True, default='', max_length=255)),
                ('quantity', models.IntegerField()),
                ('price_version', models.IntegerField()),
                ('list_price_fen', tongdao.foundation.money.MoneyField()),
                ('discount_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('paid_fen', tongdao.foundation.money.MoneyField()),
                ('freight_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('policies', models.JSONField(default=dict)),
                ('seller_id', models.UUIDField()),
                ('promoter_id', models.UUIDField(null=True)),
                ('tax_withholder', models.CharField(default='merchant', max_length=10)),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='orders.order')),
            ],
            options={
                'db_table': 'order_line',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('node_id', models.UUIDField()),
                ('quantity', models.IntegerField()),
                ('packed', models.IntegerField(default=0)),
                ('cancelled', models.IntegerField(default=0)),
                ('line', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='allocations', to='orders.orderline')),
            ],
            options={
                'db_table': 'allocation',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('storefront_id', models.UUIDField()),
                ('currency', models.CharField(max_length=3)),
                ('total_fen', tongdao.foundation.money.MoneyField()),
                ('placed_at', models.DateTimeField()),
                ('pay_by', models.DateTimeField()),
                ('member', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='members.member')),
            ],
            options={
                'db_table': 'purchase',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PaymentSchedule',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(default='due', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('purchase', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='schedule', to='orders.purchase')),
            ],
            options={
                'db_table': 'payment_schedule',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='order',
            name='purchase',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='orders', to='orders.purchase'),
        ),
        migrations.CreateModel(
            name='DeliveryAddress',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('recipient', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('phone', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('detail', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('division_code', models.CharField(max_length=6)),
                ('division_version', models.CharField(max_length=24)),
                ('erased_at', models.DateTimeField(null=True)),
                ('purchase', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='addresses', to='orders.purchase')),
            ],
            options={
                'db_table': 'delivery_address',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TouchCandidate',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('rank', models.IntegerField()),
                ('won', models.BooleanField()),
                ('model_version', models.CharField(max_length=24)),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='touches', to='orders.order')),
                ('touch', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='traffic.touch')),
            ],
            options={
                'db_table': 'touch_candidate',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='WaterfallShare',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('kind', models.CharField(choices=[('seller', 'Seller'), ('promoter', 'Promoter'), ('channel_fee', 'Channel Fee')], max_length=16)),
                ('beneficiary', models.UUIDField(null=True)),
                ('amount_fen', tongdao.foundation.money.MoneyField()),
                ('rule_version', models.CharField(max_length=40)),
                ('line', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='shares', to='orders.orderline')),
            ],
            options={
                'db_table': 'waterfall_share',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CartLine',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('quantity', models.IntegerField()),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('sku', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.sku')),
            ],
            options={
                'db_table': 'cart_line',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'person_id', 'sku'), name='cart_line_once'), models.CheckConstraint(condition=models.Q(('quantity__range', (1, 999))), name='cart_line_quantity')],
            },
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'order', 'position'), name='order_line_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('discount_fen__gte', 0), ('freight_fen__gte', 0), ('paid_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('quantity'), '*', models.F('list_price_fen')), '-', models.F('discount_fen'))), ('paid_fen__gte', 0), ('quantity__gt', 0)), name='order_line_paid'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled__gte', 0), ('packed__gte', 0), ('quantity__gt', 0), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('packed'), '+', models.F('cancelled')))), name='allocation_units'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['person_id'], name='purchase_person'),
        ),
        migrations.AddConstraint(
            model_name='paymentschedule',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'purchase', 'position'), name='payment_schedule_position'),
        ),
        migrations.AddConstraint(
            model_name='paymentschedule',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='payment_schedule_amount'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['person_id', 'placed_at'], name='order_person'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['merchant_id', 'state', 'placed_at'], name='order_state'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['placed', 'closing'])), fields=['pay_by'], name='order_unpaid_due'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('state', 'paid')), fields=['confirm_by'], name='order_confirm_due'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'number'), name='order_number'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('freight_fen__gte', 0), ('goods_fen__gte', 0), ('total_fen', django.db.models.expressions.CombinedExpression(models.F('goods_fen'), '+', models.F('freight_fen')))), name='order_total'),
        ),
        migrations.AddIndex(
            model_name='deliveryaddress',
            index=models.Index(fields=['person_id'], name='delivery_address_person'),
        ),
        migrations.AddConstraint(
            model_name='touchcandidate',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'order', 'rank'), name='touch_candidate_rank'),
        ),
        migrations.AddConstraint(
            model_name='waterfallshare',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='waterfall_share_amount'),
        ),
        migrations.AddConstraint(
            model_name='waterfallshare',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'promoter')), fields=('merchant_id', 'line'), name='waterfall_one_promoter_a_line'),
        ),
        SecureTable("Purchase", person="person_id", append_only=True),
        SecureTable("DeliveryAddress", person="person_id"),
        SecureTable("Order", person="person_id"),
        SecureTable("OrderLine", append_only=True),
        SecureTable("Allocation", node="node_id"),
        SecureTable("WaterfallShare", append_only=True),
        SecureTable("TouchCandidate", append_only=True),
        SecureTable("CartLine", person="person_id"),
        SecureTable("PaymentSchedule"),
        GuardStates("Order", initial="placed", transitions=[('closing', 'closed'), ('closing', 'paid'), ('paid', 'cancelled'), ('paid', 'completed'), ('placed', 'closing'), ('placed', 'paid')]),
        GuardStates("PaymentSchedule", initial="due", transitions=[('due', 'paid'), ('due', 'void')]),
    ]
