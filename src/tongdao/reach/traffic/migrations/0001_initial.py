import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial"),
        ('catalog', '0001_initial'),
        ('merchants', '0001_initial'),
        ('network', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('token', models.CharField(max_length=16)),
                ('channel', models.CharField(max_length=24)),
                ('person_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.product')),
                ('promoter', tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='network.promoter')),
                ('storefront', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.storefront')),
            ],
            options={
                'db_table': 'share_link',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('channel', models.CharField(max_length=24)),
                ('visitor', models.UUIDField()),
                ('person_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('link', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='traffic.sharelink')),
                ('promoter', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='network.promoter')),
            ],
            options={
                'db_table': 'touch',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='sharelink',
            index=models.Index(fields=['person_id'], name='share_link_person'),
        ),
        migrations.AddConstraint(
            model_name='sharelink',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'token'), name='share_link_token'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['merchant_id', 'visitor', 'at'], name='touch_visitor'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['person_id'], name='touch_person'),
        ),
        SecureTable("ShareLink", person="person_id"),
        SecureTable("Touch", person="person_id", append_only=True),
    ]
