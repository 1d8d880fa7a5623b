import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'member',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['person_id'], name='member_person')],
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'person_id'), name='member_once')],
            },
        ),
        SecureTable("Member", person="person_id"),
    ]
