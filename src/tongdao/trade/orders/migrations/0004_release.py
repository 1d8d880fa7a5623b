from django.db import migrations, models

# Until now shares were released at receipt. Policies hold the owner too, but for this moment.
RELEASED = """
alter table "order" no force row level security;
update "order" set release_at = completed_at, released_at = completed_at where state = 'completed';
alter table "order" force row level security;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_shares_of_promoter'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='release_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='released_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('release_at__isnull', False), ('released_at__isnull', True)), fields=['release_at'], name='order_release_due'),
        ),
        migrations.RunSQL(RELEASED, migrations.RunSQL.noop),
    ]
