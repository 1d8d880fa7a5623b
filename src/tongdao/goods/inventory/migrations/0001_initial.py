import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial"),
        ('catalog', '0001_initial'),
        ('network', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('on_hand', models.IntegerField(default=0)),
                ('reserved', models.IntegerField(default=0)),
                ('node', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='network.partner')),
                ('sku', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='stocks', to='catalog.sku')),
            ],
            options={
                'db_table': 'stock',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('quantity', models.IntegerField()),
                ('state', models.CharField(default='held', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('stock', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='inventory.stock')),
            ],
            options={
                'db_table': 'reservation',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('delta', models.IntegerField()),
                ('reason', models.CharField(max_length=16)),
                ('source', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('stock', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='inventory.stock')),
            ],
            options={
                'db_table': 'stock_movement',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='stock',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'sku', 'node'), name='stock_place'),
        ),
        migrations.AddConstraint(
            model_name='stock',
            constraint=models.CheckConstraint(condition=models.Q(('on_hand__gte', models.F('reserved')), ('reserved__gte', 0)), name='stock_not_oversold'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='reservation_quantity'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('delta', 0), _negated=True), name='stock_movement_moves'),
        ),
        SecureTable("Stock", node="node_id"),
        SecureTable("Reservation"),
        SecureTable("StockMovement", append_only=True),
        GuardStates("Reservation", initial="held", transitions=[('held', 'consumed'), ('held', 'released')]),
    ]
