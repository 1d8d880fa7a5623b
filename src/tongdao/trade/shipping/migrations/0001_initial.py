import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial"),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarrierAccount',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('gateway', models.CharField(max_length=16)),
                ('gateway_url', models.CharField(max_length=200)),
                ('key', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('secret', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('customer', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('partner_id', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('sender', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('effective_from', models.DateTimeField()),
                ('effective_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'carrier_account',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('effective_to__isnull', True)), fields=('merchant_id', 'gateway'), name='carrier_account_current')],
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('node_id', models.UUIDField()),
                ('carrier', models.CharField(max_length=24)),
                ('waybill_no', models.CharField(blank=True, default='', max_length=40)),
                ('booked', models.BooleanField(default=True)),
                ('state', models.CharField(default='requested', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('callback_token', models.CharField(max_length=32)),
                ('callback_salt', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('requested_at', models.DateTimeField()),
                ('shipped_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('check_at', models.DateTimeField(null=True)),
                ('tries', models.IntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=64)),
                ('order', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='parcels', to='orders.order')),
            ],
            options={
                'db_table': 'parcel',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ParcelItem',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('quantity', models.IntegerField()),
                ('allocation', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='items', to='orders.allocation')),
                ('parcel', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='items', to='shipping.parcel')),
            ],
            options={
                'db_table': 'parcel_item',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TrackingEvent',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('fingerprint', models.BinaryField(max_length=32)),
                ('status', models.CharField(max_length=24)),
                ('text', models.CharField(max_length=500)),
                ('area', models.CharField(blank=True, default='', max_length=120)),
                ('scanned_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('parcel', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='scans', to='shipping.parcel')),
            ],
            options={
                'db_table': 'tracking_event',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(condition=models.Q(('check_at__isnull', False)), fields=['check_at'], name='parcel_check'),
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(fields=['person_id'], name='parcel_person'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.UniqueConstraint(condition=models.Q(('waybill_no', ''), _negated=True), fields=('merchant_id', 'carrier', 'waybill_no'), name='parcel_waybill'),
        ),
        migrations.AddConstraint(
            model_name='parcelitem',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'parcel', 'allocation'), name='parcel_item_once'),
        ),
        migrations.AddConstraint(
            model_name='parcelitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='parcel_item_quantity'),
        ),
        migrations.AddConstraint(
            model_name='trackingevent',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'parcel', 'fingerprint'), name='tracking_event_once'),
        ),
        SecureTable("CarrierAccount"),
        SecureTable("Parcel", person="person_id", node="node_id"),
        SecureTable("ParcelItem"),
        SecureTable("TrackingEvent", append_only=True),
        GuardStates("Parcel", initial="requested", transitions=[('in_transit', 'delivered'), ('requested', 'shipped'), ('requested', 'void'), ('shipped', 'delivered'), ('shipped', 'in_transit')]),
    ]
