import tongdao.foundation.money
from django.db import migrations, models
from django.db.models import F, Q

# What is taken back is the frozen rate's part of what went back to the buyer, rounded up: so nobody earns more
# than the rate of what stays paid, and a refund in part does not take the whole. What was agreed never changes.
GUARD = """
alter table commission add constraint commission_in_proportion check (
  clawed_fen = 0 and base_back_fen = 0
  or clawed_fen::numeric * base_fen >= amount_fen::numeric * base_back_fen
  and clawed_fen::numeric * base_fen < amount_fen::numeric * base_back_fen + base_fen);
revoke update, delete, truncate on commission from tongdao_app;
grant update (state, version, base_back_fen, clawed_fen, owed_fen, netted_fen, offset_fen, part_paid_fen,
  released_at) on commission to tongdao_app;
"""
UNGUARD = """
alter table commission drop constraint if exists commission_in_proportion;
grant update, delete on commission to tongdao_app;
"""


class Migration(migrations.Migration):
    """A payout may be given up for what is left of it; and commissions stay in proportion."""

    dependencies = [("commissions", "0001_initial")]

    operations = [
        migrations.AddField("commission", "part_paid_fen", tongdao.foundation.money.MoneyField(default=0)),
        migrations.RemoveConstraint("commission", "commission_amounts"),
        migrations.RemoveConstraint("commission", "commission_payable"),
        migrations.AddConstraint(
            "commission",
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gt=0,
                    clawed_fen__gte=0,
                    clawed_fen__lte=F("amount_fen"),
                    owed_fen__lte=F("clawed_fen"),
                    netted_fen__gte=0,
                    netted_fen__lte=F("owed_fen"),
                    offset_fen__gte=0,
                    part_paid_fen__gte=0,
                    base_back_fen__gte=0,
                    base_back_fen__lte=F("base_fen"),
                ),
                name="commission_amounts",
            ),
        ),
        migrations.AddConstraint(
            "commission",
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gte=F("offset_fen") + F("clawed_fen") - F("owed_fen") + F("part_paid_fen")
                ),
                name="commission_payable",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
