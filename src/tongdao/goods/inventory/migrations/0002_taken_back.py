from django.db import migrations

from tongdao.foundation.tenancy.operations import GuardStates


class Migration(migrations.Migration):

    dependencies = [("inventory", "0001_initial")]

    operations = [
        GuardStates(
            "Reservation",
            initial="held",
            transitions=[("consumed", "held"), ("held", "consumed"), ("held", "released")],
        ),
    ]
