import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
        ('aftersales', '0003_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('order_id', models.UUIDField()),
                ('person_id', models.UUIDField()),
                ('opened_by', models.CharField(choices=[('buyer', 'Buyer'), ('seller', 'Seller'), ('platform', 'Platform')], max_length=8)),
                ('state', models.CharField(default='open', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('appealed_by', models.CharField(blank=True, choices=[('buyer', 'Buyer'), ('seller', 'Seller'), ('platform', 'Platform')], default='', max_length=8)),
                ('ended_at', models.DateTimeField(null=True)),
                ('aftersale', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='disputes', to='aftersales.aftersale')),
            ],
            options={
                'db_table': 'dispute',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('round', models.SmallIntegerField()),
                ('outcome', models.CharField(choices=[('buyer', 'Buyer'), ('part', 'Part'), ('seller', 'Seller')], max_length=6)),
                ('goods_back', models.BooleanField()),
                ('goods_fen', tongdao.foundation.money.MoneyField(null=True)),
                ('rule', models.CharField(max_length=40)),
                ('text', models.CharField(max_length=2000)),
                ('arbiter_id', models.UUIDField()),
                ('ruled_at', models.DateTimeField()),
                ('dispute', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='rulings', to='disputes.dispute')),
            ],
            options={
                'db_table': 'dispute_ruling',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('side', models.CharField(choices=[('buyer', 'Buyer'), ('seller', 'Seller'), ('platform', 'Platform')], max_length=8)),
                ('author_id', models.UUIDField(null=True)),
                ('step', models.CharField(max_length=10)),
                ('text', models.CharField(max_length=2000)),
                ('said_at', models.DateTimeField()),
                ('dispute', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='statements', to='disputes.dispute')),
            ],
            options={
                'db_table': 'dispute_statement',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['person_id'], name='dispute_person'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['due_at'], name='dispute_due'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['merchant_id', 'opened_at', 'id'], name='dispute_latest'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('merchant_id', 'aftersale'), name='dispute_one_open_a_case'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['dropped', 'enforced'])), models.Q(models.Q(('state__in', ['dropped', 'enforced']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='dispute_ended'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'dispute', 'round'), name='dispute_ruling_once'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'dispute', 'arbiter_id'), name='dispute_ruling_two_arbiters'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2]), models.Q(models.Q(('goods_fen__gt', 0), ('goods_fen__isnull', False), ('outcome', 'part')), models.Q(models.Q(('outcome', 'part'), _negated=True), ('goods_fen__isnull', True)), _connector='OR'), models.Q(('goods_back', True), ('outcome', 'seller'), _negated=True)), name='dispute_ruling_whole'),
        ),
        SecureTable("Dispute", person="person_id"),
        SecureTable("Statement", append_only=True),
        SecureTable("Ruling", append_only=True),
        GuardStates("Dispute", initial="open", transitions=[('appealed', 'enforced'), ('open', 'dropped'), ('open', 'ruled'), ('ruled', 'appealed'), ('ruled', 'enforced')]),
    ]
