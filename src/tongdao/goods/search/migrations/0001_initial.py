import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable

# Postings are only ever read along this key, and one product has many.
KEY = """
alter table search_posting drop constraint search_posting_pkey;
alter table search_posting add primary key (merchant_id, token, weight, id)
"""


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='SearchPosting',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('token', models.CharField(db_collation='C', max_length=64)),
                ('weight', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'search_posting',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('tokens', models.JSONField(default=dict)),
                ('sound', models.TextField(db_collation='C', default='')),
                ('shown', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'search_document',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'sound', 'id'], name='search_document_sound')],
            },
        ),
        SecureTable("SearchPosting", node="shared"),
        SecureTable("SearchDocument", node="shared"),
        migrations.RunSQL(KEY, migrations.RunSQL.noop),
    ]
