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
        ('orders', '0001_initial'),
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AfterSale',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('cancel', 'Cancel')], max_length=16)),
                ('reason', models.CharField(max_length=24)),
                ('state', models.CharField(default='granted', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='aftersales', to='orders.order')),
                ('refund', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='aftersales', to='payments.refund')),
            ],
            options={
                'db_table': 'after_sale',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AfterSaleLine',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('quantity', models.IntegerField()),
                ('refund_fen', tongdao.foundation.money.MoneyField()),
                ('aftersale', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='aftersales.aftersale')),
                ('line', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='aftersales', to='orders.orderline')),
            ],
            options={
                'db_table': 'after_sale_line',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='aftersale',
            index=models.Index(fields=['person_id'], name='after_sale_person'),
        ),
        migrations.AddConstraint(
            model_name='aftersaleline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='after_sale_line_quantity'),
        ),
        SecureTable("AfterSale", person="person_id"),
        SecureTable("AfterSaleLine", append_only=True),
        GuardStates("AfterSale", initial="granted", transitions=[('granted', 'settled')]),
    ]
