import django.db.models.deletion
import django.db.models.expressions
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0002_partial_refunds'),
        ('orders', '0006_confirm_held'),
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AfterSaleItem',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('quantity', models.IntegerField()),
                ('for_sku_id', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'after_sale_item',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AfterSaleWord',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('side', models.CharField(choices=[('buyer', 'Buyer'), ('seller', 'Seller'), ('platform', 'Platform')], max_length=8)),
                ('author_id', models.UUIDField(null=True)),
                ('step', models.CharField(max_length=10)),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('said_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'after_sale_word',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='aftersaleline',
            name='after_sale_line_quantity',
        ),
        migrations.RemoveConstraint(
            model_name='linerefunded',
            name='line_refunded_paid',
        ),
        migrations.RenameField(model_name='aftersale', old_name='settled_at', new_name='ended_at'),
        migrations.AddField(
            model_name='aftersale',
            name='asked_fen',
            field=tongdao.foundation.money.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='carrier',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='freight',
            field=models.CharField(default='share', max_length=5),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='new_carrier',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='new_waybill_no',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='paused_left',
            field=models.DurationField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='received_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='refused_as',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='replaced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='warned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='aftersale',
            name='waybill_no',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='linerefunded',
            name='kept_fen',
            field=tongdao.foundation.money.MoneyField(default=0),
        ),
        migrations.AlterField(
            model_name='aftersale',
            name='kind',
            field=models.CharField(choices=[('cancel', 'Cancel'), ('refund', 'Refund'), ('refund_only', 'Refund Only'), ('return_refund', 'Return'), ('exchange', 'Exchange'), ('repair', 'Repair'), ('price_adjustment', 'Price')], max_length=16),
        ),
        migrations.AlterField(
            model_name='aftersale',
            name='refund',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='aftersales', to='payments.refund'),
        ),
        migrations.AlterField(
            model_name='aftersale',
            name='state',
            field=models.CharField(default='requested', max_length=10),
        ),
        migrations.AddIndex(
            model_name='aftersale',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='after_sale_due'),
        ),
        migrations.AddIndex(
            model_name='aftersale',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['merchant_id', 'opened_at'], name='after_sale_open'),
        ),
        migrations.AddIndex(
            model_name='aftersale',
            index=models.Index(fields=['merchant_id', 'opened_at', 'id'], name='after_sale_latest'),
        ),
        migrations.AddConstraint(
            model_name='aftersale',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['closed', 'lapsed', 'settled', 'withdrawn'])), models.Q(models.Q(('state__in', ['closed', 'lapsed', 'settled', 'withdrawn']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='after_sale_ended'),
        ),
        migrations.AddConstraint(
            model_name='aftersale',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__isnull', True), models.Q(('ended_at__isnull', True), ('paused_left__isnull', True)), _connector='OR'), name='after_sale_one_clock'),
        ),
        migrations.AddConstraint(
            model_name='aftersale',
            constraint=models.CheckConstraint(condition=models.Q(('asked_fen__isnull', True), ('asked_fen__gt', 0), _connector='OR'), name='after_sale_asked'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('refund_fen__gt', 0), _connector='OR'), name='after_sale_line_quantity'),
        ),
        migrations.AddConstraint(
            model_name='linerefunded',
            constraint=models.CheckConstraint(condition=models.Q(('freight_fen__gte', 0), ('freight_fen__lte', models.F('of_freight_fen')), ('goods_fen__gte', 0), ('goods_fen__lte', django.db.models.expressions.CombinedExpression(models.F('of_goods_fen'), '-', models.F('kept_fen'))), ('kept_fen__gte', 0), ('quantity__gte', 0), ('quantity__lte', models.F('of_quantity'))), name='line_refunded_paid'),
        ),
        migrations.AddField(
            model_name='aftersaleitem',
            name='aftersale',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='items', to='aftersales.aftersale'),
        ),
        migrations.AddField(
            model_name='aftersaleitem',
            name='line',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='asked', to='orders.orderline'),
        ),
        migrations.AddField(
            model_name='aftersaleword',
            name='aftersale',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='words', to='aftersales.aftersale'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleitem',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'aftersale', 'line'), name='after_sale_item_once'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='after_sale_item_quantity'),
        ),
        SecureTable("AfterSaleItem", append_only=True),
        SecureTable("AfterSaleWord", append_only=True),
        GuardStates(
            "AfterSale",
            initial="requested",
            also=["granted"],
            transitions=[
                ('agreed', 'closed'),
                ('agreed', 'granted'),
                ('agreed', 'lapsed'),
                ('agreed', 'returning'),
                ('agreed', 'withdrawn'),
                ('granted', 'settled'),
                ('received', 'closed'),
                ('received', 'granted'),
                ('received', 'refused'),
                ('received', 'replaced'),
                ('refused', 'agreed'),
                ('refused', 'closed'),
                ('refused', 'granted'),
                ('refused', 'withdrawn'),
                ('replaced', 'settled'),
                ('requested', 'agreed'),
                ('requested', 'closed'),
                ('requested', 'granted'),
                ('requested', 'refused'),
                ('requested', 'withdrawn'),
                ('returning', 'received'),
            ],
        ),
    ]
