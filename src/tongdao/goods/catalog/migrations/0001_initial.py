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
            name='Product',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('handle', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=255)),
                ('body_html', models.TextField(blank=True, default='')),
                ('vendor', models.CharField(blank=True, default='', max_length=120)),
                ('product_type', models.CharField(blank=True, default='', max_length=120)),
                ('tags', models.JSONField(default=list)),
                ('option_names', models.JSONField(default=list)),
                ('published', models.BooleanField(default=False)),
                ('version', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'db_table': 'product',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'handle'), name='product_handle')],
            },
        ),
        migrations.CreateModel(
            name='ProductImage',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('source_url', models.CharField(blank=True, default='', max_length=2000)),
                ('file', models.CharField(blank=True, default='', max_length=255)),
                ('alt', models.CharField(blank=True, default='', max_length=512)),
                ('width', models.IntegerField(default=0)),
                ('height', models.IntegerField(default=0)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('ready', 'Ready'), ('failed', 'Failed')], default='pending', max_length=8)),
                ('problem', models.CharField(blank=True, default='', max_length=64)),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='images', to='catalog.product')),
            ],
            options={
                'db_table': 'product_image',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('code', models.CharField(blank=True, default='', max_length=120)),
                ('option_values', models.JSONField(default=list)),
                ('option_key', models.CharField(default='', max_length=800)),
                ('currency', models.CharField(max_length=3)),
                ('price_fen', tongdao.foundation.money.MoneyField()),
                ('compare_at_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('price_version', models.IntegerField(default=1)),
                ('grams', models.IntegerField(default=0)),
                ('barcode', models.CharField(blank=True, default='', max_length=64)),
                ('requires_shipping', models.BooleanField(default=True)),
                ('saleable', models.BooleanField(default=True)),
                ('image', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.productimage')),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='skus', to='catalog.product')),
            ],
            options={
                'db_table': 'sku',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PriceChange',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('version', models.IntegerField()),
                ('price_fen', tongdao.foundation.money.MoneyField()),
                ('compare_at_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('at', models.DateTimeField()),
                ('sku', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='prices', to='catalog.sku')),
            ],
            options={
                'db_table': 'price_change',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'product', 'source_url'), name='product_image_source'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'product', 'option_key'), name='sku_options'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('merchant_id', 'code'), name='sku_code'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('price_fen__gte', 0)), name='sku_price'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('compare_at_fen__isnull', True), ('compare_at_fen__gt', 0), _connector='OR'), name='sku_compare_at'),
        ),
        migrations.AddConstraint(
            model_name='pricechange',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'sku', 'version'), name='price_change_version'),
        ),
        SecureTable("Product", node="shared"),
        SecureTable("ProductImage", node="shared"),
        SecureTable("Sku", node="shared"),
        SecureTable("PriceChange", node="shared", append_only=True),
    ]
