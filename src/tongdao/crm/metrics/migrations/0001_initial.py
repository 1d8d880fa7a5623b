import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = [("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='MemberFacts',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('orders_paid', models.IntegerField(default=0)),
                ('paid_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('refunded_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('first_paid_at', models.DateTimeField(null=True)),
                ('last_paid_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'member_facts',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['person_id'], name='member_facts_person')],
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'person_id'), name='member_facts_once')],
            },
        ),
        migrations.CreateModel(
            name='SalesDay',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('day', models.DateField()),
                ('orders_placed', models.IntegerField(default=0)),
                ('orders_paid', models.IntegerField(default=0)),
                ('paid_fen', tongdao.foundation.money.MoneyField(default=0)),
                ('refunded_fen', tongdao.foundation.money.MoneyField(default=0)),
            ],
            options={
                'db_table': 'sales_day',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'day'), name='sales_day_once')],
            },
        ),
        SecureTable("MemberFacts", person="person_id"),
        SecureTable("SalesDay"),
    ]
