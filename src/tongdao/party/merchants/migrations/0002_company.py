import datetime
import django.db.models.deletion
import django.db.models.expressions
import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import GuardStates, SecureTable

# A relation that came to a table which was there already gets what SecureTable gives those of a new one.
CUSTOM = (
    'alter table "staff_member" add constraint "staff_member_custom_id_own" foreign key (merchant_id, "custom_id")'
    ' references "staff_role" (merchant_id, id);'
    ' create index "staff_member_custom_id_own" on "staff_member" (merchant_id, "custom_id")'
)


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptText',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('text', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'kept_text',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StorefrontPage',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('slug', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=80)),
                ('body_html', models.TextField(blank=True, default='')),
                ('position', models.SmallIntegerField(default=0)),
                ('published', models.BooleanField(default=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'db_table': 'storefront_page',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='storefront',
            name='accent',
            field=models.CharField(blank=True, default='', max_length=7),
        ),
        migrations.AddField(
            model_name='storefront',
            name='domain',
            field=models.CharField(blank=True, default='', max_length=253),
        ),
        migrations.AlterField(
            model_name='staffmember',
            name='role',
            field=models.CharField(blank=True, choices=[('owner', 'Owner'), ('operations', 'Operations'), ('service', 'Service'), ('finance', 'Finance'), ('read_only', 'Read Only')], max_length=16),
        ),
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('kind', models.CharField(choices=[('terms', 'Terms'), ('privacy', 'Privacy'), ('promoter', 'Promoter')], max_length=16)),
                ('version', models.IntegerField()),
                ('title', models.CharField(max_length=120)),
                ('body_html', models.TextField()),
                ('major', models.BooleanField(default=False)),
                ('published_at', models.DateTimeField()),
                ('effective_from', models.DateTimeField()),
            ],
            options={
                'db_table': 'agreement_version',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant_id', 'kind', 'version'), name='agreement_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='agreement_version_number'), models.CheckConstraint(condition=models.Q(('effective_from__gte', django.db.models.expressions.CombinedExpression(models.F('published_at'), '+', models.Value(datetime.timedelta(days=7))))), name='agreement_notice'), models.CheckConstraint(condition=models.Q(('major', False), ('effective_from__gte', django.db.models.expressions.CombinedExpression(models.F('published_at'), '+', models.Value(datetime.timedelta(days=15)))), _connector='OR'), name='agreement_major_notice')],
            },
        ),
        migrations.CreateModel(
            name='AgreementAcceptance',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('person_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('agreement', tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.agreementversion')),
            ],
            options={
                'db_table': 'agreement_acceptance',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CompanyProfile',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('legal_name', models.CharField(max_length=120)),
                ('credit_code', models.CharField(max_length=18)),
                ('legal_address', models.CharField(max_length=200)),
                ('service_phone', models.CharField(max_length=32)),
                ('confirmed_at', models.DateTimeField()),
                ('effective_from', models.DateTimeField()),
                ('effective_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'company_profile',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('effective_to__isnull', True)), fields=('merchant_id',), name='company_profile_current')],
            },
        ),
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('kind', models.CharField(max_length=32)),
                ('number', models.CharField(max_length=64)),
                ('holder', models.CharField(max_length=120)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'licence',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('due_on__isnull', False)), fields=['due_on'], name='licence_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('merchant_id', 'kind', 'number'), name='licence_number'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='licence_period')],
            },
        ),
        migrations.CreateModel(
            name='StaffRole',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('label', models.CharField(max_length=40)),
                ('permissions', models.JSONField(default=list)),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'staff_role',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('merchant_id', 'label'), name='staff_role_label')],
            },
        ),
        migrations.CreateModel(
            name='StaffInvitation',
            fields=[
                ('id', models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('merchant_id', models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ('role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('operations', 'Operations'), ('service', 'Service'), ('finance', 'Finance'), ('read_only', 'Read Only')], max_length=16)),
                ('for_whom', tongdao.foundation.pii.fields.EncryptedTextField()),
                ('invited_by', models.UUIDField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_by', models.UUIDField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('custom', tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='merchants.staffrole')),
            ],
            options={
                'db_table': 'staff_invitation',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='staffmember',
            name='custom',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='holders', to='merchants.staffrole'),
        ),
        migrations.AddConstraint(
            model_name='staffmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('custom__isnull', False), ('role', '')), models.Q(models.Q(('role', ''), _negated=True), ('custom__isnull', True)), _connector='OR'), name='staff_one_role'),
        ),
        migrations.AddField(
            model_name='storefrontpage',
            name='storefront',
            field=tongdao.foundation.tenancy.models.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='pages', to='merchants.storefront'),
        ),
        migrations.AddIndex(
            model_name='agreementacceptance',
            index=models.Index(fields=['person_id'], name='acceptance_person'),
        ),
        migrations.AddConstraint(
            model_name='agreementacceptance',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'agreement', 'person_id'), name='acceptance_once'),
        ),
        migrations.AddConstraint(
            model_name='staffinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('custom__isnull', False), ('role', '')), models.Q(models.Q(('role', ''), _negated=True), ('custom__isnull', True)), _connector='OR'), name='invitation_one_role'),
        ),
        migrations.AddConstraint(
            model_name='storefrontpage',
            constraint=models.UniqueConstraint(fields=('merchant_id', 'storefront', 'slug'), name='storefront_page_slug'),
        ),
        SecureTable("KeptText"),
        SecureTable("CompanyProfile", node="shared"),
        SecureTable("StorefrontPage", node="shared"),
        SecureTable("StaffRole"),
        SecureTable("StaffInvitation"),
        SecureTable("Licence", node="shared"),
        SecureTable("AgreementVersion", node="shared", append_only=True),
        SecureTable("AgreementAcceptance", person="person_id", append_only=True),
        GuardStates("StaffInvitation", initial="open", transitions=[("open", "accepted"), ("open", "revoked")]),
        migrations.RunSQL(CUSTOM, migrations.RunSQL.noop),
    ]
