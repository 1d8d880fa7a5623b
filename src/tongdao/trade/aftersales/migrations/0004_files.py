import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0003_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='AfterSaleFile',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('position', models.SmallIntegerField()),
                ('file', models.CharField(blank=True, default='', max_length=120)),
                ('type', models.CharField(max_length=20)),
                ('bytes', models.IntegerField()),
                ('width', models.IntegerField(default=0)),
                ('height', models.IntegerField(default=0)),
                ('sha256', models.CharField(max_length=64)),
                ('word', tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='file_rows', to='aftersales.aftersaleword')),
            ],
            options={
                'db_table': 'after_sale_file',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('file', ''), _negated=True), fields=('merchant_id', 'file'), name='aftersalefile_file'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='aftersalefile_position'), models.CheckConstraint(condition=models.Q(('type__in', ['image/webp', 'video/mp4', 'video/quicktime', 'video/webm'])), name='aftersalefile_type'), models.CheckConstraint(condition=models.Q(('bytes__gt', 0), ('height__gte', 0), ('width__gte', 0)), name='aftersalefile_size'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='aftersalefile_sha256'), models.UniqueConstraint(fields=('merchant_id', 'word', 'position'), name='after_sale_file_place')],
            },
        ),
        SecureTable("AfterSaleFile"),
    ]
