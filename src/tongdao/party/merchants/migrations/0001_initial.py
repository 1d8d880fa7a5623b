import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.pii.fields
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
            name='Merchant',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'merchant',
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('name', models.CharField(max_length=80)),
            ],
            options={
                'db_table': 'brand',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'name'), name='brand_name')],
            },
        ),
        migrations.CreateModel(
            name='MerchantAccount',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('channel', models.CharField(max_length=16)),
                ('mode', models.CharField(max_length=16)),
                ('mchid', models.CharField(max_length=32)),
                ('appid', models.CharField(max_length=32)),
                ('certificate_serial', models.CharField(max_length=64)),
                ('private_key', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('api_v3_key', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('platform_key_id', models.CharField(max_length=64)),
                ('platform_public_key', models.TextField()),
                ('gateway_url', models.CharField(max_length=200)),
                ('fee_bps', models.IntegerField(default=0)),
                ('callback_token', models.CharField(max_length=32)),
                ('effective_from', models.DateTimeField()),
                ('effective_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'merchant_account',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.CheckConstraint(condition=models.Q(('fee_bps__range', (0, 10000))), name='merchant_account_fee'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gt', models.F('effective_from')), _connector='OR'), name='merchant_account_period'), models.UniqueConstraint(condition=models.Q(('effective_to__isnull', True)), fields=('merchant_id', 'channel'), name='merchant_account_current')],
            },
        ),
        migrations.CreateModel(
            name='StaffMember',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('operations', 'Operations'), ('service', 'Service'), ('finance', 'Finance'), ('read_only', 'Read Only')], max_length=16)),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('left_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'staff_member',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['person_id'], name='staff_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('merchant_id', 'person_id'), name='staff_once')],
            },
        ),
        migrations.CreateModel(
            name='Storefront',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('slug', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('notice', models.CharField(blank=True, default='', max_length=300)),
                ('hero', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('brand', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.brand')),
            ],
            options={
                'db_table': 'storefront',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'slug'), name='storefront_slug')],
            },
        ),
        SecureTable("Brand", node="shared"),
        SecureTable("Storefront", node="shared"),
        SecureTable("StaffMember", person="person_id"),
        SecureTable("MerchantAccount"),
    ]
