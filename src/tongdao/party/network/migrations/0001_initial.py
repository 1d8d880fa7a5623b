import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('kind', models.CharField(choices=[('self', 'Self'), ('factory', 'Factory'), ('wholesaler', 'Wholesaler'), ('retailer', 'Retailer'), ('agent', 'Agent')], max_length=16)),
                ('name', models.CharField(max_length=120)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'partner',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'self')), fields=('merchant_id',), name='partner_one_own_node')],
            },
        ),
        migrations.CreateModel(
            name='Promoter',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('shown_name', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('left_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'promoter',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['person_id'], name='promoter_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('merchant_id', 'person_id'), name='promoter_once')],
            },
        ),
        SecureTable("Partner", node="id"),
        SecureTable("Promoter", person="person_id"),
    ]
