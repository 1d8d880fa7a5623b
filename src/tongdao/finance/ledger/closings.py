"""What each account had given and received at the end of a sealed day: a balance is that and the tail.

Postings of sealed days never change, so neither do these sums, and no statement has to read all of history.
They are made under the exclusive lock of the day, and recomputed by `ledger_verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from tongdao.finance.ledger.models import Closing
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant

# The last closing of each account, and what it moved since: `%(day)s` null stands for now.
SUMS = """
base as (
  select max(day) as day from ledger_closing
  where merchant_id = %(merchant)s and (%(day)s::date is null or day <= %(day)s)
), parts as (
  select * from (
    select distinct on (account_id) account_id, given_fen as given, received_fen as received,
      null::date as moved
    from ledger_closing where merchant_id = %(merchant)s and day <= (select day from base)
    order by account_id, day desc
  ) closed
  union all
  select source_id, amount_fen, 0, booked_on from ledger_posting
  where merchant_id = %(merchant)s and booked_on > coalesce((select day from base), '-infinity')
    and (%(day)s::date is null or booked_on <= %(day)s)
  union all
  select destination_id, 0, amount_fen, booked_on from ledger_posting
  where merchant_id = %(merchant)s and booked_on > coalesce((select day from base), '-infinity')
    and (%(day)s::date is null or booked_on <= %(day)s)
)
"""
_MOVED = (
    f"with {SUMS} select account_id, sum(given), sum(received) from parts"  # noqa: S608 constants
    " group by account_id having max(moved) is not null order by account_id"
)
# Each closing less the one before it, against the postings between them: only the day that is wrong is named.
_RECKONED = """
with moved as (
  select account, day, sum(given) as given, sum(received) as received
  from (
    select source_id as account, booked_on as day, amount_fen as given, 0 as received
    from ledger_posting where merchant_id = %(merchant)s
    union all
    select destination_id, booked_on, 0, amount_fen from ledger_posting where merchant_id = %(merchant)s
  ) each
  group by account, day
), closed as (
  select account_id as account, day, given_fen, received_fen from ledger_closing
  where merchant_id = %(merchant)s
), summed as (
  select account, day, given_fen, received_fen, sum(coalesce(given, 0)) over w as given,
    sum(coalesce(received, 0)) over w as received
  from moved full join closed using (account, day)
  window w as (partition by account order by day)
), steps as (
  select account, day,
    given_fen - coalesce(lag(given_fen) over w, 0), received_fen - coalesce(lag(received_fen) over w, 0),
    given - coalesce(lag(given) over w, 0), received - coalesce(lag(received) over w, 0)
  from summed where given_fen is not null
  window w as (partition by account order by day)
)
select s.day, a.code, s.kept_given, s.kept_received, s.given, s.received
from steps as s(account, day, kept_given, kept_received, given, received)
join ledger_account a on a.merchant_id = %(merchant)s and a.id = s.account
where (s.kept_given, s.kept_received) is distinct from (s.given, s.received)
order by s.day, a.code
"""


def close_accounts(day: date) -> None:
    """Write the closings of `day`, whose exclusive lock is held: of accounts that moved since the last."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"merchant": current_merchant(), "day": day})
        rows = cursor.fetchall()
    Closing.objects.bulk_create(
        (
            Closing(
                id=uuid7(),
                account_id=account,
                day=day,
                given_fen=Fen(int(given)),
                received_fen=Fen(int(received)),
            )
            for account, given, received in rows
        ),
        batch_size=2000,
    )


def wrong_closings() -> Iterator[tuple[Any, ...]]:
    """Day, account code, given and received as kept and as postings have them, since the closing before."""
    with connection.cursor() as cursor:
        cursor.execute(_RECKONED, {"merchant": current_merchant()})
        yield from cursor.fetchall()
