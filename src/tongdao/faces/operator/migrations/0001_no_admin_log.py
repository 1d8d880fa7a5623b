from django.db import migrations

# Django's own log of its admin stays empty: nothing is saved there, and what operators do is in operator_deed.
# Reading and deleting are left, because Django looks into it whenever a person's row would go.
SHUT = "revoke insert, update, truncate on django_admin_log from tongdao_app"


class Migration(migrations.Migration):

    dependencies = [("admin", "0003_logentry_add_action_flag_choices"), ("foundation", "0001_initial")]

    operations = [migrations.RunSQL(SHUT, migrations.RunSQL.noop)]
