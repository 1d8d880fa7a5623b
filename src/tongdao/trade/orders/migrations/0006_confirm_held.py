from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0005_release_in_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='confirm_held_at',
            field=models.DateTimeField(null=True),
        ),
    ]
