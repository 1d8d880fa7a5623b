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
        ('catalog', '0006_archived_and_removed'),
    ]

    operations = [
        migrations.CreateModel(
            name='GoodsBatch',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('kind', models.CharField(choices=[('price', 'Price'), ('publish', 'Publish'), ('saleable', 'Saleable')], max_length=8)),
                ('state', models.CharField(default='waiting', max_length=9)),
                ('version', models.IntegerField(default=1)),
                ('rule', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, default='', max_length=120)),
                ('due_at', models.DateTimeField()),
                ('planned', models.BooleanField(default=False)),
                ('staff_id', models.UUIDField(null=True)),
                ('lines', models.IntegerField()),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('undone_by', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'goods_batch',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'created_at'], name='goods_batch_latest'), models.Index(condition=models.Q(('state__in', ['waiting', 'running', 'undoing'])), fields=['due_at'], name='goods_batch_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['price', 'publish', 'saleable'])), name='goods_batch_kind'), models.CheckConstraint(condition=models.Q(('lines__gt', 0)), name='goods_batch_lines')],
            },
        ),
        migrations.CreateModel(
            name='GoodsBatchLine',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.IntegerField()),
                ('state', models.CharField(default='waiting', max_length=7)),
                ('version', models.IntegerField(default=1)),
                ('old_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('new_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('old_compare_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('new_compare_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('old_on', models.BooleanField(null=True)),
                ('new_on', models.BooleanField(null=True)),
                ('price_version', models.IntegerField(null=True)),
                ('why', models.CharField(blank=True, default='', max_length=32)),
                ('batch', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='editing.goodsbatch')),
                ('product', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.product')),
                ('sku', tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='catalog.sku')),
            ],
            options={
                'db_table': 'goods_batch_line',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'batch', 'position'), name='goods_batch_line_place'), models.CheckConstraint(condition=models.Q(models.Q(('new_fen__gt', 0), ('new_fen__isnull', False), ('new_on__isnull', True), ('old_fen__isnull', False)), models.Q(('new_fen__isnull', True), ('new_on__isnull', False), ('old_on__isnull', False)), _connector='OR'), name='goods_batch_line_shape')],
            },
        ),
        SecureTable("GoodsBatch"),
        SecureTable("GoodsBatchLine"),
        GuardStates("GoodsBatch", initial="waiting", transitions=[('done', 'undoing'), ('running', 'done'), ('undoing', 'undone'), ('waiting', 'cancelled'), ('waiting', 'running')]),
        GuardStates("GoodsBatchLine", initial="waiting", transitions=[('done', 'kept'), ('done', 'undone'), ('waiting', 'done'), ('waiting', 'refused')]),
    ]
