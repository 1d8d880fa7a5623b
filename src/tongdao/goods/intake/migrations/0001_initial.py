import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('state', models.CharField(default='queued', max_length=8)),
                ('version', models.IntegerField(default=1)),
                ('file', models.CharField(max_length=255)),
                ('file_name', models.CharField(max_length=120)),
                ('currency', models.CharField(max_length=3)),
                ('dry_run', models.BooleanField(default=False)),
                ('node_id', models.UUIDField(null=True)),
                ('staff_id', models.UUIDField(null=True)),
                ('size_bytes', models.BigIntegerField()),
                ('done_bytes', models.BigIntegerField(default=0)),
                ('done_chunks', models.IntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('problem_total', models.IntegerField(default=0)),
                ('why', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'import_run',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant_id', 'created_at'], name='import_run_latest')],
            },
        ),
        SecureTable("ImportRun"),
        GuardStates("ImportRun", initial="queued", transitions=[('queued', 'running'), ('running', 'done'), ('running', 'failed')]),
    ]
