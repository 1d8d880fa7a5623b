import tongdao.foundation.money
from django.db import migrations, models
from django.db.models import F, Q

from tongdao.foundation.tenancy.operations import GuardStates

# A payout is its lines from its first moment on; once it is over, what its lines brought is what has arrived.
# When the transaction ends, since payout, lines and transfers are written one after the other in it.
GUARD = """
create or replace function tongdao_check_payout(merchant uuid, one uuid) returns void language plpgsql as $$
declare
  p payout%rowtype; claimed bigint; brought bigint; arrived bigint; open bigint;
begin
  select * into p from payout where merchant_id = merchant and id = one;
  select coalesce(sum(amount_fen), 0), coalesce(sum(paid_fen), 0) into claimed, brought
  from payout_line where merchant_id = merchant and payout_id = one;
  if claimed <> p.amount_fen then
    raise exception 'payout_is_its_lines: a payout of % is lines of %', p.amount_fen, claimed
      using errcode = 'check_violation', constraint = 'payout_is_its_lines';
  end if;
  select coalesce(sum(amount_fen) filter (where state = 'paid'), 0) + p.bank_fen,
    count(*) filter (where state in ('created', 'accepted', 'waiting')) into arrived, open
  from transfer where merchant_id = merchant and payout_id = one;
  if arrived > p.amount_fen or p.state in ('paid', 'partly', 'returned') and (open > 0 or brought <> arrived
    or case p.state when 'paid' then arrived <> p.amount_fen when 'returned' then arrived <> 0
      else arrived in (0, p.amount_fen) end)
  then
    raise exception 'payout_is_what_arrived: % has come of a % payout of %, its lines brought %', arrived, p.state,
      p.amount_fen, brought using errcode = 'check_violation', constraint = 'payout_is_what_arrived';
  end if;
end $$;
create or replace function tongdao_check_this_payout() returns trigger language plpgsql as $$
begin perform tongdao_check_payout(new.merchant_id, new.id); return null; end $$;
create or replace function tongdao_check_payout_of_transfer() returns trigger language plpgsql as $$
begin perform tongdao_check_payout(new.merchant_id, new.payout_id); return null; end $$;
create or replace function tongdao_check_payout_of_line() returns trigger language plpgsql as $$
begin
  -- One look a payout, however many lines: when this runs, all of them are there.
  if current_setting('tongdao.payout_checked', true) is distinct from new.payout_id::text then
    perform tongdao_check_payout(new.merchant_id, new.payout_id);
    perform set_config('tongdao.payout_checked', new.payout_id::text, true);
  end if;
  return null;
end $$;
create or replace function tongdao_check_payouts_of_lines() returns trigger language plpgsql as $$
begin
  perform tongdao_check_payout(t.merchant_id, t.payout_id)
  from (select distinct merchant_id, payout_id from touched) t
  join payout p on p.merchant_id = t.merchant_id and p.id = t.payout_id
  where p.state in ('paid', 'partly', 'returned');
  return null;
end $$;
create constraint trigger payout_is_its_lines after insert or update of state, amount_fen, bank_fen on payout
  deferrable initially deferred for each row execute function tongdao_check_this_payout();
create constraint trigger payout_is_its_lines after insert on payout_line
  deferrable initially deferred for each row execute function tongdao_check_payout_of_line();
create constraint trigger payout_is_what_arrived after update of state on transfer
  deferrable initially deferred for each row when (new.state = 'paid')
  execute function tongdao_check_payout_of_transfer();
create trigger payout_stays_its_lines after update on payout_line referencing new table as touched
  for each statement execute function tongdao_check_payouts_of_lines();
grant update (state, version, ended_at, proof, real_name, card, bank_fen, erased_at) on payout to tongdao_app;
grant update (live, paid_fen) on payout_line to tongdao_app;
"""
UNGUARD = """
drop trigger payout_is_its_lines on payout;
drop trigger payout_is_what_arrived on transfer;
drop trigger payout_is_its_lines on payout_line;
drop trigger payout_stays_its_lines on payout_line;
"""
# Payouts that were over before their lines said what they had brought.
TABLES = ("payout", "payout_line")
OPEN = "".join(f"alter table {table} no force row level security;\n" for table in TABLES)
SHUT = "".join(f"alter table {table} force row level security;\n" for table in TABLES)
FILL = f"""
{OPEN}
update payout_line l set paid_fen = l.amount_fen from payout p
where p.merchant_id = l.merchant_id and p.id = l.payout_id and p.state = 'paid';
update payout set bank_fen = amount_fen where state = 'paid' and way = 'bank';
{SHUT}
"""


class Migration(migrations.Migration):
    """A payout may arrive in part, or the rest of it by the bank; and it is its lines, which the database sees to."""

    dependencies = [("settlement", "0001_initial"), ("commissions", "0002_in_part")]

    operations = [
        migrations.AddField("payout", "bank_fen", tongdao.foundation.money.MoneyField(default=0)),
        migrations.AddField("payout", "erased_at", models.DateTimeField(null=True)),
        migrations.AddField("payoutline", "paid_fen", tongdao.foundation.money.MoneyField(default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "payout",
            models.CheckConstraint(
                condition=Q(bank_fen=0) | Q(bank_fen__gt=0, bank_fen__lte=F("amount_fen")) & ~Q(proof=""),
                name="payout_bank",
            ),
        ),
        migrations.RemoveConstraint("payoutline", "payout_line_amount"),
        migrations.AddConstraint(
            "payoutline",
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, paid_fen__gte=0, paid_fen__lte=F("amount_fen")),
                name="payout_line_amount",
            ),
        ),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(channel_no=""), name="transfer_paid_by_channel"
            ),
        ),
        GuardStates(
            "Payout",
            initial="claimed",
            transitions=[
                ("approved", "paid"),
                ("approved", "partly"),
                ("approved", "returned"),
                ("claimed", "approved"),
                ("claimed", "returned"),
            ],
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
