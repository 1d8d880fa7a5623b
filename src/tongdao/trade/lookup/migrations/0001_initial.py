import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

KEY = """
alter table order_key drop constraint order_key_pkey;
alter table order_key add primary key (merchant_id, key, id)
"""


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='OrderKey',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('key', models.CharField(db_collation='C', max_length=65)),
            ],
            options={
                'db_table': 'order_key',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        SecureTable("OrderKey"),
        migrations.RunSQL(KEY, migrations.RunSQL.noop),
    ]
